import { strict as assert } from "node:assert";
import type { CycleDecision } from "../../lib/dlm/runtime/runtime.ts";
import { LoadHistory } from "../../lib/overview/load-history.ts";
import { type ChargerRow, chargerRows, type RowSource, totalsRow, zoneRows } from "../../lib/overview/rows.ts";
import { type ChargerItem, EMPTY_OVERVIEW, type MeterItem, type ZoneItem } from "../../lib/overview/types.ts";
import { answerViews } from "../../lib/overview/views.ts";
import { Building } from "../building/building.ts";
import { charger, METER, treeOf, zone } from "../building/plant.ts";

const WALL_MS = Date.parse("2026-06-01T12:00:00Z");
const CONTEXT = {
  wallMs: WALL_MS,
  siteName: "Car park",
  history: new LoadHistory({ save: () => {}, load: () => undefined }),
};

const zoneItem = (id: string, more: Partial<ZoneItem> = {}): ZoneItem => ({
  ...{ id, nodeId: id, parent: null, limitA: [32, 32, 32], loadA: [10, 20, 30], chargersA: [6, 6, 6] },
  ...{ binding: null, outside: null, meters: [], promisedA: null },
  ...more,
});
const chargerItem = (chargePoint: string, more: Partial<ChargerItem> = {}): ChargerItem => ({
  ...{ id: `${chargePoint}/1`, chargePoint, connector: 1, zone: "garage", kind: "charging", state: "Charging." },
  ...{ setpointA: 10.5, maxA: 32, measuredA: 10, why: "the minimum", lease: null, hint: "" },
  ...{ name: "", pointName: "", place: "" },
  ...more,
});
const meterItem = (
  id: string,
  role: string | null,
  powerW: number | null,
  more: Partial<MeterItem> = {},
): MeterItem => ({
  ...{ id, role, powerW, zones: [], quality: "good", doubt: null, currentA: [null, null, null] },
  ...{ socPercent: null, atMs: 0 },
  ...more,
});

