import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Editor, launch, needsBrowser } from "./browser.ts";
import { NodeRed, STORY_MAJORS } from "./node-red.ts";
import { idOf, oneOfEach } from "./one-of-each.ts";
import { ROOT } from "./package.ts";

const MODULE = "@phasewise/node-red-ev-charging";
/** What browsers ask for help in, and the folder of ours that fits. */
const ASKED = { "de-DE": "de", fr: "fr", "nl-NL": "nl", "pt-BR": "en-US" };
/** Where the editor gets catalogues from: those of nodes, and those of its other parts. */
const CATALOGUES = ["/nodes/messages", "/plugins/messages"];

const locales = (language: string): string => join(ROOT, "nodes/locales", language);

/** The first line of a node's help, which the palette shows. */
function firstLine(file: string): string {
  return /data-help-name="[^"]+">\n(.+)/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
}

for (const major of STORY_MAJORS) {
  describe(`the languages of the editor of Node-RED ${major}`, () => {
    let nodeRed: NodeRed;
    before(async () => {
      nodeRed = await NodeRed.start(major);
    });
    after(() => nodeRed?.stop());

    for (const [asked, language] of Object.entries(ASKED)) {
      it(`are the ${language} texts and help for somebody who reads ${asked}`, async () => {
        const catalogues: Record<string, unknown> = {};
        for (const path of CATALOGUES) Object.assign(catalogues, await nodeRed.get(`${path}?lng=${language}`));
        for (const file of readdirSync(locales(language)).filter((name) => name.endsWith(".json"))) {
          const type = file.replace(".json", "");
          const wanted: unknown = JSON.parse(readFileSync(join(locales(language), file), "utf8"));
          assert.deepEqual(catalogues[`${MODULE}/${type}`], wanted, type);
        }
        const headers = { Accept: "text/html", "Accept-Language": asked };
        const page = await (await fetch(`${nodeRed.url}/nodes`, { headers })).text();
        for (const file of readdirSync(locales("de")).filter((name) => name.endsWith(".html"))) {
          const source = language === "en-US" ? join(ROOT, "nodes", file) : join(locales(language), file);
          const sentence = firstLine(source);
          assert.ok(sentence.length > 10 && page.includes(sentence), `${file}: ${sentence}`);
        }
      });
    }

    describe("for somebody who reads Dutch, which Node-RED has no texts in", function () {
      needsBrowser(this);

      it("are Dutch, and so are numbers", async () => {
        const flow = await oneOfEach();
        await nodeRed.deploy(flow);
        const browser = await launch();
        try {
          const editor = await Editor.open(browser, nodeRed.url, "nl-NL");
          await editor.page.evaluate(`RED.editor.edit(RED.nodes.node(${JSON.stringify(idOf("ev-dlm"))}))`);
          await editor.page.locator(".red-ui-tray").getByText("Stroom stijgt met").waitFor();
          assert.equal(await editor.page.locator("#node-input-rampUpAps").inputValue(), "0,5");
          editor.assertQuiet();
        } finally {
          await browser.close();
        }
      });
    });
  });
}
