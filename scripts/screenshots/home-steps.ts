/** Pictures of the home on a phone: the car waits for the sun, and charges fast because somebody wants it. */
import type { Browser } from "playwright-core";
import { DashboardBench } from "../../test/e2e/dashboard-bench.ts";
import type { Shelf } from "./shelf.ts";

const NAMES = ["home-1-waits", "home-3-fast"] as const;
const WAIT = { timeout: 120_000 };

/** Of the example "11 - PV home with a page", which begins at night. */
export async function homeStepPictures(browser: Browser, shelf: Shelf): Promise<void> {
  if (!NAMES.some((name) => shelf.wants(name))) return;
  const bench = await DashboardBench.start("5", "11 - PV home with a page.json", browser);
  try {
    const page = await bench.open("/home", "phone");
    await page.getByText("Waits for enough PV surplus").first().waitFor(WAIT);
    await shelf.take(NAMES[0], page);
    await page.getByRole("button", { name: "Fast for two hours" }).click();
    await bench.car("the car charges fast", ({ payload }) => Math.max(...payload.currentA) > 15, WAIT.timeout);
    await page.waitForTimeout(6_000);
    await shelf.take(NAMES[1], page);
    await page.context().close();
  } finally {
    await bench.stop();
  }
}
