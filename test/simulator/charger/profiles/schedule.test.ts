import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { ChargingProfile, ChargingSchedule } from "../../../../lib/ocpp/v16/index.ts";
import type { InstalledProfile, ScheduleContext } from "../../../../lib/simulator/charger/profiles/schedule.ts";
import { compositeSchedule, isOver, limitAt } from "../../../../lib/simulator/charger/profiles/schedule.ts";

const T0 = Date.parse("2026-06-01T12:00:00.000Z");
const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString();
let nextId = 1;

type Part = Partial<Omit<ChargingProfile, "chargingSchedule">> & {
  connectorId?: number;
  schedule?: Partial<ChargingSchedule>;
};

/** A TxDefaultProfile on connector 1, Absolute from T0, constantly 10 A, with changes. */
function profile({ connectorId = 1, schedule = {}, ...part }: Part = {}): InstalledProfile {
  return {
    connectorId,
    profile: {
      chargingProfileId: nextId++,
      stackLevel: 0,
      chargingProfilePurpose: "TxDefaultProfile",
      chargingProfileKind: "Absolute",
      ...part,
      chargingSchedule: {
        startSchedule: at(0),
        chargingRateUnit: "A",
        chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }],
        ...schedule,
      },
    },
  };
}

const constant = (limit: number): Partial<ChargingSchedule> => ({
  chargingSchedulePeriod: [{ startPeriod: 0, limit }],
});
const idle: ScheduleContext = { connectorId: 1, phases: 3, transaction: null };
const running: ScheduleContext = { ...idle, transaction: { id: 77, startWallMs: T0 } };
const txProfile = (part: Part = {}): InstalledProfile =>
  profile({ chargingProfilePurpose: "TxProfile", transactionId: 77, ...part });
const maxProfile = (limit: number, part: Part = {}): InstalledProfile =>
  profile({ chargingProfilePurpose: "ChargePointMaxProfile", connectorId: 0, schedule: constant(limit), ...part });
const relative = (schedule: Partial<ChargingSchedule>): InstalledProfile => {
  const installed = profile({ chargingProfileKind: "Relative", schedule });
  const { startSchedule: _, ...rest } = installed.profile.chargingSchedule;
  return { ...installed, profile: { ...installed.profile, chargingSchedule: rest } };
};
const STEPS: Partial<ChargingSchedule> = {
  chargingSchedulePeriod: [
    { startPeriod: 0, limit: 16 },
    { startPeriod: 10, limit: 8 },
  ],
};
const TAIL: Partial<ChargingSchedule> = {
  startSchedule: at(-60),
  chargingSchedulePeriod: [
    { startPeriod: 0, limit: 13.5 },
    { startPeriod: 240, limit: 6 },
  ],
};

