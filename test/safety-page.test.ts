import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const FOLDER = join(ROOT, "test/drills");

/** Drills by file: what follows `drill` in the titles that `npm run drills` prints. */
const titles = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith(".drill.ts"))
    .map((file) => [file, titleOf(codeOf(file))]),
);

function codeOf(file: string): string {
  return readFileSync(join(FOLDER, file), "utf8");
}

function titleOf(code: string): string {
  const [, title = ""] = /^(?:drill|describe)\("(?:drill(?: of)?:? )?([^"]+)"/m.exec(code) ?? [];
  return title.replace(/^load: /, "");
}

/** What the page names in the last column of its table. */
function named(): string[] {
  const page = readFileSync(join(ROOT, "docs/safety.md"), "utf8");
  const rows = page.split("## What shows it")[1]!.split("\n## ")[0]!.split("\n");
  const columns = rows.filter((row) => row.startsWith("| ")).map((row) => row.split(" | ").at(-1)!);
  return columns.flatMap((column) => [...column.matchAll(/`([^`]+)`/g)].map(([, title]) => title!));
}

describe("The page on safety", () => {
  it("names drills that there are", () => {
    const known = new Set(titles.values());
    assert.deepEqual(
      named().filter((title) => !known.has(title)),
      [],
    );
  });

  it("names every drill that there is", () => {
    const told = new Set(named());
    assert.deepEqual(
      [...titles].filter(([, title]) => !told.has(title)),
      [],
    );
  });

  it("has a drill for each fault that is shown to fail without what it is about", () => {
    const unproven = [...titles.keys()].filter((file) => /^\d\d-/.test(file) && !/without: "/.test(codeOf(file)));
    assert.deepEqual(unproven, []);
  });

  it("names a drill for each of the 22 faults", () => {
    const numbers = named().map((title) => Number.parseInt(title, 10));
    assert.deepEqual(
      [...new Set(numbers)].filter((number) => number > 0).sort((a, b) => a - b),
      Array.from({ length: 22 }, (_, i) => i + 1),
    );
  });
});
