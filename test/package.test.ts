import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Script } from "node:vm";

const ROOT = join(import.meta.dirname, "..");

interface Manifest {
  name: string;
  description: string;
  license: string;
  keywords: string[];
  homepage: string;
  bugs: { url: string };
  repository: { url: string };
  engines: { node: string };
  files: string[];
  "node-red": {
    version: string;
    nodes: Record<string, string>;
    plugins: Record<string, string>;
    dependencies?: unknown;
  };
  dependencies: Record<string, string>;
}

interface LockedPackage {
  dev?: boolean;
  hasInstallScript?: boolean;
}

/** That an installation brings, optional ones included. Whoever raises it has looked at what comes. */
const MOST_PACKAGES = 34;

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const manifest = JSON.parse(read("package.json")) as Manifest;
const types = Object.keys(manifest["node-red"].nodes);
/** Parts of the editor that are no nodes. */
const plugins = Object.keys(manifest["node-red"].plugins);

const sources = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

/** Nodes of other packages that an example needs, and why. The flow itself says what to install. */
const FOREIGN = [
  {
    types: /^e-mail$/,
    module: "node-red-node-email",
    why: "reports and alarms go out by mail, and this is Node-RED's own way to send one",
  },
  {
    types: /^ui-/,
    module: "@flowfuse/node-red-dashboard",
    why: "the people of a site look at pages, not at the editor, and one dashboard shows all of the building",
    examples: /^1[01] - /,
  },
];

