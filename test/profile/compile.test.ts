import { strict as assert } from "node:assert";
import Value from "typebox/value";
import { ACTIONS } from "../../lib/ocpp/v16/index.ts";
import { sentLimitA } from "../../lib/profile/compile.ts";
import { legalLimitA, type ProfileTarget, safeCurrentA } from "../../lib/profile/target.ts";
import { baselineVariants, variants } from "../../lib/profile/variants/variant-order.ts";
import { statesPhases } from "../../lib/station/capabilities/models/phase-ability.ts";
import type { SmartTraits } from "../../lib/station/capabilities/models/types.ts";
import { compileBaseline, compileLimit } from "./profile-requests.ts";
import { KINDS, target } from "./targets.ts";

const NOW = Date.parse("2026-06-01T12:00:00.750Z");
const MOMENT = { chargerWallMs: NOW, transactionStartedChargerWallMs: null };
/** A transaction since 100.75 s. */
const CHARGING = { chargerWallMs: NOW, transactionStartedChargerWallMs: NOW - 100_750 };

const schedules = (of: ProfileTarget, transactionId: string | null, limitA = 13.5) =>
  compileLimit(of, variants(of, transactionId)[0]!, limitA, 180, transactionId === null ? MOMENT : CHARGING).map(
    ({ csChargingProfiles: { chargingProfileKind, chargingSchedule } }) => ({
      kind: chargingProfileKind,
      start: chargingSchedule.startSchedule,
      periods: chargingSchedule.chargingSchedulePeriod.map(({ startPeriod, limit }) => [startPeriod, limit]),
    }),
  );

