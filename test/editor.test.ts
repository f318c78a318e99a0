import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { buildSync } from "esbuild";
import { FREE, NODES } from "./editor-contract.ts";

const ROOT = join(import.meta.dirname, "..");
const LANGUAGES = ["en-US"];

/** Properties that this version keeps in the flow file but shows no field for. */
const WITHOUT_FIELD: Record<string, string[]> = { "ev-central-system": ["versions"] };

/** Where the editor keeps its own in a node: `users` of a config node are the nodes that use it. */
const EDITORS_OWN = [
  ...["id", "type", "wires", "users", "valid", "validationErrors", "changed", "dirty", "moved", "inputs", "outputs"],
  ...["ports", "credentials", "selected", "highlighted", "status", "resize", "icon", "info", "reordered"],
];

interface Registered {
  category: string;
  defaults: Record<
    string,
    { value: unknown; type?: string; required?: boolean; validate?: (value: unknown, options?: object) => unknown }
  >;
  credentials?: Record<string, { type: string }>;
  icon?: string;
  color?: string;
  inputs?: number;
  outputs?: number;
  outputLabels?: unknown;
  label: (this: Record<string, unknown>) => string;
  oneditprepare?: () => void;
  oneditsave?: () => void;
}

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** Runs a node's editor script in front of a RED that only listens. @returns what it registered */
function register(type: string): { registered: string; definition: Registered } {
  const { outputFiles } = buildSync({
    entryPoints: [join(ROOT, `nodes/${type}.editor.ts`)],
    bundle: true,
    format: "iife",
    target: "es2020",
    write: false,
  });
  const calls: { registered: string; definition: Registered }[] = [];
  const RED = {
    nodes: {
      registerType: (registered: string, definition: Registered) => calls.push({ registered, definition }),
      eachConfig: () => {},
      eachNode: () => {},
      node: () => null,
    },
    _: (key: string) => key,
    settings: {},
    i18n: { lang: () => "en-US" },
    workspaces: { active: () => "" },
    events: { on: () => {} },
    validators: { number: () => () => true, regex: () => () => true, typedInput: () => () => true },
  };
  const browser = {
    URL,
    window: { location: {} },
    navigator: { language: "en-US" },
    localStorage: { getItem: () => null },
  };
  runInContext(outputFiles[0]!.text, createContext({ ...browser, RED, $: () => ({}) }));
  assert.equal(calls.length, 1);
  return calls[0]!;
}

/** A key of a node's catalogue, or undefined. */
function lookUp(language: string, type: string, key: string): unknown {
  const catalogue = JSON.parse(read(`nodes/locales/${language}/${type}.json`)) as Record<string, unknown>;
  return key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], catalogue);
}

/** Every key that a node's page and script ask for. */
function keysOf(type: string): string[] {
  const page = [...read(`nodes/${type}.html`).matchAll(/data-i18n="([^"]+)"/g)].flatMap(([, keys]) => keys!.split(";"));
  const scripts = [read(`nodes/${type}.editor.ts`), read(`nodes/${type}.ts`)].join("\n");
  const inScripts = [...scripts.matchAll(/"(ev-[a-z-]+\.[a-zA-Z]+\.[a-zA-Z0-9]+)"/g)].map(([, key]) => key!);
  return [...page.map((key) => key.replace(/^\[[^\]]+\]/, "")), ...inScripts];
}

const section = (page: string, kind: "template" | "help", type: string): string =>
  new RegExp(`data-${kind}-name="${type}">([\\s\\S]*?)</script>`).exec(page)?.[1] ?? "";

