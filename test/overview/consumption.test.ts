import { strict as assert } from "node:assert";
import type { MeasurementPayload } from "../../lib/messages.ts";
import type { BoardReading } from "../../lib/metering/meter-board.ts";
import { answerConsumption, Consumption } from "../../lib/overview/consumption.ts";
import type { SessionRecord } from "../../lib/store/books/session-types.ts";
import type { JsonValue } from "../../lib/units.ts";
import { charger, treeOf, zone } from "../building/plant.ts";

const METER = { location: "including", staleAfterS: 10, onStale: "failSafe", fallbackA: null } as const;
const tree = (name = "garage") =>
  treeOf(
    [
      zone("main", { meters: [{ meter: "grid", ...METER }], consumptionMeter: "grid" }),
      zone("z1", { name, parentNodeId: "main", meters: [{ meter: "sub", ...METER }], consumptionMeter: "sub" }),
    ],
    [charger("A", "z1")],
  );

describe("the consumption of zones", () => {
  const documents = new Map<string, JsonValue>();
  let wallMs: number;
  let consumption: Consumption;
  const store = {
    document: (key: string) => documents.get(key),
    saveDocument: (key: string, value: JsonValue) => void documents.set(key, value),
  };
  const start = (name?: string) => {
    consumption = new Consumption(
      store,
      () => "Europe/Berlin",
      () => wallMs,
    );
    consumption.configure(tree(name));
  };
  const sample = (gridWh: number, subWh: number | null) => {
    const reading = (energyImportWh: number | null): BoardReading => ({
      payload: { quality: "good", energyImportWh } as MeasurementPayload,
      ...{ atMs: wallMs, badSinceMs: null },
    });
    const readings = new Map([
      ["grid", reading(gridWh)],
      ["sub", reading(subWh)],
    ]);
    consumption.sample(readings, wallMs);
  };
  const session = (news: "open" | "close", energyWh: number | null, zoneName = "garage") =>
    consumption.session(news, { id: "A-1", zone: zoneName, energyWh } as SessionRecord);
  const pass = (hours: number) => {
    wallMs += hours * 3_600_000;
  };

  beforeEach(() => {
    documents.clear();
    wallMs = Date.parse("2026-05-31T20:00:00Z");
    start();
  });

  it("counts by the day and month of the place, with the cars' part in all zones above", () => {
    sample(1_000_000, 50_000);
    pass(1);
    sample(1_003_000, 51_000);
    session("open", null);
    pass(2);
    session("close", 1500);
    sample(1_007_000, 52_600);
    assert.deepEqual(consumption.rows("day", "main"), [
      { zone: "main", meter: "grid", period: "2026-05-31", energyWh: 3000, carsWh: 0, othersWh: 3000 },
      { zone: "main", meter: "grid", period: "2026-06-01", energyWh: 4000, carsWh: 1500, othersWh: 2500 },
    ]);
    const months = consumption
      .rows("month", "garage")
      .map(({ period, energyWh, carsWh }) => [period, energyWh, carsWh]);
    assert.deepEqual(months, [
      ["2026-05", 1000, 0],
      ["2026-06", 1600, 1500],
    ]);
    assert.deepEqual(consumption.state("main"), { dayWh: 4000, monthWh: 4000, carsMonthWh: 1500 });
  });

  it("names the days and months that begin in a span, and no others", () => {
    sample(1_000_000, null);
    for (let day = 0; day < 3; day++) {
      pass(24);
      sample(1_000_000 + 5000 * (day + 1), null);
    }
    const periods = (fromDay: string, toDay: string) => consumption.between(fromDay, toDay).map(({ period }) => period);
    assert.deepEqual(periods("2026-05-31", "2026-06-02"), ["2026-06-01"]);
    assert.deepEqual(periods("2026-06-01", "2026-07-01"), ["2026-06-01", "2026-06-02", "2026-06-03", "2026-06"]);
    assert.deepEqual(periods("2026-06-02", "2026-06-02"), []);
  });

  it("goes on after a restart and under another name, and counts nothing twice", () => {
    sample(1_000_000, 50_000);
    session("open", 200);
    pass(0.5);
    sample(1_001_000, 50_500);
    consumption.save();
    session("close", 900);
    start("cellar");
    pass(0.5);
    sample(1_002_000, 51_000);
    session("close", 900, "cellar");
    const [row] = consumption.rows("day", "cellar");
    assert.deepEqual([row?.energyWh, row?.carsWh], [1000, 900]);
  });

  it("believes no leap, and a counter that begins anew goes on", () => {
    sample(1_000_000, 50_000);
    pass(0.1);
    sample(900_000_000, 50_100);
    pass(0.1);
    sample(1_000_500, 0);
    pass(0.1);
    sample(1_000_600, 100);
    assert.equal(consumption.rows("day", "main")[0]?.energyWh, 600);
    assert.ok(consumption.rows("day", "garage")[0]!.energyWh <= 300);
  });

  it("is written as a table, and names a field that is wrong", () => {
    sample(1_000_000, 50_000);
    pass(1);
    sample(1_003_500, null);
    const { payload, count } = answerConsumption(
      { topic: "consumption/main", payload: { by: "month", format: "csv", separator: ";", decimal: "," } },
      consumption,
    );
    assert.equal(count, 1);
    assert.equal(payload, "zone;meter;period;energyKWh;carsKWh;othersKWh\r\nmain;grid;2026-05;3,5;0;3,5\r\n");
    assert.throws(
      () => answerConsumption({ topic: "consumption", payload: { by: "year" } }, consumption),
      /payload\.by/,
    );
  });
});
