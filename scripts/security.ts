/** Writes the table of attacks in SECURITY.md from test/hostile/rows: `node scripts/security.ts`. A test keeps the two equal. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOMS } from "../test/hostile/rooms.ts";
import type { HostileRow, Room } from "../test/hostile/row.ts";

const PAGE = join(import.meta.dirname, "../SECURITY.md");
const BEGIN = "<!-- attacks: written by scripts/security.ts -->";
const END = "<!-- end of attacks -->";

/** The page with its table as the rows have it. @throws when the page has no place for it */
export function securityPage(page: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`SECURITY.md has no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${ROOMS.map(section).join("\n")}\n${END}${after}`;
}

function section({ title, file, rows }: Room): string {
  const lines = Object.values(rows).map((row) => line(row, `test/hostile/${file}`));
  return [`### ${title}`, "", "| attack | what holds | shown by |", "|---|---|---|", ...lines, ""].join("\n");
}

function line({ attack, promise, shown }: HostileRow, file: string): string {
  return `| ${[attack, promise, `\`${shown?.file ?? file}\``].map(cell).join(" | ")} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** What stands on disk. */
export function readSecurityPage(): string {
  return readFileSync(PAGE, "utf8");
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, securityPage(readSecurityPage()));
