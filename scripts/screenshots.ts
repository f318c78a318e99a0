/**
 * Takes every picture of the documentation: `npm run screenshots`, or some of them, `npm run screenshots -- dashboard-home`. Each shows
 * the packed product in a real Node-RED on an empty user directory, with a shipped example that runs, in Debian's Chromium. The ports of
 * the examples must be free.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../test/e2e/browser.ts";
import { packOnce, ROOT } from "../test/e2e/package.ts";
import { commissioningPictures, facilityPictures, homePictures } from "./screenshots/dashboards.ts";
import { editorPictures } from "./screenshots/editor.ts";
import { firstStepPictures } from "./screenshots/first-steps.ts";
import { homeStepPictures } from "./screenshots/home-steps.ts";
import { Shelf } from "./screenshots/shelf.ts";

const ALBUMS = [
  firstStepPictures,
  editorPictures,
  facilityPictures,
  commissioningPictures,
  homePictures,
  homeStepPictures,
];

const folder = join(ROOT, "docs/images");
mkdirSync(folder, { recursive: true });
const shelf = new Shelf(folder, process.argv.slice(2));
const removePackage = await packOnce();
const browser = await launch();
try {
  for (const take of ALBUMS) await take(browser, shelf);
  if (shelf.taken.length === 0) throw new Error("no picture has a name that begins so");
} finally {
  await browser.close();
  removePackage();
}
