import { strict as assert } from "node:assert";
import fc from "fast-check";
import { CarPark } from "../../../building/car-park.ts";
import { calmPlans } from "../../../building/car-park-plans.ts";
import { LoadBounds } from "../../../building/load-bounds.ts";
import { cases } from "../../../full.ts";
import { Bench, car, limits, root } from "../bench.ts";

const PHASES = [0, 1, 2] as const;
const NEAR_A = 1e-6;

describe("the load behind a meter that is no charger", () => {
  /** A car at 15 A in a house of 5 A behind 20 A; its charger reports no more after 60 s. */
  const charging = () => {
    const bench = new Bench([root(20)], [car("c", { maxA: 20 })], { rampUpAps: 100 });
    bench.follow = true;
    for (let second = 1; second <= 60; second++) {
      bench.second = second;
      bench.meter("z", 5 + (bench.connector("c").measuredA?.[0] ?? 0), "including");
      bench.at(second);
    }
    assert.equal(limits(bench.at(60))["c"], 15);
    bench.follow = false;
    return bench;
  };
  const at = (bench: Bench, second: number, meterA: number) => {
    bench.second = second;
    bench.meter("z", meterA, "including");
    bench.at(second);
    return bench.controller.estimates().get("z")!;
  };

  it("is taken to be as it was while a car that was lowered may still draw what it did", () => {
    const bench = charging();
    bench.zones[0]!.limitA = 15;
    assert.equal(at(bench, 61, 20).nominalA[0], 5);
    assert.equal(at(bench, 64, 20).nominalA[0], 5);
    assert.equal(at(bench, 66, 15).nominalA[0], 5);
  });

  it("is all that the meter shows beside the readings of chargers: a real load does not hide behind a rise", () => {
    assert.equal(at(charging(), 65, 22).nominalA[0], 7);
  });

  it("is still there for those who might be raised, while a car may be what fell", () => {
    const { nominalA, upperA } = at(charging(), 80, 16);
    assert.deepEqual([nominalA[0], upperA[0]], [1, 5]);
  });

  it("lies within what it can be at all, and so does the estimate, however seldom chargers report", () => {
    const property = fc.property(calmPlans, fc.constantFrom(1, 2, 10, 30, 60), (plan, reportS) => {
      const park = new CarPark({ ...plan, cars: plan.cars.map((one) => ({ ...one, reportS })) });
      const bounds = new LoadBounds(park);
      park.run((tick) => {
        for (const [z, { meter }] of tick ? park.plan.zones.entries() : []) {
          if (meter !== "including") continue;
          const { leastA, mostA } = bounds.at(tick!, z);
          const { nominalA, upperA } = tick!.estimates.get(`z${z}`)!;
          for (const p of PHASES) {
            const where = `L${p + 1} of z${z} at ${tick!.second} s`;
            const loadA = park.houseA(z, p);
            assert.ok(loadA >= leastA[p] - NEAR_A && loadA <= mostA[p] + NEAR_A, where);
            assert.ok(
              nominalA[p] >= leastA[p] - NEAR_A && nominalA[p] <= mostA[p] + NEAR_A,
              `${where}: ${nominalA[p]} A`,
            );
            assert.ok(nominalA[p] <= upperA[p], where);
          }
        }
      });
    });
    fc.assert(property, { seed: 20260604, numRuns: cases(8, 40) });
  });
});
