import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChargePointPlacement, ZoneDefinition } from "../lib/dlm/topology/plant.ts";
import { Site } from "../lib/site/site.ts";
import type { ChargePointDefinition } from "../lib/station/types.ts";
import { charger, METER, zone } from "./building/plant.ts";
import { FakeClock } from "./fake-clock.ts";

describe("A site", () => {
  const sites: Site[] = [];
  let dataDir: string;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "phasewise-site-"));
  });
  afterEach(() => {
    for (const site of sites.splice(0)) site.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const open = (folder = dataDir): Site => {
    const site = new Site({ key: "site", dataDir: folder, clock: new FakeClock() });
    sites.push(site);
    return site;
  };
  const deploy = (site: Site, zones: ZoneDefinition[], chargePoints: ChargePointPlacement[], meters = ["grid"]) => {
    for (const one of zones) site.plant.putZone(one);
    for (const one of chargePoints) site.plant.putChargePoint(one);
    site.plant.putDlm("dlm", zones[0]!.nodeId);
    site.commitPlant(meters, []);
  };

  const definition = (identity: string, safeA: number): ChargePointDefinition => ({
    identity,
    aliases: [],
    model: "auto",
    overrides: {},
    safeA,
    stationLimitA: null,
    zone: "main",
    connectors: charger(identity, "main").connectors.map((connector) => ({ ...connector, safeA })),
    password: null,
    ocpp: true,
  });
  /** As an ev-charge-point does, with a deploy that follows. */
  const deployChargers = (site: Site, safeA: number, identities: string[]) => {
    for (const identity of identities) site.describe(definition(identity, safeA));
    const placements = identities.map((identity) => {
      const { connectors } = definition(identity, safeA);
      return charger(identity, "main", { safeA, connectors });
    });
    deploy(site, [zone("main", { limitA: [40, 40, 40] })], placements);
  };
  const safeCurrents = (site: Site) =>
    site.stations.list().map(({ definition: held }) => held!.connectors.map(({ safeA }) => safeA));

  it("puts a zone tree into force that holds together", () => {
    const site = open();
    deploy(site, [zone("main", { meters: [METER] })], [charger("CP1", "main")]);
    assert.deepEqual(site.plant.errors, []);
    assert.deepEqual(
      site.plant.tree?.connectors.map(({ id }) => id),
      ["CP1/1"],
    );
  });

  it("keeps the last valid tree when a deploy is refused, and says why with the numbers", () => {
    const site = open();
    deploy(site, [zone("main")], [charger("CP1", "main")]);
    deploy(site, [zone("main", { limitA: [10, 10, 10] })], [charger("CP1", "main"), charger("CP2", "main")]);
    assert.match(site.plant.errors[0]!.text, /12 A|2 × 6 A/);
    assert.equal(site.plant.tree?.zones[0]?.zone.limitA?.toString(), "63,63,63");
  });

  it("lets chargers fall back to what was checked, not to what a refused deploy says (S5)", () => {
    const site = open();
    deployChargers(site, 6, ["CP1", "CP2", "CP3"]);
    assert.deepEqual(safeCurrents(site), [[6], [6], [6]]);
    deployChargers(site, 16, ["CP1", "CP2", "CP3"]);
    assert.match(site.plant.errors[0]!.text, /3 × 16 A safe current = 48 A, limit 40 A/);
    assert.deepEqual(safeCurrents(site), [[6], [6], [6]]);
    deployChargers(site, 13, ["CP1", "CP2", "CP3"]);
    assert.deepEqual(site.plant.errors, []);
    assert.deepEqual(safeCurrents(site), [[13], [13], [13]]);
  });

  it("lets chargers of a first deploy that is refused pause when they are left alone (S5)", () => {
    const site = open();
    deployChargers(site, 16, ["CP1", "CP2", "CP3"]);
    assert.equal(site.plant.tree, null);
    assert.deepEqual(safeCurrents(site), [[0], [0], [0]]);
  });

  it("keeps the wiring that the tree in force was checked with while a deploy is refused", () => {
    const site = open();
    deployChargers(site, 6, ["CP1"]);
    const single = definition("CP1", 6).connectors.map((connector) => ({ ...connector, phases: 1 as const }));
    site.describe({ ...definition("CP1", 6), zone: null, connectors: single });
    assert.equal(site.stations.get("CP1")?.definition?.connectors[0]?.phases, 3);
    assert.equal(site.stations.get("CP1")?.definition?.zone, "main");
    const second = single.map((connector) => ({ ...connector, number: 2 }));
    site.describe({ ...definition("CP1", 6), connectors: second });
    const { connectors } = site.stations.get("CP1")!.definition!;
    assert.deepEqual(
      connectors.map(({ number, safeA }) => [number, safeA]),
      [
        [1, 6],
        [2, 0],
      ],
    );
  });

  it("serves a charge point outside all zones as it is described", () => {
    const site = open();
    site.describe({ ...definition("CP1", 10), zone: null });
    assert.deepEqual(safeCurrents(site), [[10]]);
  });

  it("has no tree in force when the first deploy is refused", () => {
    const site = open();
    deploy(site, [zone("main", { meters: [METER] })], [charger("CP1", "main")], []);
    assert.equal(site.plant.tree, null);
    assert.match(site.plant.errors[0]!.text, /grid/);
  });

  it("remembers the last valid tree over a restart", () => {
    const before = open();
    deploy(before, [zone("main")], [charger("CP1", "main")]);
    before.close();
    sites.length = 0;
    const after = open();
    deploy(after, [zone("main", { limitA: [1, 1, 1] })], [charger("CP1", "main")]);
    assert.notEqual(after.plant.errors.length, 0);
    assert.deepEqual(
      after.plant.tree?.connectors.map(({ id }) => id),
      ["CP1/1"],
    );
  });

  it("refuses the whole tree while a charge point in it cannot be read", () => {
    const site = open();
    deploy(site, [zone("main")], [charger("CP1", "main")]);
    site.plant.putBroken("node CP2", 'charge point CP2: connectors[0].maxA is "x"');
    site.commitPlant([], []);
    assert.match(site.plant.errors[0]!.text, /CP2.*maxA/);
    assert.equal(site.plant.tree?.connectors.length, 1);
  });

  it("forgets a charge point whose node is gone, once a deploy is accepted", () => {
    const site = open();
    site.describe(definition("CP1", 6));
    deploy(site, [zone("main")], [charger("CP1", "main")]);
    site.plant.retire("chargePoint", "node CP1");
    site.commitPlant([], []);
    assert.deepEqual(site.stations.list(), []);
    assert.deepEqual(site.plant.tree?.connectors, []);
  });

  describe("with a charge point that is taken out of the flow", () => {
    const LIMIT = { limitA: 16, safeA: 6, leaseUntilMs: 60_000 };
    const takeOut = (site: Site) => {
      site.plant.retire("chargePoint", "node CP1");
      site.commitPlant([], []);
    };
    const charging = () => {
      const site = open();
      site.describe(definition("CP1", 6));
      deploy(site, [zone("main")], [charger("CP1", "main")]);
      site.stations.limits.accepted("CP1", 1, LIMIT);
      return site;
    };
    const reserved = (site: Site) =>
      site.departures.facts(site.clock.nowMs()).map(({ id, state, disconnectedA }) => [id, state, disconnectedA]);
    const pass = (site: Site, seconds: number) => (site.clock as FakeClock).advance(seconds * 1000);

    it("reserves what it was told until its lease has ended, then its safe current, and forgets it after 20 minutes (S8)", () => {
      const site = charging();
      takeOut(site);
      assert.deepEqual(site.stations.list(), []);
      assert.deepEqual(reserved(site), [["CP1/1", "offline", 16]]);
      pass(site, 91);
      assert.deepEqual(reserved(site), [["CP1/1", "offline", 6]]);
      pass(site, 20 * 60);
      assert.deepEqual(reserved(site), []);
      assert.deepEqual(site.plant.tree?.connectors, []);
    });

    it("goes on reserving after a restart (S11)", () => {
      const before = charging();
      takeOut(before);
      before.close();
      sites.length = 0;
      const after = open();
      deploy(after, [zone("main", { name: "building" })], []);
      assert.deepEqual(reserved(after), [["CP1/1", "offline", 16]]);
      assert.equal(after.plant.tree?.connectors[0]?.zone, "building");
    });

    it("lets it be taken in again", () => {
      const site = charging();
      takeOut(site);
      site.describe(definition("CP1", 6));
      deploy(site, [zone("main")], [charger("CP1", "main")]);
      assert.deepEqual(reserved(site), []);
      assert.equal(site.plant.tree?.connectors.length, 1);
      assert.equal(site.stations.list().length, 1);
    });

    it("goes on reserving in the zone above when its zone is taken out with it", () => {
      const site = open();
      site.describe({ ...definition("CP1", 6), zone: "garage" });
      deploy(site, [zone("main"), zone("garage", { parentNodeId: "main" })], [charger("CP1", "garage")]);
      site.stations.limits.accepted("CP1", 1, LIMIT);
      site.plant.retire("zone", "garage");
      takeOut(site);
      assert.equal(site.plant.tree?.connectors[0]?.zone, "main");
    });
  });

  it("runs without its database and names the path", () => {
    const file = join(dataDir, "file");
    writeFileSync(file, "");
    const site = open(join(file, "below"));
    assert.match(site.store.failure?.message ?? "", /ev-charging\.sqlite/);
    deploy(site, [zone("main")], [charger("CP1", "main")]);
    assert.notEqual(site.plant.tree, null);
  });
});
