import { strict as assert } from "node:assert";
import { needsBrowser } from "./browser.ts";
import { DialogBench } from "./dialogs.ts";
import { freePort } from "./net.ts";
import { STORY_MAJORS } from "./node-red.ts";

for (const major of STORY_MAJORS) {
  describe(`what a new node chooses by itself, on Node-RED ${major}`, function () {
    needsBrowser(this);
    let bench: DialogBench;

    before(async () => {
      const port = await freePort();
      bench = await DialogBench.start(major, [
        { id: "tab", type: "tab", label: "cellar" },
        { id: "s-one", type: "ev-site", name: "Home" },
        { id: "cs", type: "ev-central-system", site: "s-one", host: "127.0.0.1", port },
        { id: "line", type: "ev-modbus", host: "127.0.0.1" },
        { id: "z-main", type: "ev-zone", site: "", name: "Main" },
        { id: "cp", type: "ev-charge-point", centralSystem: "cs", zone: "z-main", identity: "CP1" },
      ]);
    });
    after(() => bench?.stop());

    const remove = (id: string) => bench.editor.page.evaluate(`RED.nodes.remove(${JSON.stringify(id)})`);
    /** A second node of a type of config nodes. */
    const addOther = (type: string, more: object) =>
      bench.editor.page.evaluate(`RED.nodes.import([${JSON.stringify({ id: "other", type, ...more })}])`);

    it("takes the only site, server, zone and connection", async () => {
      for (const [type, property, chosen] of [
        ["ev-zone", "site", "s-one"],
        ["ev-central-system", "site", "s-one"],
        ["ev-sessions", "site", "s-one"],
        ["ev-charge-point", "centralSystem", "cs"],
        ["ev-charge-point", "zone", "z-main"],
        ["ev-event", "centralSystem", "cs"],
        ["ev-dlm", "zone", "z-main"],
        ["ev-limit", "zone", "z-main"],
        ["ev-meter", "bus", "line"],
      ] as const) {
        const id = await bench.add(type);
        assert.equal(await bench.value(id, property), chosen, `${type} ${property}`);
        await remove(id);
      }
      bench.editor.assertQuiet();
    });

    it("takes none of several, and says so of a site", async () => {
      await addOther("ev-site", { name: "Office" });
      const id = await bench.add("ev-zone");
      assert.equal(await bench.value(id, "site"), "");
      await bench.open(id);
      await bench.leave("ok");
      assert.ok((await bench.errors(id)).includes("Site: choose one; there are several: Home, Office"));
      await remove(id);
      await remove("other");
    });

    it("leaves a node as it was in the flow file", async () => {
      await bench.open("z-main");
      await bench.leave("ok");
      assert.equal(await bench.value("z-main", "site"), "");
    });

    it("does not offer sites, servers and charge points as unused", async () => {
      const { page } = bench.editor;
      const unused = await page.evaluate(
        "(() => { const found = []; RED.nodes.eachConfig((node) => { if (node._def.hasUsers !== false && node.users.length === 0) found.push(node.type); }); return found; })()",
      );
      assert.deepEqual(unused, ["ev-modbus"]);
      assert.deepEqual(
        await page.evaluate(
          "['ev-site', 'ev-central-system', 'ev-charge-point'].map((type) => RED.nodes.getType(type).hasUsers)",
        ),
        [false, false, false],
      );
    });
  });
}
