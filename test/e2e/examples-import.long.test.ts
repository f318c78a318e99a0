import { strict as assert } from "node:assert";
import type { Browser } from "playwright-core";
import { isFull } from "../full.ts";
import { Editor, launch, needsBrowser, still } from "./browser.ts";
import { examples, readExample } from "./flows.ts";
import { NodeRed, STORY_MAJORS } from "./node-red.ts";
import { addModule, NAME } from "./package.ts";

/** Otherwise one of them is, step by step as the README says (`first-charge.ts`), and all are deployed together. */
for (const major of isFull ? STORY_MAJORS : []) {
  describe(`the editor of Node-RED ${major}, given an example`, function () {
    needsBrowser(this);
    let nodeRed: NodeRed;
    let browser: Browser;
    let editor: Editor;

    before(async () => {
      const prepare = async (userDir: string) => {
        for (const name of ["node-red-node-email", "@flowfuse/node-red-dashboard"]) await addModule(userDir, name);
      };
      [nodeRed, browser] = await Promise.all([NodeRed.start(major, { prepare }), launch()]);
      // An imported example meets nothing of its own kind.
      await nodeRed.deploy([]);
      editor = await Editor.open(browser, nodeRed.url);
      await still(editor.page);
    });
    beforeEach("empty the editor", () => editor.page.evaluate("RED.nodes.clear()"));
    after(async () => {
      await browser?.close();
      await nodeRed?.stop();
    });

    for (const file of examples()) {
      it(`imports ${file} without a complaint`, async () => {
        const served = await nodeRed.get(
          `/library/examples/flows/${NAME}/${encodeURIComponent(file.replace(/\.json$/, ""))}`,
        );
        assert.deepEqual(served, readExample(file));
        await editor.page.evaluate(
          `RED.view.importNodes(${JSON.stringify(served)}, { addFlow: false, touchImport: true })`,
        );
        const imported = await editor.page.evaluate("RED.nodes.createCompleteNodeSet({ credentials: false }).length");
        assert.equal(imported, (served as unknown[]).length);
        assert.deepEqual(await editor.invalid(), [], file);
        editor.assertQuiet();
      });
    }
  });
}
