import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LANGUAGES } from "../lib/words/types.ts";

const NODES = join(import.meta.dirname, "../nodes");
const LOCALES = join(NODES, "locales");
/** The others follow the first. */
const [ENGLISH, ...OTHERS] = LANGUAGES;

/** Words for a type that programs know; what else stands in the brackets of a list may be translated. */
const PROGRAM_TYPE = /\b(string|number|boolean|object|array|null|json|tls-config)\b/g;

const list = (folder: string, end: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(end)) : [];

const CATALOGUES = list(join(LOCALES, ENGLISH), ".json").sort();

/** A catalogue as lines: path of the key, and its text. */
function texts(language: string, file: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (at: unknown, path: string): void => {
    if (typeof at === "string") found.set(path, at);
    else for (const [key, value] of Object.entries(at as object)) walk(value, path === "" ? key : `${path}/${key}`);
  };
  walk(JSON.parse(readFileSync(join(LOCALES, language, file), "utf8")), "");
  return found;
}

/** The lines of a node's help; null where it has none. */
function help(file: string, type: string): string[] | null {
  const page = existsSync(file) ? readFileSync(file, "utf8") : "";
  const script = new RegExp(`<script type="text/markdown" data-help-name="${type}">\n([\\s\\S]*?)\n</script>`).exec(
    page,
  );
  return script?.[1]?.split("\n") ?? null;
}

const all = (text: string, pattern: RegExp): string[] => (text.match(pattern) ?? []).sort();
const placeholders = (text: string): string[] => all(text, /__[a-zA-Z]+__/g);
/** Digits without what separates thousands and decimals, which differs from language to language. */
const figures = (text: string): string[] => all(text, /\d+/g);
const code = (text: string): string[] => all(text, /`[^`]+`/g);
const words = (text: string): number => text.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length;

/** What the help panel makes of a line. */
function kind(line: string): string {
  if (line.startsWith("|")) return `row of ${line.split(/(?<!\\)\|/).length - 2}`;
  if (line.startsWith(": ")) return "property";
  return /^(#+|\d+\.|-|> \[!WARNING\]|>)(?= |$)/.exec(line)?.[0] ?? (line === "" ? "empty" : "text");
}

const property = (line: string): { name: string; types: string[] } => {
  const [, name = "", type = ""] = /^: ([^:]+)\(([^():]+)\)[^:]*:[^:]*$/.exec(line) ?? [];
  return { name: name.trim(), types: all(type, PROGRAM_TYPE) };
};

/** Whether a name in a list is one that flows and programs use, not a label of the dialog. Code is compared elsewhere. */
const isProgramName = (name: string): boolean => /^\*?[a-z]/.test(name);

for (const language of OTHERS) {
  describe(`the texts in ${language}`, () => {
    it("have a catalogue for each English one, and no other", () => {
      assert.deepEqual(list(join(LOCALES, language), ".json").sort(), CATALOGUES);
    });

    it("have help for each node, and no other page", () => {
      const pages = list(NODES, ".html").filter((page) => help(join(NODES, page), page.replace(".html", "")));
      assert.deepEqual(list(join(LOCALES, language), ".html").sort(), pages.sort());
    });

    for (const file of CATALOGUES) {
      it(`say in ${file} what the English ones say, key by key`, () => {
        const english = texts(ENGLISH, file);
        const translated = texts(language, file);
        assert.deepEqual([...translated.keys()].sort(), [...english.keys()].sort());
        for (const [key, text] of english) {
          const other = translated.get(key)!;
          assert.notEqual(other.trim(), "", `${key} is empty`);
          assert.deepEqual(placeholders(other), placeholders(text), `${key}: placeholders`);
          assert.deepEqual(figures(other), figures(text), `${key}: figures`);
          assert.equal(/^\s/.test(other), /^\s/.test(text), `${key}: space in front`);
          assert.equal(/\s$/.test(other), /\s$/.test(text), `${key}: space at the end`);
          assert.ok(words(text) <= 3 || other !== text, `${key} is still English: ${text}`);
        }
      });
    }

    for (const page of list(NODES, ".html")) {
      const type = page.replace(".html", "");
      const english = help(join(NODES, page), type);
      if (!english) continue;
      describe(`the help of ${type}`, () => {
        let translated: string[];
        before(() => {
          translated = help(join(LOCALES, language, page), type) ?? [];
        });

        it("has the English one's headings, paragraphs, lists and tables, line by line", () => {
          assert.deepEqual(translated.map(kind), english.map(kind));
        });

        it("keeps names, topics, codes and figures as they are", () => {
          for (const [at, line] of english.entries()) {
            const other = translated[at] ?? "";
            assert.deepEqual(code(other), code(line), `line ${at + 1}: ${line}`);
            assert.deepEqual(figures(other), figures(line), `line ${at + 1}: ${line}`);
            assert.ok(words(line.replace(/`[^`]*`/g, "")) <= 3 || other !== line, `still English: ${line}`);
          }
        });

        it("lists the same properties, those of the dialog under the labels that stand there", () => {
          const labels = texts(ENGLISH, `${type}.json`);
          const shown = texts(language, `${type}.json`);
          const isMessage = headings(english, ["### Inputs", "### Outputs"]);
          for (const [at, line] of english.entries()) {
            if (kind(line) !== "property") continue;
            const wanted = property(line);
            const found = property(translated[at] ?? "");
            assert.notEqual(found.name, "", `not \`: name (type) : text\`: ${translated[at]}`);
            assert.deepEqual(found.types, wanted.types, line);
            const keys = [...labels].filter(([, label]) => label === wanted.name).map(([key]) => key);
            if (isMessage[at]! && isProgramName(wanted.name)) assert.equal(found.name, wanted.name);
            else if (keys.length > 0)
              assert.ok(
                keys.some((key) => shown.get(key) === found.name),
                `${line}: ${found.name}`,
              );
          }
        });

        it("begins with one sentence, which the palette shows", () => {
          assert.match(translated[0] ?? "", /^\p{Lu}.{10,}\.$/u);
        });
      });
    }

    it("name the same heading by the same words everywhere", () => {
      const named = new Map<string, string>();
      for (const page of list(NODES, ".html")) {
        const type = page.replace(".html", "");
        const translated = help(join(LOCALES, language, page), type) ?? [];
        for (const [at, line] of (help(join(NODES, page), type) ?? []).entries()) {
          if (!line.startsWith("#")) continue;
          const known = named.get(line) ?? translated[at]!;
          assert.equal(translated[at], known, `${type}: ${line}`);
          named.set(line, known);
        }
      }
    });
  });
}

/** For each line whether it stands below one of the headings given. */
function headings(lines: string[], wanted: string[]): boolean[] {
  let isBelow = false;
  return lines.map((line) => {
    if (line.startsWith("#")) isBelow = wanted.includes(line);
    return isBelow;
  });
}
