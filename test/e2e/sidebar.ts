import { strict as assert } from "node:assert";
import type { Browser, Page } from "playwright-core";
import { FairWatch, renderers } from "../starvation.ts";
import { Editor, launch, needsBrowser, still } from "./browser.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { type Major, NodeRed } from "./node-red.ts";
import { RawCharger } from "./raw-charger.ts";
import { tellAsStory } from "./story.ts";

/** A car at a charger that nobody has described yet. */
const newcomer = (flow: readonly FlowNode[]): FlowNode => ({
  ...theNode(flow, "ev-simulator"),
  id: "newcomer",
  identity: "NEW1",
  wires: [[]],
});
const TAB = "ev-charging";
/** The largest current that stands beside a bar of a zone, A. */
const LOAD = `(zone) => Math.max(...[...document.querySelectorAll('[data-zone="' + zone + '"] > .ev-ov-figures')].map((one) => parseFloat(one.textContent) || 0))`;

/** What has the focus, within the sidebar, and whether that can be seen; empty outside it. */
const FOCUS = `(() => { const at = document.activeElement; if (!at?.closest(".ev-ov")) return "";
  const drawn = at.matches("[role=treeitem]") ? getComputedStyle(at.querySelector(".ev-ov-hit")).stroke : getComputedStyle(at).outlineStyle;
  const name = [at.tagName, at.getAttribute("role"), at.getAttribute("aria-label") ?? at.textContent].join(" ");
  return name + (drawn === "none" ? " unseen" : ""); })()`;

/** Makes the page count what it is told. */
export const COUNT_PUSHES = `(() => { window.pushes = 0; RED.comms.subscribe("ev-charging/overview", () => window.pushes++); })()`;
const pushes = (page: Page) => page.evaluate("window.pushes") as Promise<number>;

