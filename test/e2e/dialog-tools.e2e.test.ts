import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { needsBrowser } from "./browser.ts";
import { DialogBench } from "./dialogs.ts";
import type { FlowNode } from "./flows.ts";
import { freePort } from "./net.ts";
import { STORY_MAJORS } from "./node-red.ts";

for (const major of STORY_MAJORS) {
  describe(`what dialogs find out for their user, on Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DialogBench;
    let receiver: Server;
    const posted: string[] = [];

    before(async () => {
      receiver = createServer((request, response) => {
        posted.push(`${request.method} ${request.url}`);
        request.resume().on("end", () => response.end());
      }).listen(0, "127.0.0.1");
      await once(receiver, "listening");
      const [ocpp, modbus] = [await freePort(), await freePort()];
      bench = await DialogBench.start(major, flow(ocpp, modbus, (receiver.address() as AddressInfo).port));
    });
    after(async () => {
      await bench?.stop();
      receiver?.close();
    });
    afterEach(async () => {
      await bench.leave("cancel");
    });

    const shown = (selector: string, text: string | RegExp) =>
      bench.editor.page.locator(selector, { hasText: text }).first().waitFor();

    /** What a browser notes of an answer that says why something could not be done. */
    const onlyRefused = (path: string): void => {
      assert.throws(
        () => bench.editor.assertQuiet(),
        ({ actual }: assert.AssertionError) => (actual as string[]).every((problem) => problem.endsWith(path)),
      );
    };

    it("fills in a breaker, on three phases or one, and says what it means and leaves", async () => {
      const { page } = bench.editor;
      await bench.open("zone");
      await shown("#ev-zone-breaker", "A breaker of 63 A carries 63 A per phase for good. It holds 71 A for 1 h");
      await shown("#ev-zone-left", "For everything below: 63 A per phase, 43.5 kW in all.");
      await page.getByTitle("Keep a tenth of the limit free").click();
      await shown("#ev-zone-left", "56.7 A per phase");
      await page.selectOption("#ev-zone-size", "125");
      await shown("#ev-zone-breaker", "opens within 2 h at 181 A");
      await page.locator("#ev-zone-fifth").click();
      await shown("#ev-zone-left", "100 A per phase");
      await page.fill("#ev-zone-operatorLimitA-l2", "50");
      await shown("#ev-zone-left", /100 \/ 25 \/ 100 A per phase.*The operator's limit is the lower one/);
      await page.fill("#ev-zone-operatorLimitA-l2", "");
      await page.fill("#ev-zone-assumedLoadA-l1", "30");
      await shown(
        "#ev-zone-left",
        "Less the assumed load: 70 / 100 / 100 A for the chargers; in a zone with a meter, only while it is silent.",
      );
      await page.fill("#node-config-input-maxPowerW", "22000");
      await shown("#ev-zone-left", "The power limit of 22 kW is lower: 31.9 A per phase");
      await page.fill("#ev-zone-assumedLoadA-l1", "100");
      await shown("#ev-zone-left.ev-wrong", "Nothing is left for the chargers on one phase");
      await page.selectOption("#ev-zone-form", "L2");
      await bench.leave("ok");
      assert.deepEqual(await bench.value("zone", "limitA"), [0, 125, 0]);
      await bench.open("zone");
      assert.equal(await page.inputValue("#ev-zone-form"), "L2");
      bench.editor.assertQuiet();
    });

    it("tests a Modbus connection as it stands in the dialog, and every meter on it", async () => {
      const { page } = bench.editor;
      await bench.open("bus");
      await page.click("#ev-modbus-test");
      await shown("#ev-modbus-tested", "The connection is there");
      await shown("#ev-modbus-tested li", /^Unit 1 \(grid\): answers in \d+ ms$/);
      await shown("#ev-modbus-tested li", /^Unit 9 \(cellar\): (silent|the gateway)/);
      bench.editor.assertQuiet();
      await page.fill("#node-config-input-port", String(await freePort()));
      await page.click("#ev-modbus-test");
      await shown("#ev-modbus-tested .ev-wrong", /./);
      await shown("#ev-modbus-tested", "Check host, port and cable.");
      onlyRefused("/ev-charging/modbus-tests");
    });

    it("says whether a server listens, who is connected, and whether another port is free", async () => {
      const { page } = bench.editor;
      await bench.open("cs");
      await shown("#ev-central-system-state", /Listens on port \d+\.\s*1 connected: CP1/);
      const check = async (port: string, text: string): Promise<void> => {
        await page.fill("#node-config-input-port", port);
        await page.click("#ev-central-system-check");
        await shown("#ev-central-system-checked", text);
      };
      const own = await page.inputValue("#node-config-input-port");
      await check(own, `This server listens on port ${own}.`);
      const free = String(await freePort());
      await check(free, `Port ${free} is free.`);
      const taken = String((receiver.address() as AddressInfo).port);
      await check(taken, `Another program uses port ${taken}.`);
      await check("", "On Node-RED's own server");
      await shown("#ev-central-system-addresses code", `ws://127.0.0.1:${new URL(bench.nodeRed.url).port}/<identity>`);
      bench.editor.assertQuiet();
    });

    it("sends a test of a report to the address that stands in the dialog, and says why it failed", async () => {
      const { page } = bench.editor;
      await bench.open("report");
      await page.click("#ev-report-test");
      await shown("#ev-report-tested .ev-fine", "The receiver took a test with 0 sessions.");
      assert.deepEqual(posted, ["POST /reports"]);
      bench.editor.assertQuiet();
      await page.fill("#node-input-url", `http://127.0.0.1:${await freePort()}/`);
      await page.click("#ev-report-test");
      await shown("#ev-report-tested .ev-wrong", /ECONNREFUSED/);
      await shown("#ev-report-tested", "Check address, user and password");
      onlyRefused("/ev-charging/reports/report/test");
    });

    it("says of a data folder whether records can be kept there, and keeps roles apart from the editor's own", async () => {
      const { page } = bench.editor;
      await bench.open("site");
      await shown("#ev-site-folder", /ev-charging.site/);
      await shown("#ev-site-folder", "Records are kept here");
      await page.fill("#node-config-input-dataDir", "/proc/1/status/records");
      await shown("#ev-site-folder .ev-wrong", "A file is in the way");
      await page.fill("#node-config-input-dataDir", "");
      // The answer moves all that stands below, also from under a mouse that is about to click.
      await shown("#ev-site-folder", "Records are kept here");
      await page.locator("summary", { hasText: "Who may do what" }).click();
      await page.locator(".red-ui-editableList:has(#ev-site-roles) .red-ui-editableList-addButton").click();
      await page.fill('#ev-site-roles [data-column="user"]', "ana");
      await page.selectOption('#ev-site-roles [data-column="role"]', "admin");
      await bench.leave("ok");
      await bench.nodeRed.deployedBy(() => bench.editor.clickDeploy());
      const deployed = ((await bench.nodeRed.get("/flows")) as FlowNode[]).find(({ id }) => id === "site")!;
      assert.deepEqual(deployed["roles"], [{ user: "ana", role: "admin" }]);
      assert.equal("users" in deployed, false);
      await bench.open("site");
      bench.editor.assertQuiet();
    });

    it("finds a device among all by keyboard alone, and tells its notes and where the connection does not fit", async () => {
      const { page } = bench.editor;
      await bench.open("grid");
      await page.focus("#ev-meter-profile-search");
      const options = page.locator("#ev-meter-profile-list [role='option']");
      await options.nth(100).waitFor({ state: "attached" });
      assert.equal(await options.count(), 118, "117 devices and one's own");
      await page.keyboard.type("abb b2");
      const at = () => page.getAttribute("#ev-meter-profile-search", "aria-activedescendant");
      const first = await at();
      await page.keyboard.press("ArrowDown");
      assert.notEqual(await at(), first);
      await page.keyboard.press("Escape");
      assert.equal(await page.getAttribute("#ev-meter-profile-search", "aria-expanded"), "false");
      assert.equal(await page.inputValue("#ev-meter-profile-search"), "Eastron SDM630-Modbus", "nothing was chosen");
      await page.keyboard.type("sdm120");
      await page.keyboard.press("Enter");
      assert.match(await page.inputValue("#node-input-profile"), /sdm120/);
      await shown("#ev-meter-profile-info .ev-warn", "It has a serial port only");
      await shown("#ev-meter-profile-info summary", /^Notes \(\d+\)$/);
      await page.click("#ev-meter-read");
      await shown("#ev-meter-result", /plausible|confidence|Replies as they came/);
      bench.editor.assertQuiet();
    });
  });
}

