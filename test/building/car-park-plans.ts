import fc from "fast-check";
import type { Triple } from "../../lib/units.ts";
import type { ParkCar, ParkPlan, ParkZone } from "./car-park.ts";

const triple = (most: number): fc.Arbitrary<Triple> => {
  const one = fc.integer({ min: 0, max: most });
  return fc.tuple(one, one, one);
};

function zonePlan(index: number): fc.Arbitrary<ParkZone> {
  const steps = fc.array(fc.record({ fromS: fc.integer({ min: 0, max: 240 }), loadA: triple(index === 0 ? 45 : 15) }), {
    maxLength: 3,
  });
  const plan = fc.record({
    parent: index === 0 ? fc.constant(null) : fc.integer({ min: 0, max: index - 1 }),
    limitA: index === 0 ? fc.integer({ min: 40, max: 120 }) : fc.integer({ min: 20, max: 63 }),
    headroomA: fc.constantFrom(0, 0, 2),
    meter: fc.constantFrom<ParkZone["meter"]>("including", "including", "excluding", "none"),
    maxPowerW: fc.constantFrom(undefined, undefined, undefined, 12_000, 30_000),
    imbalanceA: fc.constantFrom(undefined, undefined, undefined, 10, 20),
    house: steps.map((house) => house.sort((a, b) => a.fromS - b.fromS)),
  });
  // A load that no meter sees is known to the tree and stays as it is.
  const known = (zone: ParkZone) => ({ ...zone, house: zone.house.slice(0, 1).map((step) => ({ ...step, fromS: 0 })) });
  return plan.map((zone) => (zone.meter === "none" ? known(zone) : zone));
}

const never = fc.constant(null);
const AWAY = { fromS: 90, toS: 200 };

function carPlan(zones: number, wild: boolean): fc.Arbitrary<ParkCar> {
  return fc.record({
    zone: fc.integer({ min: 0, max: zones - 1 }),
    phases: fc.constantFrom<1 | 3>(1, 3, 3),
    rotation: fc.constantFrom<ParkCar["rotation"]>("RST", "STR", "TRS", "RTS"),
    maxA: fc.constantFrom(16, 32),
    wantsA: fc.constantFrom(8, 13, 16, 32, 32),
    carPhases: fc.constantFrom<1 | 3>(1, 3, 3),
    fromS: fc.constantFrom(0, 0, 0, 60, 130),
    reportS: wild ? fc.constantFrom(1, 1, 10, 30, 60, null) : fc.constantFrom(1, 1, 10, 30, 60),
    lagS: fc.integer({ min: 0, max: 4 }),
    slewAps: fc.constantFrom(50, 10, 5),
    overdraw: wild ? fc.constantFrom(0, 0, 0, 0.02, 0.08) : fc.constant(0),
    ignoresFromS: wild ? fc.constantFrom(null, null, null, null, 100) : never,
    offline: wild ? fc.constantFrom(null, null, null, AWAY, { ...AWAY, resumes: true }) : never,
  });
}

/** Car parks in which everybody obeys, sooner or later, and nothing changes after 240 s. */
export const calmPlans = plans(false, 700);
/** Car parks with cars that draw too much, ignore what they are told, are not measured, or lose their connection. */
export const wildPlans = plans(true, 400);

function plans(wild: boolean, durationS: number): fc.Arbitrary<ParkPlan> {
  return fc.integer({ min: 1, max: 4 }).chain((count) =>
    fc.record({
      zones: fc.tuple(...Array.from({ length: count }, (_, i) => zonePlan(i))),
      cars: fc.array(carPlan(count, wild), { minLength: 1, maxLength: 7 }),
      cycleS: fc.constantFrom(1, 5),
      durationS: fc.constant(durationS),
    }),
  );
}
