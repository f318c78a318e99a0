/** Builds dist/: CommonJS by tsc, one html per node with its bundled editor script, icons and catalogues beside them. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
