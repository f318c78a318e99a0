import { strict as assert } from "node:assert";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

/** A folder with more files of code than this is no room but a hall. */
const MOST_FILES = 25;

/** Folders that may be larger: each file holds one entry of a kind, or the whole is cut well as it is. */
const LARGE: Record<string, string> = {
  nodes: "Node-RED loads nodes from one flat folder: three files for each type",
  "lib/ocpp/v16": "one file for each action of the specification",
  "lib/station/capabilities/models": "data: one file for each maker of chargers",
  "lib/metering/profiles": "data: one file for each maker of meters",
  "lib/metering": "one way from register to measurement, which no one has to search",
  "lib/modbus": "transports and queue of one line",
};

const codeIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder)).filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"));

/** Every folder of lib and nodes with code in it or below it. */
function rooms(folder: string): string[] {
  const inner = readdirSync(join(ROOT, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const below = inner.flatMap(({ name }) => rooms(`${folder}/${name}`));
  return codeIn(folder).length > 0 || below.length > 0 ? [folder, ...below] : [];
}

const ROOMS = [...rooms("lib"), ...rooms("nodes")];

/** What a text names in backquotes as a file or a folder: `lib/units.ts`, `../runtime/`. Patterns such as `<type>.ts` are none. */
function namesIn(text: string): string[] {
  const plain = text.replace(/^```[\s\S]*?^```/gm, "");
  return [...plain.matchAll(/`([\w.@][\w.@/-]*?(?:\.(?:ts|md|json|html|cjs)|\/))`/g)].map(([, name]) => name!);
}

/** Those that exist neither from the folder nor from the root. */
const missing = (folder: string, text: string): string[] =>
  namesIn(text).filter((name) => !existsSync(join(ROOT, folder, name)) && !existsSync(join(ROOT, name)));

describe("A room", () => {
  it("has a README of a few lines", () => {
    assert.deepEqual(
      ROOMS.filter((room) => !existsSync(join(ROOT, room, "README.md"))),
      [],
    );
    for (const room of ROOMS) {
      const lines = read(`${room}/README.md`).split("\n").length;
      assert.ok(lines >= 5 && lines <= 40, `${room}: ${lines} lines`);
    }
  });

  it("says what comes in, what goes out and what to read first", () => {
    for (const room of ROOMS) {
      const text = read(`${room}/README.md`);
      for (const part of ["- **In:**", "- **Out:**", "Read first:"]) assert.ok(text.includes(part), `${room}: ${part}`);
      assert.equal(text.match(/^\d\. `/gm)?.length, 3, `${room}: three files to read first`);
    }
  });

  it("names no file that is not there", () => {
    const dead = ROOMS.map((room) => ({ room, names: missing(room, read(`${room}/README.md`)) }));
    assert.deepEqual(
      dead.filter(({ names }) => names.length > 0),
      [],
    );
  });

  it(`has ${MOST_FILES} files of code at most`, () => {
    const sizes = ROOMS.filter((room) => !(room in LARGE)).map((room) => ({ room, files: codeIn(room).length }));
    assert.deepEqual(
      sizes.filter(({ files }) => files > MOST_FILES),
      [],
    );
  });

  it("is on a list of exceptions only while it needs to be", () => {
    for (const room of Object.keys(LARGE))
      assert.ok(ROOMS.includes(room) && codeIn(room).length > 20, `${room} is no exception any more`);
  });
});

describe("The page for contributors", () => {
  const page = read("CONTRIBUTING.md");
  const section = (title: string): string => page.split(`## ${title}\n`)[1]?.split(/^## /m)[0] ?? "";

  it("names no file that is not there where it says where things live", () => {
    assert.deepEqual(missing(".", section("Where things live")), []);
  });

  it("lists every folder of lib", () => {
    const list = section("Where things live").split("```")[1]!;
    const folders = readdirSync(join(ROOT, "lib"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(
      folders.filter(({ name }) => !list.includes(` ${name}/ `)).map(({ name }) => name),
      [],
    );
  });

  it("follows one ampere through files that are there, from the register to the frame and back", () => {
    const way = section("Where things live").split("### Follow one ampere")[1]!;
    const files = namesIn(way);
    for (const file of ["lib/modbus/bus.ts", "lib/ocpp/rpc/frame.ts", "lib/station/facts.ts"])
      assert.ok(files.includes(file), file);
  });

  it("answers twenty questions of a newcomer at least, each with a file that is there", () => {
    const rows = section("Where is …?")
      .split("\n")
      .filter((row) => /^\| .+\? \|/.test(row));
    assert.ok(rows.length >= 20, `${rows.length} questions`);
    for (const row of rows) {
      assert.ok(namesIn(row).length > 0, row);
      assert.deepEqual(missing(".", row), [], row);
    }
  });
});

describe("The glossaries of the product and of the code", () => {
  const both = `${read("docs/glossary.md")}\n${read("lib/GLOSSARY.md")}`;
  const entries = [...both.matchAll(/^- \*\*(.+?)\*\*: (.+)$/gm)].map(([, term, text]) => ({
    term: term!,
    text: text!,
  }));

  it("says each word once", () => {
    const terms = entries.map(({ term }) => term);
    assert.ok(terms.length > 60, `${terms.length} words`);
    assert.deepEqual(
      terms.filter((term, i) => terms.indexOf(term) !== i),
      [],
    );
  });

  it("gives in brackets only names that the code still has", () => {
    const code = ROOMS.flatMap((room) => codeIn(room).map((file) => `${file}\n${read(`${room}/${file}`)}`)).join("\n");
    for (const { term, text } of entries)
      for (const [, inBrackets] of text.matchAll(/\(([^()]*`[^()]*)\)\.$/g))
        for (const [, name] of inBrackets!.matchAll(/`([^`]+)`/g))
          assert.match(code, new RegExp(`\\b${name!.replace(".", "\\.")}\\b`), `${term}: ${name} is no name any more`);
  });
});

describe("The rules of safety", () => {
  it("are stated for each number that a comment cites", () => {
    const stated = new Set([...read("docs/safety.md").matchAll(/^\| (S\d+b?) \|/gm)].map(([, rule]) => rule!));
    const cited = ROOMS.flatMap((room) =>
      codeIn(room).flatMap((file) => [...read(`${room}/${file}`).matchAll(/\bS(?:[1-9]|1[0-2])b?\b(?=[,;:.)])/g)]),
    ).map(([rule]) => rule);
    assert.ok(cited.length > 50);
    assert.deepEqual(
      [...new Set(cited)].filter((rule) => !stated.has(rule)),
      [],
    );
    assert.equal(stated.size, 13);
  });
});
