import { strict as assert } from "node:assert";
import fc from "fast-check";
import { apply, difference } from "../../../lib/dlm/decision-log/json-delta.ts";
import type { JsonValue } from "../../../lib/units.ts";

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<JsonValue>;
/** As a recording reads it: without negative zeros and prototypes. */
const plain = (value: JsonValue): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

describe("the difference between two JSON values", () => {
  it("leads from one to the other, also through text, and leaves the first as it was", () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const [from, to] = [plain(a), plain(b)];
        const before = JSON.stringify(from);
        const delta = difference(from, to);
        const read = delta === null ? null : (JSON.parse(JSON.stringify(delta)) as typeof delta);
        assert.deepEqual(plain(apply(from, read)!), to);
        assert.equal(JSON.stringify(from), before);
      }),
      { seed: 20260601, numRuns: 500 },
    );
  });

  it("is nothing for equal values", () => {
    fc.assert(
      fc.property(json, (a) => assert.equal(difference(plain(a), plain(a)), null)),
      { seed: 1, numRuns: 100 },
    );
  });

  it("names only what changed", () => {
    const from = { zones: [{ id: "a", limitA: 63 }], connectors: [{ id: "x", measuredA: [6, 6, 6] }] };
    const to = { zones: [{ id: "a", limitA: 63 }], connectors: [{ id: "x", measuredA: [6, 7, 6] }] };
    assert.deepEqual(JSON.parse(JSON.stringify(difference(from, to))), {
      connectors: { 0: { measuredA: { 1: 1 } } },
    });
  });

  it("adds to numbers of up to three decimals, and replaces others, to the last digit", () => {
    assert.equal(difference(1234567.891, 1234572.9), 5.009);
    assert.deepEqual(difference(0.1, 0.30000000000000004), [0.30000000000000004]);
    assert.deepEqual(difference(1e300, 1), [1]);
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer().map((n) => n / 1000),
    );
    fc.assert(fc.property(number, number, (from, to) => assert.ok(apply(from, difference(from, to)) === to)));
  });

  it("reads what an earlier release has written, which replaced all numbers", () => {
    assert.deepEqual(apply({ a: 1, b: [2, 3] }, { a: [5], b: { 1: [7] } }), { a: 5, b: [2, 7] });
  });
});
