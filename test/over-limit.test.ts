import { strict as assert } from "node:assert";
import { allowedA, disobeys, overSince, toleranceA } from "../lib/over-limit.ts";

describe("A draw above a limit", () => {
  it("may lie an ampere or a tenth above it, whichever is more (S7)", () => {
    assert.deepEqual(
      [0, 6, 10, 20].map((limitA) => allowedA(limitA)),
      [1, 7, 11, 22],
    );
    assert.deepEqual([toleranceA(6, 2), toleranceA(32, 2)], [2, 3.2]);
  });

  it("counts from the first sample in a row that shows it", () => {
    assert.equal(overSince(null, 12, 11, 1000, true), 1000);
    assert.equal(overSince(1000, 12, 11, 2000, true), 1000);
    assert.equal(overSince(1000, 11, 11, 3000, true), null);
  });

  it("is neither shown nor disproved by a sample from before the limit could be followed", () => {
    assert.equal(overSince(null, 16, 11, 1000, false), null);
    assert.equal(overSince(1000, 8, 11, 2000, false), 1000);
  });

  it("is not obeying after 30 s, or after what its caller waits for", () => {
    assert.deepEqual([disobeys(0, 29_999), disobeys(0, 30_000), disobeys(null, 90_000)], [false, true, false]);
    assert.equal(disobeys(0, 10_000, 10_000), true);
  });
});
