import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { ChargingProfile } from "../../lib/ocpp/v16/charging-profile.ts";
import { changesBetween, type KeptProfile, limitAt, type ProfiledConnector } from "../../lib/upstream/composite.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");
const at = (s: number) => new Date(NOW + s * 1000).toISOString();
const CONNECTOR: ProfiledConnector = { number: 1, phases: 3, voltageV: 230, siblings: 1, charge: null };
const CHARGING = { ...CONNECTOR, charge: { session: "CP1-1", startedWallMs: NOW - 600_000 } };

interface Short extends Partial<Omit<ChargingProfile, "chargingSchedule">> {
  connector?: number;
  session?: string | null;
  unit?: "A" | "W";
  start?: string;
  duration?: number;
  periods?: [startPeriod: number, limit: number, numberPhases?: number][];
}

function kept({
  connector = 1,
  session = null,
  unit = "A",
  start,
  duration,
  periods = [[0, 10]],
  ...of
}: Short): KeptProfile {
  return {
    ...{ connector, session, receivedWallMs: NOW - 60_000 },
    profile: {
      ...{
        chargingProfileId: 1,
        stackLevel: 0,
        chargingProfilePurpose: "TxDefaultProfile",
        chargingProfileKind: "Absolute",
      },
      ...of,
      chargingSchedule: {
        chargingRateUnit: unit,
        ...(start !== undefined && { startSchedule: start }),
        ...(duration !== undefined && { duration }),
        chargingSchedulePeriod: periods.map(([startPeriod, limit, numberPhases]) => ({
          ...{ startPeriod, limit },
          ...(numberPhases !== undefined && { numberPhases }),
        })),
      },
    },
  };
}

const limit = (profiles: Short[], connector: ProfiledConnector = CONNECTOR, s = 0) =>
  limitAt(profiles.map(kept), connector, NOW + s * 1000);

