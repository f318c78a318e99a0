import { strict as assert } from "node:assert";
import { isFull, sample } from "../full.ts";
import { needsBrowser } from "./browser.ts";
import { DialogBench } from "./dialogs.ts";
import { STORY_MAJORS } from "./node-red.ts";
import { idOf, oneOfEach } from "./one-of-each.ts";

/** What shows of the folded groups of a dialog. */
const OPEN =
  "$('details.ev-group[data-holds]').get().filter((group) => group.open).map((group) => group.dataset.holds)";

const LONG_DIALOGS = ["ev-charge-point", "ev-site", "ev-central-system", "ev-zone", "ev-dlm", "ev-event"];

async function assertWhole({ editor }: DialogBench): Promise<void> {
  const wide = await editor.page.evaluate(
    "(() => { const form = document.querySelector('.red-ui-tray-body form'); return form.scrollWidth - form.clientWidth; })()",
  );
  assert.ok(Number(wide) <= 0, `${String(wide)} px stick out`);
}

for (const major of STORY_MAJORS) {
  describe(`how dialogs put things, on Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DialogBench;

    before(async () => {
      bench = await DialogBench.start(major, await oneOfEach(), "de-DE");
    });
    after(() => bench?.stop());
    afterEach(() => bench.editor.assertQuiet());

    it("writes numbers as the language does, and takes them with a comma and with a point", async () => {
      const { page } = bench.editor;
      const rise = page.locator("#node-input-rampUpAps");
      await bench.open(idOf("ev-dlm"));
      assert.equal(await rise.inputValue(), "0,5");
      await rise.fill("0,001");
      await page.getByText("Strom steigt um: Zahl von 0,01 bis 100 erwartet").waitFor();
      await rise.fill("0,25");
      await page.locator("#ev-problem-rampUpAps").waitFor({ state: "detached" });
      await bench.leave("ok");
      assert.equal(await bench.value(idOf("ev-dlm"), "rampUpAps"), 0.25);
      assert.deepEqual(await bench.errors(idOf("ev-dlm")), []);
      await bench.open("garage");
      await page.fill("#ev-zone-limitA-l1", "16,5");
      await page.fill("#ev-zone-limitA-l2", "16.5");
      await page.fill("#node-config-input-failSafeA", "6,5");
      await page.locator("#ev-zone-left", { hasText: "16,5 / 16,5 / 63 A" }).waitFor();
      assert.match(await page.locator("#ev-zone-left").innerText(), /22,1 kW/);
      await bench.leave("ok");
      assert.deepEqual(await bench.value("garage", "limitA"), [16.5, 16.5, 63]);
      assert.equal(await bench.value("garage", "failSafeA"), 6.5);
      assert.deepEqual(await bench.errors("garage"), []);
    });

    it("leaves the numbers of a node that is opened and left as they are", async () => {
      const { page } = bench.editor;
      for (const type of ["ev-dlm", "ev-zone", "ev-central-system", "ev-charge-point", "ev-pv-surplus"]) {
        const node = `RED.nodes.node(${JSON.stringify(idOf(type))})`;
        const numbers = `Object.entries(${node}).filter(([, value]) => typeof value === "number" || Array.isArray(value) && typeof value[0] === "number")`;
        const before = await page.evaluate(`JSON.stringify(${numbers})`);
        await bench.open(idOf(type));
        await bench.leave("ok");
        assert.equal(await page.evaluate(`JSON.stringify(${numbers})`), before, type);
      }
    });

    it("says that an event node with nothing ticked tells everything", async () => {
      const { page } = bench.editor;
      await bench.open(idOf("ev-event"));
      const told = page.locator("#ev-event-told");
      await told.getByText("alle Ereignisse: keines ist angekreuzt").waitFor();
      await page.locator("#ev-event-list input").first().check();
      await told.getByText(/^1 von \d+ Ereignissen$/).waitFor();
      await bench.leave("cancel");
    });

    it("offers where a digital input is in words", async () => {
      await bench.open(idOf("ev-meter"));
      const choices = await bench.editor.page.locator("#node-input-contact option").allInnerTexts();
      assert.deepEqual([choices.at(0), choices.at(-1)], ["wird nicht gelesen", "an einer Adresse"]);
      await bench.leave("cancel");
    });

    it("says that a root certificate was taken, and leaves the button for another time", async () => {
      const { page } = bench.editor;
      const row = { identity: "CP1", online: true, until: null, daysLeft: null, state: "none", waits: false };
      let told: object = {};
      await page.route("**/ev-charging/central-systems/*", async (route) => {
        told = { ...((await (await route.fetch()).json()) as object), certificates: [{ ...row, problem: null }] };
        await route.fulfill({ json: told });
      });
      await page.route("**/central-systems/*/install-root", (route) => route.fulfill({ json: told }));
      await bench.open(idOf("ev-central-system"));
      await page.locator("summary", { has: page.getByText("Zertifikate", { exact: false }) }).click();
      const root = page.getByRole("button", { name: "Stammzertifikat installieren" });
      await root.click();
      await page.getByText("CP1 hat das Stammzertifikat angenommen.").waitFor();
      assert.equal(await root.isEnabled(), true);
      await bench.leave("cancel");
      await page.unrouteAll({ behavior: "wait" });
    });

    it("has room for the longer words of other languages in long dialogs", async () => {
      for (const type of sample(LONG_DIALOGS, 3)) {
        await bench.open(idOf(type));
        await assertWhole(bench);
        await bench.leave("cancel");
      }
    });

    it("folds what is as usual, and opens what is not or is wrong", async () => {
      const { page } = bench.editor;
      await bench.open(idOf("ev-site"));
      assert.deepEqual(await page.evaluate(OPEN), ["roles otherUsers flows"]);
      await bench.leave("cancel");
      await bench.open(idOf("ev-central-system"));
      assert.deepEqual(await page.evaluate(OPEN), ["host path tls"]);
      await bench.put("#node-config-input-pingS", "never");
      await page.locator("#ev-problem-pingS").waitFor({ state: "visible" });
      await bench.leave("cancel");
      await bench.open(idOf("ev-charge-point"));
      assert.deepEqual(await page.evaluate(OPEN), []);
      await page
        .locator(".red-ui-editableList:has(#ev-charge-point-connectors) .red-ui-editableList-addButton")
        .click();
      await page.locator("#node-config-input-stationLimitA").waitFor({ state: "visible" });
      await bench.leave("cancel");
    });
  });

  if (!isFull) continue;
  describe(`the long dialogs, on Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DialogBench;

    before(async () => {
      bench = await DialogBench.start(major, await oneOfEach());
    });
    after(() => bench?.stop());

    for (const type of LONG_DIALOGS)
      it(`show ${type} without anything cut off`, async () => {
        await bench.open(idOf(type));
        await bench.editor.picture(`${major}-${type}`);
        await assertWhole(bench);
        await bench.leave("cancel");
      });
  });
}
