import { strict as assert } from "node:assert";
import { type CURVES, SimulatedBreaker } from "../../../lib/simulator/site/breaker.ts";
import type { Triple } from "../../../lib/units.ts";

const STEP_S = 0.5;

/** Seconds until it opens with this current on L1; Infinity = not within the time given. */
function opensAfterS(limitA: number, currentA: number, withinS: number, curve: keyof typeof CURVES = "B"): number {
  const breaker = new SimulatedBreaker([limitA, limitA, limitA], curve);
  for (let atS = STEP_S; atS <= withinS; atS += STEP_S) {
    breaker.step(STEP_S, [currentA, 0, 0]);
    if (breaker.tripped) return atS;
  }
  return Number.POSITIVE_INFINITY;
}

describe("A breaker", () => {
  it("bears its limit for ever, and 1.13 times as much for an hour (B), 1.25 times (gG)", () => {
    assert.equal(opensAfterS(40, 40, 7200), Number.POSITIVE_INFINITY);
    assert.equal(opensAfterS(40, 45.1, 3600), Number.POSITIVE_INFINITY);
    assert.equal(opensAfterS(63, 78.7, 3600, "gG"), Number.POSITIVE_INFINITY);
  });

  it("opens at 1.45 times its limit within an hour, at 2.55 times within a minute, at 3 times at once (B)", () => {
    const [warm, hot] = [opensAfterS(32, 46.4, 3600), opensAfterS(32, 81.6, 60)];
    assert.ok(warm > 10 && warm < 3600, `${warm} s`);
    assert.ok(hot > 1 && hot < 60, `${hot} s`);
    assert.equal(opensAfterS(32, 96, 60), STEP_S);
  });

  it("melts at 1.6 times its limit within an hour, and at 320 A of 63 A within 5 s (gG)", () => {
    assert.ok(opensAfterS(63, 101, 3600, "gG") < 3600);
    assert.ok(opensAfterS(63, 320, 10, "gG") <= 5);
  });

  it("notes for each phase how long, how far and by how much it was over its limit", () => {
    const breaker = new SimulatedBreaker([32, 32, 32]);
    const pass = (seconds: number, currentA: Triple) => {
      for (let s = 0; s < seconds; s++) breaker.step(1, currentA);
    };
    pass(5, [36, 32.4, 10]);
    pass(3, [30, 30, 10]);
    pass(2, [34, 30, -40]);
    const [l1, l2, l3] = breaker.phases;
    assert.deepEqual([l1?.overS, l1?.longestOverS, l1?.overNowS, l1?.worstOverA, l1?.overAs], [7, 5, 2, 4, 24]);
    assert.equal(l2?.overS, 0, "within the spread of a meter");
    assert.deepEqual([l3?.overS, l3?.currentA], [2, -40], "what flows back heats as well");
  });

  it("opens a new record when it is told to, and keeps its heat", () => {
    const breaker = new SimulatedBreaker([32, 32, 32]);
    for (let s = 0; s < 30; s++) breaker.step(1, [45, 0, 0]);
    const heat = breaker.phases[0]!.heat;
    breaker.forget();
    assert.deepEqual(
      { ...breaker.phases[0] },
      {
        ...{ currentA: 45, overS: 0, overNowS: 0, longestOverS: 0, worstOverA: 0, overAs: 0 },
        ...{ heat, hottest: heat },
      },
    );
  });
});
