import { strict as assert } from "node:assert";
import type { ChargingProfile } from "../../../lib/ocpp/v16/index.ts";
import { type Behaviour, GOOD } from "../../../lib/simulator/charger/behaviour.ts";
import { behaviourOf } from "../../../lib/simulator/charger/presets.ts";
import { refusalOf } from "../../../lib/simulator/charger/refusal.ts";

const NOW = Date.parse("2026-06-01T12:00:00.000Z");
const capacity: Behaviour = { ...GOOD, maxStackLevel: 2, maxPeriods: 3 };
const transaction = { id: 77, startWallMs: NOW };

function profile(part: Partial<ChargingProfile> = {}, periods = [{ startPeriod: 0, limit: 10 }]): ChargingProfile {
  return {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: "TxDefaultProfile",
    chargingProfileKind: "Absolute",
    chargingSchedule: { startSchedule: "2026-06-01T12:00:00Z", chargingRateUnit: "A", chargingSchedulePeriod: periods },
    ...part,
  };
}

describe("what a charge point takes as a profile", () => {
  const tx = (part: Partial<ChargingProfile> = {}) =>
    profile({ chargingProfilePurpose: "TxProfile", transactionId: 77, ...part });
  const max = (part: Partial<ChargingProfile> = {}) =>
    profile({ chargingProfilePurpose: "ChargePointMaxProfile", ...part });
  const { transactionId: _, ...anonymous } = tx();
  const table: [string, number, ChargingProfile, typeof transaction | null, boolean][] = [
    ["a default on a connector", 1, profile(), null, true],
    ["a default on connector 0", 0, profile(), null, true],
    ["a TxProfile of the running transaction", 1, tx(), transaction, true],
    ["a TxProfile without transactionId while one runs", 1, anonymous, transaction, true],
    ["a charge point maximum on connector 0", 0, max(), null, true],
    ["a relative default", 1, profile({ chargingProfileKind: "Relative" }), null, true],
    ["the highest stack level", 1, profile({ stackLevel: 2 }), null, true],
    ["a stack level too high", 1, profile({ stackLevel: 3 }), null, false],
    ["a TxProfile without a transaction", 1, tx(), null, false],
    ["a TxProfile of another transaction", 1, tx({ transactionId: 78 }), transaction, false],
    ["a TxProfile on connector 0", 0, tx(), transaction, false],
    ["a charge point maximum on a connector", 1, max(), null, false],
    ["a relative charge point maximum", 0, max({ chargingProfileKind: "Relative" }), null, false],
    ["a recurring schedule", 1, profile({ chargingProfileKind: "Recurring", recurrencyKind: "Daily" }), null, false],
    ["a first period that does not start at 0", 1, profile({}, [{ startPeriod: 5, limit: 10 }]), null, false],
    [
      "periods out of order",
      1,
      profile(
        {},
        [0, 20, 10].map((startPeriod) => ({ startPeriod, limit: 6 })),
      ),
      null,
      false,
    ],
    [
      "too many periods",
      1,
      profile(
        {},
        [0, 1, 2, 3].map((startPeriod) => ({ startPeriod, limit: 6 })),
      ),
      null,
      false,
    ],
    ["a time that is none", 1, profile({ validTo: "tomorrow" }), null, false],
    ["no periods", 1, profile({}, []), null, false],
    ["a negative limit", 1, profile({}, [{ startPeriod: 0, limit: -1 }]), null, false],
  ];
  for (const [sentence, connectorId, candidate, running, taken] of table) {
    it(`${taken ? "includes" : "excludes"} ${sentence}`, () => {
      assert.equal(refusalOf(connectorId, candidate, running, capacity) === null, taken);
    });
  }

  it("excludes a unit it does not know", () => {
    assert.match(refusalOf(1, profile(), null, { ...capacity, units: ["W"] }) ?? "", /limits in A/);
  });

  const several = { chargingRateUnit: "A", chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] } as const;
  const relative = profile({
    chargingProfileKind: "Relative",
    chargingSchedule: { ...several, chargingSchedulePeriod: [...several.chargingSchedulePeriod] },
  });
  const phased = profile({}, [
    { startPeriod: 0, limit: 10, numberPhases: 3 } as { startPeriod: number; limit: number },
  ]);
  const quirks: [string, ChargingProfile, typeof transaction | null, RegExp][] = [
    ["plainPeriodsOnly", phased, null, /numberPhases/],
    ["relativeOnly", profile(), null, /Absolute/],
    ["absoluteOnly", relative, null, /Relative/],
    ["needsStartSchedule", { ...relative, chargingProfileKind: "Absolute" }, null, /startSchedule/],
    ["noTxProfile", tx(), transaction, /a TxProfile is not supported/],
    ["needsTransactionId", anonymous as ChargingProfile, transaction, /transactionId/],
    ["noTxDefault", profile(), null, /a TxDefaultProfile is not supported/],
    ["rejectsZero", profile({}, [{ startPeriod: 0, limit: 0 }]), null, /limit of 0/],
    ["rejectsWhileCharging", tx(), transaction, /a transaction is running/],
    [
      "onePeriodOnly",
      profile({}, [
        { startPeriod: 0, limit: 9 },
        { startPeriod: 9, limit: 6 },
      ]),
      null,
      /more than 1 periods/,
    ],
  ];
  for (const [name, candidate, running, reason] of quirks) {
    it(`excludes what ${name} refuses, and gives the reason`, () => {
      assert.match(refusalOf(1, candidate, running, behaviourOf(name)) ?? "", reason);
      assert.equal(refusalOf(1, candidate, running, GOOD), null);
    });
  }

  it("is answered with an error where that is how a field is refused", () => {
    const refuse = () => refusalOf(1, phased, null, behaviourOf("optionalFieldsViolate"));
    assert.throws(refuse, { ocppCode: "PropertyConstraintViolation" });
  });
});
