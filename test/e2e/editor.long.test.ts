import { strict as assert } from "node:assert";
import type { Browser } from "playwright-core";
import { sample } from "../full.ts";
import { Editor, launch, needsBrowser, still } from "./browser.ts";
import { CONFIG_TYPES, changed, leaveDialog, openDialog } from "./dialogs.ts";
import { exampleForTest, type FlowNode, readExample, theNode } from "./flows.ts";
import { NodeRed, STORY_MAJORS } from "./node-red.ts";
import { NAME } from "./package.ts";

const FLOW_TYPES = [
  "ev-meter",
  "ev-meter-input",
  "ev-pv-surplus",
  "ev-dlm",
  "ev-limit",
  "ev-charging-profile",
  "ev-alarms",
  "ev-authorization",
  "ev-sessions",
  "ev-report",
  "ev-event",
  "ev-command",
  "ev-simulator",
  "ev-meter-simulator",
];
/** A catalogue key that found no text: `ev-zone.label.name`, `common.required`. */
const RAW_KEY = /\b(ev-[a-z-]+|common)\.[a-zA-Z]+(\.[a-zA-Z0-9]+)*\b/;

for (const major of STORY_MAJORS) {
  describe(`the editor of Node-RED ${major}`, function () {
    needsBrowser(this);
    let nodeRed: NodeRed;
    let browser: Browser;
    let editor: Editor;
    let flow: FlowNode[];

    before("open the deployed car park in Chromium", async () => {
      const [carPark, meters] = await Promise.all(["2 - Car park.json", "3 - Meters.json"].map(exampleForTest));
      flow = [...carPark!.flow, ...meters!.flow];
      flow.push(borrowed("6 - Grid operator limit.json", "ev-limit", flow));
      flow.push(borrowed("7 - Badges and sessions.json", "ev-authorization", flow));
      flow.push(borrowed("7 - Badges and sessions.json", "ev-sessions", flow));
      flow.push(borrowed("8 - Monthly report by e-mail.json", "ev-report", flow));
      flow.push(borrowed("9 - Alarms.json", "ev-alarms", flow));
      const backEnd = theNode(readExample("14 - Keep the cloud.json"), "ev-back-end");
      flow.push({ ...backEnd, site: theNode(flow, "ev-site").id });
      [nodeRed, browser] = await Promise.all([NodeRed.start(major), launch()]);
      await nodeRed.deploy(flow);
      editor = await openAtRest(browser, nodeRed.url);
      await editor.picture(`${major}-car-park`);
    });
    after(async () => {
      await browser?.close();
      await nodeRed?.stop();
    });
    afterEach("a dialog left open by a failure must not fail the next test", async function () {
      if (this.currentTest?.state !== "failed") return;
      await editor.close();
      editor = await openAtRest(browser, nodeRed.url);
    });

    it("shows every node in the palette, with an icon that loads", async () => {
      const category = editor.page.locator("#red-ui-palette-container-EV_charging");
      await category.waitFor();
      assert.match(await category.innerText(), /EV charging/i);
      for (const type of FLOW_TYPES) {
        const tile = category.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
        assert.match((await tile.locator(".red-ui-palette-label").innerText()).trim(), /^[a-z]/i, type);
        const style = (await tile.locator(".red-ui-palette-icon").getAttribute("style")) ?? "";
        const icon = /url\("?([^")]+)"?\)/.exec(style)?.[1] ?? "";
        assert.ok(icon.includes(NAME), `icon of ${type}: ${style}`);
        const answer = await fetch(new URL(icon, `${nodeRed.url}/`));
        assert.equal(answer.status, 200, icon);
        assert.match(answer.headers.get("content-type") ?? "", /svg/);
      }
      editor.assertQuiet();
    });

    it("finds nothing wrong with the deployed example", async () => {
      assert.deepEqual(await editor.invalid(), []);
    });

    for (const type of sample([...FLOW_TYPES, ...CONFIG_TYPES], 2)) {
      it(`opens the dialog and the help of ${type}`, async () => {
        const node = flow.find((one) => one.type === type);
        assert.ok(node, `the examples have no ${type}`);
        await openDialog(editor, node);
        await checkDialog(editor, type);
        await editor.picture(`${major}-${type}`);
        await leaveDialog(editor, "ok");
        assert.deepEqual(await changed(editor, node), [], "Done alone changes nothing");
        await checkHelp(editor, type);
        assert.deepEqual(await editor.invalid(type), []);
        editor.assertQuiet();
      });
    }

    it("keeps a number a number when it is typed anew", async () => {
      const node = flow.find(({ type }) => type === "ev-charging-profile")!;
      await openDialog(editor, node);
      await editor.page.fill("#node-input-refreshS", "90");
      await leaveDialog(editor, "ok");
      assert.deepEqual(await changed(editor, node), ["refreshS: 75 → 90"]);
    });

    it("marks a wrong value and says what the field must be", async () => {
      const node = flow.find(({ type }) => type === "ev-charging-profile")!;
      await openDialog(editor, node);
      await editor.page.fill("#node-input-leaseS", "soon");
      // The editor looks at a field when it is left.
      await editor.page.keyboard.press("Tab");
      await editor.page.locator("#node-input-leaseS.input-error").waitFor();
      await leaveDialog(editor, "ok");
      assert.match((await editor.invalid(node.type)).join(), /Lease: must be a number from 60 to 900/);
    });

    it("shows what holds for a charger, and takes its model and own values in their types", async () => {
      const node = flow.find(({ type }) => type === "ev-charge-point")!;
      await openDialog(editor, node);
      const { page } = editor;
      await page.locator("#ev-charge-point-model-live", { hasText: "Online" }).waitFor();
      await page.selectOption("#node-config-input-model", "abb-terra-ac");
      await page.locator("summary", { hasText: "Known about this charger" }).click();
      const stackLevel = page.locator("#ev-charge-point-model-traits tr", { hasText: "smart.stackMax" });
      assert.match(await stackLevel.innerText(), /0\s+model/);
      await page.locator("summary", { hasText: "Own values" }).click();
      await page.locator("details:has(#ev-charge-point-overrides) .red-ui-editableList-addButton").click();
      const value = page.locator('#ev-charge-point-overrides [data-column="value"]');
      await value.fill("many");
      await page.locator("#ev-charge-point-overrides .ev-problem", { hasText: "whole number from 0 to 999" }).waitFor();
      await value.fill("2");
      assert.match(await stackLevel.innerText(), /2\s+own/);
      await editor.picture(`${major}-ev-charge-point-model`);
      await leaveDialog(editor, "ok");
      const read = `(({ model, overrides }) => [model, overrides])(RED.nodes.node(${JSON.stringify(node.id)}))`;
      const saved = await page.evaluate(read);
      assert.deepEqual(saved, ["abb-terra-ac", { "smart.stackMax": 2 }]);
      assert.deepEqual(await editor.invalid(node.type), []);
      editor.assertQuiet();
    });

    it("lets a simulated car pose as a model, and keeps several behaviours that a flow file names", async () => {
      const node = flow.find(({ type }) => type === "ev-simulator")!;
      await openDialog(editor, node);
      const { page } = editor;
      await page
        .locator("#node-input-vendorModel option[value='huawei']", { hasText: "Huawei" })
        .waitFor({ state: "attached" });
      await page.selectOption("#node-input-vendorModel", "huawei");
      await page.selectOption("#node-input-behaviour", "wholeAmps");
      await editor.picture(`${major}-ev-simulator-model`);
      await leaveDialog(editor, "ok");
      assert.deepEqual(await changed(editor, node), [
        `behaviour: "normal" → "wholeAmps"`,
        `vendorModel: "" → "huawei"`,
      ]);
      const id = JSON.stringify(node.id);
      await page.evaluate(`RED.nodes.node(${id}).behaviour = "slow,noTrigger"`);
      await openDialog(editor, node);
      await leaveDialog(editor, "ok");
      assert.equal(await page.evaluate(`RED.nodes.node(${id}).behaviour`), "slow,noTrigger");
      editor.assertQuiet();
    });

    it("works out the smallest power by §14a and takes it over", async () => {
      const node = flow.find(({ type }) => type === "ev-limit")!;
      await openDialog(editor, node);
      const { page } = editor;
      await page.locator("#ev-limit-pmin summary").click();
      await page.fill("#ev-limit-pmin-devices", "3");
      await page.locator("#ev-limit-pmin-result", { hasText: "10500 W" }).waitFor();
      await page.locator("#ev-limit-pmin-ems").uncheck();
      await page.locator("#ev-limit-pmin-result", { hasText: "12600 W" }).waitFor();
      await page.locator("#ev-limit-pmin-use").click();
      await editor.picture(`${major}-ev-limit-pmin`);
      await leaveDialog(editor, "ok");
      assert.deepEqual(await changed(editor, node), ["powerW: 7560 → 12600"]);
    });

    it("shows of an outside limit only what its kind needs", async () => {
      const node = flow.find(({ type }) => type === "ev-limit")!;
      await openDialog(editor, node);
      const { page } = editor;
      const shown = async () => ({
        contact: await page.locator("#node-input-normallyClosed").isVisible(),
        schedule: await page.locator("#ev-limit-schedule").isVisible(),
        values: await page.locator("#node-input-limitA").isVisible(),
        silence: await page.locator("#node-input-staleAfterS").isVisible(),
      });
      assert.deepEqual(await shown(), { contact: true, schedule: false, values: true, silence: true });
      await page.selectOption("#node-input-purpose", "permit");
      assert.deepEqual(await shown(), { contact: true, schedule: false, values: false, silence: true });
      await page.selectOption("#node-input-kind", "schedule");
      assert.deepEqual(await shown(), { contact: false, schedule: true, values: true, silence: false });
      await editor.picture(`${major}-ev-limit-schedule`);
      await leaveDialog(editor, "cancel");
    });

    it("offers a zone no zone above that hangs on it", async () => {
      const zones = flow.filter(({ type }) => type === "ev-zone");
      const offered = async (zone: FlowNode) => {
        await openDialog(editor, zone);
        const choices = await editor.page.locator("#node-config-input-parent option").allTextContents();
        await leaveDialog(editor, "cancel");
        return choices;
      };
      const [building, garage] = ["Building", "Garage"].map((name) => zones.find((zone) => zone["name"] === name)!);
      assert.deepEqual(await offered(building!), ["none"]);
      assert.deepEqual((await offered(garage!)).sort(), ["Building", "Visitors", "none"]);
    });
  });
}

