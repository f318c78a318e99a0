/**
 * Puts the pages of `scripts/pages` into the templates of the example flows: `node scripts/pages.ts`. What all pages share stands once,
 * in `common.page`; a page names its parts in comments.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");

/** Which node of which example shows a page. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  "10 - Facility dashboard.json": [
    "now",
    "operations",
    "by-hand",
    "history",
    "sessions",
    "statistics",
    "badges",
    "wall",
  ],
  "11 - PV home with a page.json": ["home"],
};

/** An example as it has to be, with what stands in it now. */
export interface PagedExample {
  file: string;
  is: string;
  mustBe: string;
}

export function pagedExamples(): PagedExample[] {
  const common = commonParts();
  return Object.entries(PLACES).map(([file, pages]) => {
    const is = readFileSync(join(ROOT, "examples", file), "utf8");
    const flow = JSON.parse(is) as { type: string; name?: string; format?: string }[];
    for (const page of pages) {
      const node = flow.find(({ type, name }) => type === "ui-template" && name === page);
      if (!node) throw new Error(`${file} has no ui-template "${page}"`);
      node.format = pageText(page, common);
    }
    return { file, is, mustBe: `${JSON.stringify(flow, null, 2)}\n` };
  });
}

function read(name: string): string {
  return readFileSync(join(ROOT, "scripts/pages", `${name}.page`), "utf8");
}

/** By name: what follows `<!-- part: name -->`. */
function commonParts(): ReadonlyMap<string, string> {
  const [, ...pieces] = read("common").split(/<!-- part: ([\w-]+) -->\n/);
  return new Map(pieces.flatMap((piece, index) => (index % 2 === 0 ? [[piece, pieces[index + 1]!.trimEnd()]] : [])));
}

function pageText(page: string, common: ReadonlyMap<string, string>): string {
  const filled = (text: string): string =>
    text.replace(/(?:<!--|\/\*) common: ([\w-]+) (?:-->|\*\/)/g, (_, name: string) => {
      const part = common.get(name);
      if (part === undefined) throw new Error(`${page}: common.page has no part "${name}"`);
      return filled(part);
    });
  return filled(read(page));
}

if (process.argv[1] === import.meta.filename)
  for (const { file, mustBe } of pagedExamples()) writeFileSync(join(ROOT, "examples", file), mustBe);
