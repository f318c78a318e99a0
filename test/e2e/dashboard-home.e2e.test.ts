import { strict as assert } from "node:assert";
import type { Browser, Page } from "playwright-core";
import { isFull } from "../full.ts";
import { FairWatch, renderers } from "../starvation.ts";
import { launch, needsBrowser } from "./browser.ts";
import { type CarMessage, DashboardBench } from "./dashboard-bench.ts";
import { until } from "./net.ts";

const drawnA = ({ payload }: CarMessage): number => Math.max(...payload.currentA);

const describeHome = isFull ? describe : () => {};

describeHome("the dashboard of a PV home", function () {
  needsBrowser(this);
  let bench: DashboardBench;
  let browser: Browser;
  let page: Page;

  before("open it at night", async () => {
    browser = await launch();
    bench = await DashboardBench.start("5", "11 - PV home with a page.json", browser);
    await bench.press("Night");
    page = await bench.open("/home");
  });
  after(async () => {
    await browser?.close();
    await bench?.stop();
  });

  const pressed = (mode: string) => page.locator('.ev-page button[aria-pressed="true"]', { hasText: mode });
  const power = async (name: string): Promise<number> => {
    const box = page.locator(".ev-home g", { hasText: name }).locator(".ev-power").first();
    return Number.parseFloat((await box.textContent()) ?? "");
  };

  it("shows sun, house, car and grid, and why the car waits", async () => {
    await until("the house shows", async () => (await power("house")) > 0.5);
    await until("no sun", async () => (await power("sun")) === 0);
    await page.locator(".ev-why", { hasText: "Waits for enough PV surplus" }).waitFor({ timeout: 20_000 });
    await pressed("Only sun").waitFor();
  });

  it("charges fast for a while with one click, says until when, and takes it back", async () => {
    await page.locator('button[name="hurry"]').click();
    await bench.car("the car charges", (car) => drawnA(car) > 5.9, 20_000);
    await pressed("Fast").waitFor();
    await page.locator(".ev-decided", { hasText: /By hand until .*\([12]:\d\d h left\)/ }).waitFor();
    await page.locator('button[name="noHurry"]').click();
    await pressed("Only sun").waitFor();
  });

  it("shows the sun within 2 s", async () => {
    await bench.press("Sunny noon");
    const watch = new FairWatch(bench.nodeRed.pid!, ...renderers());
    await until("the sun shows", async () => (await power("sun")) > 9, 5000);
    const tookMs = watch.tookMs();
    assert.ok(tookMs < 2000, `${Math.round(tookMs)} ms`);
    await page.locator(".ev-home", { hasText: "to the grid" }).waitFor();
  });

  it("changes the mode with one click", async () => {
    await page.locator('button[name="minpv"]').click();
    await pressed("Sun first").waitFor();
    await bench.car("the car charges with at least its minimum", (car) => drawnA(car) > 5.9, 20_000);
  });

  it("turns the car off by Off, whatever was decided before", async () => {
    await page.locator('button[name="hurry"]').click();
    await bench.car("the car charges", (car) => drawnA(car) > 5.9, 20_000);
    await page.locator('button[name="off"]').click();
    await page.locator(".ev-said", { hasText: "HOME/1: switched off." }).waitFor();
    await bench.car("the car stands still", (car) => drawnA(car) < 0.1, 20_000);
    await pressed("Off").waitFor();
    await page.locator(".ev-decided").waitFor({ state: "detached" });
    await page.locator('button[name="pv"]').click();
    await pressed("Only sun").waitFor();
  });

  it("is clean by axe", async () => {
    for (const size of ["phone", "desktop"] as const) {
      const open = await bench.open("/home", size);
      await open.locator(".ev-home").waitFor();
      assert.deepEqual(await bench.foundByAxe(open), [], size);
      await open.context().close();
    }
  });

  it("fits every screen, and leaves no trace in the browser", async () => {
    await bench.assertFits("/home", ".ev-home");
    bench.assertQuiet();
    bench.assertNoComplaint();
  });
});
