/** Facility staff run a site on pages beside an editor that is none of their business. */
import { strict as assert } from "node:assert";
import type { Browser, Locator, Page } from "playwright-core";
import { isFull } from "../full.ts";
import { launch, needsBrowser } from "./browser.ts";
import { type CarMessage, DashboardBench } from "./dashboard-bench.ts";
import { until } from "./net.ts";

const drawnA = ({ payload }: CarMessage): number => Math.max(...payload.currentA);
const isCar = (identity: string) => (message: CarMessage) => message.chargePoint === identity;

const describeUsers = isFull ? describe : () => {};

describeUsers("the facility dashboard beside an editor that asks for a login", function () {
  needsBrowser(this);
  let bench: DashboardBench;
  let browser: Browser;
  let page: Page;

  before("open it in a browser that has never seen the editor", async () => {
    browser = await launch();
    bench = await DashboardBench.start("5", "10 - Facility dashboard.json", browser, { owner: ["*"] });
    page = await bench.open("/now");
  });
  after(async () => {
    await browser?.close();
    await bench?.stop();
  });

  const at = (selector: string, text: string): Locator => page.locator(`.ev-page ${selector}`, { hasText: text });

  it("shows what happens, without a login", async () => {
    await at(".ev-cards li", "CP1").filter({ hasText: "Charging." }).waitFor({ timeout: 20_000 });
    const building = at(".ev-zone", "Building").locator(".ev-bar").first();
    const othersA = async () =>
      Number(/everything else (-?\d+) A/.exec((await building.getAttribute("title")) ?? "")?.[1]);
    for (const loadA of [5, 20]) {
      await bench.press("Everybody cooks", { loadA: [loadA, loadA, loadA] });
      await until(`the building draws ${loadA} A`, async () => Math.abs((await othersA()) - loadA) <= 2);
    }
    await bench.press("Everybody cooks", { loadA: [5, 5, 5] });
  });

  it("takes a decision by hand to the car", async () => {
    await page.goto(`${bench.nodeRed.url}/dashboard/by-hand`);
    await page.locator('form select[name="target"]').selectOption({ label: "CP1" });
    for (const [key, text] of [
      ["limitA", "7"],
      ["hours", "1"],
      ["reason", "the street is being repaired"],
    ])
      await page.locator(`form [name="${key}"]`).fill(text!);
    await page.locator('form button[type="submit"]').click();
    const atMost7A = (car: CarMessage) => isCar("CP1")(car) && drawnA(car) > 0 && drawnA(car) < 7.2;
    await bench.car("CP1 draws 7 A at most", atMost7A, 15_000);
    await at(".ev-decisions tbody tr", "the street is being repaired").filter({ hasText: "at most 7 A" }).waitFor();
  });

  it("saves the maintenance report as a file", async () => {
    await page.goto(`${bench.nodeRed.url}/dashboard/operations`);
    const [file] = await Promise.all([page.waitForEvent("download"), page.locator('button[name="report"]').click()]);
    assert.match(file.suggestedFilename(), /^maintenance-.*\.html$/);
  });

  it("has needed nothing of the editor's server, which tells that browser nothing and lets it change nothing", async () => {
    bench.assertQuiet();
    bench.assertNoComplaint();
    const { url } = bench.nodeRed;
    const status = (path: string, method = "GET") =>
      page.evaluate(
        ([at, how]) => fetch(at!, { method: how! }).then((answer) => answer.status),
        [`${url}${path}`, method],
      );
    for (const path of ["/flows", "/settings/user", "/ev-charging/overview", "/ev-charging/charge-point-models"])
      assert.equal(await status(path), 401, path);
    for (const path of ["/flows", "/ev-charging/overview/acknowledge"])
      assert.equal(await status(path, "POST"), 401, path);
    await page.goto(url);
    await page.locator("#node-dialog-login-username").waitFor();
  });
});
