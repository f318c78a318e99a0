import { strict as assert } from "node:assert";
import { Building } from "../../building/building.ts";
import { charger, METER, treeOf, zone } from "../../building/plant.ts";

const LIMIT_W = 30_000;
const WINDOW_S = 900;

const garage = (demandLimitW: number | null = LIMIT_W) =>
  treeOf(
    [zone("main", { limitA: [125, 125, 125], demandLimitW, demandWindowS: WINDOW_S, meters: [METER] })],
    ["A", "B", "C"].map((identity) => charger(identity, "main")),
  );

/** Runs, and notes the power of each second. */
function follow(building: Building, seconds: number, loads: number[]): void {
  building.run(seconds, () => loads.push(building.loadA.reduce((sum, amps) => sum + amps * 230, 0)));
}

/** The highest mean of any window, W. */
function highestMean(loads: readonly number[]): number {
  let sum = 0;
  let highest = 0;
  for (const [second, w] of loads.entries()) {
    sum += w - (loads[second - WINDOW_S] ?? 0);
    if (second >= WINDOW_S - 1) highest = Math.max(highest, sum / WINDOW_S);
  }
  return highest;
}

describe("the demand limit of a zone", () => {
  it("is kept by lowering cars, says why, and notes the month's peak", () => {
    const building = new Building(garage());
    const loads: number[] = [];
    building.houseA = [10, 10, 10];
    building.runtime.start();
    follow(building, 1200, loads);
    building.houseA = [35, 35, 35];
    follow(building, 600, loads);
    building.houseA = [5, 5, 5];
    follow(building, 1800, loads);
    const meanW = highestMean(loads);
    assert.ok(meanW <= LIMIT_W, `${meanW} W`);
    assert.ok(meanW > 0.85 * LIMIT_W, `${meanW} W`);
    assert.match(
      building.last("A/1").payload.text,
      /outside limit of zone main is reached \(.* kW, so that the mean over 15 minutes stays below 30 kW\)/,
    );
    const { demand } = building.zones.at(-1)!.payload;
    assert.ok(demand && demand.limitW === LIMIT_W && demand.meanW <= LIMIT_W && demand.peakW !== null);
    assert.ok(demand.peakW > 20_000 && demand.peakW <= LIMIT_W, `${demand.peakW} W`);
    assert.deepEqual(building.alarms, []);
  });

  it("holds over a restart, and lets a person see that the others alone exceed it", () => {
    const building = new Building(garage());
    const loads: number[] = [];
    building.houseA = [10, 10, 10];
    building.runtime.start();
    follow(building, 1200, loads);
    building.runtime.close();
    building.runtime = building.create(building.saved);
    building.runtime.start();
    follow(building, 900, loads);
    assert.ok(highestMean(loads) <= LIMIT_W, `${highestMean(loads)} W`);
    building.houseA = [60, 60, 60];
    follow(building, 900, loads);
    assert.equal(building.limit("A/1"), 0);
    assert.ok(building.zones.at(-1)!.payload.demand!.meanW > LIMIT_W);
    assert.ok(!building.alarms.some(({ topic }) => topic.startsWith("alarm/guard")), JSON.stringify(building.alarms));
  });

  it("takes the windows of the supplier's clock, and refuses pulses for a zone without a demand limit", () => {
    const building = new Building(garage());
    building.runtime.start();
    follow(building, 60, []);
    building.runtime.input({ topic: "demand/main", payload: true });
    follow(building, 30, []);
    assert.ok(building.zones.at(-1)!.payload.demand!.meanW > 0);
    const other = new Building(garage(null));
    assert.throws(() => other.runtime.input({ topic: "demand/main" }), /topic is "demand\/main".*with a demand limit/);
  });
});