for (const [type, contract] of Object.entries(NODES)) {
  describe(`the dialog of ${type}`, () => {
    let registered: string;
    let definition: Registered;
    let template: string;
    let help: string;

    before(() => {
      ({ registered, definition } = register(type));
      const page = read(`nodes/${type}.html`);
      template = section(page, "template", type);
      help = section(page, "help", type).trim();
    });

    it("registers the type where the palette expects it", () => {
      assert.equal(registered, type);
      assert.equal(definition.category, contract.config ? "config" : "EV charging");
      assert.equal(definition.inputs ?? 0, contract.inputs);
      assert.equal(definition.outputs ?? 0, contract.outputs);
    });

    it("has the properties and defaults that flow files rely on", () => {
      for (const [name, value] of Object.entries(contract.defaults)) {
        const property = definition.defaults[name];
        assert.ok(property, `${name} is missing`);
        const found: unknown = JSON.parse(JSON.stringify(property.value ?? null));
        if (value !== FREE) assert.deepEqual(found, value, name);
      }
      assert.deepEqual(Object.keys(definition.credentials ?? {}), contract.credentials ?? []);
      for (const name of Object.keys(definition.defaults))
        assert.ok(name.length > 1 && !name.startsWith("_") && !EDITORS_OWN.includes(name), name);
    });

    it("has a field for every property", () => {
      const prefix = contract.config ? "node-config-input" : "node-input";
      for (const name of [...Object.keys(definition.defaults), ...Object.keys(definition.credentials ?? {})]) {
        if (WITHOUT_FIELD[type]?.includes(name) || template.includes(`id="${prefix}-${name}"`)) continue;
        const saved = definition.oneditsave?.toString() ?? "";
        assert.match(saved, new RegExp(`\\b${name}\\b`), `${name} has no input and is not saved by the dialog`);
        assert.ok(definition.oneditprepare, `${name} is saved but never filled in`);
      }
    });

    it("labels every field", () => {
      for (const [, target] of template.matchAll(/<label[^>]* for="([^"]+)"/g)) {
        assert.ok(template.includes(`id="${target}"`), `a label for ${target}, which is not there`);
      }
      for (const [tag, id] of template.matchAll(/<(?:input|select)[^>]*? id="(node-(?:config-)?input-[^"]+)"[^>]*>/g)) {
        const named = /type="hidden"|\[(title|aria-label)\]/.test(tag) || template.includes(`for="${id}"`);
        assert.ok(named, `${id} has no label`);
      }
    });

    for (const language of LANGUAGES) {
      it(`has a text in ${language} for everything it says`, () => {
        const missing = keysOf(type).filter((key) => typeof lookUp(language, type, key) !== "string");
        assert.deepEqual(missing, []);
      });
    }

    it("has a name before anything is filled in", () => {
      const empty = Object.fromEntries(Object.entries(definition.defaults).map(([name, { value }]) => [name, value]));
      const label = definition.label.call({ ...empty, type, name: "", _: (key: string) => key });
      assert.match(label, /\S/);
    });

    it("takes its own defaults, where a default can be right", () => {
      for (const [name, { value, validate, required }] of Object.entries(definition.defaults)) {
        if (!validate || required || value === "" || value === null) continue;
        assert.equal(validate.call({ type, id: "new" }, value, undefined), true, name);
      }
    });

    it("explains itself: a first line, then inputs, outputs and details", () => {
      assert.match(help.split("\n")[0] ?? "", /^[A-Z].{10,}\.$/);
      assert.equal(help.includes("### Inputs"), contract.inputs > 0, "### Inputs");
      assert.equal(help.includes("### Outputs"), contract.outputs > 0, "### Outputs");
      assert.ok(help.includes("### Details"));
      assert.doesNotMatch(help, /^[ \t]+\S/m, "white space in front of a line makes it code");
    });

    it("writes its list of properties as the help panel reads it: `: name (type) : text`, without another colon", () => {
      const lines = help.split("\n").filter((line) => line.startsWith(":"));
      assert.deepEqual(
        lines.filter((line) => !/^: [^:]+\([^:]+\)[^:]*:[^:]*$/.test(line)),
        [],
      );
    });

    if (contract.movesCurrent) {
      it("warns that it can move current", () => {
        assert.match(help, /^> \[!WARNING\]\n> \S/m);
      });
    }

    if (!contract.config)
      it("is called in the README as in the palette", () => {
        const name = String(lookUp("en-US", type, `${type}.label.default`));
        assert.ok(read("README.md").includes(`| \`${type}\` | *${name}* |`), name);
      });

    if (!contract.config) {
      it("has an icon, a colour and a word for each of several outputs", () => {
        assert.ok(existsSync(join(ROOT, "icons", definition.icon ?? "")), definition.icon);
        assert.match(definition.color ?? "", /^#[0-9A-Fa-f]{6}$/);
        if (contract.outputs > 1) assert.ok(definition.outputLabels, "outputLabels");
      });
    }
  });
}