describe("The composite of a back end's profiles", () => {
  it("is no limit without a profile that says anything now", () => {
    assert.equal(limit([]), undefined);
    assert.equal(limit([{ validFrom: at(10) }]), undefined);
    assert.equal(limit([{ validTo: at(-10) }]), undefined);
    assert.equal(limit([{ start: at(-100), duration: 50 }]), undefined);
    assert.equal(limit([{ start: at(-100), periods: [[200, 10]] }]), undefined);
    assert.equal(limit([{ connector: 2 }]), undefined);
  });

  it("has the highest stack level that says anything, and the next one where that is silent", () => {
    const profiles: Short[] = [
      { stackLevel: 0, periods: [[0, 16]] },
      { stackLevel: 5, periods: [[0, 8]], start: at(0), duration: 60 },
    ];
    assert.deepEqual([limit(profiles, CONNECTOR, 30), limit(profiles, CONNECTOR, 90)], [8, 16]);
  });

  it("takes a TxProfile in the place of a TxDefaultProfile, for its own charge alone", () => {
    const profiles: Short[] = [
      { stackLevel: 9, periods: [[0, 6]] },
      { chargingProfilePurpose: "TxProfile", session: "CP1-1", periods: [[0, 20]] },
    ];
    assert.deepEqual([limit(profiles, CHARGING), limit(profiles)], [20, 6]);
    const other = { ...CONNECTOR, charge: { session: "CP1-2", startedWallMs: NOW } };
    assert.equal(limit(profiles, other), 6);
  });

  it("holds a limit of the charge point beside both, shared by its connectors", () => {
    const profiles: Short[] = [
      { connector: 0, chargingProfilePurpose: "ChargePointMaxProfile", periods: [[0, 24]] },
      { periods: [[0, 16]] },
    ];
    assert.deepEqual([limit(profiles), limit(profiles, { ...CONNECTOR, siblings: 2 })], [16, 12]);
  });

  it("lets a default of the connector go before that of the charge point, at the same level", () => {
    const profiles: Short[] = [
      { connector: 0, periods: [[0, 6]] },
      { connector: 1, periods: [[0, 12]] },
    ];
    assert.deepEqual([limit(profiles), limit(profiles, { ...CONNECTOR, number: 2 })], [12, 6]);
  });

  it("makes amperes of watts by the phases that may be used", () => {
    assert.equal(limit([{ unit: "W", periods: [[0, 6900]] }]), 10);
    assert.equal(limit([{ unit: "W", periods: [[0, 2300, 1]] }]), 10);
    assert.equal(limit([{ unit: "W", periods: [[0, 2300]] }], { ...CONNECTOR, phases: 1 }), 10);
  });

  it("comes again each day or week, and counts from the start of the charge", () => {
    const nightly: Short = { chargingProfileKind: "Recurring", recurrencyKind: "Daily", start: at(-3 * 86_400 - 3600) };
    const periods: Short["periods"] = [
      [0, 6],
      [7200, 16],
    ];
    assert.deepEqual([limit([{ ...nightly, periods }]), limit([{ ...nightly, periods }], CONNECTOR, 3600)], [6, 16]);
    const weekly: Short = { ...nightly, recurrencyKind: "Weekly", duration: 86_400 };
    assert.equal(limit([weekly]), undefined);
    const relative: Short = {
      chargingProfileKind: "Relative",
      periods: [
        [0, 16],
        [900, 8],
      ],
    };
    assert.deepEqual([limit([relative]), limit([relative], CHARGING), limit([relative], CHARGING, 400)], [16, 16, 8]);
  });

  const some = fc.record({
    connector: fc.integer({ min: 0, max: 1 }),
    session: fc.constantFrom("CP1-1", "CP1-2"),
    unit: fc.constantFrom("A" as const, "W" as const),
    stackLevel: fc.integer({ min: 0, max: 3 }),
    chargingProfilePurpose: fc.constantFrom(
      "TxDefaultProfile" as const,
      "TxProfile" as const,
      "ChargePointMaxProfile" as const,
    ),
    chargingProfileKind: fc.constantFrom("Absolute" as const, "Recurring" as const, "Relative" as const),
    recurrencyKind: fc.constantFrom("Daily" as const, "Weekly" as const),
    start: fc.integer({ min: -1_000_000, max: 1000 }).map(at),
    duration: fc.integer({ min: 1, max: 100_000 }),
    periods: fc.array(fc.tuple(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 0, max: 40 })), {
      minLength: 1,
      maxLength: 4,
    }),
  });

  it("is one of the limits that were set, and never above the charge point's", () => {
    fc.assert(
      fc.property(fc.array(some, { maxLength: 6 }), (profiles) => {
        const all = profiles.map(kept);
        const limitA = limitAt(all, CHARGING, NOW);
        if (limitA === undefined) return;
        const set = profiles.flatMap(({ unit, periods }) =>
          periods.map(([, value]) => (unit === "A" ? value : value / 690)),
        );
        assert.ok(set.includes(limitA));
        const station = limitAt(
          all.filter(({ profile }) => profile.chargingProfilePurpose === "ChargePointMaxProfile"),
          CHARGING,
          NOW,
        );
        assert.ok(station === undefined || limitA <= station);
      }),
    );
  });

  it("changes at the moments that are told, and at no other", () => {
    fc.assert(
      fc.property(fc.array(some, { maxLength: 4 }), fc.integer({ min: 1, max: 200_000 }), (profiles, s) => {
        const all = profiles.map(kept);
        const moments = changesBetween(all, CHARGING, NOW, NOW + s * 1000);
        const edges = [NOW, ...moments, NOW + s * 1000];
        for (const [index, from] of edges.slice(0, -1).entries()) {
          const last = edges[index + 1]! - 1;
          if (last > from) assert.equal(limitAt(all, CHARGING, last), limitAt(all, CHARGING, from));
        }
      }),
    );
  });
});
