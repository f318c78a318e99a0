import { strict as assert } from "node:assert";
import { hostname, networkInterfaces } from "node:os";
import type { Locator } from "playwright-core";
import { needsBrowser } from "./browser.ts";
import { DialogBench } from "./dialogs.ts";
import type { FlowNode } from "./flows.ts";
import { freePort } from "./net.ts";
import { STORY_MAJORS } from "./node-red.ts";

const LIST = "#ev-charge-point-connectors";
const DRAWN: [string, string][] = [
  ["RST", "Terminal 1 on L1, terminal 2 on L2, terminal 3 on L3."],
  ["STR", "Terminal 1 on L2, terminal 2 on L3, terminal 3 on L1."],
  ["TRS", "Terminal 1 on L3, terminal 2 on L1, terminal 3 on L2."],
  ["RTS", "Terminal 1 on L1, terminal 2 on L3, terminal 3 on L2. The field turns backwards"],
  ["SRT", "Terminal 1 on L2, terminal 2 on L1, terminal 3 on L3. The field turns backwards"],
  ["TSR", "Terminal 1 on L3, terminal 2 on L2, terminal 3 on L1. The field turns backwards"],
  ["Unknown", "Not known: what a car draws is reserved on every phase."],
];

for (const major of STORY_MAJORS) {
  describe(`the dialog of a charge point, on Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DialogBench;
    let port: number;

    const flow = (): FlowNode[] => [
      { id: "tab", type: "tab", label: "cellar" },
      { id: "site", type: "ev-site", name: "Cellar" },
      { id: "cs", type: "ev-central-system", site: "site", host: "", port, path: "/ocpp" },
      { id: "zone", type: "ev-zone", site: "site", name: "Cellar" },
      { id: "cp", type: "ev-charge-point", centralSystem: "cs", zone: "zone", identity: "Box+1" },
    ];

    before(async () => {
      port = await freePort();
      bench = await DialogBench.start(major, flow());
    });
    after(() => bench?.stop());
    beforeEach(() => bench.open("cp"));
    afterEach(async () => {
      await bench.leave("cancel").catch(() => {});
      bench.editor.assertQuiet();
    });

    const addresses = () => bench.editor.page.locator("#ev-charge-point-addresses");
    const column = (name: string, row = 0) => bench.editor.page.locator(`${LIST} [data-column="${name}"]`).nth(row);
    const drawing = (row = 0) => bench.editor.page.locator(`${LIST} svg`).nth(row);

    it("lists the address to type in for every way to this machine, with the identity as it is typed", async () => {
      const { page } = bench.editor;
      await page.locator("#ev-charge-point-addresses code", { hasText: hostname() }).waitFor();
      const listed = await addresses().locator("code").allTextContents();
      const outside = Object.values(networkInterfaces())
        .flatMap((entries = []) => entries)
        .filter(({ internal, family }) => !internal && family === "IPv4");
      for (const host of [hostname(), "127.0.0.1", ...outside.map(({ address }) => address)])
        assert.ok(listed.includes(`ws://${host}:${port}/ocpp/Box%2B1`), `${host}: ${listed.join(" ")}`);
      await page.fill("#node-config-input-identity", "Box2");
      await addresses()
        .locator("code", { hasText: `ws://127.0.0.1:${port}/ocpp/Box2` })
        .waitFor();
      await page.selectOption("#node-config-input-centralSystem", "_ADD_");
      await addresses().waitFor({ state: "hidden" });
    });

    it("copies an address, and leaves the identity out for a make that adds it by itself", async () => {
      const { page } = bench.editor;
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.locator("#node-config-input-model option[value='bender-cc']").waitFor({ state: "attached" });
      await page.selectOption("#node-config-input-model", "bender-cc");
      await addresses().locator("text=This make adds the identity by itself").waitFor();
      const own = addresses().locator("li", { hasText: "127.0.0.1" });
      assert.equal(await own.locator("code").innerText(), `ws://127.0.0.1:${port}/ocpp/`);
      await own.getByRole("button", { name: "Copy" }).click();
      assert.equal(await page.evaluate("navigator.clipboard.readText()"), `ws://127.0.0.1:${port}/ocpp/`);
    });

    it("draws how the terminals hang on the phases, while it is chosen", async () => {
      for (const [rotation, says] of DRAWN) {
        await column("rotation").selectOption(rotation);
        const said = (await drawing().getAttribute("aria-label")) ?? "";
        assert.ok(said.startsWith(says), `${rotation}: ${said}`);
      }
      await column("rotation").selectOption("STR");
      await column("phases").selectOption("1");
      assert.equal(await drawing().getAttribute("aria-label"), "One phase. Terminal 1 on L2.");
    });

    it("adds, checks, sorts and removes connectors", async () => {
      const { page } = bench.editor;
      const hint = page.locator("#ev-charge-point-outlets");
      await page.locator(`.red-ui-editableList:has(${LIST}) .red-ui-editableList-addButton`).click();
      assert.equal(await column("number", 1).inputValue(), "2");
      await hint.locator("text=2 connectors may draw 64 A together").waitFor();
      await page.fill("#node-config-input-stationLimitA", "32");
      await hint.locator("text=64 A of connectors share 32 A per phase").waitFor();
      await column("number", 1).fill("1");
      assert.equal(await page.locator(`${LIST} [data-column="number"].input-error`).count(), 2);
      await column("number", 1).fill("2");
      assert.equal(await page.locator(`${LIST} .input-error`).count(), 0);
      await column("minA", 1).fill("40");
      assert.equal(await page.locator(`${LIST} [data-column="minA"].input-error`).count(), 1);
      await column("minA", 1).fill("8");
      await column("maxA", 1).fill("16");
      await dragUp(page.locator(`${LIST} .red-ui-editableList-item-handle`).nth(1), column("number"));
      assert.equal(await column("number").inputValue(), "2");
      await page.locator(`${LIST} .red-ui-editableList-item-remove`).nth(1).click();
      await hint.waitFor({ state: "hidden" });
      await bench.leave("ok");
      assert.deepEqual(await bench.value("cp", "connectors"), [
        { number: 2, phases: 3, rotation: "RST", maxA: 16, minA: 8, priorityClass: 1, mode: "fast" },
      ]);
      assert.equal(await bench.value("cp", "stationLimitA"), 32);
      await bench.open("cp");
    });

    it("keeps what was ticked on the check-list, step by step and for each model, by keyboard, too", async () => {
      const { page } = bench.editor;
      const count = page.locator("#ev-charge-point-model-steps-count");
      const step = (id: string) => page.locator(`[data-step="${id}"]`);
      await count.locator("text=0 of 8 done").waitFor();
      await step("address").check();
      await step("maximum").focus();
      await page.keyboard.press("Space");
      await count.locator("text=2 of 8 done").waitFor();
      assert.equal(await page.evaluate("document.activeElement.dataset.step"), "maximum", "the cursor stays");
      await page.locator("#node-config-input-model option[value='keba']").waitFor({ state: "attached" });
      await page.selectOption("#node-config-input-model", "keba");
      await count.locator("text=2 of 12 done").waitFor();
      await page.locator("[data-step^='model-']").first().check();
      const why = page.locator("#ev-charge-point-model-steps li", { has: page.locator("[data-step='fallback']") });
      assert.match(await why.innerText(), /6 A\./, "the safe current of this dialog");
      await editFallback("8");
      assert.match(await why.innerText(), /8 A\./);
      await bench.leave("ok");
      const done = (await bench.value("cp", "commissioned")) as string[];
      assert.deepEqual(done.slice(0, 2), ["address", "maximum"]);
      assert.match(done[2] ?? "", /^model-/);
      await bench.open("cp");
      await count.locator("text=3 of 12 done").waitFor();
      await page.selectOption("#node-config-input-model", "auto");
      await count.locator("text=2 of 8 done").waitFor();
    });

    /** By hand: what may be dragged wants to see the mouse on its way. */
    const dragUp = async (handle: Locator, to: Locator): Promise<void> => {
      const { mouse } = bench.editor.page;
      await handle.scrollIntoViewIfNeeded();
      const [from, above] = [(await handle.boundingBox())!, (await to.boundingBox())!];
      await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
      await mouse.down();
      await mouse.move(from.x + from.width / 2, above.y - 10, { steps: 12 });
      await mouse.up();
    };
    const editFallback = (amps: string) => bench.type("#node-config-input-safeA", amps);

    it("starts to prove a wiring, shows what it says, and takes over the rotation that was proven", async () => {
      const { page } = bench.editor;
      const result = {
        ...{ started: "2026-06-01T12:00:00.000Z", text: "wrong", rotation: "STR" },
        configured: { phases: 3, rotation: "RST", maxA: 32 },
        findings: [
          { aspect: "rotation", verdict: "wrong", meter: "grid", text: "STR it is.", cure: "Apply sets STR." },
        ],
      };
      const asked: string[] = [];
      await page.route("**/ev-charging/commissioning*", async (route) => {
        const real = route.request().method() === "GET" && asked.length === 0;
        if (route.request().method() === "POST") asked.push(route.request().postData() ?? "");
        const words = real ? ((await (await route.fetch()).json()) as { words: object }).words : given;
        given = words;
        await route.fulfill({ json: { running: null, result: asked.length > 0 ? result : null, words } });
      });
      let given: object = {};
      const proof = page.locator("#ev-charge-point-model-proofs details", {
        hasText: "Prove the wiring of connector 2",
      });
      await proof.locator("summary").click();
      await proof.locator("select").selectOption("right");
      await proof.getByRole("button", { name: "Start" }).click();
      await proof.locator("text=✗ STR it is.").waitFor();
      assert.deepEqual(JSON.parse(asked[0]!), { name: "start", target: "Box+1/2", field: "right" });
      assert.equal(await proof.locator("li .ev-note").innerText(), "Apply sets STR.");
      await proof.getByRole("button", { name: "Apply STR" }).click();
      await proof.locator("text=Set; deploy to put it into force.").waitFor();
      assert.equal(await column("rotation").inputValue(), "STR");
      await page.unroute("**/ev-charging/commissioning*");
    });

    it("is deployed as it was saved", async () => {
      await bench.leave("cancel");
      await bench.nodeRed.deployedBy(() => bench.editor.clickDeploy());
      const deployed = ((await bench.nodeRed.get("/flows")) as FlowNode[]).find(({ id }) => id === "cp")!;
      assert.equal((deployed["commissioned"] as string[]).length, 3);
      assert.equal(deployed["model"], "keba");
      await bench.open("cp");
    });
  });
}
