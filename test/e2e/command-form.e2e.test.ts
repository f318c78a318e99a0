import { strict as assert } from "node:assert";
import type { Locator } from "playwright-core";
import { OWN_ACTIONS } from "../../lib/maintenance/own-actions.ts";
import { FREE, NODES } from "../editor-contract.ts";
import { Charger } from "../nodes/charger.ts";
import { type Editor, needsBrowser } from "./browser.ts";
import { DialogBench } from "./dialogs.ts";
import type { FlowNode } from "./flows.ts";
import { freePort, until } from "./net.ts";
import { STORY_MAJORS } from "./node-red.ts";

/** A command that says nothing yet. */
const NEW = { chargePoint: "", action: "", payload: "payload", payloadType: "msg" };

for (const major of STORY_MAJORS) {
  describe(`the form of a command in Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DialogBench;
    let editor: Editor;
    let port: number;

    before("open a flow with a command in Chromium", async () => {
      port = await freePort();
      bench = await DialogBench.start(major, flowOn(port));
      editor = bench.editor;
    });
    after(() => bench?.stop());
    beforeEach(async () => {
      await editor.page.evaluate(`Object.assign(RED.nodes.node("command"), ${JSON.stringify(NEW)})`);
      await open();
    });
    afterEach(async function () {
      if (this.currentTest?.state === "failed") await editor.picture(`${major}-failed-${this.currentTest.title}`);
      if ((await editor.page.locator(".red-ui-tray").count()) > 0) await bench.leave("cancel");
    });

    const open = async (): Promise<void> => {
      await bench.open("command");
      await editor.page.locator('#node-input-action option[value="Reset"]').waitFor({ state: "attached" });
    };
    const done = async (): Promise<void> => {
      await bench.leave("ok");
      editor.assertQuiet();
    };
    const choose = (action: string) => editor.page.selectOption("#node-input-action", action);
    const fillIn = () => editor.page.locator("#ev-command-fill-in").click();
    const field = (path: string): Locator => editor.page.locator(`#ev-command-form [data-path="${path}"]`);
    /** The field's own input, not those nested in it. */
    const control = (path: string): Locator => field(path).locator("> .ev-line").locator("input, select, textarea");
    const problem = (path: string): Promise<string> => field(path).locator("> .ev-problem").innerText();
    const json = async (): Promise<unknown> =>
      JSON.parse((await editor.page.evaluate("$('#node-input-payload').typedInput('value')")) as string);
    const writeJson = (text: string) =>
      editor.page.evaluate(`$('#node-input-payload').typedInput('value', ${JSON.stringify(text)})`);
    const saved = (): Promise<unknown> =>
      editor.page.evaluate(
        "(({ action, payload, payloadType }) => ({ action, payload: JSON.parse(payload), payloadType }))(RED.nodes.node('command'))",
      );

    it("explains every field of every command, and starts from a payload that is right", async () => {
      await choose("Reset");
      await fillIn();
      const actions = await editor.page
        .locator("#node-input-action option")
        .evaluateAll((options) =>
          options.map((option) => (option as unknown as { value: string }).value).filter(Boolean),
        );
      assert.equal(actions.length, 26 + OWN_ACTIONS.size);
      for (const action of actions) {
        await choose(action);
        const fields = editor.page.locator("#ev-command-form .ev-field");
        const named = fields.filter({ has: editor.page.locator("> .ev-line .ev-name") });
        const notes = await named.evaluateAll((all) =>
          all.map((one) => one.querySelector<HTMLElement>(":scope > .ev-note")?.innerText ?? ""),
        );
        for (const note of notes) assert.match(note, /\S.*\.$/, action);
        assert.equal((await editor.page.locator("#ev-command-form .ev-problem").allInnerTexts()).join(""), "", action);
        await editor.picture(`${major}-command-${action}`);
      }
    });

    it("builds a charging profile and keeps it in step with its JSON", async () => {
      await choose("SetChargingProfile");
      assert.match(await editor.page.locator("#ev-command-about").innerText(), /Installs a charging profile/);
      await fillIn();
      const schedule = "csChargingProfiles.chargingSchedule";
      await control("connectorId").fill("2");
      await control("csChargingProfiles.chargingProfilePurpose").selectOption("TxProfile");
      await control("csChargingProfiles.transactionId").fill("42");
      await control("csChargingProfiles.validTo").fill("2031-05-01T10:00:00");
      await control(`${schedule}.chargingSchedulePeriod[0].limit`).fill("13.5");
      await field(`${schedule}.chargingSchedulePeriod`).locator("> .ev-nested > button").click();
      await control(`${schedule}.chargingSchedulePeriod[1].startPeriod`).fill("600");
      await control(`${schedule}.chargingSchedulePeriod[1].limit`).fill("6");
      await control(`${schedule}.chargingSchedulePeriod[1].numberPhases`).fill("3");
      const built = (await json()) as { csChargingProfiles: { validTo: string; chargingSchedule: object } };
      assert.equal(Date.parse(built.csChargingProfiles.validTo), new Date("2031-05-01T10:00:00").getTime());
      assert.match(built.csChargingProfiles.validTo, /^2031-0\d-\d\dT\d\d:00:00Z$/);
      assert.deepEqual(built.csChargingProfiles.chargingSchedule, {
        startSchedule: "2026-01-01T00:00:00Z",
        chargingRateUnit: "A",
        chargingSchedulePeriod: [
          { startPeriod: 0, limit: 13.5 },
          { startPeriod: 600, limit: 6, numberPhases: 3 },
        ],
      });
      await editor.picture(`${major}-command-profile`);
      await writeJson(JSON.stringify({ ...built, connectorId: 3 }));
      await until("the form follows the JSON", async () => (await control("connectorId").inputValue()) === "3");
      await done();
      assert.deepEqual(await saved(), {
        action: "SetChargingProfile",
        payload: { ...built, connectorId: 3 },
        payloadType: "json",
      });
      assert.deepEqual(await editor.invalid("ev-command"), []);
    });

    it("says at the field, in plain words, what is wrong", async () => {
      await choose("SetChargingProfile");
      await fillIn();
      await control("connectorId").fill("two");
      assert.equal(await problem("connectorId"), "Must be a whole number of at least 0.");
      const limit = "csChargingProfiles.chargingSchedule.chargingSchedulePeriod[0].limit";
      await control(limit).fill("6.25");
      assert.equal(await problem(limit), "Must be a number of at least 0 with at most one decimal.");
      await editor.picture(`${major}-command-wrong`);
      await control(limit).fill("6.2");
      await control("connectorId").fill("1");
      await control("csChargingProfiles.chargingProfilePurpose").selectOption("ChargePointMaxProfile");
      assert.match(
        await problem("connectorId"),
        /Must be 0: a ChargePointMaxProfile is for the charge point as a whole/,
      );
      await done();
      assert.match((await editor.invalid("ev-command")).join(), /connectorId is 1; it must be 0/);
      await open();
      await control("connectorId").fill("0");
      assert.equal(await problem("connectorId"), "");
      await done();
      assert.deepEqual(await editor.invalid("ev-command"), []);
    });

    it("names what has no field, and comes back once the JSON can be read", async () => {
      await choose("Reset");
      await fillIn();
      await writeJson('{"type":"Soft","when":"now"}');
      const form = editor.page.locator("#ev-command-form");
      await form.locator("> .ev-problem", { hasText: "when must be left out: the fields here are type" }).waitFor();
      await writeJson('{"type":');
      await form.waitFor({ state: "hidden" });
      assert.match(await editor.page.locator("#ev-command-said").innerText(), /there is no form/);
      await writeJson('{"type":"Hard"}');
      await form.waitFor();
      assert.equal(await control("type").inputValue(), "Hard");
    });

    it("adds, fills and removes the items of a list, and leaves out what is unticked", async () => {
      await choose("SendLocalList");
      await fillIn();
      const list = "localAuthorizationList";
      const add = field(list).locator("> .ev-nested > button");
      await add.click();
      await control(`${list}[0].idTag`).fill("AAAA");
      await control(`${list}[0].idTagInfo`).check();
      await control(`${list}[0].idTagInfo.status`).selectOption("Accepted");
      await add.click();
      await control(`${list}[1].idTag`).fill("aaaa");
      assert.match(await problem(`${list}[1].idTagInfo`), /Must be there: a Full update/);
      await editor.picture(`${major}-command-list`);
      await field(list).locator("> .ev-nested > .ev-item").nth(1).locator("> button").click();
      assert.deepEqual(await json(), {
        listVersion: 1,
        localAuthorizationList: [{ idTag: "AAAA", idTagInfo: { status: "Accepted" } }],
        updateType: "Full",
      });
      await control(list).uncheck();
      assert.deepEqual(await json(), { listVersion: 1, updateType: "Full" });
    });

    it("remembers what was filled in while another action is looked at", async () => {
      await choose("Reset");
      await fillIn();
      await control("type").selectOption("Hard");
      await choose("UnlockConnector");
      assert.deepEqual(await json(), { connectorId: 1 });
      await choose("Reset");
      assert.deepEqual(await json(), { type: "Hard" });
    });

    it("offers the keys of the standard and of the charger's model, with meaning, range and unit", async () => {
      await choose("ChangeConfiguration");
      await fillIn();
      const options = editor.page.locator("#ev-command-keys option");
      const offered = () =>
        options.evaluateAll((all) => all.map((option) => (option as unknown as { value: string }).value));
      await until("the standard's keys", async () => (await offered()).includes("MeterValueSampleInterval"));
      assert.ok(!(await offered()).includes("OperatorCurrentLimit"));
      await editor.page.fill("#node-input-chargePoint", "CP1");
      await editor.page.locator("#node-input-chargePoint").blur();
      await until("the model's keys", async () => (await offered()).includes("OperatorCurrentLimit"));
      await control("key").fill("OperatorCurrentLimit");
      assert.match(await field("key").locator(".ev-key").innerText(), /Largest current .*\(.*Bender/i);
      assert.match(await field("value").locator(".ev-key").innerText(), /\(A\)/);
      await editor.picture(`${major}-command-key`);
      await control("key").fill("NumberOfConnectors");
      assert.match(await field("value").locator(".ev-key").innerText(), /can only be read/);
      await control("key").fill("HeartbeatInterval");
      await control("value").fill("soon");
      assert.match(await field("value").locator(".ev-key").innerText(), /does not look right: whole number/);
      await choose("GetConfiguration");
      await control("key").check();
      await field("key").locator("> .ev-nested > button").click();
      await control("key[0]").fill("LightIntensity");
      assert.match(await field("key[0]").innerText(), /Brightness/);
      assert.deepEqual(await json(), { key: ["LightIntensity"] });
    });

    it("sends what was filled in", async () => {
      const charger = new Charger();
      await charger.connect(port);
      try {
        await editor.page.fill("#node-input-chargePoint", "CP1");
        await choose("GetLog");
        await fillIn();
        await control("requestId").fill("7");
        await control("log.remoteLocation").fill("https://192.0.2.1/logs");
        await done();
        await bench.nodeRed.deployedBy(() => editor.clickDeploy());
        const asked = charger.next("GetLog");
        await bench.nodeRed.press("inject");
        assert.deepEqual(await asked, {
          logType: "SecurityLog",
          requestId: 7,
          log: { remoteLocation: "https://192.0.2.1/logs" },
        });
      } finally {
        charger.close();
      }
    });
  });
}

function flowOn(port: number): FlowNode[] {
  const own = (id: string, type: string, properties: object): FlowNode => {
    const defaults = Object.entries(NODES[type]?.defaults ?? {}).filter(([, value]) => value !== FREE);
    return { id, type, ...Object.fromEntries(defaults), ...properties };
  };
  return [
    { id: "flow", type: "tab", label: "test" },
    own("site", "ev-site", { name: "Site" }),
    own("cs", "ev-central-system", { site: "site", host: "127.0.0.1", port }),
    own("cp", "ev-charge-point", { centralSystem: "cs", identity: "CP1", model: "bender-cc" }),
    { id: "inject", type: "inject", z: "flow", x: 100, y: 80, props: [], repeat: "", wires: [["command"]] },
    {
      ...own("command", "ev-command", NEW),
      ...{ z: "flow", x: 300, y: 80, wires: [["debug"]] },
    },
    { id: "debug", type: "debug", z: "flow", x: 500, y: 80, active: true, complete: "true", wires: [] },
  ];
}
