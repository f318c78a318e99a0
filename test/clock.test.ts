import { strict as assert } from "node:assert";
import fc from "fast-check";
import { isoTime } from "../lib/clock.ts";

describe("A time as messages carry it", () => {
  it("is that of Date, whatever was asked for before", () => {
    const lastMs = 8.64e15;
    const anyMs = fc.oneof(
      fc.double({ min: -lastMs, max: lastMs, noNaN: true }),
      fc.double({ min: 1_795_000_000_000, max: 1_795_000_020_000, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(anyMs), (times) => {
        for (const wallMs of times) assert.equal(isoTime(wallMs), new Date(wallMs).toISOString());
      }),
    );
  });

  it("is refused where it is none, again and again", () => {
    for (const wallMs of [Number.NaN, Number.POSITIVE_INFINITY, 9e15, Number.NaN])
      assert.throws(() => isoTime(wallMs), RangeError);
  });
});
