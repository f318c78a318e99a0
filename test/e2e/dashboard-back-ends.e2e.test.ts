/** What facility staff see of back ends on the sessions page of the example "10 - Facility dashboard". */
import { strict as assert } from "node:assert";
import { createRPCError } from "ocpp-rpc";
import type { Browser, Page } from "playwright-core";
import { ForeignBackEnd } from "../upstream/back-end.ts";
import { launch, needsBrowser } from "./browser.ts";
import { DashboardBench } from "./dashboard-bench.ts";
import { until } from "./net.ts";

describe("back ends on the sessions page", function () {
  needsBrowser(this);
  const cloud = new ForeignBackEnd();
  let bench: DashboardBench;
  let browser: Browser;
  let page: Page;

  before("open it, with a back end that refuses every charge", async () => {
    await cloud.open();
    cloud.before = ({ action }) => {
      if (action === "StartTransaction") throw createRPCError("PropertyConstraintViolation", "<b>unknown</b> tag");
    };
    browser = await launch();
    bench = await DashboardBench.start("5", "10 - Facility dashboard.json", browser);
    const system = bench.flow.find(({ type }) => type === "ev-central-system")!;
    const backEnd = { id: "its-cloud", type: "ev-back-end", site: system["site"], name: "Operator", url: cloud.url };
    const chosen = bench.flow.map((node) => (node === system ? { ...node, backEnds: ["its-cloud"] } : node));
    await bench.nodeRed.deploy([...chosen, { ...backEnd, identity: "{identity}", role: "reporting", identities: [] }]);
    await until("the chargers are connected", () => cloud.clients.size > 0, 30_000);
    page = await bench.open("/sessions");
  });
  after(async () => {
    await browser?.close();
    await bench?.stop();
    await cloud.close();
  });

  it("shows what was refused and why, and reports it again when asked", async () => {
    await page.locator('select[name="report"]').waitFor({ timeout: 60_000 });
    const again = page.locator(".ev-found tbody tr .ev-book-refused", { hasText: "<b>unknown</b> tag" }).first();
    await until(
      "it is refused",
      async () => {
        await page.locator('select[name="report"]').selectOption("refused");
        await page.locator('form button[type="submit"]').first().click();
        return (await again.count()) > 0;
      },
      60_000,
    );
    await again.locator("button").click();
    await page.locator("dialog[open]", { hasText: /Report session \d+ again to Operator\?/ }).waitFor();
    assert.equal(cloud.transactions.size, 0);
    cloud.before = () => {};
    await page.locator("dialog[open] button", { hasText: "Report again" }).click();
    await page.locator(".ev-said", { hasText: "1 session is reported again." }).waitFor();
    await until("the back end has it", () => cloud.transactions.size > 0, 30_000);
  });

  it("compares the table of the back end, and says in plain words what it cannot read", async () => {
    const compare = async (text: string) => {
      const file = { name: "their.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
      await page.locator('input[name="theirs"]').setInputFiles(file);
      await page.locator(".ev-compare button").click();
    };
    await compare("Charger;Start;Energy (kWh)\nCP1;yesterday;1,0");
    await page.locator(".ev-refusal", { hasText: 'Line 2, column Start: "yesterday" is no day and time.' }).waitFor();
    await compare("Charger;Start;Energy (kWh)\nCP1;2020-05-31 18:05;1,0");
    await page.locator(".ev-compared", { hasText: "Differences: 1." }).waitFor();
    await page.locator(".ev-compared li", { hasText: "Line 2: CP1, 2020-05-31 18:05" }).waitFor();
  });
});