/** Types that Node-RED brings with it. */
function coreTypes(): Set<string> {
  const core = join(ROOT, "node_modules/@node-red/nodes/core");
  const files = readdirSync(core, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  const registered = /registerType\(\s*["']([^"']+)["']/g;
  return new Set(
    files.flatMap((file) => [...readFileSync(join(core, file), "utf8").matchAll(registered)].map(([, type]) => type!)),
  );
}

/** The rules that the Node-RED library scores packages by, and a few of our own. */
describe("the package", () => {
  it("has the name, keywords, licence and links that the palette shows", () => {
    assert.match(manifest.name, /^@[a-z]+\/node-red-[a-z-]+$/);
    assert.ok(manifest.keywords.includes("node-red"));
    assert.equal(manifest.license, "Apache-2.0");
    assert.match(read("LICENSE"), /Apache License/);
    assert.match(manifest.description, /^.{40,140}$/);
    for (const link of [manifest.homepage, manifest.bugs.url, manifest.repository.url])
      assert.match(link, /https:\/\//);
  });

  it("loads on both supported majors of Node-RED", () => {
    assert.equal(manifest["node-red"].version, ">=4.1.0");
  });

  it("runs on the oldest Node.js that buildings still have, which includes the oldest that Node-RED 5 takes", () => {
    assert.equal(manifest.engines.node, ">=20.19");
  });

  it("has few run-time dependencies, none of them Node-RED itself", () => {
    const names = Object.keys(manifest.dependencies);
    assert.ok(names.length <= 6, names.join(", "));
    assert.ok(!names.some((name) => name.startsWith("node-red") || name.startsWith("@node-red")));
    for (const range of Object.values(manifest.dependencies))
      assert.match(range, /^[\^~]?\d/, "from the registry, not a link");
  });

  it("brings few packages, of which one has an install script: it looks whether it fits the machine", () => {
    const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const brought = Object.entries(lock.packages).filter(([path, { dev }]) => path !== "" && !dev);
    assert.ok(brought.length <= MOST_PACKAGES, brought.map(([path]) => path).join("\n"));
    assert.deepEqual(
      brought.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path),
      ["node_modules/@serialport/bindings-cpp"],
    );
  });

  it("asks Node-RED for no other package: where one is missing, none of its nodes would load", () => {
    assert.equal(manifest["node-red"].dependencies, undefined);
  });

  it("prefixes every node type and has its three sources for each", () => {
    for (const type of [...types, ...plugins]) {
      assert.match(type, /^ev-[a-z-]+$/);
      const { nodes, plugins: others } = manifest["node-red"];
      assert.equal({ ...nodes, ...others }[type], `dist/nodes/${type}.js`);
      for (const file of [`nodes/${type}.ts`, `nodes/${type}.editor.ts`, `nodes/${type}.html`]) {
        assert.ok(existsSync(join(ROOT, file)), file);
      }
    }
    const written = readdirSync(join(ROOT, "nodes")).filter((file) => file.endsWith(".html"));
    assert.deepEqual(written.map((file) => file.replace(".html", "")).sort(), [...types, ...plugins].sort());
  });

  it("keeps Node-RED out of lib/", () => {
    for (const file of sources("lib")) {
      assert.doesNotMatch(read(`lib/${file}`), /from "(node-red|@node-red|.*\/nodes\/)/, file);
    }
  });

  it("ships an example of every node, as flows that the import dialog takes", () => {
    const files = readdirSync(join(ROOT, "examples")).filter((file) => file.endsWith(".json"));
    assert.ok(files.length >= 2);
    const used = new Set<string>();
    for (const file of files) {
      const flow = JSON.parse(read(`examples/${file}`)) as { id: string; type: string }[];
      assert.ok(Array.isArray(flow), file);
      assert.equal(new Set(flow.map(({ id }) => id)).size, flow.length, `${file}: an id stands twice`);
      for (const { type } of flow) used.add(type);
    }
    assert.deepEqual(
      types.filter((type) => !used.has(type)),
      [],
    );
  });

  it("numbers its examples as the import dialog lists them, without a gap", () => {
    const names = readdirSync(join(ROOT, "examples"));
    const numbers = names.map((name) => Number(/^(\d+) - [A-Z].+\.json$/.exec(name)?.[1]));
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      names.map((_, index) => index + 1),
    );
  });

  it("ships examples as the editor exports them", () => {
    for (const file of readdirSync(join(ROOT, "examples"))) {
      const flow = JSON.parse(read(`examples/${file}`)) as Record<string, unknown>[];
      for (const { id, type, repeat, name } of flow) {
        const what = `${file}: ${type} ${id}`;
        // A list of required modules would ask the reader to install a package that is there.
        assert.notEqual(type, "global-config", what);
        if (type === "inject") assert.equal(typeof repeat, "string", what);
        assert.doesNotMatch(String(name ?? ""), /</, `${what}: the editor takes it for markup`);
      }
    }
  });

  it("needs nodes of other packages in its examples only where a reason is given, and says so in the flow", () => {
    const known = new Set([...types, ...coreTypes(), "tab", "group", "subflow"]);
    for (const file of readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".json"))) {
      const text = read(`examples/${file}`);
      const used = new Set((JSON.parse(text) as { type: string }[]).map(({ type }) => type));
      const foreign = [...used].filter((type) => !known.has(type));
      const unexplained = foreign.filter((type) => !FOREIGN.some(({ types: theirs }) => theirs.test(type)));
      assert.deepEqual(unexplained, [], file);
      for (const { types: theirs, module, examples = /./ } of FOREIGN) {
        if (!foreign.some((type) => theirs.test(type))) continue;
        assert.match(file, examples);
        assert.ok(text.includes(`Install ${module}`), `${file} says that ${module} must be installed`);
      }
    }
  });

  it("ships examples that can be imported beside each other: none shares a port, an identity or a name", () => {
    const named: Record<string, (node: Record<string, unknown>) => unknown> = {
      tab: ({ label }) => `tab ${label}`,
      "ev-site": ({ name }) => `site ${name}`,
      "ev-central-system": ({ port }) => `port ${port}`,
      "ev-meter-simulator": ({ port }) => `port ${port}`,
      "ev-modbus-server": ({ port }) => `port ${port}`,
      "ev-semp": ({ port }) => `port ${port}`,
      "ev-charge-point": ({ identity }) => `identity ${identity}`,
      "ev-meter": ({ meter }) => `meter ${meter}`,
      "ev-meter-input": ({ meter }) => `meter ${meter}`,
    };
    // One dashboard shows the pages of all.
    const shared = ["ui-base", "ui-theme"];
    const owners = new Map<string, string>();
    const titles = new Set<string>();
    for (const file of readdirSync(join(ROOT, "examples"))) {
      const title = file.replace(/^\d+ - |\.json$/g, "");
      assert.ok(!titles.has(title), `two examples are called ${title}`);
      titles.add(title);
      for (const node of JSON.parse(read(`examples/${file}`)) as Record<string, unknown>[]) {
        const type = String(node["type"]);
        const name = named[type]?.(node);
        const keys = [...(shared.includes(type) ? [] : [`id ${node["id"]}`]), ...(name ? [String(name)] : [])];
        for (const key of keys) {
          assert.equal(owners.get(key) ?? "nobody", "nobody", `${file}: ${key}`);
          owners.set(key, file);
        }
        if (type === "ev-meter-simulator") assert.ok(!(node["includes"] as string[]).includes("*"), file);
      }
    }
  });

  it("feeds the widgets of a dashboard without a Function node", () => {
    for (const file of readdirSync(join(ROOT, "examples")).filter((name) => name.endsWith(".json"))) {
      const used = (JSON.parse(read(`examples/${file}`)) as { type: string }[]).map(({ type }) => type);
      if (used.some((type) => type.startsWith("ui-"))) assert.ok(!used.includes("function"), file);
    }
  });
});

