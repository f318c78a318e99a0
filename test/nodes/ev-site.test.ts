import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EvSiteNode } from "../../nodes/ev-site.ts";
import { dataDir, deploy, errorsOf, lastStatus, node, stop } from "./helper.ts";

describe("ev-site", () => {
  afterEach(stop);

  it("opens its database in the folder given", async () => {
    await deploy(["ev-site"], [{ id: "site", type: "ev-site", dataDir: join(dataDir, "a") }]);
    assert.equal(existsSync(join(dataDir, "a", "ev-charging.sqlite")), true);
    assert.equal(node<EvSiteNode>("site").site?.store.failure, null);
  });

  it("names the property that is wrong and starts nothing", async () => {
    await deploy(["ev-site"], [{ id: "site", type: "ev-site", dataDir, voltageV: "much" }]);
    assert.equal(node<EvSiteNode>("site").site, undefined);
    assert.match(errorsOf("site")[0]?.message ?? "", /voltageV is "much"; it must be a number from 100 to 300/);
    assert.equal(lastStatus("site")?.fill, "red");
  });

  it("goes on without its database, with a red status that names the path", async () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, "file"), "");
    await deploy(["ev-site"], [{ id: "site", type: "ev-site", dataDir: join(dataDir, "file", "below") }]);
    assert.equal((errorsOf("site")[0] as { code?: string }).code, "EV_STORE_OPEN");
    assert.equal(lastStatus("site")?.fill, "red");
    assert.notEqual(node<EvSiteNode>("site").site, undefined);
  });
});
