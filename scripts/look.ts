/**
 * Pictures to look at, in one language: every dialog with its help, the sidebar in good and bad hours, and every page of the dashboards,
 * in both shades, on phone and desk. `node scripts/look.ts fr /tmp/pictures`, or a part of it: `… dialogs`, `… sidebar`, `… pages`,
 * `… first-hour` (the way of a newcomer, ten minutes). Ends with what sticks out of its place, what axe finds, and false alarms.
 */
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { LANGUAGES } from "../lib/words/types.ts";
import { launch } from "../test/e2e/browser.ts";
import { packOnce } from "../test/e2e/package.ts";
import { lookAtDialogs } from "./screenshots/look-dialogs.ts";
import { lookAtFirstHour } from "./screenshots/look-first-hour.ts";
import { lookAtPages } from "./screenshots/look-pages.ts";
import { lookAtSidebar } from "./screenshots/look-sidebar.ts";
import { Shelf } from "./screenshots/shelf.ts";

const PARTS = {
  dialogs: lookAtDialogs,
  sidebar: lookAtSidebar,
  pages: lookAtPages,
  "first-hour": lookAtFirstHour,
};

const [language = "", folder = "", ...wanted] = process.argv.slice(2);
if (!(LANGUAGES as readonly string[]).includes(language) || !folder) {
  console.error(`node scripts/look.ts ${LANGUAGES.join("|")} <folder> [dialogs] [sidebar] [pages] [first-hour]`);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const shelf = new Shelf(resolve(folder), []);
const removePackage = await packOnce();
const browser = await launch();
const found: string[] = [];
try {
  for (const [part, look] of Object.entries(PARTS))
    if (wanted.length === 0 || wanted.includes(part)) found.push(...(await look(browser, shelf, language)));
} finally {
  await browser.close();
  removePackage();
}
console.log(found.length === 0 ? "Nothing was found." : found.join("\n"));
process.exitCode = found.length === 0 ? 0 : 1;
