/** Every page of the dashboards in one language, on phone and desk, in both shades, and what axe finds in them. */
import type { Browser, Page } from "playwright-core";
import { DashboardBench, SIZES } from "../../test/e2e/dashboard-bench.ts";
import type { FlowNode } from "../../test/e2e/flows.ts";
import { DARK } from "./dashboards.ts";
import type { Shelf } from "./shelf.ts";

const EXAMPLES = ["10 - Facility dashboard.json", "11 - PV home with a page.json"];
const DRAWN_MS = 4_000;
/** Cars charge, and there is something to tell of. */
const WARM_UP_MS = 45_000;

export async function lookAtPages(browser: Browser, shelf: Shelf, language: string): Promise<string[]> {
  const found: string[] = [];
  for (const example of EXAMPLES) {
    const bench = await DashboardBench.start("5", example, browser);
    try {
      await change(bench, (node) => (node.type === "ev-site" ? { ...node, language } : node));
      await bench.press(example.startsWith("10") ? "Everybody cooks" : "Sunny noon");
      await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
      for (const shade of ["light", "dark"]) {
        if (shade === "dark")
          await change(bench, (node) => (node.type === "ui-theme" ? { ...node, colors: DARK } : node));
        for (const { path } of bench.flow.filter(({ type }) => type === "ui-page"))
          for (const size of ["phone", "desktop"] as const) {
            const page = await bench.open(String(path), size);
            await page.waitForTimeout(DRAWN_MS);
            const name = `${language}-page${String(path).replaceAll("/", "-")}-${size}-${shade}`;
            found.push(...(await wrongIn(bench, page, size)).map((what) => `${name}: ${what}`));
            await page.setViewportSize({ width: SIZES[size][0], height: await heightOf(page) });
            await shelf.take(name, page);
            await page.context().close();
          }
      }
    } finally {
      await bench.stop();
    }
  }
  return found;
}

async function change({ nodeRed }: DashboardBench, to: (node: FlowNode) => FlowNode): Promise<void> {
  await nodeRed.deploy(((await nodeRed.get("/flows")) as FlowNode[]).map(to), "nodes");
}

async function wrongIn(bench: DashboardBench, page: Page, size: keyof typeof SIZES): Promise<string[]> {
  const widthPx = Number(await page.evaluate("document.documentElement.scrollWidth"));
  const wide = widthPx > SIZES[size][0] ? [`${widthPx} px wide`] : [];
  return [...wide, ...(await bench.foundByAxe(page))];
}

/** Of all that stands on the page; the dashboard scrolls inside of itself. */
async function heightOf(page: Page): Promise<number> {
  const px = await page.evaluate(
    "Math.max(...[...document.querySelectorAll('main, .nrdb-page, .nrdb-ui-page')].map((one) => one.scrollHeight)) + 80",
  );
  return Math.min(Math.max(Number(px), 600), 3000);
}