describe("rows for a dashboard", () => {
  let decision: CycleDecision;
  let building: Building;

  beforeEach(() => {
    const zones = [zone("main", { meters: [METER] }), zone("garage", { parentNodeId: "main" })];
    building = new Building(treeOf(zones, [charger("A", "garage"), charger("B", "garage")]));
    building.decided = (one) => {
      decision = one;
    };
    building.runtime.start();
    building.run(60);
  });

  const source = (more: Partial<RowSource["overview"]> = {}, language: RowSource["language"] = "en-US"): RowSource => ({
    overview: {
      ...EMPTY_OVERVIEW,
      zones: [zoneItem("main"), zoneItem("garage", { parent: "main" })],
      chargers: [chargerItem("A"), chargerItem("B")],
      ...more,
    },
    decision,
    voltageV: 230,
    language,
    timeZone: "UTC",
  });
  const charging = (more: Partial<ChargerItem>, language?: RowSource["language"]): ChargerRow =>
    chargerRows(source({ chargers: [chargerItem("A", more)] }, language))[0]!;

  it("of chargers say the name and the place, and the identity where two have the same name", () => {
    const called = (name: string) => ({ name, pointName: name, place: "level −1" });
    const row = charging(called("Bay 12"));
    assert.deepEqual([row.charger, row.place, row.chargePoint, row.target], ["Bay 12", "level −1", "A", "A/1"]);
    const twins = [chargerItem("A", called("Bay 12")), chargerItem("B", called("Bay 12"))];
    const rows = chargerRows(source({ chargers: twins }));
    assert.deepEqual(
      rows.map(({ charger }) => charger),
      ["Bay 12 (A)", "Bay 12 (B)"],
    );
  });

  it("of zones tell their depth, the fullest phase and how they are in a sentence", () => {
    const [main, garage] = zoneRows(source());
    assert.deepEqual([main?.depth, garage?.depth, garage?.parent], [0, 1, "main"]);
    assert.deepEqual([main?.phase, main?.usedA, main?.ofA, main?.usedPercent], [3, 30, 32, 94]);
    assert.deepEqual([main?.state, main?.text, main?.mode], ["fine", "Every car gets what it can use", "fast"]);
  });

  it("of zones say when another zone above holds their cars back, and when that one is in fail-safe", () => {
    building.houseA = [50, 50, 50];
    building.run(90);
    assert.match(zoneRows(source())[1]!.text, /^main holds [12] cars? back$/);
    building.meterAlive = false;
    building.run(40);
    assert.match(zoneRows(source())[1]!.text, /safe current/);
  });

  for (const [item, state, text] of [
    [{ binding: { kind: "limit", code: "ZONE", phase: 2, cars: 3 } }, "full", "L2 is full and holds 3 cars back"],
    [{ binding: { kind: "limit", code: "POWER", phase: null, cars: 1 } }, "full", "Its limit holds 1 car back"],
    [{ binding: { kind: "over", code: null, phase: 1, cars: 0 } }, "over", /^L1 is over its limit/],
    [{ binding: { kind: "failSafe", code: null, phase: null, cars: 0 } }, "failSafe", /^A meter does not answer/],
    [{ loadA: [null, null, null] }, "unknown", "No reading of its meter"],
    [{ chargersA: [0, 0, 0] }, "fine", "No car charges"],
    [{ loadA: [10, 31.5, 30] }, "full", "L2 is full"],
    [
      {
        binding: { kind: "limit", code: "GRID", phase: null, cars: 2 },
        outside: { limitA: null, powerW: 4200, source: "grid operator" },
      },
      "full",
      "Limited to 4.2 kW: grid operator",
    ],
  ] as [Partial<ZoneItem>, string, string | RegExp][]) {
    it(`of a zone say: ${text}`, () => {
      const [row] = zoneRows(source({ zones: [zoneItem("main", item)] }));
      assert.equal(row?.state, state);
      if (typeof text === "string") assert.equal(row?.text, text);
      else assert.match(row?.text ?? "", text);
    });
  }

  it("of zones without a reading know no percentage", () => {
    const [row] = zoneRows(source({ zones: [zoneItem("main", { loadA: [null, null, null] })] }));
    assert.deepEqual([row?.usedA, row?.usedPercent], [null, null]);
  });

  it("of chargers speak plainly, in the language of the site", () => {
    assert.deepEqual(
      [charging({}).charger, charging({}).target, charging({}).state, charging({}).why, charging({}).mode],
      ["A", "A/1", "Charging.", "The minimum", "fast"],
    );
    assert.equal(charging({ kind: "offline", state: "" }).state, "Not connected.");
    assert.equal(charging({ kind: "offline", state: "" }, "de").state, "Nicht verbunden.");
    assert.equal(charging({ kind: "trouble", hint: "check MaxCurrent" }).why, "Check MaxCurrent");
    assert.equal(charging({ kind: "free" }).why, "");
  });

  it("of charge points with several connectors name the connector", () => {
    const chargers = [chargerItem("A"), chargerItem("A", { id: "A/2", connector: 2 }), chargerItem("B")];
    const names = chargerRows(source({ chargers })).map(({ charger: name }) => name);
    assert.deepEqual(names, ["A · 1", "B"]);
  });

  it("tell what was decided by hand, at the charger, at the zone and in a list", () => {
    building.runtime.input({
      topic: "override",
      payload: { target: "A/1", limitA: 8, hours: 1, reason: "test", by: "Ana" },
    });
    building.runtime.input({
      topic: "override",
      payload: { target: "garage", mode: "pv", priorityClass: 2, reason: "sun" },
    });
    building.run(5);
    assert.match(chargerRows(source())[0]!.byHand, /^By hand until .*\d+:\d\d: Ana: test$/);
    const [main, garage] = zoneRows(source());
    assert.equal(main?.byHand, "");
    assert.match(garage?.byHand ?? "", /sun$/);
    assert.equal(garage?.mode, "pv");
    const [answer] = answerViews({ topic: "view/overrides" }, source(), CONTEXT);
    const list = answer?.payload as { target: string; what: string; by: string }[];
    assert.deepEqual(
      list.map(({ target, what, by }) => [target, what, by]),
      [
        ["A/1", "at most 8 A", "Ana"],
        ["garage", "sun only, priority 2", ""],
      ],
    );
  });

  it("add the site up: cars, troubles, powers", () => {
    const meters = [
      meterItem("grid", "dlm", -3000),
      meterItem("roof", "pv", -9000),
      meterItem("cell", "battery", 1000, { socPercent: 55 }),
    ];
    const chargers = [chargerItem("A"), chargerItem("B", { kind: "waiting" })];
    const totals = totalsRow(source({ chargers, meters }));
    assert.deepEqual([totals.chargers, totals.charging, totals.waiting, totals.troubled], [2, 1, 1, 0]);
    assert.deepEqual([totals.gridKW, totals.sunKW, totals.batteryKW, totals.batteryPercent], [-3, 9, 1, 55]);
    const { powerKW, houseKW, leftKW } = totals;
    assert.ok(Math.abs(houseKW! - Math.max(0, 5 - powerKW)) < 0.11, `${houseKW} kW with ${powerKW} kW of cars`);
    assert.ok(Math.abs(leftKW! - (powerKW + 3)) < 0.11);
  });

  it("leave open what a meter without a good reading would have to tell", () => {
    const meters = [meterItem("grid", "dlm", 2000), meterItem("roof", "pv", 5000, { quality: "stale" })];
    const totals = totalsRow(source({ meters }));
    assert.deepEqual([totals.gridKW, totals.sunKW, totals.houseKW], [2, null, null]);
  });
});

describe("a request for rows", () => {
  it("is answered with nothing before the first decision, and refused for rows that do not exist", () => {
    assert.deepEqual(answerViews({ topic: "view" }, null, CONTEXT), []);
    assert.throws(() => answerViews({ topic: "view/cellar" }, null, CONTEXT), {
      code: "EV_MESSAGE_INVALID",
      message: /view\/ and one of totals, zones, chargers/,
    });
  });
});
