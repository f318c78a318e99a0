import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EvError } from "../../lib/errors.ts";
import type { EvSiteNode } from "../../nodes/runtime/node-types.ts";
import { dataDir, deploy, errorsOf, lastStatus, node, redeploy, stop, until } from "./helper.ts";

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

  it("knows the time zone of its place, and refuses one that is none", async () => {
    const zone = (id: string, timeZone: string) => ({ id, type: "ev-site", dataDir: join(dataDir, id), timeZone });
    await deploy(["ev-site"], [zone("site", "Europe/Berlin"), zone("other", "Mars/Base")]);
    assert.equal(node<EvSiteNode>("site").site?.timeZone, "Europe/Berlin");
    assert.match(errorsOf("other")[0]?.message ?? "", /timeZone is "Mars\/Base"; it must be empty, or a time zone/);
  });

  it("takes a tariff, and names what is wrong with one", async () => {
    const site = (id: string, tariff: object | null) => ({ id, type: "ev-site", dataDir: join(dataDir, id), tariff });
    await deploy(
      ["ev-site"],
      [
        { ...site("swiss", { perKWh: "0.35", perHour: "", currency: "" }), country: "CH" },
        site("free", { perKWh: "", perHour: "", currency: "EUR" }),
        site("dear", { perKWh: -1 }),
        site("odd", { perKWh: 1, currency: "euro" }),
      ],
    );
    assert.deepEqual(node<EvSiteNode>("swiss").site?.tariff, { perKWh: 0.35, perHour: 0, currency: "CHF" });
    assert.equal(node<EvSiteNode>("free").site?.tariff, null);
    assert.match(errorsOf("dear")[0]?.message ?? "", /tariff\.perKWh is -1; it must be a number from 0/);
    assert.match(errorsOf("odd")[0]?.message ?? "", /tariff\.currency is "euro"; it must be empty, or three capital/);
  });

  it("goes on without its database, with a red status that names the path", async () => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, "file"), "");
    await deploy(["ev-site"], [{ id: "site", type: "ev-site", dataDir: join(dataDir, "file", "below") }]);
    assert.equal((errorsOf("site")[0] as { code?: string }).code, "EV_STORE_OPEN");
    assert.equal(lastStatus("site")?.fill, "red");
    assert.notEqual(node<EvSiteNode>("site").site, undefined);
  });

  it("says once, however often it is deployed, that its database was damaged and what became of it", async () => {
    mkdirSync(join(dataDir, "a"), { recursive: true });
    writeFileSync(join(dataDir, "a", "ev-charging.sqlite"), "");
    const flow = [{ id: "site", type: "ev-site", dataDir: join(dataDir, "a") }];
    const warnings = () => {
      const spied = node("site") as unknown as { warn: { getCalls(): { args: unknown[] }[] } };
      return spied.warn.getCalls().map(({ args }) => String(args[0]));
    };
    await deploy(["ev-site"], flow);
    assert.ok(
      warnings().some((text) => text.includes("records, badges and sessions begin anew")),
      warnings().join(),
    );
    const before = warnings().length;
    await redeploy([{ ...flow[0]!, name: "House" }]);
    assert.equal(warnings().length, before);
    assert.equal(node<EvSiteNode>("site").site?.store.failure, null);
  });

  it("says by name, and once, that records cannot be written any more", async () => {
    await deploy(["ev-site"], [{ id: "site", type: "ev-site", dataDir: join(dataDir, "a") }]);
    const { store } = node<EvSiteNode>("site").site!;
    const failure = new EvError("EV_STORE_WRITE", "limits could not be written: database or disk is full");
    Object.defineProperty(store, "failure", { configurable: true, get: () => failure });
    await until("it is named", () => lastStatus("site")?.fill === "red");
    assert.deepEqual(errorsOf("site"), [failure]);
    Object.defineProperty(store, "failure", { get: () => null });
    await until("it is over", () => lastStatus("site")?.fill === "green");
    assert.equal(errorsOf("site").length, 1);
  });
});
