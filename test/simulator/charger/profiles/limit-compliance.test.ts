import { strict as assert } from "node:assert";
import { behaviourOf } from "../../../../lib/simulator/charger/presets.ts";
import {
  LimitCompliance,
  type LimitContext,
  offerableA,
} from "../../../../lib/simulator/charger/profiles/limit-compliance.ts";

describe("the current a charge point offers under a limit", () => {
  const table: [string, number, number][] = [
    ["normal", 13.5, 13.5],
    ["normal", 5.9, 0],
    ["wholeAmps", 13.9, 13],
    ["wholeAmps", Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ["fixedSteps", 12.9, 10],
    ["fixedSteps", 32, 16],
    ["fixedSteps", 5, 0],
    ["pausesBelowSix", 5.9, 0],
    ["minimumEight", 7.9, 0],
    ["minimumEight", 8, 8],
    ["raisesToEight", 6, 8],
    ["raisesToEight", 0, 0],
    ["zeroIsMinimum", 0, 6],
  ];
  for (const [name, limitA, offeredA] of table) {
    it(`is ${offeredA} A under ${limitA} A where it plays ${name}`, () => {
      assert.equal(offerableA(limitA, behaviourOf(name)), offeredA);
    });
  }
});

describe("a charge point's compliance", () => {
  const at = (limitA: number, change: Partial<LimitContext> = {}): LimitContext => ({
    limitA,
    online: true,
    energised: true,
    ...change,
  });

  it("ends with a pause, where it forgets its limit then, until the next profile comes", () => {
    const compliance = new LimitCompliance();
    const inForceA = (context: LimitContext): number =>
      compliance.inForceA(0, context, behaviourOf("forgetsAfterPause"));
    assert.equal(inForceA(at(10)), 10);
    assert.equal(inForceA(at(0)), 0);
    compliance.renewed();
    assert.equal(inForceA(at(10)), Number.POSITIVE_INFINITY);
    assert.equal(inForceA(at(10)), Number.POSITIVE_INFINITY);
    compliance.renewed();
    assert.equal(inForceA(at(10)), 10);
  });

  it("is its own without a connection, where it has a limit for that", () => {
    const inForceA = (name: string, online: boolean): number =>
      new LimitCompliance().inForceA(0, at(10, { online }), behaviourOf(name));
    assert.equal(inForceA("eightAmpsOffline", false), 8);
    assert.equal(inForceA("eightAmpsOffline", true), 10);
    assert.equal(inForceA("fullSpeedOffline", false), Number.POSITIVE_INFINITY);
    assert.equal(inForceA("normal", false), 10);
  });
});
