import { strict as assert } from "node:assert";
import fc from "fast-check";
import { Percentiles } from "../../lib/modbus/percentiles.ts";

describe("Percentiles", () => {
  it("knows nothing without samples", () => {
    assert.equal(new Percentiles(4).at(0.5), null);
  });

  it("are those of the last samples", () => {
    const shares = fc.constantFrom(0, 0.5, 0.99, 1);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 }),
        shares,
        (values, share) => {
          const percentiles = new Percentiles(7);
          for (const value of values) percentiles.add(value);
          const last = values.slice(-7).sort((a, b) => a - b);
          assert.equal(percentiles.at(share), last[Math.max(0, Math.ceil(share * last.length) - 1)]);
        },
      ),
    );
  });
});
