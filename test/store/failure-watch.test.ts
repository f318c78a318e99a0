import { strict as assert } from "node:assert";
import { FailureWatch } from "../../lib/store/disk/failure-watch.ts";

const FULL = new Error("database or disk is full");

describe("Watch on a store's failures", () => {
  /** What each look tells, `[failure, time in s]`. */
  const told = (looks: readonly (readonly [failure: Error | null, atS: number])[]) => {
    const watch = new FailureWatch();
    return looks.map(([failure, atS]) => watch.look(failure, atS * 1000));
  };

  it("says nothing of a store that is well", () => {
    assert.deepEqual(
      told([
        [null, 0],
        [null, 2],
        [null, 60],
      ]),
      [null, null, null],
    );
  });

  it("says once that records are lost, and once that they are written again", () => {
    const looks = [
      [FULL, 0],
      [FULL, 2],
      [FULL, 4],
      [null, 6],
      [null, 34],
      [null, 36],
    ] as const;
    assert.deepEqual(told(looks), ["began", null, null, null, "ended", null]);
  });

  it("takes a disk that lets a record through now and then for one failure", () => {
    const looks = [
      [FULL, 0],
      [null, 10],
      [FULL, 20],
      [null, 40],
      [FULL, 48],
      [null, 60],
      [null, 78],
    ] as const;
    assert.deepEqual(told(looks), ["began", null, null, null, null, null, "ended"]);
  });

  it("says it anew of the next one", () => {
    assert.deepEqual(
      told([
        [FULL, 0],
        [null, 30],
        [FULL, 90],
      ]),
      ["began", "ended", "began"],
    );
  });
});