async function openAtRest(browser: Browser, url: string): Promise<Editor> {
  const editor = await Editor.open(browser, url);
  await still(editor.page);
  return editor;
}

/** A node of another example, on the first tab with its site and root zone, below those before. */
function borrowed(file: string, type: string, flow: readonly FlowNode[]): FlowNode {
  const node = readExample(file).find((one) => one.type === type)!;
  const root = flow.find((one) => one.type === "ev-zone" && one["parent"] === "")!;
  const tab = flow.find((one) => one.type === "tab")!;
  const place = { z: tab.id, x: 560, y: 40 + 60 * flow.filter(({ x }) => x === 560).length };
  const tied = node["zone"] === undefined ? { site: root["site"] } : { zone: root.id };
  return { ...node, ...place, ...tied, wires: (node["wires"] as unknown[]).map(() => []) };
}

async function checkDialog({ page }: Editor, type: string): Promise<void> {
  const tray = page.locator(".red-ui-tray").last();
  assert.doesNotMatch(await tray.innerText(), RAW_KEY, `${type}: a catalogue key without a text`);
  const texts = tray.locator(".red-ui-tray-body [data-i18n]:not([data-i18n^='['])");
  for (const text of await texts.allTextContents()) assert.notEqual(text.trim(), "", `${type}: an empty label`);
  for (const attribute of ["placeholder", "title", "aria-label"]) {
    const values = await tray
      .locator(`.red-ui-tray-body [${attribute}]`)
      .evaluateAll((elements, name) => elements.map((element) => element.getAttribute(name) ?? ""), attribute);
    for (const value of values) assert.doesNotMatch(value, RAW_KEY, type);
  }
  const wrong = await tray.locator(".input-error").count();
  assert.equal(wrong, 0, `${type}: a field with an error`);
}

async function checkHelp({ page }: Editor, type: string): Promise<void> {
  await page.evaluate(`RED.sidebar.help.show(${JSON.stringify(type)})`);
  const help = page.locator(".red-ui-help").last();
  await help.locator("h3").first().waitFor();
  const text = await help.innerText();
  const raw = /^(\s*###|: |\|).*$/m.exec(text)?.[0];
  assert.equal(raw, undefined, `${type}: markdown that was not rendered`);
  assert.ok(text.length > 200, `${type}: ${text}`);
}