describe("the limit of the installed profiles", () => {
  const table: [string, InstalledProfile[], ScheduleContext, number, number | null][] = [
    ["is none without a profile", [], running, 0, null],
    ["is that of the only profile", [profile()], running, 5, 10],
    ["takes a default set on connector 0 for every connector", [profile({ connectorId: 0 })], running, 5, 10],
    ["ignores a profile of another connector", [profile({ connectorId: 2 })], running, 5, null],
    ["takes the highest stack level", [profile({ stackLevel: 3, schedule: constant(16) }), profile()], running, 5, 16],
    [
      "prefers the connector's own default on the same level",
      [profile({ connectorId: 0, schedule: constant(8) }), profile({ schedule: constant(12) })],
      running,
      5,
      12,
    ],
    [
      "prefers a higher level on connector 0 to a lower one on the connector",
      [profile({ connectorId: 0, stackLevel: 1, schedule: constant(8) }), profile({ schedule: constant(12) })],
      running,
      5,
      8,
    ],
    [
      "takes a TxProfile before any default",
      [txProfile({ schedule: constant(20) }), profile({ stackLevel: 5 })],
      running,
      5,
      20,
    ],
    [
      "takes a TxProfile without transactionId for the running transaction",
      [{ ...txProfile(), profile: without(txProfile()) }],
      running,
      5,
      10,
    ],
    [
      "ignores the TxProfile of another transaction",
      [txProfile({ transactionId: 78, schedule: constant(20) }), profile()],
      running,
      5,
      10,
    ],
    ["ignores a TxProfile without a transaction", [txProfile({ schedule: constant(20) }), profile()], idle, 5, 10],
    ["is capped by the charge point's maximum", [maxProfile(8), profile()], running, 5, 8],
    ["is below the charge point's maximum where the default is lower", [maxProfile(20), profile()], running, 5, 10],
    ["is the charge point's maximum where nothing else limits", [maxProfile(20)], running, 5, 20],
    [
      "takes the highest level of the charge point's maxima",
      [maxProfile(8), maxProfile(14, { stackLevel: 1 }), profile({ schedule: constant(32) })],
      running,
      5,
      14,
    ],
    [
      "is the setpoint while a lease lasts",
      [txProfile({ schedule: TAIL }), profile({ schedule: constant(7) })],
      running,
      179.9,
      13.5,
    ],
    [
      "is the tail after the lease",
      [txProfile({ schedule: TAIL }), profile({ schedule: constant(7) })],
      running,
      180,
      6,
    ],
    ["stays at the tail", [txProfile({ schedule: TAIL })], running, 86_400, 6],
    [
      "falls to the lower level when a duration ends",
      [profile({ stackLevel: 1, schedule: { ...constant(16), duration: 60 } }), profile()],
      running,
      60,
      10,
    ],
    [
      "holds until a duration ends",
      [profile({ stackLevel: 1, schedule: { ...constant(16), duration: 60 } }), profile()],
      running,
      59.9,
      16,
    ],
    [
      "counts a relative schedule from its receipt where the charge point does",
      [{ ...relative(STEPS), receivedWallMs: T0 + 100_000 }],
      { ...running, reading: { relativeFrom: "receipt" } },
      109,
      16,
    ],
    [
      "counts it from the start of the transaction otherwise",
      [{ ...relative(STEPS), receivedWallMs: T0 + 100_000 }],
      running,
      109,
      8,
    ],
    [
      "takes watts for one phase where the charge point does",
      [profile({ schedule: { ...constant(6900), chargingRateUnit: "W" } })],
      { ...running, reading: { unstatedPhases: 1 } },
      5,
      30,
    ],
    [
      "takes watts for the phases that a period names",
      [
        profile({
          schedule: {
            chargingRateUnit: "W",
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 6900, numberPhases: 3 }],
          },
        }),
      ],
      { ...running, reading: { unstatedPhases: 1 } },
      5,
      10,
    ],
    [
      "is none where the charge point looks at the highest profile only and that has ended",
      [profile({ stackLevel: 1, schedule: { ...constant(16), duration: 60 } }), profile()],
      { ...running, reading: { fallsBack: false } },
      60,
      null,
    ],
    ["is none when the last schedule has ended", [profile({ schedule: { duration: 60 } })], running, 60, null],
    [
      "falls from an ended TxProfile to the default",
      [txProfile({ schedule: { ...constant(20), duration: 60 } }), profile()],
      running,
      61,
      10,
    ],
    [
      "falls from an ended TxProfile to a lower TxProfile first",
      [
        txProfile({ stackLevel: 1, schedule: { ...constant(20), duration: 60 } }),
        txProfile({ schedule: constant(9) }),
        profile({ stackLevel: 8 }),
      ],
      running,
      61,
      9,
    ],
    [
      "ignores a profile before validFrom",
      [profile({ stackLevel: 1, validFrom: at(30), schedule: constant(16) }), profile()],
      running,
      29,
      10,
    ],
    [
      "takes a profile from validFrom on",
      [profile({ stackLevel: 1, validFrom: at(30), schedule: constant(16) }), profile()],
      running,
      30,
      16,
    ],
    [
      "drops a profile at validTo",
      [profile({ stackLevel: 1, validTo: at(30), schedule: constant(16) }), profile()],
      running,
      30,
      10,
    ],
    [
      "ignores a schedule that starts in the future",
      [profile({ stackLevel: 1, schedule: { ...constant(16), startSchedule: at(30) } }), profile()],
      running,
      29,
      10,
    ],
    [
      "counts a relative schedule from the start of the transaction",
      [
        relative({
          chargingSchedulePeriod: [
            { startPeriod: 0, limit: 16 },
            { startPeriod: 120, limit: 8 },
          ],
        }),
      ],
      { ...running, transaction: { id: 77, startWallMs: T0 - 100_000 } },
      20,
      8,
    ],
    [
      "takes a relative schedule's first period without a transaction",
      [
        relative({
          chargingSchedulePeriod: [
            { startPeriod: 0, limit: 16 },
            { startPeriod: 120, limit: 8 },
          ],
        }),
      ],
      idle,
      500,
      16,
    ],
    [
      "converts W at 230 V over three phases",
      [profile({ schedule: { ...constant(6900), chargingRateUnit: "W" } })],
      running,
      5,
      10,
    ],
    [
      "converts W at 230 V over the one wired phase",
      [profile({ schedule: { ...constant(2300), chargingRateUnit: "W" } })],
      { ...running, phases: 1 },
      5,
      10,
    ],
    ["may be 0", [profile({ schedule: constant(0) })], running, 5, 0],
  ];
  for (const [sentence, profiles, context, atS, expected] of table) {
    it(sentence, () => assert.equal(limitAt(profiles, context, T0 + atS * 1000), expected));
  }

  it("is never above any charge point maximum in force", () => {
    const arbitrary = fc.array(
      fc.record({ stackLevel: fc.nat(3), limit: fc.nat(32), startS: fc.integer({ min: -100, max: 100 }) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(arbitrary, fc.nat(32), fc.nat(200), (parts, capA, atS) => {
        const defaults = parts.map(({ stackLevel, limit, startS }) =>
          profile({ stackLevel, schedule: { ...constant(limit), startSchedule: at(startS) } }),
        );
        const limitA = limitAt([...defaults, maxProfile(capA)], running, T0 + atS * 1000);
        assert.ok(limitA !== null && limitA <= capA);
      }),
      { seed: 11 },
    );
  });
});

