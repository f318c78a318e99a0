/** What facility staff do on the pages of the example "10 - Facility dashboard". */

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import type { Browser, Locator, Page } from "playwright-core";
import { FairWatch } from "../starvation.ts";
import { launch, needsBrowser } from "./browser.ts";
import { type CarMessage, DashboardBench } from "./dashboard-bench.ts";
import { until } from "./net.ts";
import type { Major } from "./node-red.ts";

const drawnA = ({ payload }: CarMessage): number => Math.max(...payload.currentA);
const isCar = (identity: string) => (message: CarMessage) => message.chargePoint === identity;

/** What the building draws besides, A per phase. */
const CALM = [5, 5, 5];
/** Much more, and nobody has to be stopped for it. */
const COOKING = [20, 20, 20];

/** The story on one major of Node-RED. */
export function describeDashboard(major: Major): void {
  describe(`the facility dashboard on Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DashboardBench;
    let browser: Browser;
    let page: Page;

    before("open it", async () => {
      browser = await launch();
      bench = await DashboardBench.start(major, "10 - Facility dashboard.json", browser);
      await bench.press("Everybody cooks", { loadA: CALM });
      page = await bench.open("/now");
    });
    after(async () => {
      await browser?.close();
      await bench?.stop();
    });

    const widget = (type: string, name: string): Locator => bench.widget(page, type, name);
    const row = (table: string, text: string): Locator =>
      widget("ui-table", table).locator("tbody tr", { hasText: text });
    const go = async (title: string): Promise<void> => {
      await page.locator(".v-app-bar-nav-icon").click();
      await page.locator(".v-navigation-drawer .v-list-item", { hasText: title }).click();
      await page.locator(".v-app-bar-title", { hasText: title }).waitFor();
    };
    const choose = async (form: Locator, key: string, option: string): Promise<void> => {
      await form.locator(`[data-form="form-row-${key}"] .v-field`).click();
      await page.locator(".v-overlay--active .v-list-item", { hasText: option }).first().click();
    };
    const fill = (form: Locator, key: string, text: string) =>
      form.locator(`[data-form="form-row-${key}"] input`).fill(text);
    const submit = (form: Locator) => form.locator('[data-action="form-submit"]').click();

    it("shows breakers, chargers and sessions in plain words", async () => {
      await widget("ui-template", "breakers and what flows").locator(".ev-zone", { hasText: "Garage" }).waitFor();
      await row("chargers", "CP1").filter({ hasText: "Charging." }).waitFor({ timeout: 20_000 });
      await row("today", "Ana Costa").waitFor();
      await widget("ui-text", "cars charging").locator("text=/[1-6] of 6/").waitFor({ timeout: 20_000 });
    });

    it("shows a load step of the building within 2 s", async () => {
      const building = widget("ui-template", "breakers and what flows").locator(".ev-zone", { hasText: "Building" });
      const othersA = async () =>
        Number(
          /everything else (-?\d+) A/.exec(
            (await building.locator(".ev-bar").first().getAttribute("title")) ?? "",
          )?.[1],
        );
      await until("the building is calm", async () => (await othersA()) < 10);
      await bench.press("Everybody cooks", { loadA: COOKING });
      const watch = new FairWatch(bench.nodeRed.pid!);
      await until("the step shows", async () => (await othersA()) >= 18, 5000);
      const tookMs = watch.tookMs();
      assert.ok(tookMs < 2000, `${Math.round(tookMs)} ms`);
      await bench.press("Everybody cooks", { loadA: CALM });
    });

    it("takes a decision with an end and a reason to the car, and takes it back", async () => {
      await go("By hand");
      const form = bench.widget(page, "ui-form", "decide by hand");
      await choose(form, "target", "CP1");
      await fill(form, "limitA", "7");
      await fill(form, "hours", "1");
      await fill(form, "reason", "the street is being repaired");
      await submit(form);
      await bench.car(
        "CP1 draws 7 A at most",
        (car) => isCar("CP1")(car) && drawnA(car) > 0 && drawnA(car) < 7.2,
        15_000,
      );
      await row("decided by hand", "the street is being repaired").filter({ hasText: "at most 7 A" }).waitFor();
      await bench.picture(page, `${major}-dashboard-by-hand`);
      await row("decided by hand", "CP1/1").locator("button").click();
      await row("decided by hand", "CP1/1").waitFor({ state: "detached" });
      await bench.car("CP1 draws more again", (car) => isCar("CP1")(car) && drawnA(car) > 7.5, 20_000);
    });

    it("changes how the cars of a zone charge, and shows what holds", async () => {
      const garage = widget("ui-button-group", "Garage");
      await garage.locator("button", { hasText: "Sun first" }).click();
      await bench.car("CP1 keeps its minimum", (car) => isCar("CP1")(car) && drawnA(car) < 6.2, 15_000);
      await garage.locator("button.v-btn--active", { hasText: "Sun first" }).waitFor();
      await garage.locator("button", { hasText: "Fast" }).click();
      await bench.car("CP1 draws more again", (car) => isCar("CP1")(car) && drawnA(car) > 6.5, 20_000);
    });

    it("says what cannot be done to whoever asked for it", async () => {
      const form = bench.widget(page, "ui-form", "decide by hand");
      await choose(form, "target", "CP2");
      await fill(form, "reason", "nothing is chosen");
      await submit(form);
      await page.locator(".v-snackbar__content", { hasText: "something to change" }).waitFor();
    });

    it("has had nothing to complain about until the meter dies", async () => {
      bench.assertNoComplaint();
      await bench.press("The meter dies");
    });

    it("adds a badge, blocks it, and takes tables in and out", async () => {
      await go("Badges");
      const form = bench.widget(page, "ui-form", "add a badge");
      await fill(form, "idTag", "04:a1:b2:c3");
      await fill(form, "comment", "Night watch");
      await submit(form);
      await row("badges", "04A1B2C3").filter({ hasText: "Night watch" }).filter({ hasText: "valid" }).waitFor();
      await row("badges", "04A1B2C3").locator("button", { hasText: "Block" }).click();
      await row("badges", "04A1B2C3").filter({ hasText: "blocked" }).waitFor();
      const buffer = Buffer.from("idTag;type;comment\nFEED01;vip;Guest\n");
      const input = bench.widget(page, "ui-file-input", "Table of badges");
      await input.locator("input[type=file]").setInputFiles({ name: "badges.csv", mimeType: "text/csv", buffer });
      await input.locator("button", { hasText: "Upload" }).click();
      await row("badges", "FEED01").filter({ hasText: "Guest" }).waitFor();
      const out = bench.widget(page, "ui-button", "Save all as CSV").locator("button");
      const [file] = await Promise.all([page.waitForEvent("download"), out.click()]);
      assert.equal(file.suggestedFilename(), "badges.csv");
      assert.match(readFileSync(await file.path(), "utf8"), /FEED01;vip;Guest/);
      await bench.picture(page, `${major}-dashboard-badges`);
    });

    it("learns a badge that is held to a reader", async () => {
      await bench.widget(page, "ui-button", "Learn: hold badges to a reader").locator("button").click();
      await bench.widget(page, "ui-text", "Learning").locator("text=waits for a badge").waitFor();
      await row("badges", "04A1B2C3").locator("button", { hasText: "Remove" }).click();
      await row("badges", "04A1B2C3").waitFor({ state: "detached" });
      await bench.press("A stranger shows a badge at CP3");
      await row("badges", "04A1B2C3").filter({ hasText: "learnt" }).waitFor();
    });

    it("finds sessions by name and saves them as a file", async () => {
      await go("Sessions");
      const form = bench.widget(page, "ui-form", "which sessions?");
      await fill(form, "user", "ben okafor");
      await submit(form);
      await row("found", "Ana Costa").waitFor({ state: "detached" });
      await row("found", "Ben Okafor").first().waitFor();
      await bench.press("every minute, as asked for last");
      await form.locator('[data-form="form-row-file"] input').check();
      const [file] = await Promise.all([page.waitForEvent("download"), submit(form)]);
      assert.equal(file.suggestedFilename(), "sessions.csv");
      // The table has had what came every minute: it came before the file.
      assert.equal(await row("found", "Ana Costa").count(), 0, "it shows what was asked for, and no more");
      const lines = readFileSync(await file.path(), "utf8")
        .trimEnd()
        .split("\r\n");
      assert.match(lines[0] ?? "", /^\uFEFFCharge number;Charging station;/);
      assert.ok(lines.length > 1 && lines.slice(1).every((line) => line.includes("Ben Okafor")), lines.join("\n"));
      await bench.picture(page, `${major}-dashboard-sessions`);
    });

    it("draws the history of load and allocation", async () => {
      await go("History");
      await bench.widget(page, "ui-chart", "load per phase").locator("canvas").waitFor();
      await bench.widget(page, "ui-chart", "allocation").locator("canvas").waitFor();
      await bench.picture(page, `${major}-dashboard-history`);
    });

    it("shows an alarm with what to do, and who takes care of it", async () => {
      await go("Now");
      const alarm = row("alarms", "meter grid").first();
      await alarm.waitFor({ timeout: 20_000 });
      await alarm.locator("button", { hasText: "I see to it" }).click();
      await row("alarms", "meter grid").filter({ hasText: "dashboard" }).first().waitFor();
      await bench.picture(page, `${major}-dashboard-alarm`);
      await bench.press("The meter is back");
    });

    it("fits a phone, a desk and a wall", async function () {
      this.timeout(180_000);
      for (const path of ["/now", "/by-hand", "/history", "/sessions", "/badges"])
        await bench.assertFits(path, ".nrdb-ui-group");
      await bench.assertFits("/now", ".ev-zone");
    });

    it("leaves no trace in the browser, and needs nothing of the editor", () => bench.assertQuiet());
  });
}