function flow(ocpp: number, modbus: number, reports: number): FlowNode[] {
  const at = (y: number) => ({ z: "tab", x: 200, y });
  const meter = (id: string, unitId: number, y: number): FlowNode => {
    return { id, type: "ev-meter", bus: "bus", meter: id, unitId, profile: "eastron-sdm630", wires: [[]], ...at(y) };
  };
  return [
    { id: "tab", type: "tab", label: "cellar" },
    { id: "site", type: "ev-site", name: "Cellar" },
    { id: "cs", type: "ev-central-system", site: "site", host: "", port: ocpp, path: "/" },
    { id: "zone", type: "ev-zone", site: "site", name: "Cellar" },
    { id: "cp", type: "ev-charge-point", centralSystem: "cs", zone: "zone", identity: "CP1" },
    { id: "bus", type: "ev-modbus", host: "127.0.0.1", port: modbus, timeoutMs: 200 },
    meter("grid", 1, 40),
    meter("cellar", 9, 100),
    {
      ...{ id: "sim", type: "ev-meter-simulator", host: "127.0.0.1", port: modbus, profile: "eastron-sdm630" },
      ...{ loadA: [5, 5, 5], wires: [], ...at(160) },
    },
    {
      ...{ id: "car", type: "ev-simulator", url: `ws://127.0.0.1:${ocpp}`, identity: "CP1", batteryWh: 60_000 },
      ...{ wires: [[]], ...at(220) },
    },
    {
      ...{ id: "report", type: "ev-report", site: "site", url: `http://127.0.0.1:${reports}/reports` },
      ...{ wires: [[], []], ...at(280) },
    },
  ];
}