describe("the composite schedule", () => {
  const span = { fromWallMs: T0, durationS: 300, unit: "A" as const, maxA: 32 };

  it("shows the setpoint and its tail", () => {
    const schedule = compositeSchedule([txProfile({ schedule: TAIL }), profile()], running, span);
    assert.deepEqual(schedule, {
      duration: 300,
      startSchedule: at(0),
      chargingRateUnit: "A",
      chargingSchedulePeriod: [
        { startPeriod: 0, limit: 13.5 },
        { startPeriod: 180, limit: 6 },
      ],
    });
  });

  it("shows the hardware's maximum where nothing limits", () => {
    const schedule = compositeSchedule([profile({ schedule: { duration: 100 } })], running, span);
    assert.deepEqual(schedule.chargingSchedulePeriod, [
      { startPeriod: 0, limit: 10 },
      { startPeriod: 100, limit: 32 },
    ]);
  });

  it("answers in W when asked to", () => {
    const schedule = compositeSchedule([profile()], running, { ...span, unit: "W" });
    assert.equal(schedule.chargingRateUnit, "W");
    assert.deepEqual(schedule.chargingSchedulePeriod, [{ startPeriod: 0, limit: 6900 }]);
  });

  it("leaves out what lies beyond its duration", () => {
    const schedule = compositeSchedule([txProfile({ schedule: TAIL })], running, { ...span, durationS: 120 });
    assert.deepEqual(schedule.chargingSchedulePeriod, [{ startPeriod: 0, limit: 13.5 }]);
  });

  it("says at each of its seconds what the limit will be", () => {
    const part = fc.record({
      stackLevel: fc.nat(2),
      purpose: fc.constantFrom("TxProfile" as const, "TxDefaultProfile" as const),
      startS: fc.integer({ min: -50, max: 50 }),
      duration: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
      validToS: fc.option(fc.integer({ min: 1, max: 90 }), { nil: undefined }),
      limits: fc.array(fc.nat(32), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), fc.nat(99), (parts, second) => {
        const installed = parts.map(({ stackLevel, purpose, startS, duration, validToS, limits }) =>
          profile({
            stackLevel,
            chargingProfilePurpose: purpose,
            ...(validToS !== undefined && { validTo: at(validToS) }),
            schedule: {
              startSchedule: at(startS),
              ...(duration !== undefined && { duration }),
              chargingSchedulePeriod: limits.map((limit, index) => ({ startPeriod: index * 20, limit })),
            },
          }),
        );
        const { chargingSchedulePeriod } = compositeSchedule(installed, running, { ...span, durationS: 100 });
        const shown = chargingSchedulePeriod.findLast(({ startPeriod }) => startPeriod <= second)?.limit;
        assert.equal(shown, Math.min(32, limitAt(installed, running, T0 + second * 1000) ?? 32));
      }),
      { seed: 12 },
    );
  });
});

describe("a profile that is over", () => {
  it("is one past its validity or past its absolute duration, and no other", () => {
    assert.equal(isOver(profile({ validTo: at(10) }).profile, T0 + 10_000), true);
    assert.equal(isOver(profile({ schedule: { duration: 10 } }).profile, T0 + 10_000), true);
    assert.equal(isOver(profile({ schedule: { duration: 10 } }).profile, T0 + 9_999), false);
    assert.equal(isOver(relative({ duration: 10 }).profile, T0 + 10_000_000), false);
    assert.equal(isOver(profile().profile, T0 + 1e12), false);
  });
});

function without({ profile: { transactionId: _, ...rest } }: InstalledProfile): ChargingProfile {
  return rest;
}
