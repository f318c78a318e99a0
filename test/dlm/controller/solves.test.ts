import { strict as assert } from "node:assert";
import fc from "fast-check";
import { RowLoads } from "../../../lib/dlm/allocation/row-loads.ts";
import type { Snapshot } from "../../../lib/dlm/types.ts";
import { cases } from "../../full.ts";
import { Bench, car, limits, root } from "./bench.ts";

const siteWith = (draws: fc.Arbitrary<boolean>) =>
  fc.record({
    priorityPolicy: fc.constantFrom("strict" as const, "minFirst" as const),
    limitA: fc.integer({ min: 12, max: 60 }),
    houseA: fc.integer({ min: 0, max: 9 }),
    cars: fc.array(
      fc.record({
        priorityClass: fc.nat(2),
        phases: fc.constantFrom(1 as const, 3 as const),
        /** What it takes when it may: nothing, for a car that will count as idle. */
        draws,
        /** Its charger reports so often, s. */
        everyS: fc.constantFrom(5, 30, 60),
        arrivesS: fc.integer({ min: 0, max: 300 }),
      }),
      { minLength: 2, maxLength: 8 },
    ),
  });
type Site = typeof siteWith extends (draws: fc.Arbitrary<boolean>) => fc.Arbitrary<infer S> ? S : never;

describe("how often one tick shares the current out", () => {
  /** Each decision that is made in full adds the rows up once. */
  const { restart } = RowLoads.prototype;
  let solves = 0;
  before(() => {
    RowLoads.prototype.restart = function () {
      solves++;
      restart.call(this);
    };
  });
  after(() => {
    RowLoads.prototype.restart = restart;
  });

  /** Cars come one after another and take what they may; tells the most that one tick needed. */
  const most = (
    { priorityPolicy, limitA, houseA, cars }: Site,
    config: NonNullable<Snapshot["config"]> = {},
  ): number => {
    const connectors = cars.map(({ priorityClass, phases }, i) =>
      car(`c${i}`, { priorityClass, phases, state: "available", arrivalS: i }),
    );
    const bench = new Bench([root(limitA)], connectors, { rotationS: 90, minOnS: 30, demandLowS: 30 });
    bench.more = { config: { priorityPolicy, ...config } };
    let setpoints: Record<string, number> = {};
    let mostSolves = 0;
    for (let second = 0; second < 600; second += 5) {
      bench.second = second;
      let flowA = houseA;
      for (const [i, { draws, everyS, arrivesS }] of cars.entries()) {
        const id = `c${i}`;
        if (second >= arrivesS) bench.connector(id).state = "charging";
        const drawA = draws ? (setpoints[id] ?? 0) : 0;
        flowA += drawA;
        if (second % everyS === 0) bench.measure(id, drawA);
      }
      bench.meter("z", flowA, "including");
      solves = 0;
      setpoints = limits(bench.at(second));
      mostSolves = Math.max(mostSolves, solves);
    }
    return mostSolves;
  };

  const anyCar = fc.boolean();
  const hungry = fc.constant(true);

  it("is twice at most, whoever waits, starts or takes turns, in both orders of classes", () => {
    const property = fc.property(siteWith(hungry), (site) => assert.ok(most(site) <= 2));
    fc.assert(property, { numRuns: cases(40, 150) });
  });

  for (const idlePolicy of ["zero", "minIfSpare"] as const) {
    it(`is twice at most beside idle cars, by the policy ${idlePolicy}`, () => {
      const property = fc.property(siteWith(anyCar), (site) => assert.ok(most(site, { idlePolicy }) <= 2));
      fc.assert(property, { numRuns: cases(40, 150) });
    });
  }
});
