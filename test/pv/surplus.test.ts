import { strict as assert } from "node:assert";
import fc from "fast-check";
import { type SurplusRules, surplusOf, type TimedReading } from "../../lib/pv/surplus.ts";

const RULES: SurplusRules = {
  residualW: 100,
  batteryFirst: true,
  minSocPercent: 0,
  enableDelayS: 60,
  disableDelayS: 180,
};
const MOMENT = { nowMs: 100_000, ts: "2026-06-01T12:00:00.000Z" };

function reading(
  powerW: number | null,
  more: Partial<TimedReading["payload"]> = {},
  atMs = MOMENT.nowMs,
): TimedReading {
  return { payload: { powerW, phasePowerW: [null, null, null], socPercent: null, quality: "good", ...more }, atMs };
}

function surplusW(
  grid: TimedReading | null,
  battery: TimedReading | "unread" | null = null,
  rules: Partial<SurplusRules> = {},
) {
  const result = surplusOf(grid, battery, { ...RULES, ...rules }, MOMENT);
  return typeof result === "string" ? result : result.surplusW;
}

describe("PV surplus", () => {
  it("is the exported power less the residual, with the delays of the rules", () => {
    assert.deepEqual(surplusOf(reading(-5200), null, RULES, MOMENT), {
      ts: MOMENT.ts,
      surplusW: 5100,
      gridW: -5200,
      residualW: 100,
      enableDelayS: 60,
      disableDelayS: 180,
    });
  });

  it("is negative while power is bought", () => assert.equal(surplusW(reading(800)), -900));

  it("adds the phases up where the meter gives no sum", () => {
    assert.equal(surplusW(reading(null, { phasePowerW: [-1000, -2000, 500] })), 2400);
    assert.equal(surplusW(reading(null, { phasePowerW: [-1000, null, 500] })), "grid");
  });

  it("says nothing without a good grid reading younger than 30 s", () => {
    assert.equal(surplusW(null), "grid");
    assert.equal(surplusW(reading(-5000, { quality: "stale" })), "grid");
    assert.equal(surplusW(reading(-5000, { quality: "bad" })), "grid");
    assert.equal(surplusW(reading(-5000, {}, MOMENT.nowMs - 30_001)), "grid");
    assert.equal(surplusW(reading(Number.NaN)), "grid");
    assert.equal(surplusW(reading(-5000, {}, MOMENT.nowMs - 30_000)), 4900);
  });

  it("leaves the battery what it charges with when the battery is first", () => {
    assert.equal(surplusW(reading(-500), reading(3000)), 400);
  });

  it("offers the battery's charging power when the cars are first", () => {
    assert.equal(surplusW(reading(-500), reading(3000), { batteryFirst: false }), 3400);
  });

  it("serves the battery first below its minimum charge, and when it does not say how full it is", () => {
    const rules = { batteryFirst: false, minSocPercent: 30 };
    assert.equal(surplusW(reading(-500), reading(3000, { socPercent: 29 }), rules), 400);
    assert.equal(surplusW(reading(-500), reading(3000, { socPercent: 30 }), rules), 3400);
    assert.equal(surplusW(reading(-500), reading(3000), rules), 400);
  });

  it("never charges cars from the battery", () => {
    for (const batteryFirst of [true, false])
      assert.equal(surplusW(reading(0), reading(-2000), { batteryFirst }), -2100);
  });

  it("says nothing while a configured battery does not answer", () => {
    assert.equal(surplusW(reading(-500), "unread"), "battery");
    assert.equal(surplusW(reading(-500), reading(3000, { quality: "bad" })), "battery");
  });

  it("counts no more than the PV plant gives, where it is measured", () => {
    const withPv = (pv: TimedReading | "unread") => {
      const result = surplusOf(reading(-5000), null, RULES, MOMENT, pv);
      return typeof result === "string" ? result : result.surplusW;
    };
    assert.equal(withPv(reading(8000)), 4900);
    assert.equal(withPv(reading(3000)), 2900);
    assert.equal(withPv(reading(-3000)), 2900);
    assert.equal(withPv(reading(0)), -100);
    assert.equal(withPv("unread"), "pv");
    assert.equal(withPv(reading(3000, { quality: "stale" })), "pv");
  });

  it("never says a number that is none, and never more than what is exported and charged", () => {
    const watts = fc.oneof(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.constantFrom(Number.NaN, Infinity, null),
    );
    const payload = fc.record({
      powerW: watts,
      phasePowerW: fc.tuple(watts, watts, watts),
      socPercent: fc.option(fc.double({ min: 0, max: 100, noNaN: true })),
      quality: fc.constantFrom("good", "stale", "bad"),
    });
    fc.assert(
      fc.property(
        payload,
        payload,
        fc.boolean(),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (grid, battery, batteryFirst, soc) => {
          const rules = { ...RULES, batteryFirst, minSocPercent: soc };
          const result = surplusOf(
            { payload: grid as never, atMs: MOMENT.nowMs },
            { payload: battery as never, atMs: MOMENT.nowMs },
            rules,
            MOMENT,
          );
          if (typeof result === "string") return;
          assert.ok(Number.isFinite(result.surplusW) && Number.isFinite(result.gridW));
          const chargedW = battery.powerW ?? battery.phasePowerW.reduce<number>((sum, watt) => sum + (watt ?? 0), 0);
          assert.ok(result.surplusW <= -result.gridW - RULES.residualW + Math.max(0, chargedW) + 1);
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});
