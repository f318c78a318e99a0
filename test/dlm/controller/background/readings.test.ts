import { strict as assert } from "node:assert";
import fc from "fast-check";
import { ChargerReadings } from "../../../../lib/dlm/controller/background/readings.ts";
import { createDlmController } from "../../../../lib/dlm/controller/controller.ts";
import { createDlmGuard } from "../../../../lib/dlm/guard/guard.ts";
import type { ControllerResult, DlmController, Snapshot } from "../../../../lib/dlm/types.ts";
import type { JsonValue } from "../../../../lib/units.ts";
import { cases } from "../../../full.ts";
import { withCommanded } from "../bench.ts";

const LIMIT_A = 32;
const HOUSE_A = 14;
const METER_EVERY_S = 5;
/** Of the house with cars that climb. */
const CLIMB_LIMIT_A = 63;
/** A car may climb by so much unnoticed. */
const UNNOTICED_A = 0.1;

/** A house whose meter is read every 5 s, and two cars that follow at once and say every second what they draw. */
class House {
  second = 0;
  drawA = [0, 0];
  before: Record<string, number> = {};
  #meterA = 0;
  #meterS = 0;
  #controller = createDlmController({ rampUpAps: 2 });

  tick(): { snapshot: Snapshot; result: ControllerResult } {
    if (this.second % METER_EVERY_S === 0) {
      this.#meterS = this.second;
      this.#meterA = HOUSE_A + this.drawA[0]! + this.drawA[1]!;
    }
    const snapshot = this.#snapshot();
    const result = this.#controller.tick(this.second * 1000, snapshot);
    this.drawA = [0, 1].map((i) => result.setpoints[`c${i}`]!.limitA);
    this.second++;
    return { snapshot, result };
  }

  restart(): void {
    const saved = JSON.parse(JSON.stringify(this.#controller.state())) as JsonValue;
    this.#controller = createDlmController({ rampUpAps: 2 }, saved);
  }

  #snapshot(): Snapshot {
    const currentA = [this.#meterA, this.#meterA, this.#meterA];
    const meters = [{ id: "m", location: "including" as const, currentA, tsMs: this.#meterS * 1000 }];
    const connectors = this.drawA.map((drawA, i) => ({
      id: `c${i}`,
      zone: "z",
      measuredA: [drawA, drawA, drawA],
      measuredTsMs: this.second * 1000,
    }));
    return { zones: [{ id: "z", parent: null, limitA: LIMIT_A, meters }], connectors };
  }
}

describe("a meter that is read more seldom than the chargers", () => {
  for (const restarts of [false, true]) {
    it(`never lets a rise since its last reading pass for less background${restarts ? ", over restarts either" : ""}`, () => {
      const house = new House();
      const guard = createDlmGuard();
      for (let second = 0; second < 120; second++) {
        if (restarts && second % 7 === 3) house.restart();
        const { before } = house;
        const { snapshot, result } = house.tick();
        const { violations } = guard.check(second * 1000, withCommanded(snapshot, before), result.setpoints);
        assert.deepEqual(violations, [], `the guard at ${second} s`);
        house.before = Object.fromEntries(Object.entries(result.setpoints).map(([id, { limitA }]) => [id, limitA]));
        const sumA = HOUSE_A + house.drawA[0]! + house.drawA[1]!;
        assert.ok(sumA <= LIMIT_A + 1e-6, `${sumA} A at ${second} s`);
      }
      assert.ok(house.drawA[0]! + house.drawA[1]! > 17, `${house.drawA} A are used in the end`);
    });
  }
});

/** Steps are tenths of a second. */
interface ClimbPlan {
  lagSteps: number;
  meterSteps: number;
  climbAps: number;
  rampUpAps: number;
  reportS: number;
  cars: { arrivesStep: number; offsetSteps: number }[];
}

/**
 * Cars that arrive one after the other, climb to their setpoints and say every few seconds what they draw, beside a house behind a meter
 * that shows what flowed a moment before the time that its samples carry, as one does whose answers take their way.
 */
class Climb {
  readonly drawA: number[];
  setpointsA: number[];
  readonly #plan: ClimbPlan;
  readonly #controller: DlmController;
  readonly #sumsA: number[] = [];
  readonly #readings: { atMs: number; currentA: number }[];
  #meter = { atMs: 0, currentA: HOUSE_A };

  constructor(plan: ClimbPlan) {
    this.#plan = plan;
    this.#controller = createDlmController({ rampUpAps: plan.rampUpAps });
    this.drawA = plan.cars.map(() => 0);
    this.setpointsA = plan.cars.map(() => 0);
    this.#readings = plan.cars.map(() => ({ atMs: 0, currentA: 0 }));
  }

  /** A tenth of a second. */
  step(n: number): void {
    const { lagSteps, meterSteps, climbAps, reportS, cars } = this.#plan;
    for (const [i, setpointA] of this.setpointsA.entries())
      this.drawA[i] = Math.min(setpointA, this.drawA[i]! + climbAps / 10);
    this.#sumsA.push(HOUSE_A + sum(this.drawA));
    const atMs = n * 100;
    let isNew = false;
    for (const [i, { offsetSteps }] of cars.entries()) {
      if ((n + offsetSteps) % (10 * reportS) !== 0) continue;
      this.#readings[i] = { atMs, currentA: this.drawA[i]! };
      isNew = true;
    }
    if (n % meterSteps === 0) {
      this.#meter = { atMs, currentA: this.#sumsA[Math.max(0, n - lagSteps)]! };
      isNew = true;
    }
    if (isNew) this.#tick(n);
  }

  #tick(n: number): void {
    const all = (currentA: number) => [currentA, currentA, currentA] as [number, number, number];
    const meters = [
      { id: "m", location: "including" as const, currentA: all(this.#meter.currentA), tsMs: this.#meter.atMs },
    ];
    const connectors = this.#readings.map(({ atMs: measuredTsMs, currentA }, i) => ({
      id: `c${i}`,
      zone: "z",
      state: n < this.#plan.cars[i]!.arrivesStep ? ("available" as const) : ("charging" as const),
      measuredA: all(currentA),
      measuredTsMs,
      commandedA: this.setpointsA[i]!,
    }));
    const { setpoints } = this.#controller.tick(n * 100, {
      zones: [{ id: "z", parent: null, limitA: CLIMB_LIMIT_A, meters }],
      connectors,
    });
    this.setpointsA = connectors.map(({ id }) => setpoints[id]!.limitA);
  }
}

