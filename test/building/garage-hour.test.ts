import { strict as assert } from "node:assert";
import { createDlmGuard } from "../../lib/dlm/guard/guard.ts";
import { withCommanded } from "../dlm/controller/bench.ts";
import { isFull } from "../full.ts";
import { CarPark, type ParkTick } from "./car-park.ts";
import { garageHour, HOUR_S } from "./garage.ts";

const PHASES = [0, 1, 2] as const;
/** The controller's `rotationS`. */
const ROTATION_S = 900;
/** The slowest car of the garage follows after this, s, and its current then falls within so many more. */
const LAG_S = 30;
const FALL_S = 7;
/** A message that got lost is sent again after this. */
const AGAIN_S = 10;
const REOFFERED_S = 120;
/** What a charger may draw above its setpoint without being asked about it, A. */
const TOLERANCE_A = 1;

type LiveCar = CarPark["cars"][number];

/** Site phases on which a car was seen last; before its first reading those on which it draws. */
function seenPhases(park: CarPark, car: LiveCar): number[] {
  const measured = car.reading?.measuredA ?? [];
  const seen = [...car.plan.rotation].filter((_, t) => (measured[t] ?? 0) > 1).map((letter) => "RST".indexOf(letter));
  return seen.length > 0 ? seen : park.phasesOf(car);
}

/** A above limit × s of what is commanded beside the house, where a car could be lowered. */
function commandedExcessAs(park: CarPark): number {
  let sumAs = 0;
  park.plan.zones.forEach(({ limitA }, z) => {
    for (const p of PHASES) {
      const cars = park.below(z).filter((car) => seenPhases(park, car).includes(p) && park.setpoints.get(car.id)! > 0);
      const commandedA = cars.reduce((sum, { id }) => sum + park.setpoints.get(id)!, park.houseA(z, p));
      if (cars.length > 0) sumAs += Math.max(0, commandedA - limitA - 1e-6);
    }
  });
  return sumAs;
}

/** Longest time, s, for which a phase carried more than its limit and what nobody asks about. */
function flowWatch(park: CarPark): { look(): void; longestS(): number } {
  const overS = new Map<string, number>();
  let longestS = 0;
  return {
    longestS: () => longestS,
    look() {
      park.plan.zones.forEach(({ limitA }, z) => {
        const toleranceA = 0.2 + TOLERANCE_A * park.below(z).filter(({ plan }) => plan.overdraw > 0).length;
        for (const p of PHASES) {
          const key = `${z}/${p}`;
          const seconds = park.flowA[z]![p] > limitA + toleranceA ? (overS.get(key) ?? 0) + 1 : 0;
          overS.set(key, seconds);
          longestS = Math.max(longestS, seconds);
        }
      });
    },
  };
}

/** Connectors that were stopped because others have what they need; waking up and having nothing to charge do not count. */
function stopped({ before, result }: ParkTick): string[] {
  return Object.entries(result.setpoints)
    .filter(([id, { limitA, reasons }]) => {
      return limitA === 0 && before.get(id)! > 0 && !["IDLE", "NOT_REQUESTING"].includes(reasons[0]!.code);
    })
    .map(([id]) => id);
}

/** After how many seconds a full car had given back what it does not use; Infinity = it kept it. */
function releaseWatch(park: CarPark): { look(tick: ParkTick): void; longestS(): number } {
  const releasedS = new Map<string, number>();
  const full = park.cars.filter(({ plan }) => plan.full);
  return {
    longestS: () => Math.max(...full.map(({ id }) => releasedS.get(id) ?? Number.POSITIVE_INFINITY)),
    look({ result }) {
      for (const { id, plan } of full) {
        const sinceS = park.second - plan.full!.fromS;
        if (sinceS >= 0 && result.setpoints[id]!.limitA <= 6 && !releasedS.has(id)) releasedS.set(id, sinceS);
      }
    },
  };
}

describe("an hour with forty cars that lag, round, refuse, change phases and lose messages", () => {
  for (const [seed, steps] of [
    [1, 1],
    [2, 6],
    [3, 6],
    [34, 6],
    [40, 6],
  ] as const) {
    if (seed > 2 && !isFull) continue;
    it(`is calm and within every limit (${steps === 1 ? "a steady house" : `a house with ${steps} loads`}, cars of seed ${seed})`, () => {
      const park = new CarPark(garageHour(seed, steps));
      const guard = createDlmGuard();
      const flow = flowWatch(park);
      const release = releaseWatch(park);
      const stops = new Map<string, number>();
      let commandedAs = 0;
      park.run((tick) => {
        flow.look();
        if (!tick) return;
        const { violations } = guard.check(
          tick.nowMs,
          withCommanded(tick.snapshot, tick.before),
          tick.result.setpoints,
        );
        assert.deepEqual(violations, [], `the guard at ${tick.second} s`);
        commandedAs += commandedExcessAs(park);
        release.look(tick);
        for (const id of stopped(tick)) stops.set(id, (stops.get(id) ?? 0) + 1);
      });
      assert.equal(commandedAs, 0, "commanded above a limit, A × s");
      assert.ok(flow.longestS() <= LAG_S + FALL_S + AGAIN_S, `${flow.longestS()} s above a limit`);
      assert.ok(release.longestS() <= REOFFERED_S, `unused current kept for ${release.longestS()} s`);
      assert.ok(Math.max(0, ...stops.values()) <= HOUR_S / ROTATION_S, `${Math.max(...stops.values())} stops`);
    });
  }
});