describe("Charging profile", () => {
  describe("limit that may be sent", () => {
    const rows: [string, Partial<SmartTraits>, [number, number][]][] = [
      [
        "to a tenth of an ampere",
        {},
        [
          [10, 10],
          [10.04, 10],
          [10.05, 10],
          [10.09, 10],
          [0.1 + 0.2 + 9.8, 10.1],
          [5.99, 0],
          [6, 6],
          [0, 0],
          [32.4, 32],
          [1000, 32],
          [Number.NaN, 0],
        ],
      ],
      [
        "to whole amps",
        { decimals: 0 },
        [
          [10.99, 10],
          [6.5, 6],
        ],
      ],
      [
        "in W to a tenth of an ampere, which is whole watts",
        { unit: "W", decimals: 0 },
        [
          [10.19, 10.1],
          [13.55, 13.5],
        ],
      ],
      [
        "to the charge point's steps",
        { stepsA: [6, 8, 10, 13, 16] },
        [
          [12.9, 10],
          [13, 13],
          [32, 16],
          [5, 0],
        ],
      ],
      [
        "above the charge point's own minimum",
        { minA: 8 },
        [
          [7.9, 0],
          [8, 8],
        ],
      ],
      [
        "to the safe current instead of 0 where that is refused",
        { zero: "min" },
        [
          [0, 6],
          [5.9, 6],
          [9, 9],
        ],
      ],
    ];
    for (const [what, smart, pairs] of rows) {
      for (const [askedA, sentA] of pairs)
        it(`goes ${what}: ${askedA} A is ${sentA} A`, () => assert.equal(legalLimitA(askedA, target(smart)), sentA));
    }

    it("is never above what was asked nor between 0 and the minimum", () => {
      for (let askedA = 0; askedA < 40; askedA += 0.013) {
        const sentA = legalLimitA(askedA, target());
        assert.ok(sentA <= askedA + 1e-6 && (sentA === 0 || sentA >= 6) && sentA <= 32, `${askedA} → ${sentA}`);
      }
    });
  });

  describe("safe current", () => {
    const rows: [string, Partial<SmartTraits>, number, number][] = [
      ["is as configured", {}, 7, 7],
      ["may be 0", {}, 0, 0],
      ["is rounded down to a step", { stepsA: [6, 8] }, 7, 6],
      ["is the least step where 0 is refused", { stepsA: [6, 8], zero: "min" }, 0, 6],
      ["is the least current where 0 is refused", { zero: "min", minA: 6.55 }, 0, 6.6],
      ["is 0 below the minimum", { minA: 8 }, 7, 0],
    ];
    for (const [what, smart, safeA, comesToA] of rows) {
      it(what, () => assert.equal(safeCurrentA(target(smart, { safeA })), comesToA));
    }
  });

  it("of a transaction is a lease with its own tail, nothing else", () => {
    const of = target();
    assert.deepEqual(compileLimit(of, variants(of, "1787300001")[0]!, 13.5, 180, CHARGING), [
      {
        connectorId: 2,
        csChargingProfiles: {
          chargingProfileId: 102,
          transactionId: 1787300001,
          stackLevel: 1,
          chargingProfilePurpose: "TxProfile",
          chargingProfileKind: "Absolute",
          chargingSchedule: {
            startSchedule: "2026-06-01T11:59:00Z",
            chargingRateUnit: "A",
            chargingSchedulePeriod: [
              { startPeriod: 0, limit: 13.5 },
              { startPeriod: 240, limit: 6 },
            ],
          },
        },
      },
    ]);
  });

  it("for the baseline is the safe current without an end, below the dynamic one", () => {
    const of = target({}, { safeA: 0 });
    assert.deepEqual(compileBaseline(of, baselineVariants(of)[0]!), {
      connectorId: 2,
      csChargingProfiles: {
        chargingProfileId: 3,
        stackLevel: 0,
        chargingProfilePurpose: "TxDefaultProfile",
        chargingProfileKind: "Absolute",
        chargingSchedule: {
          startSchedule: "1970-01-01T00:00:00Z",
          chargingRateUnit: "A",
          chargingSchedulePeriod: [{ startPeriod: 0, limit: 0 }],
        },
      },
    });
  });

  for (const [phases, limit, tail] of [
    [1, 3105, 1380],
    [3, 9315, 4140],
  ] as const) {
    it(`in W on ${phases} phase(s) counts 230 V each`, () => {
      const [{ periods } = { periods: [] }] = schedules(target({ unit: "W" }, { phases }), null);
      assert.deepEqual(periods, [
        [0, limit],
        [240, tail],
      ]);
    });
  }

  it("pauses with the same shape: 0, then the safe current", () => {
    assert.deepEqual(schedules(target(), "7", 0)[0]?.periods, [
      [0, 0],
      [240, 6],
    ]);
  });

  it("states the phases where the charge point assumes one without, and not in the bare way", () => {
    const of = target({ numberPhases: "always" });
    const [variant] = variants(of, "7");
    const phasesIn = (bare: boolean) =>
      compileLimit(
        of,
        { ...variant!, bare },
        10,
        180,
        CHARGING,
      )[0]?.csChargingProfiles.chargingSchedule.chargingSchedulePeriod.map(({ numberPhases }) => numberPhases);
    assert.deepEqual(phasesIn(false), [3, 3]);
    assert.deepEqual(phasesIn(true), [undefined, undefined]);
  });

  describe("that is Relative", () => {
    it("ends so many seconds after the start of the transaction, and has no start of its own", () => {
      assert.deepEqual(schedules(target({ kind: "Relative" }), "7"), [
        {
          kind: "Relative",
          start: undefined,
          periods: [
            [0, 13.5],
            [280, 6],
          ],
        },
      ]);
    });

    it("ends so many seconds after it came, where it counts from there", () => {
      const of = target({ kind: "Relative", relativeOrigin: "receipt" });
      assert.deepEqual(schedules(of, "7")[0]?.periods, [
        [0, 13.5],
        [180, 6],
      ]);
    });

    it("allows no more than the safe current while it waits for a transaction that may come at any time", () => {
      const of = target({ kind: "Relative" });
      assert.deepEqual(schedules(of, null)[0]?.periods, [
        [0, 6],
        [180, 6],
      ]);
      assert.equal(sentLimitA(of, variants(of, null)[0]!, 13.5), 6);
      assert.equal(sentLimitA(of, variants(of, null)[0]!, 0), 0);
      assert.equal(sentLimitA(of, variants(of, "7")[0]!, 13.5), 13.5);
    });
  });

  it("with one period is followed by a profile one level higher that begins when the lease ends", () => {
    const of = target({ maxPeriods: 1 });
    const places = compileLimit(of, variants(of, "7")[0]!, 13.5, 180, CHARGING).map(
      ({ csChargingProfiles: profile }) =>
        `${profile.chargingProfilePurpose} ${profile.stackLevel} #${profile.chargingProfileId}`,
    );
    assert.deepEqual(places, ["TxDefaultProfile 0 #3", "TxDefaultProfile 1 #4"]);
    assert.deepEqual(schedules(of, "7"), [
      { kind: "Absolute", start: "2026-06-01T11:59:00Z", periods: [[0, 13.5]] },
      { kind: "Absolute", start: "2026-06-01T12:03:00Z", periods: [[0, 6]] },
    ]);
  });

  it("with one period and one level carries no tail", () => {
    assert.deepEqual(schedules(target({ maxPeriods: 1, stackMax: 0 }), "7"), [
      { kind: "Absolute", start: "2026-06-01T11:59:00Z", periods: [[0, 13.5]] },
    ]);
  });

  it("for the maximum of a charge point goes to connector 0 and is Absolute", () => {
    const of = target({ purposes: ["ChargePointMaxProfile"], kind: "Relative" }, { connector: 1, connectors: 1 });
    for (const variant of variants(of, "7").filter(({ purpose }) => purpose === "ChargePointMaxProfile")) {
      const [request] = compileLimit(of, variant, 10, 180, CHARGING);
      assert.equal(request?.connectorId, 0);
      assert.equal(request.csChargingProfiles.chargingProfileKind, "Absolute");
    }
  });

  for (const { name, smart } of KINDS) {
    it(`keeps to what the charge point takes, in every way: ${name}`, () => {
      for (const [connectors, connector] of [
        [1, 1],
        [2, 1],
        [2, 2],
      ] as const) {
        const of = target(smart, { connectors, connector });
        for (const transactionId of [null, "5"]) {
          for (const variant of variants(of, transactionId)) {
            for (const request of compileLimit(of, variant, 13.5, 180, transactionId === null ? MOMENT : CHARGING)) {
              assertTaken(of, request);
            }
          }
        }
        for (const variant of baselineVariants(of)) assertTaken(of, compileBaseline(of, variant));
      }
    });
  }
});

