import { strict as assert } from "node:assert";
import Value from "typebox/value";
import { ACTIONS } from "../../lib/ocpp/v16/index.ts";
import { compileBaseline, compileLimit, ladder, legalLimitA, type ProfileTarget } from "../../lib/profile/compile.ts";

const TARGET: ProfileTarget = {
  connector: 2,
  phases: 3,
  minA: 6,
  maxA: 32,
  safeA: 6,
  rateUnit: "A",
  maxStackLevel: null,
};
const NOW = Date.parse("2026-06-01T12:00:00.750Z");

describe("Charging profile", () => {
  describe("limit that may be sent", () => {
    const rows: [number, number][] = [
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
    ];
    for (const [askedA, sentA] of rows)
      it(`${askedA} A is ${sentA} A`, () => assert.equal(legalLimitA(askedA, TARGET), sentA));

    it("is never above what was asked nor between 0 and the minimum", () => {
      for (let askedA = 0; askedA < 40; askedA += 0.013) {
        const sentA = legalLimitA(askedA, TARGET);
        assert.ok(sentA <= askedA + 1e-6 && (sentA === 0 || sentA >= 6) && sentA <= 32, `${askedA} → ${sentA}`);
      }
    });
  });

  it("of a transaction is a lease with its own tail, nothing else", () => {
    const [best] = ladder(TARGET, 1787300001);
    assert.deepEqual(compileLimit(TARGET, best!, 13.5, 180, NOW), {
      connectorId: 2,
      csChargingProfiles: {
        chargingProfileId: 4,
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
    });
  });

  it("for the baseline is the safe current without an end, below the dynamic one", () => {
    assert.deepEqual(compileBaseline({ ...TARGET, safeA: 0 }, NOW), {
      connectorId: 2,
      csChargingProfiles: {
        chargingProfileId: 3,
        stackLevel: 0,
        chargingProfilePurpose: "TxDefaultProfile",
        chargingProfileKind: "Absolute",
        chargingSchedule: {
          startSchedule: "2026-06-01T11:59:00Z",
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
      const target: ProfileTarget = { ...TARGET, phases, rateUnit: "W" };
      const { chargingSchedule } = compileLimit(target, ladder(target, null)[0]!, 13.5, 180, NOW).csChargingProfiles;
      assert.deepEqual(
        chargingSchedule.chargingSchedulePeriod.map((period) => period.limit),
        [limit, tail],
      );
    });
  }

  it("is valid OCPP 1.6 in every way the ladder knows", () => {
    const { request } = ACTIONS.get("SetChargingProfile")!;
    for (const maxStackLevel of [null, 0, 8]) {
      for (const transactionId of [null, 5]) {
        const target = { ...TARGET, maxStackLevel };
        for (const rung of ladder(target, transactionId)) {
          assert.ok(Value.Check(request, compileLimit(target, rung, 13.5, 180, NOW)));
        }
        assert.ok(Value.Check(request, compileBaseline(target, NOW)));
      }
    }
  });

  describe("ladder", () => {
    const ways = (transactionId: number | null, maxStackLevel: number | null): string[] =>
      ladder({ ...TARGET, maxStackLevel }, transactionId).map(
        (way) => `${way.purpose} ${way.stackLevel} #${way.profileId}`,
      );

    it("goes from the transaction's own profile over stack level 0 to the default one", () => {
      assert.deepEqual(ways(7, null), ["TxProfile 1 #4", "TxProfile 0 #4", "TxDefaultProfile 0 #3"]);
    });

    it("without a transaction has two ways", () => {
      assert.deepEqual(ways(null, 5), ["TxDefaultProfile 1 #4", "TxDefaultProfile 0 #3"]);
    });

    it("stays on level 0 where there is no other", () => {
      assert.deepEqual(ways(7, 0), ["TxProfile 0 #4", "TxDefaultProfile 0 #3"]);
      assert.deepEqual(ways(null, 0), ["TxDefaultProfile 0 #3"]);
    });
  });
});
