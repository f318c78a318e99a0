import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MeasurementPayload, Quality } from "../../lib/messages.ts";
import type { BoardReading } from "../../lib/metering/meter-board.ts";
import { overviewDelta } from "../../lib/overview/delta.ts";
import type { Overview } from "../../lib/overview/types.ts";
import { overviewOf } from "../../lib/overview/view.ts";
import { Site } from "../../lib/site/site.ts";
import type { MaybeTriple } from "../../lib/units.ts";
import { Building } from "../building/building.ts";
import { charger, METER, treeOf, WIRING, zone } from "../building/plant.ts";

const ZONES = [
  zone("main", { limitA: [63, 63, 63], meters: [METER] }),
  zone("garage", { parentNodeId: "main", limitA: [20, 20, 20] }),
];
const CARS = ["CP2", "CP10"].map((identity) => charger(identity, "garage"));

describe("the overview of a site", () => {
  let dataDir: string;
  let building: Building;
  let site: Site;

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "phasewise-overview-"));
    building = new Building(treeOf(ZONES, CARS));
    site = new Site({ key: "site", dataDir, clock: building.clock });
    for (const one of ZONES) site.plant.putZone(one);
    for (const one of CARS) site.plant.putChargePoint(one);
    for (const { identity } of CARS) describeCharger(identity, "garage", false);
    site.plant.putDlm("dlm", "main");
    site.commitPlant(["grid"], []);
    building.decided = (decision) => site.decisions.set("dlm", decision);
  });
  afterEach(() => {
    site.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function describeCharger(identity: string, zoneName: string | null, ocpp: boolean): void {
    const { number, ...wiring } = WIRING;
    const connectors = [{ number, ...wiring }];
    const own = { identity, aliases: [], model: "auto", overrides: {}, safeA: 6, stationLimitA: null };
    site.describe({ ...own, zone: zoneName, connectors, password: null, ocpp });
  }

  function look(currentA: MaybeTriple = [5, 6, 7], quality: Quality = "good", more: object = {}): Overview {
    const payload = { currentA, quality, powerW: 4142.7, socPercent: null } as MeasurementPayload;
    const grid: BoardReading = { payload, atMs: 1000, badSinceMs: null };
    return overviewOf(site, {
      nowMs: building.clock.nowMs(),
      sites: [{ id: "site", name: "House" }],
      readings: new Map([["grid", grid]]),
      meters: new Map([["grid", "dlm"]]),
      foreignMeters: new Set(),
      backEnds: [],
      exposed: [],
      ...more,
    });
  }

  const run = (seconds: number) => {
    building.runtime.start();
    building.run(seconds);
  };

  it("shows each zone with what its meter reads now, not at the last decision", () => {
    run(60);
    const [main] = look([40.04, -3, 12]).zones;
    assert.deepEqual([main!.id, main!.parent, main!.nodeId], ["main", null, "main"]);
    assert.deepEqual(main!.limitA, [63, 63, 63]);
    assert.deepEqual(main!.loadA, [40, -3, 12]);
  });

  it("adds up a zone without a meter from its chargers, and says what they are promised", () => {
    run(120);
    const garage = look().zones[1]!;
    assert.equal(garage.parent, "main");
    assert.ok(garage.chargersA[0] > 15, `${garage.chargersA[0]} A`);
    assert.deepEqual(garage.loadA, garage.chargersA);
    assert.ok(garage.promisedA![0] >= garage.chargersA[0] - 0.5 && garage.promisedA![0] <= 20);
  });

  it("names what binds: the full phase of the zone and how many cars it holds back", () => {
    run(120);
    const { binding } = look().zones[1]!;
    assert.deepEqual([binding?.kind, binding?.code, binding?.cars], ["limit", "ZONE", 2]);
    assert.ok([1, 2, 3].includes(binding!.phase!));
    assert.equal(look().zones[0]!.binding, null);
  });

  it("says first of all that a phase is over its limit, and never takes a bad meter for no load", () => {
    run(60);
    assert.deepEqual(look([5, 70, 5]).zones[0]!.binding, { kind: "over", code: null, phase: 2, cars: 0 });
    assert.deepEqual(look([5, 70, 5], "bad").zones[0]!.loadA, [null, null, null]);
    building.meterAlive = false;
    building.run(20);
    const [main] = look([5, 6, 7]).zones;
    assert.equal(main!.binding?.kind, "failSafe");
    assert.deepEqual(main!.loadA, [null, null, null]);
    assert.equal(look().meters[0]!.doubt, "stale");
  });

  it("lists chargers by zone and number, with setpoint, draw, and the reason without the current before it", () => {
    run(120);
    for (const [id, { limitA }] of Object.entries({ "CP2/1": { limitA: 10 }, "CP10/1": { limitA: 9.96 } }))
      site.board.set(id, { limitA, atMs: building.clock.nowMs(), cycleS: 5, zone: "garage" });
    const { chargers } = look();
    assert.deepEqual(
      chargers.map(({ id, setpointA, zone: name, kind }) => [id, setpointA, name, kind]),
      [
        ["CP2/1", 10, "garage", "charging"],
        ["CP10/1", 10, "garage", "charging"],
      ],
    );
    assert.match(chargers[0]!.why, /^L[123] of zone garage is full \(20 A\), shared by 2 cars/);
    assert.ok(chargers[0]!.measuredA! > 8);
    assert.equal(chargers[0]!.lease, null);
  });

  it("says that a charger which draws more than it may is in trouble", () => {
    run(60);
    building.cars.get("CP2/1")!.delayMs = 1e9;
    building.houseA = [58, 58, 58];
    building.run(90);
    const kinds = Object.fromEntries(look().chargers.map(({ id, kind }) => [id, kind]));
    assert.equal(kinds["CP2/1"], "trouble");
    assert.notEqual(kinds["CP10/1"], "trouble");
  });

  it("says of a charger that was stopped for a breaker why it was, also when its car does not ask any more", () => {
    run(60);
    building.cars.get("CP2/1")!.delayMs = 1e9;
    building.houseA = [80, 80, 80];
    const car = building.cars.get("CP2/1")!;
    building.run(120, () => {
      if (building.board.stop("CP2/1")) car.state = "available";
    });
    assert.equal(car.state, "available");
    const stopped = look().chargers.find(({ id }) => id === "CP2/1")!;
    assert.equal(stopped.kind, "trouble");
    assert.match(stopped.why, /^stopped: L\d of zone \w+ carried/);
  });

  it("shows a charger that no zone holds, and one that has never connected, as what they are", () => {
    describeCharger("AWAY", null, true);
    const away = look().chargers.at(-1)!;
    assert.deepEqual([away.id, away.kind, away.zone, away.measuredA], ["AWAY/1", "offline", null, null]);
    assert.equal(look().chargers[0]!.kind, "unknown");
  });

  it("shows meters of its zones and of nobody's, none of another site's", () => {
    const meters = new Map([
      ["grid", "dlm"],
      ["roof", "pv"],
      ["other house", "dlm"],
      ["new", null],
    ]);
    const shown = look([1, 2, 3], "good", { meters, foreignMeters: new Set(["other house"]) }).meters;
    assert.deepEqual(
      shown.map(({ id, zones, role, quality, powerW }) => [id, zones, role, quality, powerW]),
      [
        ["grid", ["main"], "dlm", "good", 4143],
        ["new", [], null, null, null],
        ["roof", [], "pv", null, null],
      ],
    );
  });

  it("lists alarms with the worst first, and findings with the errors first and only once", () => {
    const source = site.alarms.list.source("test");
    source.raise({ key: "a/1", severity: "warning", text: "slow", action: "Wait." });
    source.raise({ key: "b/1", severity: "alarm", text: "hot", action: "Cool it." }, "main");
    site.alarms.list.acknowledge("a/1", "Ana", "seen");
    const { alarms } = look();
    assert.deepEqual(
      alarms.map(({ id, location, acknowledged }) => [id, location, acknowledged?.by ?? null]),
      [
        ["b/1", "main", null],
        ["a/1", null, "Ana"],
      ],
    );
    site.plant.putZone(zone("lost", { parentNodeId: "nowhere" }));
    site.commitPlant(["grid"], []);
    const { findings, plant } = look();
    assert.equal(plant[0]!.tree, "refused");
    assert.equal(findings[0]!.severity, "error");
    assert.equal(new Set(findings.map(({ id }) => id)).size, findings.length);
  });

  it("tells a load management that runs from one that does not", () => {
    assert.equal(look().plant[0]!.tree, "loose");
    run(60);
    assert.equal(look().plant[0]!.tree, "controlled");
    building.runtime.close();
    building.clock.advance(200_000);
    assert.equal(look().plant[0]!.tree, "loose");
  });

  it("does not change while nothing changes", () => {
    run(60);
    assert.equal(overviewDelta(look(), look()), null);
  });
});
