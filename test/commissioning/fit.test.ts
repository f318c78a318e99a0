import { strict as assert } from "node:assert";
import fc from "fast-check";
import { bestResponse, drawn, fitLeg, perSecond } from "../../lib/commissioning/fit.ts";
import { cases } from "../full.ts";
import { numbers } from "./proving-building.ts";

/** Up and down between 6 and 14 A, with ramps, for 150 s. */
const COMMANDED = Array.from({ length: 150 }, (_, s) => {
  const at = s % 42;
  return at < 15 ? 6 : Math.min(14, 6 + (at - 15) * 0.5);
});

describe("how a leg follows the steps", () => {
  it("is found whatever the response, sign and scale are, beside noise and a load that switches", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 20 }),
        fc.constantFrom(-2, -1, -0.5, 0.5, 1, 2),
        fc.integer({ min: 1, max: 100_000 }),
        (lagS, slope, seed) => {
          const random = numbers(seed);
          const house = Math.floor(20 + random() * 110);
          const currentA = drawn(COMMANDED, { lagS, slewAps: 2 });
          const noise = () => 0.3 * (random() + random() - 1);
          const leg = currentA.map((a, s) => 3 + a * slope + (s > house ? 9 : 0) + noise());
          const quiet = currentA.map((_, s) => 3 + (s > house ? 9 : 0) + noise());
          const times = leg.map((_, s) => s);
          const response = bestResponse(
            COMMANDED,
            [leg, quiet].map((values) => ({ values, times })),
            12,
          )!;
          const model = drawn(COMMANDED, response);
          const found = fitLeg(model, leg);
          assert.notEqual(found.follows, "no");
          assert.ok(found.follows === "unsure" || Math.abs(found.slope! / slope - 1) < 0.15, `${found.slope} ${slope}`);
          assert.notEqual(fitLeg(model, quiet).follows, "yes");
        },
      ),
      { numRuns: cases(60, 600) },
    );
  });

  it("is not taken for no following where something makes up for the steps after a moment", () => {
    const leg = COMMANDED.map((a, s) => a - (COMMANDED[Math.max(0, s - 3)] ?? a));
    assert.equal(fitLeg(COMMANDED, leg).follows, "unsure");
  });

  it("is left open where samples are missing", () => {
    const samples = [0, 5, 30, 60].map((atS) => ({ atS, value: 1 }));
    const leg = perSecond(samples, 150, 12);
    assert.deepEqual([leg[3], leg[10], leg[100]], [1, null, null]);
    assert.equal(fitLeg(COMMANDED, leg).follows, "unsure");
  });
});
