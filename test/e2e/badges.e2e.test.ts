import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import type { ClientConnection } from "../../lib/ocpp/client.ts";
import { Editor, launch, needsBrowser, still } from "./browser.ts";
import { dialIn } from "./dial.ts";
import type { FlowNode } from "./flows.ts";
import { freePort, until } from "./net.ts";
import { NodeRed, STORY_MAJORS } from "./node-red.ts";

const FIELD = "#ev-authorization-";

for (const major of STORY_MAJORS) {
  describe(`the dialog of the badges in Node-RED ${major}`, function () {
    needsBrowser(this);
    let nodeRed: NodeRed;
    let browser: Browser;
    let editor: Editor;
    let charger: ClientConnection;

    before("open it beside a charger whose badges the list decides about", async () => {
      const port = await freePort();
      const flow: FlowNode[] = [
        { id: "tab", type: "tab", label: "Badges" },
        { id: "site", type: "ev-site", name: "Building", dataDir: "", voltageV: 230, country: "DE" },
        { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, authorization: "list" },
        { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
        { id: "auth", type: "ev-authorization", z: "tab", x: 200, y: 100, site: "site", wires: [[], []] },
      ];
      [nodeRed, browser] = await Promise.all([NodeRed.start(major), launch()]);
      await nodeRed.deploy(flow);
      charger = await dialIn({ url: `ws://127.0.0.1:${port}`, identity: "CP1", onCall: () => ({}) });
      editor = await Editor.open(browser, nodeRed.url);
      await still(editor.page);
      await openDialog();
    });
    after(async () => {
      charger?.terminate("done");
      await browser?.close();
      await nodeRed?.stop();
    });

    const openDialog = async (): Promise<void> => {
      await editor.page.evaluate(`RED.editor.edit(RED.nodes.node("auth"))`);
      await editor.dialogAtRest();
      await editor.page.locator(`${FIELD}parts`).waitFor({ state: "visible" });
    };
    const statusOf = async (idTag: string): Promise<string> => {
      const { idTagInfo } = await charger.call("Authorize", { idTag });
      return (idTagInfo as { status: string }).status;
    };
    const row = (text: string) => editor.page.locator(`${FIELD}badges tr`, { hasText: text });

    it("adds a badge that charges at once, and blocks it with one tick", async () => {
      const { page } = editor;
      await page.fill(`${FIELD}new-tag`, "04:56:7d:aa");
      await page.fill(`${FIELD}new-comment`, "<b>Anna</b>");
      await page.click(`${FIELD}add`);
      await row("04567DAA").waitFor();
      assert.equal(await row("04567DAA").locator("input[type=text]").inputValue(), "<b>Anna</b>");
      assert.equal(await statusOf("04567daa"), "Accepted");
      await row("04567DAA").locator('input[aria-label="Blocked 04567DAA"]').check();
      await until("it is blocked", async () => (await statusOf("04567DAA")) === "Blocked");
      await page.click(`${FIELD}undo`);
      await until("it charges again", async () => (await statusOf("04567DAA")) === "Accepted");
    });

    it("shows what a table would change, imports it, and saves the list as one", async () => {
      const { page } = editor;
      await page.locator("summary", { hasText: "Import" }).click();
      const buffer = Buffer.from("idTag;type;comment\nAD;admin;Facility\nB10C;vip;Ben\n");
      await page.setInputFiles(`${FIELD}file`, { name: "badges.csv", mimeType: "text/csv", buffer });
      await page.locator(`${FIELD}preview`, { hasText: "2 added: AD, B10C" }).waitFor();
      await page.check(`${FIELD}replace`);
      await page.locator(`${FIELD}preview`, { hasText: "1 removed: 04567DAA" }).waitFor();
      await page.uncheck(`${FIELD}replace`);
      await page.locator(`${FIELD}preview`, { hasText: "0 removed" }).waitFor();
      await editor.picture(`${major}-ev-authorization`);
      await page.click(`${FIELD}import`);
      await row("B10C").waitFor();
      assert.equal(await row("B10C").locator("select").inputValue(), "vip");
      const [file] = await Promise.all([page.waitForEvent("download"), page.click(`${FIELD}export`)]);
      assert.equal(file.suggestedFilename(), "badges.csv");
      const lines = readFileSync(await file.path(), "utf8").split("\r\n");
      assert.equal(lines.length, 5);
      assert.match(lines[0] ?? "", /^\uFEFFidTag;type;comment;/);
    });

    it("changes type, end and places of chosen badges together, and names each", async () => {
      const { page } = editor;
      for (const tag of ["04567DAA", "B10C"]) await row(tag).locator("input[data-tag]").check();
      await page.locator(`${FIELD}many-count`, { hasText: "Change the chosen badges: 2" }).waitFor();
      await page.click(`${FIELD}many-do`);
      await page.locator(`${FIELD}many-told`, { hasText: "Choose first what is to change." }).waitFor();
      await page.selectOption(`${FIELD}many-type`, "vip");
      await page.selectOption(`${FIELD}many-valid`, "day");
      await page.fill(`${FIELD}many-day`, "2098-12-31");
      await page.selectOption(`${FIELD}many-where`, "places");
      await page.selectOption(`${FIELD}many-places`, { label: "CP1/1" });
      await page.click(`${FIELD}many-do`);
      await page
        .locator(`${FIELD}many-told`, { hasText: "Changed (2): 04567DAA (<b>Anna</b>), B10C (Ben)." })
        .waitFor();
      await row("B10C").filter({ hasText: "CP1/1" }).waitFor();
      assert.equal(await row("04567DAA").locator("select").inputValue(), "vip");
      assert.equal(await row("04567DAA").locator("input[type=date]").inputValue(), "2098-12-31");
      await editor.picture(`${major}-ev-authorization-many`);
    });

    it("tells why a badge was denied", async () => {
      const { page } = editor;
      assert.equal(await statusOf("STRANGER"), "Invalid");
      await page.locator("summary", { hasText: "Why a badge was denied" }).click();
      await page.fill(`${FIELD}trace-tag`, "stranger");
      const cells = page.locator(`${FIELD}trace td`, { hasText: "badge STRANGER is not in the list of badges" });
      await cells.first().waitFor();
      await editor.picture(`${major}-ev-authorization-why`);
    });

    it("erases a holder after it has said what has the name, and only the one that was asked for", async () => {
      const { page } = editor;
      const [holder, erase, told] = [`${FIELD}holder`, `${FIELD}erase`, page.locator(`${FIELD}erased`)];
      const sure = page.getByRole("button", { name: "Erase for good" });
      await page.locator("summary", { hasText: "Erase a holder" }).click();
      await page.click(erase);
      await told.getByText("two letters or more").waitFor();
      await page.fill(holder, "<b>Anna</b>");
      await page.click(erase);
      await sure.waitFor();
      await page.fill(holder, "Ben");
      await sure.waitFor({ state: "detached" });
      await page.fill(holder, "<b>Anna</b>");
      await page.click(erase);
      await sure.click();
      await sure.waitFor({ state: "detached" });
      await row("04567DAA").waitFor({ state: "detached" });
    });

    it("keeps a refusal in words, and closes without a trace in the browser", async () => {
      const { page } = editor;
      editor.assertQuiet();
      await page.click(`${FIELD}add`);
      await page
        .locator(`${FIELD}problem`, { hasText: 'payload.idTag is ""; it must be 1 to 40 characters' })
        .waitFor();
      await page.click("#node-dialog-ok");
      await page.locator(".red-ui-tray").waitFor({ state: "detached" });
      assert.deepEqual(await editor.invalid("ev-authorization"), []);
      const [saved] = (await editor.page.evaluate("[RED.nodes.node('auth').localLists]")) as [boolean];
      assert.equal(saved, true);
    });
  });
}
