import assert from "node:assert/strict";
import fc from "fast-check";
import { sorted, sortUpwards } from "../../../lib/dlm/allocation/sorted.ts";

/** Few values, so that many are equal; some so close together that only a comparator tells them apart, and some far away. */
const value = fc.oneof(
  fc.constantFrom(0, 1, 16, 32),
  fc.integer({ min: 0, max: 20 }).map((n) => 1 + n * Number.EPSILON),
  fc.double({ min: -1e15, max: 1e15, noNaN: true }),
);

describe("numbers sorted by values", () => {
  it("stand as a comparator alone would have them, equal ones as they were", () => {
    fc.assert(
      fc.property(fc.array(value), fc.array(fc.nat(99), { maxLength: 100 }), (given, picks) => {
        const numbers = given.length === 0 ? [] : picks.map((pick) => pick % given.length);
        const values = Float64Array.from(given);
        const expected = numbers.toSorted((a, b) => Math.sign(values[a]! - values[b]!));
        assert.deepEqual(sorted(numbers, values), expected);
      }),
    );
  });

  it("are left to the comparator where their values are the same", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.integer({ min: 0, max: 2 }))), (given) => {
        const values = Float64Array.from(given, ([first]) => first);
        const compare = (a: number, b: number) => Math.sign(values[a]! - values[b]!) || given[a]![1] - given[b]![1];
        const numbers = given.map((_, i) => i);
        assert.deepEqual(sorted(numbers, values, compare), numbers.toSorted(compare));
      }),
    );
  });

  it("are not sorted in place", () => {
    const numbers = [0, 1, 2];
    assert.deepEqual(sorted(numbers, Float64Array.of(3, 2, 1)), [2, 1, 0]);
    assert.deepEqual(numbers, [0, 1, 2]);
  });
});

describe("numbers from 0 sorted upwards", () => {
  it("stand as they would without looking at their bits", () => {
    const values = Float64Array.of(9, 1e300, 0, 0.5, 5e-324, 16, 1e-9, Number.POSITIVE_INFINITY);
    sortUpwards(values.subarray(1));
    assert.deepEqual([...values], [9, 0, 5e-324, 1e-9, 0.5, 16, 1e300, Number.POSITIVE_INFINITY]);
  });
});
