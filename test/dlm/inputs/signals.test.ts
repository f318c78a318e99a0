import { strict as assert } from "node:assert";
import type { LimitInput } from "../../../lib/dlm/inputs/input.ts";
import { Signals, withLimits } from "../../../lib/dlm/inputs/signals.ts";

const limit = (more: Partial<LimitInput>): LimitInput => ({
  kind: "limit",
  ...{ zone: "main", source: "grid", reason: "", scope: "evse", limitA: null, powerW: null },
  ...{ holdStarts: false, ttlS: null },
  ...more,
});
const ZONE = { id: "main", parent: null, limitA: 63 };
const active = (...limits: Partial<LimitInput>[]) => {
  const signals = new Signals();
  for (const [i, one] of limits.entries()) signals.setLimit(limit({ source: `${i}`, ...one }), 0);
  return signals.limits("main", 0);
};

describe("limits from outside", () => {
  it("are one for each zone and source: the newest holds, and one without a figure releases it", () => {
    const signals = new Signals();
    signals.setLimit(limit({ limitA: 20 }), 0);
    signals.setLimit(limit({ limitA: 16 }), 0);
    signals.setLimit(limit({ limitA: 10, source: "works" }), 0);
    assert.deepEqual(
      signals.limits("main", 0).map(({ limitA }) => limitA),
      [16, 10],
    );
    signals.setLimit(limit({}), 0);
    assert.deepEqual(
      signals.limits("main", 0).map(({ source }) => source),
      ["works"],
    );
  });

  it("end with their time to live", () => {
    const signals = new Signals();
    signals.setLimit(limit({ limitA: 20, ttlS: 60 }), 0);
    assert.equal(signals.limits("main", 59_999).length, 1);
    assert.equal(signals.limits("main", 60_000).length, 0);
  });

  it("go with their zone when it gets another name, and survive a restart", () => {
    const signals = new Signals();
    signals.setLimit(limit({ limitA: 20 }), 0);
    signals.rename(new Map([["main", "house"]]));
    const restored = new Signals();
    restored.restore(signals.save());
    assert.equal(restored.limits("house", 0)[0]?.limitA, 20);
    assert.equal(restored.limits("main", 0).length, 0);
  });

  it("take nothing over from what is none", () => {
    const signals = new Signals();
    for (const saved of [undefined, null, 7, "x", [], { limits: "x", modes: 1 }]) signals.restore(saved);
    assert.deepEqual(signals.limits("main", 0), []);
  });
});

describe("a zone with limits from outside", () => {
  it("has the lowest of each kind as its grid limit", () => {
    const limited = withLimits(ZONE, active({ limitA: 32 }, { limitA: 20 }, { powerW: 11_000 }));
    assert.deepEqual(limited.gridLimit, { scope: "evse", currentA: 20, powerW: 11_000 });
  });

  it("counts those for the whole zone as its operator's where both kinds hold", () => {
    const limits = active({ limitA: 20 }, { scope: "total", limitA: 40, powerW: 9000 });
    const limited = withLimits({ ...ZONE, operatorLimitA: [50, 30, 50] }, limits);
    assert.deepEqual(limited.operatorLimitA, [40, 30, 40]);
    assert.equal(limited.maxPowerW, 9000);
    assert.deepEqual(limited.gridLimit, { scope: "evse", currentA: 20 });
  });

  it("is what it was where nothing limits it", () => {
    assert.deepEqual(withLimits(ZONE, active({ holdStarts: true })), ZONE);
  });
});
