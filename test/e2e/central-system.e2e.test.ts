import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import type { ClientConnection } from "../../lib/ocpp/client.ts";
import { Editor, launch, needsBrowser, still } from "./browser.ts";
import { dialIn } from "./dial.ts";
import type { FlowNode } from "./flows.ts";
import { freePort, until } from "./net.ts";
import { NodeRed, STORY_MAJORS } from "./node-red.ts";

for (const major of STORY_MAJORS) {
  describe(`the dialog of a central system in Node-RED ${major}`, function () {
    needsBrowser(this);
    let nodeRed: NodeRed;
    let browser: Browser;
    let editor: Editor;
    let charger: ClientConnection;
    const keys: string[] = [];

    before("let an unknown charger dial", async () => {
      const port = await freePort();
      const times = { heartbeatS: 60, pingS: 20, callTimeoutS: 30 };
      const flow: FlowNode[] = [
        { id: "tab", type: "tab", label: "Chargers" },
        { id: "site", type: "ev-site", name: "Building", dataDir: "", voltageV: 230, country: "DE" },
        {
          id: "cs",
          type: "ev-central-system",
          name: "",
          site: "site",
          host: "127.0.0.1",
          port,
          path: "/",
          tls: "",
          ...times,
        },
      ];
      [nodeRed, browser] = await Promise.all([NodeRed.start(major), launch()]);
      await nodeRed.deploy(flow);
      charger = await dialIn({
        url: `ws://127.0.0.1:${port}`,
        identity: "GARAGE-7",
        onCall: (_action, payload) => {
          const { key, value } = payload as Record<string, string>;
          if (key === "AuthorizationKey") keys.push(value ?? "");
          return key === "AuthorizationKey" ? { status: "Accepted" } : {};
        },
      });
      await charger.call("BootNotification", { chargePointVendor: "<b>Maker</b>", chargePointModel: "Box" });
      await charger.call("DataTransfer", { vendorId: "Maker", data: "https://user:hunter2@192.0.2.1/" });
      editor = await Editor.open(browser, nodeRed.url);
      await still(editor.page);
      await editor.page.evaluate(`RED.editor.editConfig("", "ev-central-system", "cs")`);
      await editor.page.locator("#ev-central-system-parked td", { hasText: "GARAGE-7" }).waitFor();
    });
    after(async () => {
      charger?.terminate("done");
      await browser?.close();
      await nodeRed?.stop();
    });

    it("shows what crossed the wire, as text and without passwords, and finds in it", async () => {
      const { page } = editor;
      assert.equal(await page.locator("#ev-central-system-parked td", { hasText: "<b>Maker</b> Box" }).count(), 1);
      await page.locator("#ev-central-system-messages-part > summary").click();
      const rows = page.locator("#ev-central-system-messages-list tr");
      await page.locator("#ev-central-system-messages-count", { hasText: "4 messages" }).waitFor();
      assert.doesNotMatch((await rows.allInnerTexts()).join(), /hunter2/);
      await rows.last().scrollIntoViewIfNeeded();
      await editor.picture(`${major}-ev-central-system-waiting`);
      await page.fill("#ev-central-system-messages-action", "DataTransfer");
      await page.locator("#ev-central-system-messages-count", { hasText: "2 messages" }).waitFor();
      assert.match((await rows.allInnerTexts()).join("\n"), /https:\/\/\*\*\*@192/);
    });

    it("saves them as a file", async () => {
      const { page } = editor;
      const [file] = await Promise.all([page.waitForEvent("download"), page.click("#ev-central-system-messages-csv")]);
      assert.equal(file.suggestedFilename(), "ocpp-messages.csv");
      const lines = readFileSync(await file.path(), "utf8")
        .trim()
        .split("\r\n");
      assert.equal(lines.length, 3);
      assert.match(lines[1] ?? "", /"GARAGE-7","in","call","[^"]+","DataTransfer"/);
    });

    it("adds a waiting charger with one click, to be served by the next deploy", async () => {
      const { page } = editor;
      await page.locator("#ev-central-system-parked button").click();
      await page.locator("#ev-central-system-parked td", { hasText: "deploy to serve it" }).waitFor();
      await editor.picture(`${major}-ev-central-system-added`);
      await page.click("#node-config-dialog-cancel");
      await page.locator(".red-ui-tray").waitFor({ state: "detached" });
      assert.deepEqual(await editor.invalid(), []);
      await editor.clickDeploy();
      // While the flows start anew there is no such charge point.
      const state = () =>
        nodeRed.get("/ev-charging/charge-points/GARAGE-7").then(
          (page) => (page as { state: string } | null)?.state ?? "starting",
          () => "starting",
        );
      await until("it is served", async () => ["awaitBoot", "ready"].includes(await state()));
      const [added] = ((await nodeRed.get("/flows")) as FlowNode[]).filter(({ type }) => type === "ev-charge-point");
      assert.equal(added?.["centralSystem"], "cs");
      assert.equal(added?.["model"], "auto");
      assert.deepEqual(added?.["connectors"], [
        { number: 1, phases: 3, rotation: "RST", maxA: 32, minA: 6, priorityClass: 1, mode: "fast" },
      ]);
      editor.assertQuiet();
    });

    it("gives it a new password that nobody sees, and takes that back", async () => {
      const { page } = editor;
      await page.evaluate(`RED.editor.editConfig("", "ev-central-system", "cs")`);
      const part = page.locator("#ev-central-system-keys-part");
      await part.locator("summary").click();
      const row = page.locator("#ev-central-system-keys tr", { hasText: "GARAGE-7" });
      await row.getByText("none needed").waitFor();
      await row.getByText("New password").click();
      await row.getByText("renewed").waitFor();
      await row.scrollIntoViewIfNeeded();
      await editor.picture(`${major}-ev-central-system-passwords`);
      assert.match(keys[0] ?? "", /^[0-9a-f]{40}$/);
      assert.ok(!(await page.content()).includes(keys[0]!));
      await row.getByText("Use the configured one").click();
      await row.getByText("none needed").waitFor();
      await page.click("#node-config-dialog-cancel");
    });
  });
}
