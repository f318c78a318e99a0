import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Snapshot } from "../../lib/dlm/types.ts";
import { Sun } from "../../lib/pv/sun.ts";

type Connector = Snapshot["connectors"][number];

function car(drawA: number, sampledS: number, more: Partial<Connector> = {}): Connector {
  return {
    id: "CP1/1",
    zone: "house",
    phases: 1,
    minA: 6,
    mode: "pv",
    state: "charging",
    measuredA: [drawA],
    measuredTsMs: sampledS * 1000,
    ...more,
  };
}

/** The power for cars on surplus, W: what the controller comes to from the grid power that it is told. */
function poolW(sun: Sun, connector: Connector): number {
  return (connector.measuredA?.[0] ?? 0) * 230 - sun.gridW([connector], 230)!;
}

describe("the sun", () => {
  it("is not known before the first surplus", () => assert.equal(new Sun().gridW([], 230), null));

  it("falls at once and rises when more has been there for 5 s", () => {
    const sun = new Sun();
    const idle = car(0, 0, { state: "available" });
    const said = [3000, 2000, 2500, 2500, 2500, 2500, 2500, 2500, 4000].map((exportW, second) => {
      sun.add(exportW, [idle], 230, second * 1000);
      return poolW(sun, idle);
    });
    assert.deepEqual(said, [3000, 2000, 2000, 2000, 2000, 2000, 2000, 2500, 2500]);
  });

  it("rises by less than an ampere and a half when it has been there for 15 s", () => {
    const sun = new Sun();
    const poolsW = Array.from({ length: 20 }, (_, second) => {
      sun.add(second === 0 ? 3000 : 3200, [], 230, second * 1000);
      return -sun.gridW([], 230)!;
    });
    assert.deepEqual([poolsW[15], poolsW[16]], [3000, 3200]);
  });

  it("takes no single reading for a rise that lasts, however seldom they come", () => {
    const sun = new Sun();
    const poolsW = [3000, 6000, 3000, 6000, 6000].map((exportW, i) => {
      sun.add(exportW, [], 230, i * 20_000);
      return -sun.gridW([], 230)!;
    });
    assert.deepEqual(poolsW, [3000, 3000, 3000, 3000, 6000]);
  });

  it("does not rise for less than half an ampere", () => {
    const sun = new Sun();
    for (let s = 0; s <= 120; s++) sun.add(s === 0 ? 3000 : 3100, [], 230, s * 1000);
    assert.equal(sun.gridW([], 230), -3000);
  });

  it("gives a running car its minimum back at once after a dip", () => {
    const sun = new Sun();
    sun.commanded(new Map([["CP1/1", 6]]), 0);
    const running = (s: number) => car(6, s, { measuredTsMs: s * 1000 });
    for (const [s, exportW] of [
      [10, 600],
      [11, -800],
      [12, 300],
    ] as const)
      sun.add(exportW, [running(s)], 230, s * 1000);
    assert.equal(poolW(sun, running(12)), 1380);
  });

  it("takes no rise of a car that has not reported it for a cloud", () => {
    const sun = new Sun();
    sun.commanded(new Map([["CP1/1", 6]]), 0);
    sun.add(1000, [car(6, 10)], 230, 10_000);
    sun.commanded(new Map([["CP1/1", 10]]), 11_000);
    sun.add(1000 - 4 * 230, [car(6, 10)], 230, 15_000);
    assert.equal(poolW(sun, car(6, 10)), 6 * 230 + 1000);
    sun.add(1000 - 4 * 230, [car(10, 20)], 230, 20_000);
    assert.equal(poolW(sun, car(10, 20)), 6 * 230 + 1000);
  });

  it("sees a cloud that is larger than what a car could have risen by", () => {
    const sun = new Sun();
    sun.commanded(new Map([["CP1/1", 6]]), 0);
    sun.add(1000, [car(6, 10)], 230, 10_000);
    sun.commanded(new Map([["CP1/1", 10]]), 11_000);
    sun.add(-2000, [car(6, 10)], 230, 15_000);
    assert.equal(poolW(sun, car(6, 10)), 10 * 230 - 2000);
  });

  describe("over a charger that reports once a minute", () => {
    /** A car that showed 16 A of 16 A, and was lowered to 10 A at 60 s. */
    const lowered = (shownA: number) => {
      const sun = new Sun();
      sun.commanded(new Map([["CP1/1", 16]]), 0);
      sun.add(0, [car(shownA, 50)], 230, 50_000);
      sun.commanded(new Map([["CP1/1", 10]]), 60_000);
      return (second: number, exportW: number) => {
        sun.add(exportW, [car(shownA, 50)], 230, second * 1000);
        return poolW(sun, car(shownA, 50)) / 230;
      };
    };

    it("takes a car that followed before to have followed again, so that no cloud hides behind its old reading", () => {
      const poolA = lowered(16);
      assert.equal(poolA(64, -6 * 230), 10);
      const at = lowered(16);
      assert.equal(at(68, -3 * 230), 13);
      assert.equal(at(71, -3 * 230), 7);
    });

    it("does not take that of one that drew less than it might", () => {
      const poolA = lowered(12);
      assert.equal(poolA(71, -1 * 230), 11);
    });
  });

  it("is short when it falls by an ampere below what cars were told and can do without, until that is decided on", () => {
    const sun = new Sun();
    const at = (exportW: number, second: number) => {
      sun.add(exportW, [car(10, second)], 230, second * 1000);
      return sun.isShort;
    };
    sun.commanded(new Map([["CP1/1", 10]]), 0);
    assert.deepEqual([at(0, 10), at(-200, 11), at(-230, 12)], [false, false, true]);
    sun.commanded(new Map([["CP1/1", 9]]), 12_000);
    assert.equal(sun.isShort, false);
    sun.commanded(new Map([["CP1/1", 6]]), 13_000);
    assert.equal(at(-3000, 30), false);
  });

  it("lets a small fall wait for a minute, and none that is larger", () => {
    const sun = new Sun();
    const at = (exportW: number, second: number) => {
      sun.add(exportW, [], 230, second * 1000);
      return sun.powerW;
    };
    assert.deepEqual([at(3000, 0), at(2900, 1), at(2950, 59), at(2920, 61)], [3000, 3000, 3000, 2920]);
    assert.deepEqual([at(2819, 62), at(2800, 63), at(2718, 64)], [2819, 2819, 2718]);
  });

  it("never says more than there is, but for a small fall, when cars draw the most of what they were told and what they showed", () => {
    const smallFallW = 100;
    const step = fc.record({
      exportW: fc.integer({ min: -12_000, max: 12_000 }),
      toldA: fc.constantFrom(0, 6, 10, 16, 32),
      shownA: fc.integer({ min: 0, max: 32 }),
      seconds: fc.integer({ min: 1, max: 60 }),
      isNew: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const sun = new Sun();
        let [second, shown, sampledS, told] = [0, 0, 0, 0];
        for (const { exportW, toldA, shownA, seconds, isNew } of steps) {
          second += seconds;
          if (isNew) [shown, sampledS] = [shownA, second];
          sun.add(exportW, [car(shown, sampledS)], 230, second * 1000);
          assert.ok(sun.powerW! <= exportW + Math.max(shown, told) * 230 + smallFallW + 1e-6);
          sun.commanded(new Map([["CP1/1", toldA]]), second * 1000);
          told = toldA;
        }
      }),
      { seed: 11, numRuns: 300 },
    );
  });

  it("leaves cars in other modes alone: what they draw is load", () => {
    const sun = new Sun();
    const fast = car(16, 0, { mode: "fast" });
    sun.add(500, [fast], 230, 0);
    assert.equal(sun.gridW([fast], 230), -500);
  });
});
