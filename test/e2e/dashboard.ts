/** What facility staff do on the pages of the example "10 - Facility dashboard". */

import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { FairWatch, renderers } from "../starvation.ts";
import { launch, needsBrowser } from "./browser.ts";
import { type CarMessage, DashboardBench } from "./dashboard-bench.ts";
import { theNode } from "./flows.ts";
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

    /** What stands on the page that is open. */
    const at = (selector: string, text?: string | RegExp): Locator =>
      page.locator(`.ev-page ${selector}`, text === undefined ? {} : { hasText: text });
    const row = (table: string, text: string): Locator => at(`${table} tbody tr`, text);
    const go = async (title: string): Promise<void> => {
      await page.locator(".v-app-bar-nav-icon").click();
      await page.locator(".v-navigation-drawer .v-list-item", { hasText: title }).click();
      await page.locator(".v-app-bar-title", { hasText: title }).waitFor();
    };
    const fill = (key: string, text: string) => at(`form [name="${key}"]`).fill(text);
    const choose = (key: string, option: string) => at(`form select[name="${key}"]`).selectOption({ label: option });
    const submit = () => at('form button[type="submit"]').first().click();
    const said = (text: string | RegExp) => at(".ev-said", text).waitFor();
    const confirm = (text: string) => page.locator("dialog[open] button", { hasText: text }).click();

    it("shows breakers, chargers and sessions in plain words", async () => {
      await at(".ev-zone", "Garage").waitFor();
      await at(".ev-cards li", "CP1").filter({ hasText: "Charging." }).waitFor({ timeout: 20_000 });
      await row(".ev-today", "Ana Costa").waitFor();
      await at(".ev-figures div", "cars charging")
        .filter({ hasText: /[1-6] of 6/ })
        .waitFor({ timeout: 20_000 });
    });

    it("reserves any charger of a zone for a badge, shows it, and cancels it", async () => {
      await go("Operations");
      await choose("place", "Garage: any charger");
      await choose("reserveFor", "Ana Costa");
      const inDays = (days: number, time: string) =>
        `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)}T${time}`;
      assert.match(await at('[name="reserveFrom"]').inputValue(), /T\d\d:00$/, "the next full hour is proposed");
      await fill("reserveFrom", inDays(2, "12:00"));
      await fill("reserveUntil", inDays(2, "14:00"));
      await at('.ev-reservations button[type="submit"]').dblclick();
      await said(/^Garage, any charger is reserved for Ana Costa from .* to .*\./);
      await at(".ev-reservations li", "Ana Costa").filter({ hasText: "to come" }).waitFor();
      assert.equal(await at(".ev-reservations li").count(), 1, "a double click reserves once");
      await bench.picture(page, `${major}-dashboard-reservations`);
      await at('.ev-reservations [name="cancelReservation"]').click();
      await confirm("Cancel the reservation");
      await said("The reservation of Garage, any charger is cancelled.");
      await at(".ev-reservations p", "Nothing is reserved.").waitFor();
      await go("Now");
    });

    it("shows a load step of the building within 2 s", async () => {
      const building = at(".ev-zone", "Building");
      const othersA = async () =>
        Number(
          /everything else (-?\d+) A/.exec(
            (await building.locator(".ev-bar").first().getAttribute("title")) ?? "",
          )?.[1],
        );
      await until("the building is calm", async () => (await othersA()) < 10);
      await bench.press("Everybody cooks", { loadA: COOKING });
      // The browser has a part in it, too.
      const watch = new FairWatch(bench.nodeRed.pid!, ...renderers());
      await until("the step shows", async () => (await othersA()) >= 18, 5000);
      const tookMs = watch.tookMs();
      assert.ok(tookMs < 2000, `${Math.round(tookMs)} ms`);
      await bench.press("Everybody cooks", { loadA: CALM });
    });

    it("draws what is promised beside what flows", async () => {
      const promisedA = async () =>
        Number(
          /promised (\d+) A/.exec(
            (await at(".ev-zone", "Garage").locator(".ev-bar").first().getAttribute("title")) ?? "",
          )?.[1],
        );
      await until("something is promised", async () => (await promisedA()) > 0);
      await at(".ev-zone", "Garage").locator("i.ev-promised").first().waitFor({ state: "attached" });
      await at(".ev-legend", "Full: less than 1 A is left").waitFor();
    });

    it("takes a decision with an end and a reason to the car, and takes it back", async () => {
      await go("By hand");
      await choose("target", "CP1");
      await fill("limitA", "7");
      await fill("hours", "1");
      await fill("reason", "the street is being repaired");
      await at(".ev-preview", "CP1/1 gets at most 7 A on each phase.").waitFor();
      await submit();
      await said(/^CP1\/1: at most 7 A, until (?:[\d-]+ )?\d+:\d\d\.$/);
      await bench.car(
        "CP1 draws 7 A at most",
        (car) => isCar("CP1")(car) && drawnA(car) > 0 && drawnA(car) < 7.2,
        15_000,
      );
      await row(".ev-decisions", "the street is being repaired").filter({ hasText: "at most 7 A" }).waitFor();
      await bench.picture(page, `${major}-dashboard-by-hand`);
      await row(".ev-decisions", "CP1/1").locator("button").click();
      await confirm("End now");
      await row(".ev-decisions", "CP1/1").waitFor({ state: "detached" });
      await said("CP1/1: the decision by hand has ended.");
      await bench.car("CP1 draws more again", (car) => isCar("CP1")(car) && drawnA(car) > 7.5, 20_000);
    });

    it("says before a decision is sent that it is for all together, and that cars stop", async () => {
      await choose("target", "Garage: all chargers together");
      await fill("limitA", "4");
      await fill("reason", "a concert");
      await at(".ev-preview", "All 3 chargers of Garage together get at most 4 A").waitFor();
      await at(".ev-preview", "Cars need at least 6 A. They stop until this ends.").waitFor();
      await submit();
      await confirm("Cancel");
      assert.equal(await row(".ev-decisions", "Garage").count(), 0, "nothing was sent");
      assert.equal(await at('form [name="limitA"]').inputValue(), "4", "what was typed stands");
      await fill("limitA", "14");
      await at(".ev-preview", "at most 2 can charge at the same time").waitFor();
      await fill("limitA", "");
    });

    it("changes how the cars of a zone charge, and shows what holds", async () => {
      const garage = at("fieldset", "Garage");
      await garage.locator("button", { hasText: "Sun first" }).click();
      await said("Garage: sun, and at least the minimum.");
      await bench.car("CP1 keeps its minimum", (car) => isCar("CP1")(car) && drawnA(car) < 6.2, 15_000);
      await garage.locator('button[aria-pressed="true"]', { hasText: "Sun first" }).waitFor();
      await garage.locator("button", { hasText: "Fast" }).click();
      await bench.car("CP1 draws more again", (car) => isCar("CP1")(car) && drawnA(car) > 6.5, 20_000);
    });

    it("says what cannot be done to whoever asked for it, in plain words, and keeps what was typed", async () => {
      await choose("target", "CP2");
      await fill("reason", "nothing is chosen");
      await submit();
      await at(".ev-refusal", "Choose something to change").waitFor();
      assert.doesNotMatch((await at(".ev-refusal").textContent()) ?? "", /payload|EvError/);
      assert.equal(await at('form [name="reason"]').inputValue(), "nothing is chosen");
    });

    it("has had nothing to complain about until the meter dies", async () => {
      bench.assertNoComplaint();
      await bench.press("The meter dies");
    });

    it("adds a badge, blocks it, and takes tables in and out", async () => {
      await go("Badges");
      await fill("idTag", "04:a1:b2:c3");
      await fill("comment", "Night watch");
      await choose("type", "VIP: before others");
      await submit();
      await said("04A1B2C3 (Night watch) is in the list now.");
      await row(".ev-badges", "04A1B2C3").filter({ hasText: "Night watch" }).filter({ hasText: "valid" }).waitFor();
      await row(".ev-badges", "04A1B2C3").getByRole("button", { name: "Block: 04A1B2C3 (Night watch)" }).click();
      await row(".ev-badges", "04A1B2C3").filter({ hasText: "blocked" }).waitFor();
      await said("04A1B2C3 (Night watch) is blocked.");
      const buffer = Buffer.from("idTag;type;comment\nFEED01;vip;Guest\n");
      await at("input[type=file]").setInputFiles({ name: "badges.csv", mimeType: "text/csv", buffer });
      await at("button", "Take over").click();
      await row(".ev-badges", "FEED01").filter({ hasText: "Guest" }).waitFor();
      await said("Badges: 1 added, 0 changed, 0 removed.");
      const [file] = await Promise.all([page.waitForEvent("download"), at('button[name="export"]').click()]);
      assert.equal(file.suggestedFilename(), "badges.csv");
      assert.match(readFileSync(await file.path(), "utf8"), /FEED01;vip;Guest/);
      await bench.picture(page, `${major}-dashboard-badges`);
    });

    it("changes of a badge that is there only what is typed, and says so", async () => {
      await fill("idTag", "04A1B2C3");
      await fill("expiryDate", "2099-12-31");
      await submit();
      await said("04A1B2C3 (Night watch) was in the list already. Changed: valid until.");
      await row(".ev-badges", "04A1B2C3")
        .filter({ hasText: "Night watch" })
        .filter({ hasText: "VIP" })
        .filter({ hasText: "2099-12-31" })
        .filter({ hasText: "blocked" })
        .waitFor();
    });

    it("changes kind, places and end of several badges together, and names each", async () => {
      for (const tag of ["04A1B2C3", "FEED01"]) await row(".ev-badges", tag).locator("input").check();
      await choose("manyType", "user");
      await choose("manyValid", "until a day");
      await fill("manyDay", "2098-12-31");
      await choose("manyWhere", "only at chosen places");
      await at(".ev-places label", "Zone Garage").locator("input").check();
      await at('button[name="changeMany"]').click();
      await said("Changed (2): 04A1B2C3 (Night watch), FEED01 (Guest).");
      for (const tag of ["04A1B2C3", "FEED01"])
        await row(".ev-badges", tag).filter({ hasText: "2098-12-31" }).filter({ hasText: "Garage" }).waitFor();
      await at('button[name="pickNone"]').click();
      await at(".ev-many").waitFor({ state: "detached" });
    });

    it("says in plain words that a table cannot be read, and changes nothing", async () => {
      const buffer = Buffer.from("idTag;type\nFEED02;king\n");
      await at("input[type=file]").setInputFiles({ name: "badges.csv", mimeType: "text/csv", buffer });
      await at("button", "Take over").click();
      await at(".ev-refusal", "These lines of the table cannot be read: 2").waitFor();
      assert.equal(await row(".ev-badges", "FEED02").count(), 0);
    });

    it("learns a badge that is held to a reader, and asks before one is removed", async () => {
      await at('button[name="learn"]').click();
      await at(".ev-learning", "Hold a badge to a reader").waitFor();
      const remove = row(".ev-badges", "04A1B2C3").locator('button[name="remove"]');
      await remove.click();
      await confirm("Cancel");
      assert.equal(await row(".ev-badges", "04A1B2C3").count(), 1);
      await remove.click();
      await confirm("Remove");
      await row(".ev-badges", "04A1B2C3").waitFor({ state: "detached" });
      await bench.press("A stranger shows a badge at CP3");
      await row(".ev-badges", "04A1B2C3").filter({ hasText: "learnt" }).waitFor();
    });

    it("takes a charger out of service and into it again, each with two touches and an answer", async () => {
      await go("Operations");
      const charger = at(".ev-choose > li", "CP2");
      await charger.locator(".ev-pick").click();
      await charger.locator('button[name="outOfService"]').click();
      await said(/^CP2\/1 goes out of service after the charge that is under way\.$/);
      await charger.locator(".ev-out", { hasText: "Out of service" }).waitFor();
      await charger.locator('button[name="intoService"]').click();
      await said("CP2/1 is in service again.");
      await charger.locator('button[name="restart"]').click();
      await page.locator("dialog[open]", { hasText: "Its charge is broken off." }).waitFor();
      await confirm("Cancel");
    });

    it("finds sessions by name and saves them as a file", async () => {
      await go("Sessions");
      await row(".ev-found", "Ana Costa").first().waitFor();
      await fill("user", "ben okafor");
      await submit();
      await row(".ev-found", "Ana Costa").first().waitFor({ state: "detached" });
      await row(".ev-found", "Ben Okafor").first().waitFor();
      const [file] = await Promise.all([page.waitForEvent("download"), at('button[name="file"]').click()]);
      assert.equal(file.suggestedFilename(), "sessions.csv");
      assert.equal(await row(".ev-found", "Ana Costa").count(), 0, "it shows what was asked for, and no more");
      const lines = readFileSync(await file.path(), "utf8")
        .trimEnd()
        .split("\r\n");
      assert.match(lines[0] ?? "", /^\uFEFFCharge number;Charging station;/);
      assert.ok(lines.length > 1 && lines.slice(1).every((line) => line.includes("Ben Okafor")), lines.join("\n"));
      await bench.picture(page, `${major}-dashboard-sessions`);
    });

    it("says that the first day is after the last, and keeps both", async () => {
      await fill("from", "2026-06-02");
      await fill("to", "2026-06-01");
      await submit();
      await at(".ev-refusal", "The first day is after the last day.").waitFor();
      assert.equal(await at('form [name="from"]').inputValue(), "2026-06-02");
    });

    it("adds up what was charged by month in two touches, as a chart from 0, a table and a file, and looks into a month", async () => {
      await go("Statistics");
      const month = new Date().toLocaleString("en-US", { month: "long" });
      const own = row(".ev-counted", month).last();
      await own.waitFor();
      await at(".ev-counted tfoot").waitFor();
      const chart = at(".ev-chart", "Energy, kWh");
      await chart.locator("rect.ev-rest").first().waitFor({ state: "attached" });
      const ticks = await chart.locator('text[text-anchor="end"]').allTextContents();
      assert.ok(ticks.some((tick) => Number(tick) === 0) && new Set(ticks).size === ticks.length, ticks.join(" "));
      const [file] = await Promise.all([page.waitForEvent("download"), at('button[name="file"]').click()]);
      assert.equal(file.suggestedFilename(), "statistics-month.csv");
      assert.match(
        readFileSync(await file.path(), "utf8"),
        /^\uFEFFMonth;Sessions;Energy \(kWh\);.*;Amount \(EUR\)\r\n/,
      );
      await own.locator("button").click();
      await at('button[aria-pressed="true"]', "Month").waitFor();
      await at(".ev-counted thead", "Day").waitFor();
      await choose("by", "Who");
      await row(".ev-counted", "Ana Costa").waitFor();
      await bench.picture(page, `${major}-dashboard-statistics`);
    });

    it("draws the history of load, power and allocation of a day and a week, with axes from 0", async () => {
      await go("History");
      for (const [title, unit] of [
        ["Load, A per phase", "L3"],
        ["Power, kW", "cars"],
        ["What each charger may draw", "CP1"],
      ] as const) {
        const chart = at(".ev-chart", title);
        await chart.locator("path").first().waitFor({ state: "attached", timeout: 30_000 });
        await chart.locator(".ev-legend", { hasText: unit }).waitFor();
        const ticks = await chart.locator('text[text-anchor="end"]').allTextContents();
        assert.equal(new Set(ticks).size, ticks.length, ticks.join(" "));
        assert.ok(
          ticks.some((tick) => Number(tick) === 0),
          ticks.join(" "),
        );
      }
      await at("button", "Week").click();
      await at('button[aria-pressed="true"]', "Week").waitFor();
      await at('select[name="zone"]').selectOption("Garage");
      await at(".ev-chart", "Load, A per phase · Garage").waitFor();
      await bench.picture(page, `${major}-dashboard-history`);
    });

    it("shows an alarm with what to do, and who takes care of it", async () => {
      await go("Now");
      const alarm = at(".ev-list li", "meter grid").first();
      await alarm.waitFor({ timeout: 20_000 });
      await alarm.locator("button", { hasText: "I see to it" }).click();
      await at(".ev-list li", "meter grid").filter({ hasText: "dashboard sees to it" }).first().waitFor();
      await bench.picture(page, `${major}-dashboard-alarm`);
      await bench.press("The meter is back");
    });

    it("says on the wall whose site it is, what time it is and how old the figures are, in letters of 28 px at least", async () => {
      const wall = await bench.open("/wall", "wall");
      await wall.locator(".ev-wall-list li").first().waitFor();
      await wall.locator("h1", { hasText: "Car park with a dashboard" }).waitFor();
      await wall.locator(".ev-clock", { hasText: /^\d\d:\d\d$/ }).waitFor();
      await wall.locator(".ev-as-of", { hasText: /as of \d\d:\d\d:\d\d/ }).waitFor();
      const sizes = (await wall.evaluate(
        `[...document.querySelectorAll(".ev-figures dd, .ev-number, .ev-wall-list b, .ev-clock")].map((one) => parseFloat(getComputedStyle(one).fontSize))`,
      )) as number[];
      assert.ok(sizes.length > 15 && Math.min(...sizes) >= 28, sizes.join(" "));
      const heightPx = (await wall.evaluate("document.documentElement.scrollHeight")) as number;
      assert.ok(heightPx <= 1080, `${heightPx} px high`);
      await bench.picture(wall, `${major}-dashboard-wall`);
      await wall.context().close();
    });

    it("fits three screens of a phone", async () => {
      const phone = await bench.open("/now", "phone");
      await phone.locator(".ev-cards li").nth(5).waitFor();
      await phone.locator(".ev-today tbody tr").first().waitFor();
      const heightPx = (await phone.evaluate("document.documentElement.scrollHeight")) as number;
      assert.ok(heightPx <= 3 * 844, `${heightPx} px high`);
      await phone.context().close();
    });

    it("dims what is shown, and says how old it is, while nothing comes any more", async () => {
      const lost = /^The connection is lost\. What is shown is from \d\d:\d\d\.$/;
      const socket = "document.querySelector('#app').__vue_app__._context.provides.$socket";
      await at(".ev-zone").first().waitFor();
      // It does not try again before this was drawn, however long a slow machine takes for it.
      await page.evaluate(`{ ${socket}.io.reconnection(false); ${socket}.io.engine.close(); }`);
      await page.locator(".ev-page.ev-old .ev-lost", { hasText: lost }).waitFor();
      await page.evaluate(`{ ${socket}.io.reconnection(true); ${socket}.io.connect(); }`);
      await page.locator(".ev-page:not(.ev-old)").waitFor();
      // A connection that is lost comes back by itself, and so does what is shown.
      await page.evaluate(
        `new Promise((done) => { ${socket}.once("connect", () => done()); ${socket}.io.engine.close(); })`,
      );
      await page.locator(".ev-page:not(.ev-old)").waitFor();
      await at(".ev-lost").waitFor({ state: "detached" });
    });

    it("fits a phone, a desk and a wall", async () => {
      await bench.assertFits("/now", ".ev-zone");
      // The pages are the same on all versions of Node-RED: the others are looked at once.
      if (major !== "5") return;
      for (const path of ["/operations", "/by-hand", "/history", "/sessions", "/statistics", "/badges", "/wall"])
        await bench.assertFits(path, ".ev-page h1");
    });

    it("does each task of a shift on a phone in four touches at most", async function () {
      // The pages are the same on all versions of Node-RED: the others show theirs above.
      if (major !== "5") return this.skip();
      const phone = await bench.open("/operations", "phone");
      let touches = 0;
      const touch = async (one: Locator): Promise<void> => {
        touches++;
        await one.click();
      };
      /** A list takes two: it is opened, and one is chosen. */
      const pick = async (one: Locator, label: string): Promise<void> => {
        touches += 2;
        await one.selectOption({ label });
      };
      const task = async (what: string, steps: () => Promise<void>): Promise<void> => {
        touches = 0;
        await steps();
        assert.ok(touches <= 4, `${what}: ${touches} touches`);
      };
      const answered = (text: RegExp) => phone.locator(".ev-said", { hasText: text }).waitFor();
      const charger = (name: string) => phone.locator(".ev-choose > li", { hasText: name });
      const sure = () => touch(phone.locator("dialog[open] button").last());
      await task("Bay 3 does not charge", async () => {
        await touch(charger("CP3").locator(".ev-pick"));
        await touch(charger("CP3").locator('button[name="restart"]'));
        await sure();
        await answered(/^CP3\/1 restarts\.$/);
      });
      await task("out of service until Friday", async () => {
        await touch(charger("CP2").locator(".ev-pick"));
        await pick(charger("CP2").locator('select[name="end"]'), "the end of Friday");
        await touch(charger("CP2").locator('button[name="outOfService"]'));
        await answered(/^CP2\/1 (is|goes) out of service/);
      });
      await charger("CP2").locator('button[name="intoService"]').click();
      await answered(/^CP2\/1 is in service again\.$/);
      await charger("CP2").locator('button[name="stop"]').click();
      await sure();
      await charger("CP2").locator('button[name="start"]').waitFor();
      await charger("CP2").locator(".ev-pick").click();
      await task("a guest without a badge", async () => {
        await touch(charger("CP2").locator(".ev-pick"));
        await touch(charger("CP2").locator('button[name="start"]'));
        await answered(/^CP2\/1 was told to start for Guest\.$/);
      });
      await task("the diagnostics of a charger", async () => {
        await pick(phone.locator('select[name="fileCharger"]'), "CP4");
        await touch(phone.locator('button[name="diagnostics"]'));
        const save = phone.locator(".ev-received button", { hasText: "diagnostics_CP4" });
        await save.waitFor();
        const [file] = await Promise.all([phone.waitForEvent("download"), touch(save)]);
        assert.match(readFileSync(await file.path(), "utf8"), /CP4: nothing unusual/);
      });
      await task("what did we charge in this month?", async () => {
        await touch(phone.locator(".v-app-bar-nav-icon"));
        await touch(phone.locator(".v-navigation-drawer .v-list-item", { hasText: "Statistics" }));
        const month = new Date().toLocaleString("en-US", { month: "long" });
        const own = phone.locator(".ev-counted tbody tr", { hasText: month }).last();
        await own.filter({ hasText: /\d\.\d/ }).waitFor();
      });
      await phone.context().close();
    });

    /** From now on whoever opens the pages has this role. */
    const everybodyIs = (otherUsers: string) =>
      bench.nodeRed.deploy(
        bench.flow.map((node) => (node.type === "ev-site" ? { ...node, otherUsers } : node)),
        "nodes",
      );

    it("erases a holder for an admin who has seen what has the name, and for nobody else", async function () {
      if (major !== "5") return this.skip();
      const name = "<b>Ünal</b> 🚗 عمر";
      await page.goto(`${bench.nodeRed.url}/dashboard/badges`);
      await fill("idTag", "0E0E0E");
      await fill("comment", name);
      await submit();
      await row(".ev-badges", "0E0E0E").filter({ hasText: name }).waitFor();
      await fill("holder", name);
      await at('button[name="eraseHolder"]').click();
      await at(".ev-refusal", "You may not do this here.").waitFor();
      await everybodyIs("admin");
      await page.reload();
      await fill("holder", name);
      await at('button[name="eraseHolder"]').dblclick();
      await page.locator("dialog[open]", { hasText: `${name}: 1 badge, 0 sessions` }).waitFor();
      await confirm("Erase for good");
      await said(/^The name is erased from 1 badge, 0 sessions/);
      await row(".ev-badges", "0E0E0E").waitFor({ state: "detached" });
    });

    it("takes firmware that is larger than one message, and sends it to a charger", async function () {
      if (major !== "5") return this.skip();
      await everybodyIs("admin");
      await page.goto(`${bench.nodeRed.url}/dashboard/operations`);
      const firmware = { name: "3.0.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(600_000, 7) };
      await at('[name="firmware"]').setInputFiles(firmware);
      await said("3.0.bin is here. Choose a charger to send it to.");
      const folder = join(bench.nodeRed.userDir, "ev-charging", theNode(bench.flow, "ev-site").id);
      assert.deepEqual(readFileSync(join(folder, "files/firmware/3.0.bin")), firmware.buffer);
      await choose("fileCharger", "CP6");
      await at('button[name="install"]').click();
      await confirm("Send to the charger");
      // A car may charge there or not.
      await at(".ev-said, .ev-refusal", /CP6 was told to install 3\.0\.bin|a car charges there/).waitFor();
      await bench.picture(page, `${major}-dashboard-files`);
    });

    it("lets an electrician prove a wiring on a phone: three touches, what each leg shows, the end, the result, the report", async function () {
      if (major !== "5") return this.skip();
      await everybodyIs("admin");
      const phone = await bench.open("/operations", "phone");
      const named = (name: string) => phone.locator(".ev-choose > li", { hasText: name });
      // One whose car draws now: cars are full or wait, as the building leaves them.
      const canStart = async (name: string): Promise<boolean> => {
        await named(name).locator(".ev-pick").click();
        await named(name).locator('button[name="prove"]').click();
        const start = named(name).locator('button[name="startProof"]:enabled');
        return start.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        );
      };
      let name = "";
      await until(
        "a car draws",
        async () => {
          const names = await phone.locator(".ev-choose > li.ev-kind-charging strong").allInnerTexts();
          for (name of names) if (await canStart(name)) return true;
          return false;
        },
        60_000,
      );
      const charger = named(name);
      await charger.locator('button[name="startProof"]').click();
      await charger.locator("progress").waitFor();
      await charger
        .locator(".ev-legs tr", { hasText: "L3" })
        .filter({ hasText: /\d\.\d/ })
        .waitFor();
      assert.deepEqual(await bench.foundByAxe(phone), []);
      const widthPx = Number(await phone.evaluate("document.documentElement.scrollWidth"));
      assert.ok(widthPx <= 390, `${widthPx} px wide`);
      await bench.picture(phone, `${major}-dashboard-proof`);
      await charger.locator('button[name="abortProof"]').click();
      await charger.locator(".ev-verdict", { hasText: "not sure – Stopped by hand." }).waitFor();
      await charger.locator(".ev-findings .ev-cure").first().waitFor();
      const button = charger.locator('button[name="handover"]');
      const [file] = await Promise.all([phone.waitForEvent("download"), button.click()]);
      assert.match(file.suggestedFilename(), /^commissioning-.*\.html$/);
      assert.match(readFileSync(await file.path(), "utf8"), new RegExp(`^<!doctype html>[\\s\\S]*${name}`, "i"));
      await phone.context().close();
    });

    it("holds a drill on a phone: choose, countdown, the end at once, the result", async function () {
      if (major !== "5") return this.skip();
      await everybodyIs("admin");
      const phone = await bench.open("/operations", "phone");
      const drills = phone.locator(".ev-drills");
      await drills.locator('button[value="limit"]').click();
      await drills.locator('select[name="drillTarget"]').selectOption({ label: "Building" });
      await drills.locator('input[name="drillPower"]').fill("5000");
      await until(
        "chargers have more than that",
        async () => {
          await drills.locator('button[name="startDrill"]').click();
          await phone.waitForTimeout(1000);
          return (await phone.locator(".ev-drilling").count()) > 0;
        },
        40_000,
      );
      await phone.locator('.ev-drilling [role="timer"]', { hasText: /at most \d+ s more/ }).waitFor();
      await bench.picture(phone, `${major}-dashboard-drill`);
      await drills.locator('button[name="abortDrill"]').click();
      await drills.locator(".ev-verdict", { hasText: "Stopped by hand." }).waitFor();
      await drills.locator(".ev-steps li", { hasText: "5000 W are commanded" }).waitFor();
      assert.deepEqual(await bench.foundByAxe(phone), []);
      const widthPx = Number(await phone.evaluate("document.documentElement.scrollWidth"));
      assert.ok(widthPx <= 390, `${widthPx} px wide`);
      await phone.context().close();
    });

    it("tells somebody who may only look, in plain words, that others do this", async function () {
      if (major !== "5") return this.skip();
      await everybodyIs("viewer");
      const phone = await bench.open("/operations", "phone");
      await phone.locator('[role="note"]', { hasText: "You may look here, but not act." }).waitFor();
      await phone.locator(".ev-pick").first().click();
      await phone.locator('.ev-files button[name="report"]').waitFor();
      await phone.locator('button[name="prove"]').click();
      await phone.locator('.ev-proof [role="note"]', { hasText: "Only an admin may start this." }).waitFor();
      await phone.locator('.ev-drills [role="note"]', { hasText: "Only an admin may hold a drill." }).waitFor();
      for (const name of [
        ...["start", "stop", "restart", "outOfService", "bundle", "diagnostics", "install", "startProof", "startDrill"],
      ])
        assert.equal(await phone.locator(`button[name="${name}"]`).count(), 0, name);
      // A browser can send what its page has no button for.
      const { id } = theNode(bench.flow, "ui-template", "operations");
      const asked = JSON.stringify({ topic: "operations/restart", payload: { target: "CP1/1", force: true } });
      await phone.evaluate(
        `document.querySelector('#app').__vue_app__._context.provides.$socket.emit('widget-send', '${id}', ${asked})`,
      );
      await phone.locator(".ev-refusal", { hasText: "You may not do this here." }).waitFor();
      await phone.context().close();
    });

    it("is clean by axe on every page, in the language of the site, and so is its menu", async () => {
      const german = bench.flow.map((node) => (node.type === "ev-site" ? { ...node, language: "de" } : node));
      await bench.nodeRed.deploy(german, "nodes");
      await page.goto(`${bench.nodeRed.url}/dashboard/now`);
      await page.locator(".v-app-bar-title", { hasText: "Jetzt" }).waitFor();
      assert.equal(await page.evaluate("document.documentElement.lang"), "de");
      await page.locator(".v-app-bar-nav-icon").click();
      const menu = page.locator(".v-navigation-drawer .v-list-item");
      await menu.first().waitFor();
      assert.deepEqual(
        (await menu.allTextContents()).map((name) => name.trim()),
        ["Jetzt", "Betrieb", "Von Hand", "Verlauf", "Ladevorgänge", "Statistik", "Badges", "Wand"],
      );
      // The pages are the same on all versions of Node-RED: axe looks at them once.
      if (major !== "5") return;
      for (const path of [
        "/now",
        "/operations",
        "/by-hand",
        "/history",
        "/sessions",
        "/statistics",
        "/badges",
        "/wall",
      ]) {
        const open = await bench.open(path, "phone");
        await open.locator(".ev-page h1").waitFor();
        for (const size of ["phone", "desktop"] as const) {
          await bench.resize(open, size);
          assert.deepEqual(await bench.foundByAxe(open), [], `${path} on a ${size}`);
          await bench.picture(open, `${major}-dashboard-de${path.replace("/", "-")}-${size}`);
        }
        await open.context().close();
      }
    });

    it("leaves no trace in the browser, and needs nothing of the editor", () => bench.assertQuiet());
  });
}