function assertTaken(
  { connector, connectors, smart }: ProfileTarget,
  request: ReturnType<typeof compileBaseline>,
): void {
  const { csChargingProfiles: profile, connectorId } = request;
  const { chargingSchedule: schedule } = profile;
  assert.ok(Value.Check(ACTIONS.get("SetChargingProfile")!.request, request));
  assert.equal(connectorId, profile.chargingProfilePurpose === "ChargePointMaxProfile" ? 0 : connector);
  assert.ok(profile.stackLevel <= (smart.stackMax ?? 1), "stack level");
  assert.ok(schedule.chargingSchedulePeriod.length <= (smart.maxPeriods ?? 2), "periods");
  assert.ok(profile.chargingProfileId <= Math.min(smart.idMax ?? Infinity, 100 + connectors), "id");
  if (smart.unit !== "auto") assert.equal(schedule.chargingRateUnit, smart.unit);
  assert.equal(schedule.startSchedule === undefined, profile.chargingProfileKind === "Relative");
  assert.equal(profile.transactionId === undefined, profile.chargingProfilePurpose !== "TxProfile");
  for (const absent of ["duration", "minChargingRate"]) assert.ok(!Object.hasOwn(schedule, absent), absent);
  for (const absent of ["validFrom", "validTo"]) assert.ok(!Object.hasOwn(profile, absent), absent);
  for (const { limit, numberPhases } of schedule.chargingSchedulePeriod) {
    assert.equal(numberPhases !== undefined, statesPhases(smart));
    assert.ok(Math.abs(limit * 10 - Math.round(limit * 10)) < 1e-6, "one decimal");
  }
}