/** What the library's scorecard reads of a node: its page as it is shipped. */
describe("the page of a node as it is shipped", () => {
  const shipped = (file: string): string => read(`dist/nodes/${file}`);
  const scriptOf = (type: string): string =>
    /<script type="text\/javascript">\n([\s\S]*?)<\/script>/.exec(shipped(`${type}.html`))?.[1] ?? "";

  for (const type of types) {
    it(`${type}: its script parses as a script, not as a module`, () => {
      assert.doesNotThrow(() => new Script(scriptOf(type), { filename: `${type}.html` }));
    });

    it(`${type}: registers with an object that can be read without running it`, () => {
      // The bundler writes members of this object at four blanks.
      const [, name, body = ""] =
        /^ {2}RED\.nodes\.registerType\("([^"]+)", \{\n([\s\S]*?)^ {2}\}\);/m.exec(scriptOf(type)) ?? [];
      assert.equal(name, type);
      const members = new Map([...body.matchAll(/^ {4}(\w+): (.*?),?$/gm)].map(([, key, value]) => [key!, value!]));
      const isConfig = members.get("category") === '"config"';
      const wanted: Record<string, RegExp> = isConfig
        ? { defaults: /^\{/ }
        : {
            ...{ category: /^"EV charging"$/, color: /^"#[0-9A-F]{6}"$/i, icon: /^"[a-z-]+\.svg"$/ },
            ...{ inputs: /^[01]$/, outputs: /^[0-9]$/, defaults: /^\{/ },
          };
      for (const [key, form] of Object.entries(wanted)) assert.match(members.get(key) ?? "", form, key);
      if (members.has("credentials")) assert.match(members.get("credentials")!, /^\{/);
      const icon = members.get("icon")?.slice(1, -1);
      if (icon) assert.ok(existsSync(join(ROOT, "dist/nodes/icons", icon)), icon);
    });

    it(`${type}: brings its help, in every language`, () => {
      const languages = readdirSync(join(ROOT, "nodes/locales"));
      for (const page of [
        `${type}.html`,
        ...languages.filter((one) => one !== "en-US").map((one) => `locales/${one}/${type}.html`),
      ])
        assert.match(
          shipped(page),
          new RegExp(`<script type="text/markdown" data-help-name="${type}">\\n\\S.{20,}`),
          page,
        );
      for (const language of languages)
        assert.ok(existsSync(join(ROOT, `dist/nodes/locales/${language}/${type}.json`)));
    });
  }
});

describe("an icon", () => {
  for (const file of readdirSync(join(ROOT, "icons"))) {
    it(`${file}: is white on nothing, and two to three`, () => {
      const svg = read(`icons/${file}`);
      const [, width, height] = /^<svg [^>]*viewBox="0 0 (\d+) (\d+)"/.exec(svg)?.map(Number) ?? [];
      assert.ok(width && height && width >= 40 && width * 3 === height * 2, `${width} × ${height}`);
      const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour);
      assert.deepEqual(
        colours.filter((colour) => !["none", "#fff"].includes(colour!)),
        [],
      );
    });
  }
});

describe("the tarball", () => {
  it("holds what a user needs and nothing else, in less than 2.5 MB", () => {
    const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts", "--silent"], {
      cwd: ROOT,
      encoding: "utf8",
    });
    const [{ files, size }] = JSON.parse(output) as [{ files: { path: string }[]; size: number }];
    const paths = files.map(({ path }) => path);
    const texts = readdirSync(join(ROOT, "nodes/locales"), { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.(json|html)$/.test(file),
    );
    const wanted = [
      "package.json",
      "README.md",
      "LICENSE",
      "CHANGELOG.md",
      "SECURITY.md",
      "docs/README.md",
      "docs/errors.md",
      "dist/package.json",
    ];
    for (const type of [...types, ...plugins]) wanted.push(`dist/nodes/${type}.js`, `dist/nodes/${type}.html`);
    wanted.push(...texts.map((file) => `dist/nodes/locales/${file}`));
    assert.deepEqual(
      wanted.filter((path) => !paths.includes(path)),
      [],
    );
    assert.ok(paths.some((path) => path.startsWith("dist/nodes/icons/") && path.endsWith(".svg")));
    const examples = readdirSync(join(ROOT, "examples")).map((file) => `examples/${file}`);
    assert.deepEqual(paths.filter((path) => path.startsWith("examples/")).sort(), examples.sort());
    const names = paths.filter((path) => path.includes("/icons/")).map((path) => path.split("/").at(-1));
    assert.equal(new Set(names).size, names.length, "Node-RED finds icons by their name alone");
    assert.deepEqual(JSON.parse(read("dist/package.json")), { type: "commonjs" });
    const unwanted = paths.filter((path) =>
      /^(lib|nodes|test|scripts|bench)\/|\.test\.|\.mjs$|(?<!\.d)\.ts$/.test(path),
    );
    assert.deepEqual(unwanted, []);
    assert.ok(size < 2_500_000, `${size} bytes`);
  });
});

