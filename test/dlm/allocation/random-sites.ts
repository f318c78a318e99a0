import fc from "fast-check";
import type { AllocationConfig, AllocationInput, Connector, Zone } from "../../../lib/dlm/types.ts";

/** Present once in `every` cases. */
const seldom = <T>(every: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: every - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => seldom(4, arbitrary);
export const tenths = (min: number, max: number) =>
  fc.integer({ min: min * 10, max: max * 10 }).map((value) => value / 10);

/** Drops undefined properties: an absent one has a default. */
function compact<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
}

const breakerA = fc.oneof({ weight: 9, arbitrary: tenths(20, 125) }, { weight: 1, arbitrary: tenths(0, 20) });
const amperes = fc.oneof(breakerA, fc.tuple(breakerA, breakerA, breakerA));

const meterArbitrary = fc
  .record({
    location: fc.constantFrom("including" as const, "excluding" as const),
    currentA: fc.option(fc.tuple(tenths(-20, 40), tenths(-20, 40), tenths(-20, 40)), { freq: 8 }),
    ageS: fc.integer({ min: 0, max: 36 }),
    onStale: fc.constantFrom("failSafe" as const, "fallbackLoad" as const),
    fallbackA: tenths(0, 30),
  })
  .map((meter) => ({ ...meter, id: "m" }));

const zoneArbitrary = (imbalance: boolean) =>
  fc.record({
    pick: fc.nat(),
    limitA: amperes,
    operatorLimitA: optional(amperes),
    headroomA: optional(tenths(0, 5)),
    assumedLoadA: optional(tenths(0, 10)),
    maxPowerW: optional(fc.integer({ min: 5_000, max: 90_000 })),
    failSafeA: optional(tenths(0, 10)),
    imbalanceA: imbalance ? optional(tenths(0, 20)) : fc.constant(undefined),
    gridLimit: optional(
      fc.record({
        scope: fc.constantFrom("evse" as const, "total" as const),
        powerW: fc.integer({ min: 5_000, max: 90_000 }),
        currentA: breakerA,
      }),
    ),
    meter: optional(meterArbitrary),
  });

const connectorFields = {
  pick: fc.nat(),
  phases: fc.constantFrom(1 as const, 2 as const, 3 as const),
  rotation: fc.constantFrom("RST", "STR", "TRS", "RTS", "SRT", "TSR", "Unknown") as fc.Arbitrary<
    NonNullable<Connector["rotation"]>
  >,
  detectedPhases: optional(fc.constantFrom<number[]>([1], [2], [1, 2], [1, 2, 3])),
  minA: optional(tenths(5, 9)),
  maxA: fc.constantFrom(32, 32, 32, 16, 16, 20.5, 11, 7),
  demandCapA: seldom(8, tenths(3, 20)),
  externalLimitA: seldom(8, tenths(4, 32)),
  priorityClass: fc.integer({ min: 0, max: 2 }),
  weight: fc.constantFrom(1, 1, 2, 0.5, 1.7),
  mode: fc.constantFrom("fast", "fast", "fast", "fast", "fast", "fast", "pv", "minpv", "off") as fc.Arbitrary<
    NonNullable<Connector["mode"]>
  >,
  state: fc.constantFrom(
    "charging",
    "charging",
    "charging",
    "waiting",
    "waiting",
    "waiting",
    "idle",
    "available",
    "offline",
  ) as fc.Arbitrary<NonNullable<Connector["state"]>>,
  incumbent: optional(fc.boolean()),
  arrivalS: fc.integer({ min: 0, max: 3 }),
  chargingS: fc.integer({ min: 0, max: 3 }),
  energyWh: fc.integer({ min: 0, max: 3 }),
  disconnectedA: optional(tenths(0, 10)),
  reservedA: seldom(12, tenths(0, 10)),
  measuredA: optional(
    fc.tuple(
      tenths(0, 16),
      tenths(0, 16),
      optional(tenths(0, 16)).map((value) => value ?? null),
    ),
  ),
};

const configArbitrary = fc.record({
  shedding: fc.constantFrom("fifo", "duration", "energy") as fc.Arbitrary<AllocationConfig["shedding"]>,
  priorityPolicy: fc.constantFrom("minFirst", "strict") as fc.Arbitrary<AllocationConfig["priorityPolicy"]>,
  idlePolicy: fc.constantFrom("minIfSpare", "zero") as fc.Arbitrary<AllocationConfig["idlePolicy"]>,
  fairness: fc.constantFrom("current", "power") as fc.Arbitrary<AllocationConfig["fairness"]>,
  stepA: fc.constantFrom(0.1, 1, 0.5),
  creditGeneration: fc.boolean(),
});

const everybody = fc.constantFrom<NonNullable<Connector["state"]>>("charging", "waiting");

/**
 * A site of up to eight zones (several roots, any depth) and fourteen connectors.
 * @param crowded at least six connectors, all of which ask for current
 */
export function siteArbitrary(imbalance: boolean, crowded = false): fc.Arbitrary<AllocationInput> {
  const connector = crowded
    ? fc.record({ ...connectorFields, state: everybody, reservedA: fc.constant(undefined) })
    : fc.record(connectorFields);
  return fc
    .record({
      zones: fc.array(zoneArbitrary(imbalance), { minLength: 1, maxLength: 8, size: "max" }),
      connectors: fc.array(connector, { minLength: crowded ? 6 : 0, maxLength: crowded ? 12 : 14, size: "max" }),
      surplusW: optional(fc.integer({ min: -3000, max: 30_000 })),
      config: configArbitrary,
    })
    .map(({ zones, connectors, surplusW, config }) => ({
      zones: zones.map(({ pick, meter, ...zone }, i) => {
        const parent = pick % (i + 1);
        const meters = meter === undefined ? undefined : [meter];
        return compact<Zone>({ ...zone, id: `z${i}`, parent: parent === i ? null : `z${parent}`, meters });
      }),
      connectors: connectors.map(({ pick, ...connector }, i) =>
        compact<Connector>({ ...connector, id: `c${i}`, zone: `z${pick % zones.length}` }),
      ),
      config,
      ...(surplusW === undefined ? {} : { pv: { surplusW } }),
    }));
}

/** Sites with and without imbalance limits. */
export const anySite = fc.oneof(siteArbitrary(false), siteArbitrary(true));
