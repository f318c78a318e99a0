import { strict as assert } from "node:assert";
import type { Browser } from "playwright-core";
import type { MeasurementMessage } from "../../lib/messages.ts";
import { Editor, launch, needsBrowser, still } from "./browser.ts";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed, STORY_MAJORS } from "./node-red.ts";

for (const major of STORY_MAJORS) {
  describe(`the example Meters on Node-RED ${major}`, () => {
    let nodeRed: NodeRed;
    let feed: EditorFeed;
    let flow: FlowNode[];

    before("deploy it", async () => {
      ({ flow } = await exampleForTest("3 - Meters.json"));
      nodeRed = await NodeRed.start(major);
      feed = await nodeRed.feed();
      await nodeRed.deploy(flow);
    });
    after(() => nodeRed?.stop());

    const meter = (name: string): FlowNode => flow.find((node) => node["meter"] === name)!;
    const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);

    // The first reading may come before the simulated meter listens.
    const isGood = ({ payload }: MeasurementMessage) => payload.quality === "good";
    for (const [name, status] of [
      ["office", /^10\.\d kW · 18 A$/],
      ["heat pump", /^2\.\d kW · 4 A$/],
      ["workshop", /^1\.0 kW · 6 A$/],
      ["roof", /^4\.2 kW$/],
    ] as const) {
      it(`reads ${name} out of the box`, async () => {
        const { fill } = await feed.status("a reading", meter(name).id, ({ text }) => status.test(text ?? ""), 20_000);
        assert.equal(fill, "green");
        const debug = theNode(flow, "debug", name).id;
        const { message } = await feed.next<MeasurementMessage>("a good reading", debug, isGood, 20_000, 0);
        assert.equal(message.topic, `meter/${name}`);
      });
    }

    it("follows a press of a button", async () => {
      await press("office: more load");
      await feed.status("40 A", meter("office").id, ({ text }) => text?.endsWith("· 40 A") === true, 15_000);
    });

    it("says in words what is wrong with a message", async () => {
      const errors = theNode(flow, "debug", "errors").id;
      const told = feed.next<{ error: { message: string } }>("an error", errors, () => true);
      await press("something else");
      assert.match((await told).message.error.message, /powerW is "much"; it must be a number/);
    });

    it("turns yellow while a meter is off, and comes back", async () => {
      await press("heat pump: switched off");
      await feed.status("yellow", meter("heat pump").id, ({ fill }) => fill === "yellow", 20_000);
      await press("heat pump: back");
      await feed.status("green", meter("heat pump").id, ({ fill }) => fill === "green", 30_000);
    });

    describe("in its dialogs", function () {
      needsBrowser(this);
      let browser: Browser;
      let editor: Editor;

      before("open the editor in Chromium", async () => {
        browser = await launch();
        editor = await Editor.open(browser, nodeRed.url);
        await still(editor.page);
      });
      after(() => browser?.close());
      afterEach(async function () {
        if (this.currentTest?.state !== "failed") return;
        await editor.picture(`${major}-failed-${this.currentTest.title}`);
        await editor.close();
        editor = await Editor.open(browser, nodeRed.url);
        await still(editor.page);
      });

      const open = async ({ id }: FlowNode) => {
        await editor.page.evaluate(`RED.editor.edit(RED.nodes.node(${JSON.stringify(id)}))`);
        await editor.page.locator("#node-dialog-ok:visible").waitFor();
        await editor.dialogAtRest();
      };
      const leave = async (button: "ok" | "cancel") => {
        await editor.page.locator(`#node-dialog-${button}:visible, #node-config-dialog-${button}:visible`).click();
        await editor.page.locator(".red-ui-tray").waitFor({ state: "detached" });
      };
      const property = (node: FlowNode, name: string) =>
        editor.page.evaluate(`RED.nodes.node(${JSON.stringify(node.id)})[${JSON.stringify(name)}]`);
      /** Types into a code editor; its own auto-completion would add to what keys bring. */
      const write = (language: string, text: string) =>
        editor.page.evaluate(
          `monaco.editor.getModels().findLast((model) => model.getLanguageId() === ${JSON.stringify(language)}).setValue(${JSON.stringify(text)})`,
        );
      const text = (selector: string) => editor.page.locator(selector).innerText();

      it("finds a device by words, warns of what its sources disagree on, and takes its usual unit id", async () => {
        const { page } = editor;
        await open(meter("office"));
        await page.click("#ev-meter-profile-search");
        await page.keyboard.type("kostal smart g1");
        const choices = page.locator("#ev-meter-profile-list [role=option]");
        assert.deepEqual(await choices.evaluateAll((all) => all.map((one) => one.getAttribute("data-id"))), [
          "kostal-ksem",
        ]);
        await page.keyboard.press("Enter");
        assert.match(await text("#ev-meter-profile-info"), /usually unit 71/);
        await page.locator("#ev-meter-profile-info button", { hasText: "Take unit 71" }).click();
        await page.locator("#ev-meter-profile-search").fill("iem3155");
        await page.locator("#ev-meter-profile-list [data-id=schneider-iem3x55]").click();
        assert.match(await text("#ev-meter-profile-info"), /meter · RTU, TCP · usually unit 1, 19200 8E1/);
        await editor.picture(`${major}-meter-picker`);
        await leave("ok");
        assert.equal(await property(meter("office"), "profile"), "schneider-iem3x55");
        assert.equal(await property(meter("office"), "unitId"), 71);
        editor.assertQuiet();
      });

      it("reads now: raw and decoded, with what to compare", async () => {
        const { page } = editor;
        await open(meter("heat pump"));
        await page.click("#ev-meter-read");
        const row = page.locator("#ev-meter-result tr", { hasText: "currentL1" });
        await row.waitFor();
        assert.match(await row.innerText(), /currentL1\s+[34]\.\d+ A\s+0x40[0-9A-F]{6}\s+6 float32/);
        assert.match(await text("#ev-meter-result"), /plausible.*2\.\d+ kW/);
        await page.locator("#ev-meter-result summary").click();
        await editor.picture(`${major}-meter-read-now`);
        await leave("cancel");
        editor.assertQuiet();
      });

      it("reads now over a connection as it stands in the editor, not yet deployed", async () => {
        const { page } = editor;
        const bus = meter("heat pump")["bus"];
        await page.evaluate(
          `(({ id }) => { const bus = RED.nodes.node(id); bus.transport = "tcp"; bus.changed = true; })(${JSON.stringify({ id: bus })})`,
        );
        await open(meter("heat pump"));
        await page.click("#ev-meter-read");
        const failure = page.locator("#ev-meter-result .ev-wrong");
        await failure.waitFor();
        assert.match(await failure.innerText(), /no answer within|the connection/i);
        await page.evaluate(
          `(({ id }) => { const bus = RED.nodes.node(id); bus.transport = "rtu-over-tcp"; bus.changed = false; })(${JSON.stringify({ id: bus })})`,
        );
        await leave("cancel");
      });

      it("finds the unit ids that answer, and takes one over", async () => {
        const { page } = editor;
        await open(meter("heat pump"));
        await page.fill("#node-input-unitId", "9");
        await page.click("#ev-meter-find");
        await page.fill("#ev-meter-find-to", "2");
        await page.click("#ev-meter-find-start");
        await page.locator("#ev-meter-result", { hasText: "1 of 2 answer" }).waitFor({ timeout: 20_000 });
        await editor.picture(`${major}-meter-find`);
        const fit = page.locator("#ev-meter-result li", { hasText: "SDM630" });
        await fit.locator("button").click();
        assert.equal(await page.inputValue("#node-input-unitId"), "1");
        await page.click("#ev-meter-find-start");
        await page.locator("#ev-meter-result button", { hasText: "Stop" }).click();
        await page.locator("#ev-meter-result", { hasText: "Stopped" }).waitFor();
        await leave("cancel");
      });

      it("checks the user's own device while it is typed, and marks the node that has a wrong one", async () => {
        const { page } = editor;
        await open(meter("office"));
        await page.locator("#ev-meter-profile-search").fill("own device");
        await page.keyboard.press("Enter");
        await page.click("#ev-meter-own-example");
        await page.locator("#ev-meter-own-check", { hasText: "Maker Model is complete" }).waitFor();
        await write("json", '{"registers": {"currentL1": {"address": 70000, "type": "float"}}}');
        const check = page.locator("#ev-meter-own-check");
        await check.locator("li", { hasText: "registers.currentL1.type is" }).waitFor();
        assert.match(await check.innerText(), /registers\.currentL1\.address is 70000; it must be at most 65535/);
        await editor.picture(`${major}-meter-own-device`);
        await write("json", '{"registers": ');
        await check.locator(".ev-wrong", { hasText: "not JSON" }).waitFor();
        await leave("ok");
        assert.match((await editor.invalid("ev-meter")).join(), /Device: the description is not JSON/);
      });

      it("shows how busy a connection is, beside the ideal", async () => {
        const { page } = editor;
        await page.evaluate(`RED.editor.editConfig("", "ev-modbus", ${JSON.stringify(meter("heat pump")["bus"])})`);
        await page.locator("#ev-modbus-more summary").click();
        const statistics = page.locator("#ev-modbus-statistics");
        await statistics.locator("tr", { hasText: "ideal" }).waitFor();
        assert.match(await statistics.innerText(), /connected.*RTU over TCP 127\.0\.0\.1/);
        assert.match(await text("#ev-modbus-usual"), /Eastron SDM630-Modbus is usually set to 9600 8N1/);
        assert.equal(await page.locator("#ev-modbus-inFlight-row").isVisible(), false);
        await editor.picture(`${major}-modbus`);
        await page.selectOption("#node-config-input-transport", "rtu");
        assert.equal(await page.locator("#node-config-input-host").isVisible(), false);
        await page.locator("#ev-modbus-ports", { hasText: /serial port/i }).waitFor();
        await leave("cancel");
      });

      it("tries a mapping on a sample, and fills in the ones that are known", async () => {
        const { page } = editor;
        await open(meter("workshop"));
        // The list of presets is fetched when the dialog opens.
        const preset = () => page.inputValue("#ev-meter-input-preset");
        await until("the dialog has the presets", async () => (await preset()) !== "");
        assert.equal(await preset(), "shelly-pro-3em");
        await page.click("#ev-meter-input-try");
        await page.locator("#ev-meter-input-result tr", { hasText: "currentA" }).waitFor();
        assert.match(await text("#ev-meter-input-result"), /plausible 1\.0 kW · 6 A/);
        await editor.picture(`${major}-meter-input`);
        await page.selectOption("#ev-meter-input-preset", "power");
        await write("json", '{"payload": "lots"}');
        await page.click("#ev-meter-input-try");
        await page.locator("#ev-meter-input-result .ev-wrong", { hasText: 'powerW is "lots"' }).waitFor();
        await write("jsonata", "(");
        await leave("ok");
        assert.match((await editor.invalid("ev-meter-input")).join(), /Mapping: it is no JSONata at character 1/);
      });
    });
  });
}
