import { strict as assert } from "node:assert";
import { needsBrowser } from "./browser.ts";
import { DialogBench } from "./dialogs.ts";
import type { FlowNode } from "./flows.ts";
import { freePort } from "./net.ts";
import { STORY_MAJORS } from "./node-red.ts";

for (const major of STORY_MAJORS) {
  describe(`the choice of back ends in dialogs, on Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DialogBench;

    before(async () => {
      const port = await freePort();
      const flow: FlowNode[] = [
        { id: "tab", type: "tab", label: "cellar" },
        { id: "site", type: "ev-site", name: "Cellar" },
        { id: "be1", type: "ev-back-end", site: "site", name: "Operator", url: "ws://127.0.0.1:1" },
        { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
        { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
      ];
      bench = await DialogBench.start(major, flow);
    });
    after(() => bench?.stop());

    const list = (type: string) => bench.editor.page.locator(`#${type}-backEnds`);
    const rows = (type: string) => list(type).locator('[data-column="backEnd"]');

    const unfold = (type: string) => bench.editor.page.locator(`summary:has(#${type}-backEnds-label)`).click();

    it("changes nothing when nothing is chosen", async () => {
      await bench.open("cp");
      assert.equal(await rows("ev-charge-point").count(), 0);
      await bench.leave("ok");
      assert.equal(await bench.value("cp", "backEnds"), null);
    });

    it("offers those that are there, by name", async () => {
      await bench.open("cs");
      await unfold("ev-central-system");
      await bench.editor.page
        .locator(".red-ui-editableList:has(#ev-central-system-backEnds) .red-ui-editableList-addButton")
        .click();
      await rows("ev-central-system").selectOption({ label: "Operator" });
      await bench.leave("ok");
      assert.deepEqual(await bench.value("cs", "backEnds"), ["be1"]);
      await bench.open("cs");
      assert.equal(await rows("ev-central-system").inputValue(), "be1");
      await bench.leave("cancel");
    });

    it("takes a new one that is made beside it", async () => {
      const { page } = bench.editor;
      await bench.open("cp");
      await unfold("ev-charge-point");
      await page.getByRole("button", { name: "New back end" }).click();
      await page.locator("#node-config-input-url").waitFor();
      await page.locator("#ev-back-end-preset").selectOption({ label: "SteVe" });
      assert.match(await page.inputValue("#node-config-input-url"), /^ws:\/\/SERVER:8080\/steve\//);
      assert.match((await page.locator("#ev-back-end-preset-note").textContent()) ?? "", /Replace SERVER.*Source$/);
      assert.equal(await page.locator("#node-config-input-name").last().inputValue(), "SteVe");
      await page.locator("#node-config-input-name").last().fill("Employer");
      await page.fill("#node-config-input-url", "ws://127.0.0.1:2");
      await page.locator("#node-config-dialog-ok:visible").click();
      await page.locator("#node-config-input-url").waitFor({ state: "detached" });
      await rows("ev-charge-point").waitFor();
      assert.equal(await rows("ev-charge-point").locator("option:checked").innerText(), "Employer");
      await bench.leave("ok");
      const [id] = (await bench.value("cp", "backEnds")) as string[];
      assert.equal(await bench.value(id!, "name"), "Employer");
      assert.equal((await bench.value("cp", "name")) ?? "", "");
      assert.deepEqual(await bench.errors("cp"), []);
      bench.editor.assertQuiet();
    });

    it("keeps the charger's cloud: what the charger tells fills in a new one, or chooses the one that is there", async () => {
      const { page } = bench.editor;
      const told = { key: "BackOffice-URL-wired", identity: "ALF-7", hasLogin: false, preset: "monta" };
      let url = "wss://ocpp.monta.app";
      await page.route("**/ev-charging/charge-points/CP1/former-back-end", (route) =>
        route.fulfill({
          json: url === "" ? { state: "ours", found: [] } : { state: "found", found: [{ ...told, url }] },
        }),
      );
      const ask = () => page.getByRole("button", { name: "Keep the charger’s cloud" }).click();
      await bench.open("cp");
      await ask();
      await page.locator("#node-config-input-url").waitFor();
      await page.locator('#ev-back-end-identities [data-column="upstreamIdentity"]').waitFor();
      assert.equal(await page.inputValue("#node-config-input-url"), url);
      assert.equal(await page.locator("#node-config-input-name").last().inputValue(), "Monta");
      await page.locator("#node-config-dialog-ok:visible").click();
      await page.locator("#node-config-input-url").waitFor({ state: "detached" });
      await rows("ev-charge-point").nth(1).waitFor();
      url = "ws://127.0.0.1:1";
      await ask();
      await page.getByText("It is set up as Operator. Enter ALF-7 in its list of other identities.").waitFor();
      await rows("ev-charge-point").nth(2).waitFor();
      url = "";
      await ask();
      await page.getByText("The charger names this server alone").waitFor();
      await bench.leave("ok");
      const [, made, chosen] = (await bench.value("cp", "backEnds")) as string[];
      assert.equal(chosen, "be1");
      assert.deepEqual(
        [await bench.value(made!, "url"), await bench.value(made!, "identities"), await bench.value(made!, "site")],
        ["wss://ocpp.monta.app", [{ identity: "CP1", upstreamIdentity: "ALF-7" }], "site"],
      );
      bench.editor.assertQuiet();
    });

    it("opens nothing when the charger answers after the dialog was closed", async () => {
      const { page } = bench.editor;
      let answer = () => {};
      const path = "**/ev-charging/charge-points/CP1/former-back-end";
      await page.route(path, async (route) => {
        await new Promise<void>((resolve) => {
          answer = resolve;
        });
        const found = [{ url: "wss://late.example", key: "Url", identity: null, hasLogin: false, preset: null }];
        await route.fulfill({ json: { state: "found", found } });
      });
      await bench.open("cp");
      const asked = page.waitForRequest(path);
      await page.getByRole("button", { name: "Keep the charger’s cloud" }).click();
      await asked;
      await bench.leave("cancel");
      const answered = page.waitForResponse(path);
      answer();
      await (await answered).finished();
      await page.waitForTimeout(200);
      assert.equal(await page.locator(".red-ui-tray").count(), 0);
    });

    it("asks before one is deleted that has not received everything, and puts it back", async () => {
      const { page } = bench.editor;
      await page.route("**/ev-charging/back-ends/be1", (route) => route.fulfill({ json: { waiting: 3 } }));
      await page.evaluate(() => {
        const { RED } = window as unknown as {
          RED: {
            nodes: { remove(id: string): object; node(id: string): object };
            history: { push(event: object): void };
          };
        };
        const node = RED.nodes.node("be1");
        RED.nodes.remove("be1");
        RED.history.push({ t: "delete", nodes: [node], links: [], groups: [], dirty: false });
      });
      await page.getByText("3 starts and ends of charges wait").waitFor();
      await page.getByRole("button", { name: "Keep it" }).click();
      await page.waitForFunction(() => {
        const { RED } = window as unknown as { RED: { nodes: { node(id: string): unknown } } };
        return RED.nodes.node("be1") != null;
      });
    });
  });
}
