import { strict as assert } from "node:assert";
import fc from "fast-check";
import { sortByKey } from "../../../lib/dlm/allocation/order.ts";

const KEYS: Record<string, fc.Arbitrary<number>> = {
  "small integers": fc.integer({ min: 0, max: 20 }),
  "integers of 32 bits and more": fc.integer({ min: 0, max: 2 ** 33 }),
  "integers below 0": fc.integer({ min: -5, max: 5 }),
  fractions: fc.double({ noNaN: true, noDefaultInfinity: true }),
  "values that differ in their last digits": fc.integer({ min: 0, max: 1000 }).map((step) => 1 + step * 2 ** -50),
};

describe("sorting by key", () => {
  for (const [name, key] of Object.entries(KEYS)) {
    it(`puts ${name} in order and keeps that of equal ones`, () => {
      const property = fc.property(fc.array(key, { maxLength: 200, size: "max" }), (keys) => {
        const order = Uint32Array.from(keys, (_, i) => keys.length - 1 - i);
        const wanted = [...order].sort((a, b) => keys[a]! - keys[b]!);
        sortByKey(order, Float64Array.from(keys));
        assert.deepEqual([...order], wanted);
      });
      fc.assert(property, { seed: 20_240_229, numRuns: 200 });
    });
  }
});