const sum = (currentsA: readonly number[]): number => currentsA.reduce((all, one) => all + one, 0);

describe("cars that climb while the meter lags by a moment", () => {
  it("make no room beside the house", () => {
    const plans = fc.record({
      lagSteps: fc.integer({ min: 0, max: 20 }),
      meterSteps: fc.constantFrom(2, 5, 10, 20, 30, 50, 100),
      climbAps: fc.constantFrom(1, 3, 6, 20),
      rampUpAps: fc.constantFrom(0.5, 2, 10),
      reportS: fc.constantFrom(1, 2, 5, 10),
      cars: fc.array(fc.record({ arrivesStep: fc.constantFrom(0, 0, 400, 420, 430, 450), offsetSteps: fc.nat(99) }), {
        minLength: 1,
        maxLength: 4,
      }),
    });
    const property = fc.property(plans, (plan) => {
      const climb = new Climb(plan);
      for (let n = 0; n < 1200; n++) {
        climb.step(n);
        const sumA = HOUSE_A + sum(climb.setpointsA);
        assert.ok(sumA <= CLIMB_LIMIT_A + UNNOTICED_A * plan.cars.length, `${sumA} A allowed at ${n / 10} s`);
      }
      assert.ok(sum(climb.drawA) > 20, `${climb.drawA} A are used in the end`);
    });
    fc.assert(property, { seed: 20261123, numRuns: cases(100, 300) });
  });
});

describe("the readings of a charger", () => {
  const readings = (...entries: [number, number][]) => {
    const kept = new ChargerReadings();
    for (const [second, currentA] of entries) kept.add(second * 1000, [currentA], 0);
    return kept;
  };

  it("give the one nearest to a meter's moment, and nothing where that is the newest", () => {
    const kept = readings([1, 6], [2, 8], [10, 16]);
    assert.deepEqual(kept.before(2500), { atMs: 2000, measuredA: [8] });
    assert.equal(kept.before(11_000), null);
  });

  it("give the smaller of two neighbours where the nearest one was clearly taken later", () => {
    const kept = readings([0, 6], [10, 16]);
    assert.deepEqual(kept.before(6000), { atMs: 0, measuredA: [6] });
    assert.equal(kept.before(9000), null);
  });

  it("go no further back than anybody asks, and begin anew with a clock that went back", () => {
    const kept = readings([1, 6], [2, 8]);
    kept.add(3000, [9], 2500);
    assert.deepEqual(kept.before(1000), { atMs: 2000, measuredA: [8] });
    kept.add(500, [7], 0);
    assert.deepEqual(JSON.parse(JSON.stringify(kept)), [{ atMs: 500, measuredA: [7] }]);
  });

  it("tell by how much one exceeds what was drawn since a moment, and nothing where it hardly does", () => {
    const kept = readings([1, 6], [2, 8], [3, 9], [5, 7]);
    assert.deepEqual(kept.riseSince(2000, 4999), [1, 0, 0]);
    assert.deepEqual(kept.riseSince(2000, Number.POSITIVE_INFINITY), null);
    assert.deepEqual(kept.riseSince(1500, 3000), [3, 0, 0]);
    assert.equal(kept.riseSince(3000, 5000), null);
    assert.deepEqual(kept.riseSince(1000, 5000), [1, 0, 0]);
    kept.add(6000, [7.05, 3, null], 0);
    assert.deepEqual(kept.riseSince(5500, 6000), [0, 3, 0]);
    kept.add(7000, [6, 4, 2], 0);
    assert.deepEqual(kept.riseSince(6500, 7000), [0, 1, 2]);
  });

  it("begin with a rise from nothing: what nothing was known of may not have flowed", () => {
    assert.deepEqual(readings([3, 16]).riseSince(1000, 3000), [16, 0, 0]);
  });

  it("keep terminals that are unknown or missing as they are, whatever becomes of the caller's list", () => {
    const kept = new ChargerReadings();
    const list = [6, null];
    kept.add(1000, list, 0);
    list.push(9);
    kept.add(2000, list, 0);
    kept.add(3000, [8], 0);
    const saved = [
      { atMs: 1000, measuredA: [6, null] },
      { atMs: 2000, measuredA: [6, null, 9] },
      { atMs: 3000, measuredA: [8] },
    ];
    assert.deepEqual(JSON.parse(JSON.stringify(kept)), saved);
    assert.deepEqual(kept.before(2000), saved[1]);
  });

  it("survive as JSON, without what is none", () => {
    const saved = JSON.parse(JSON.stringify(readings([1, 6], [2, 8]))) as JsonValue[];
    const restored = new ChargerReadings([
      null,
      { atMs: "1" },
      ...saved,
      { atMs: 1000, measuredA: [1] },
      { atMs: 9000, measuredA: ["x"] },
    ]);
    assert.deepEqual(restored.toJSON(), saved);
    assert.deepEqual(new ChargerReadings("nonsense").toJSON(), []);
  });
});