/** `Dockerfile`, `.dockerignore` and `compose.yaml`: no engine is needed to see that they fit the checkout and the guide. */
describe("the image", () => {
  const lines = read(".dockerignore").split("\n");
  const letIn = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
  const compose = read("compose.yaml");
  const [, guide = ""] = /\n## Docker\n([\s\S]*?)\n## /.exec(read("docs/install.md")) ?? [];

  it("is packed from all that the build reads and the package ships, and from nothing else", () => {
    assert.ok(lines.includes("*"));
    const [, sources = ""] = /const SOURCES = \[([^\]]*)\]/.exec(read("scripts/setup.cjs")) ?? [];
    const built = [...sources.matchAll(/"([^"]+)"/g)].map(([, file]) => file!);
    assert.ok(built.includes("scripts/build.ts"));
    const shipped = manifest.files.filter((file) => file !== "dist" && !file.startsWith("!"));
    const wanted = new Set([...built, ...shipped, "package-lock.json", "README.md", "LICENSE"]);
    assert.deepEqual(letIn.toSorted(), [...wanted].toSorted());
    assert.deepEqual(
      letIn.filter((file) => !existsSync(join(ROOT, file))),
      [],
    );
  });

  it("takes a package of the name that its second stage installs", () => {
    const dockerfile = read("Dockerfile");
    assert.match(dockerfile, /npm pack .*&& mv \*\.tgz \/package\.tgz/);
    assert.match(dockerfile, /COPY --from=package \/package\.tgz (\S+)\nRUN npm install .* \.\/\1 /);
    assert.doesNotMatch(dockerfile, /USER root/);
  });

  it("has the ports, the volume and the health check that the guide names", () => {
    const ports = [...compose.matchAll(/- "(\d+):(\d+)"/g)].map(([, outside, inside]) => [outside, inside]);
    assert.deepEqual(ports, [
      ["1880", "1880"],
      ["9000", "9000"],
    ]);
    for (const [port] of ports) assert.match(guide, new RegExp(`\\b${port}\\b`));
    const [, volume = "?"] = /- (\S+):\/data\n/.exec(compose) ?? [];
    assert.match(compose, new RegExp(`^volumes:\\n {2}${volume}:\\n(?: +#.*\\n)? {4}name: ${volume}$`, "m"));
    assert.ok(guide.includes(`\`${volume}\``));
    const [, everyS = "?"] = /healthcheck:[\s\S]*interval: (\d+)s/.exec(compose) ?? [];
    assert.ok(guide.includes(`every ${everyS} s`));
  });
});
