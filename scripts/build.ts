/** Builds dist/: CommonJS by tsc, one html per node with its bundled editor script, icons and catalogues beside them. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build } from "esbuild";

const root = join(import.meta.dirname, "..");
const out = join(root, "dist");
const nodes = join(root, "nodes");

rmSync(out, { recursive: true, force: true });
execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", join(root, "tsconfig.build.json")], { stdio: "inherit" });
mkdirSync(join(out, "nodes"), { recursive: true });
writeFileSync(join(out, "package.json"), `${JSON.stringify({ type: "commonjs" })}\n`);
cpSync(join(root, "icons"), join(out, "nodes/icons"), { recursive: true });
cpSync(join(nodes, "locales"), join(out, "nodes/locales"), { recursive: true });

await bundleTypebox();
// mDNS for doors of managers, and XML from the network.
await bundlePackage("bonjour-service");
await bundlePackage("sax");

for (const file of readdirSync(nodes).filter((name) => name.endsWith(".html"))) {
  const type = file.slice(0, -".html".length);
  const entry = join(nodes, `${type}.editor.ts`);
  if (!existsSync(entry)) throw new Error(`nodes/${file} has no ${type}.editor.ts beside it`);
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "iife",
    target: "es2020",
    write: false,
    charset: "utf8",
  });
  const script = outputFiles[0]?.text ?? "";
  const page = `${readFileSync(join(nodes, file), "utf8").trimEnd()}\n\n<script type="text/javascript">\n${script}</script>\n`;
  writeFileSync(join(out, "nodes", file), page);
}

/** A package goes into dist/ with all that it needs and their licences, because ours depends on few. */
async function bundlePackage(name: string): Promise<void> {
  const folder = join(out, name);
  const outfile = join(folder, "index.js");
  const { main } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")) as {
    main: string;
  };
  const { metafile } = await build({
    entryPoints: [join(root, "node_modules", name, main)],
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    metafile: true,
    outfile,
  });
  const inside = Object.keys(metafile.inputs).map((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)![1]!);
  const licences = [...new Set(inside)].sort().map((one) => {
    const own = join(root, "node_modules", one);
    const file = readdirSync(own).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${one} has no licence to ship`);
    return `${one}\n\n${readFileSync(join(own, file), "utf8").trim()}\n`;
  });
  writeFileSync(join(folder, "LICENSE"), licences.join("\n\n"));
  requireFrom(new RegExp(`require\\("${name}"\\)`, "g"), () => outfile);
}

/** Lets all that was compiled take a module from a file of dist/. @param find the file for a call as it was found */
function requireFrom(calls: RegExp, find: (call: string, file: string) => string): void {
  for (const file of readdirSync(join(out, "lib"), { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".js")) continue;
    const path = join(out, "lib", file);
    const text = readFileSync(path, "utf8");
    const changed = text.replaceAll(calls, (call) => `require("${relative(dirname(path), find(call, file))}")`);
    if (changed !== text) writeFileSync(path, changed);
  }
}

/**
 * Typebox is an ES module, which not every Node.js that is supported can load from CommonJS: it goes into dist/, with its licence. Its
 * parts share one bundle, since they know each other's schemas by symbols.
 */
async function bundleTypebox(): Promise<void> {
  const parts = { index: "typebox", compile: "typebox/compile", value: "typebox/value" };
  const folder = join(out, "typebox");
  await build({
    stdin: {
      contents: Object.entries(parts)
        .map(([name, path]) => `export * as ${name} from ${JSON.stringify(path)};`)
        .join("\n"),
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    outfile: join(folder, "bundle.js"),
  });
  for (const name of Object.keys(parts)) {
    const text = `Object.assign(exports, require("./bundle.js").${name});\n`;
    writeFileSync(
      join(folder, `${name}.js`),
      `Object.defineProperty(exports, "__esModule", { value: true });\n${text}`,
    );
  }
  cpSync(join(root, "node_modules/typebox/license"), join(folder, "LICENSE"));
  const names = new Map(Object.entries(parts).map(([name, path]) => [`require("${path}")`, name]));
  requireFrom(/require\("typebox[^"]*"\)/g, (call, file) => {
    const name = names.get(call);
    if (!name) throw new Error(`${file}: ${call} is not in the bundle`);
    return join(folder, name);
  });
}