/** The sidebar on the car park, from the first look to a charger that is adopted in it. */
export function describeSidebar(major: Major): void {
  describe(`the sidebar on Node-RED ${major}`, function () {
    needsBrowser(this);
    tellAsStory(this);
    let nodeRed: NodeRed;
    let browser: Browser;
    let editor: Editor;
    let page: Page;
    let flow: FlowNode[];
    let ocppPort: number;

    before("open the deployed car park in Chromium", async () => {
      const example = await exampleForTest("2 - Car park.json");
      flow = [...example.flow, newcomer(example.flow)];
      ocppPort = example.ports.ocpp;
      [nodeRed, browser] = await Promise.all([NodeRed.start(major), launch()]);
      await nodeRed.deploy(flow);
      editor = await Editor.open(browser, nodeRed.url);
      await still(editor.page);
      page = editor.page;
      await page.setViewportSize({ width: 1600, height: 1400 });
      await page.evaluate(COUNT_PUSHES);
    });
    after(async () => {
      await browser?.close();
      await nodeRed?.stop();
    });

    const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
    const row = (id: string) => page.locator(".ev-ov-row", { has: page.locator(".ev-ov-go", { hasText: id }) });
    const deploy = () => nodeRed.deployedBy(() => editor.clickDeploy());
    /** Enough happens for a push or two. */
    const aCycle = async () => {
      const shown = async () => (await nodeRed.feed()).of(theNode(flow, "debug", "zones").id).length;
      const before = await shown();
      await until("load management has decided again", async () => (await shown()) > before, 15_000);
    };
    const card = (text: string) => page.locator(".ev-ov-card", { hasText: text });

    it("is told nothing before it is opened", async () => {
      await page.waitForFunction("RED.nodes.node !== undefined");
      assert.equal(await pushes(page), 0);
    });

    it("shows the car park: zones, their meter and the chargers, as a tree and as lists", async () => {
      await page.evaluate(`RED.sidebar.show(${JSON.stringify(TAB)})`);
      for (const zone of ["Building", "Garage", "Visitors"]) await page.locator(`[data-zone="${zone}"]`).waitFor();
      assert.equal(await page.locator("svg[role=tree] [data-charger]").count(), 6);
      assert.equal(await page.locator("svg[role=tree] [data-meter=building]").count(), 1);
      for (const id of ["G1", "V3"]) await row(`${id}/1`).waitFor();
      editor.assertQuiet();
    });

    it("follows what happens: cars charge under leases that are verified, the meter stays young", async () => {
      const cp1 = row("G1/1");
      await cp1.locator(".ev-ov-kind", { hasText: "charging" }).waitFor({ timeout: 60_000 });
      const verified = page.locator(".ev-ov-row .ev-ov-note", { hasText: /lease until \d\d:\d\d:\d\d · verified/ });
      await verified.first().waitFor({ timeout: 30_000 });
      await page.locator('[data-zone="Garage"] .ev-ov-sentence').waitFor();
      const grid = page.locator(".ev-ov-all-meters .ev-ov-row", { hasText: "building" });
      await grid.locator(".ev-ov-quality", { hasText: "good" }).waitFor();
      await grid.locator(".ev-ov-amps", { hasText: /^[0-3] s old$/ }).waitFor();
      await editor.picture(`${major}-sidebar`);
    });

    it("takes a charger out of service from its line and into it again, and says so", async () => {
      const acts = row("V3/1").locator(".ev-ov-acts");
      await acts.locator("summary").click();
      await acts.locator("button", { hasText: "Out of service" }).click();
      await acts.locator(".ev-ov-said", { hasText: /^V3\/1 (is|goes) out of service/ }).waitFor();
      await editor.picture(`${major}-sidebar-acts`);
      await acts.locator("button", { hasText: "Into service again" }).click();
      await acts.locator(".ev-ov-said", { hasText: "V3/1 is in service again." }).waitFor();
      await acts.locator("summary").click();
      editor.assertQuiet();
    });

    it("shows the settings of a charger, changes one, and copies it to another one, with the result", async () => {
      const settings = row("V3/1").locator(".ev-ov-settings");
      await settings.locator("summary").first().click();
      const key = settings.locator(".ev-ov-keys > li", { hasText: "ConnectionTimeOut" });
      await key.locator(".ev-ov-note", { hasText: "How long it waits for the cable" }).waitFor();
      const unset = settings.getByLabel("Value of MeterValueSampleInterval");
      await unset.fill("17");
      await key.locator("input[type=text]").fill("75");
      await key.getByRole("button", { name: "Set: ConnectionTimeOut" }).click();
      await settings.locator(".ev-ov-added", { hasText: "ConnectionTimeOut of V3 is 75 now." }).waitFor();
      assert.equal(await unset.inputValue(), "17", "what is typed for another key stays");
      await key.locator("input[type=checkbox]").check();
      await settings.locator(".ev-ov-targets label", { hasText: "V2" }).locator("input").check();
      await settings.getByRole("button", { name: "Start" }).dblclick();
      await settings
        .locator(".ev-ov-copies", { hasText: "1 of 1 charger took everything." })
        .waitFor({ timeout: 20_000 });
      await editor.picture(`${major}-sidebar-settings`);
      await settings.locator("summary").first().click();
      editor.assertQuiet();
    });

    it("reserves a charger from its list and cancels it, and says so", async () => {
      const part = page.locator(".ev-ov-reservations");
      await part.locator("summary").click();
      await part.getByLabel("Where").selectOption({ label: "Visitors: any charger" });
      await part.getByLabel("From").fill("2027-06-01T12:00");
      await part.getByLabel("To", { exact: true }).fill("2027-06-01T14:00");
      await part.locator("button", { hasText: "Reserve" }).dblclick();
      await part
        .locator(".ev-ov-said", { hasText: /^Visitors, any charger is reserved for Guest from 2027/ })
        .waitFor();
      // The list is asked for once the answer is told.
      await part.locator(".ev-ov-row").first().waitFor();
      assert.equal(await part.locator(".ev-ov-row").count(), 1, "a double click reserves once");
      await editor.picture(`${major}-sidebar-reservations`);
      page.once("dialog", (dialog) => void dialog.accept());
      await part.locator("button", { hasText: "Cancel the reservation" }).click();
      await part.locator(".ev-ov-note", { hasText: "Nothing is reserved." }).waitFor();
      await part.locator("summary").click();
      editor.assertQuiet();
    });

    it("fetches the diagnostics of a charger and saves them, and takes firmware", async () => {
      const part = page.locator(".ev-ov-files");
      await part.locator("summary").click();
      await part.getByLabel("Charger").selectOption({ label: "V3" });
      await part.locator("button", { hasText: "Fetch diagnostics" }).click();
      await part.locator(".ev-ov-said", { hasText: /^V3 (was asked for|has sent) its diagnostics/ }).waitFor();
      const save = part.locator(".ev-ov-list button", { hasText: "diagnostics_V3" });
      const [file] = await Promise.all([page.waitForEvent("download"), save.click()]);
      assert.match(file.suggestedFilename(), /diagnostics_V3/);
      const firmware = { name: "2.0.bin", mimeType: "application/octet-stream", buffer: Buffer.from("new firmware") };
      await part.locator("input[type=file]").setInputFiles(firmware);
      const install = part.locator("button:not([disabled])", { hasText: "Send to the charger" });
      await install.waitFor();
      assert.equal(await part.getByLabel("Firmware file", { exact: true }).inputValue(), "2.0.bin");
      await editor.picture(`${major}-sidebar-files`);
      await part.locator("summary").click();
      editor.assertQuiet();
    });

    it("says before a drill begins how long it takes at most, or why it cannot begin", async () => {
      const drills = page.locator(".ev-ov-drills");
      const start = drills.locator('[data-act="start"]');
      await drills.locator("> summary").click();
      const [which, where] = [drills.locator("select").first(), drills.locator("select").nth(1)];
      await which.selectOption("link");
      await where.selectOption("G1/1");
      await drills.getByText(/^Takes \d+ s at most\.$/).waitFor({ timeout: 40_000 });
      assert.ok(await start.isEnabled());
      // No car is there.
      await where.selectOption("V3/1");
      await drills.locator(".ev-ov-problem", { hasText: /^✗ ./ }).waitFor();
      assert.ok(await start.isDisabled());
      await editor.picture(`${major}-sidebar-drills`);
      await drills.locator("> summary").click();
      editor.assertQuiet();
    });

    it("shows a step of the load within 2 s", async () => {
      await press("Sunny noon");
      await page.waitForFunction(`(${LOAD})("Building") < 5`, undefined, { timeout: 20_000 });
      await press("Everybody cooks");
      const watch = new FairWatch(nodeRed.pid!, ...renderers());
      await page.waitForFunction(`(${LOAD})("Building") > 40`);
      const tookMs = watch.tookMs();
      assert.ok(tookMs <= 2000, `${tookMs} ms`);
    });

    it("is told nothing while another tab of the sidebar is open, and is up to date when it is back", async () => {
      await page.evaluate('RED.sidebar.show("info")');
      await page.locator(".ev-ov").waitFor({ state: "hidden" });
      await aCycle();
      const before = await pushes(page);
      await aCycle();
      assert.equal(await pushes(page), before);
      await page.evaluate(`RED.sidebar.show(${JSON.stringify(TAB)})`);
      await page.waitForFunction(`window.pushes > ${before}`);
      editor.assertQuiet();
    });

    it("can be walked with the keyboard: into the tree, along it, and into a dialog", async () => {
      await page.locator("svg[role=tree] [tabindex='0']").focus();
      await page.keyboard.press("Home");
      const focused = () => page.evaluate("document.activeElement.getAttribute('aria-label') ?? ''") as Promise<string>;
      assert.match(await focused(), /^Building: /);
      await page.keyboard.press("ArrowDown");
      assert.match(await focused(), /^building: /);
      await page.keyboard.press("ArrowDown");
      assert.match(await focused(), /^Garage: /);
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      assert.equal(await page.evaluate("document.activeElement.textContent"), "G1/1");
      await page.keyboard.press("Enter");
      await page.locator("#node-config-input-identity").waitFor();
      await editor.dialogAtRest();
      assert.equal(await page.inputValue("#node-config-input-identity"), "G1");
      await page.click("#node-config-dialog-cancel");
      await page.locator("#node-config-input-identity").waitFor({ state: "hidden" });
      editor.assertQuiet();
    });

    it("is one stop of the Tab key for each part, and shows where the focus is", async () => {
      await page.locator(".ev-ov-section:not([hidden]) summary").first().focus();
      // The browser shows a focus only where it came by the keyboard.
      await page.keyboard.press("Tab");
      await page.keyboard.press("Shift+Tab");
      const stops: string[] = [];
      for (let stop = (await page.evaluate(FOCUS)) as string; stop !== "" && stops.length < 40; ) {
        stops.push(stop);
        await page.keyboard.press("Tab");
        stop = (await page.evaluate(FOCUS)) as string;
      }
      const headings = ["Waiting chargers", "Zones", "Chargers", "Meters"];
      for (const heading of headings)
        assert.ok(
          stops.some((stop) => stop.includes(heading)),
          `${heading}: ${stops}`,
        );
      for (const part of ["SELECT", "Adopt", "treeitem", "BUTTON  G1/1", "BUTTON  building"])
        assert.equal(stops.filter((stop) => stop.includes(part)).length, 1, `${part}: ${stops}`);
      assert.deepEqual(
        stops.filter((stop) => stop.endsWith("unseen") || stop.startsWith("svg tree")),
        [],
      );
    });

    it("adopts a waiting charger with one click, and after the deploy its car charges", async () => {
      const waiting = card("NEW1");
      await waiting.locator(".ev-ov-zones").selectOption({ label: "Garage" });
      await editor.picture(`${major}-sidebar-waiting`);
      await waiting.getByRole("button", { name: "Adopt" }).click();
      await waiting.getByText("deploy to serve it").waitFor();
      await deploy();
      await row("NEW1/1").waitFor();
      await waiting.waitFor({ state: "detached" });
      await press("Sunny noon");
      await row("NEW1/1").locator(".ev-ov-kind", { hasText: "charging" }).waitFor({ timeout: 60_000 });
      await page.locator('svg[role=tree] [data-charger="NEW1/1"]').waitFor();
      assert.deepEqual(await editor.invalid("ev-charge-point"), []);
      editor.assertQuiet();
    });

    it("shows what a charger says of itself as text, whatever it says, and proposes its model", async () => {
      const charger = await RawCharger.dial(ocppPort, "EVIL-1");
      const evil = "<img src=x onerror=1>";
      await charger.call("BootNotification", { chargePointVendor: "Alfen BV", chargePointModel: evil });
      await card("EVIL-1").getByText(evil).waitFor();
      await card("EVIL-1").getByText("looks like Alfen").waitFor();
      assert.equal(await page.locator(".ev-ov img").count(), 0);
      await card("EVIL-1").locator(".ev-ov-zones").selectOption("");
      await card("EVIL-1").getByRole("button", { name: "Adopt" }).click();
      const model = `(() => { let found; RED.nodes.eachConfig((n) => { if (n.identity === "EVIL-1") found = n.model; return true; }); return found; })()`;
      assert.match((await page.evaluate(model)) as string, /alfen/);
      await deploy();
      charger.close();
    });

    it("leads from what the deploy check found to the node", async () => {
      const finding = page.locator(".ev-ov-findings .ev-ov-card", { hasText: "EVIL-1" });
      await finding.getByRole("button", { name: "Show node" }).click();
      await page.locator("#node-config-input-identity").waitFor();
      await editor.dialogAtRest();
      assert.equal(await page.inputValue("#node-config-input-identity"), "EVIL-1");
      await page.click("#node-config-dialog-cancel");
      await page.locator("#node-config-input-identity").waitFor({ state: "hidden" });
      editor.assertQuiet();
    });

    it("says what is wrong and what to do when the meter dies, and notes who takes it on", async () => {
      await press("The meter dies");
      const alarm = page.locator('.ev-ov-card[data-severity="alarm"]', { hasText: "meter building" });
      await alarm.getByText("To do:").waitFor({ timeout: 30_000 });
      await page.locator('[data-zone="Building"] .ev-ov-sentence[data-tone="bad"]').waitFor();
      await alarm.getByRole("textbox").fill("<b>on my way</b>");
      await page.keyboard.press("Enter");
      await alarm.getByText("taken on by the editor: <b>on my way</b>").waitFor();
      await alarm.getByRole("button").waitFor({ state: "hidden" });
      await editor.picture(`${major}-sidebar-alarm`);
      await press("The meter is back");
      const well = page.locator('[data-zone="Building"] .ev-ov-sentence:not([data-tone="bad"])');
      // The meter's connection is tried every 30 s at the latest, and relied on after three good readings.
      await well.waitFor({ timeout: 60_000 });
      editor.assertQuiet();
    });
  });
}
