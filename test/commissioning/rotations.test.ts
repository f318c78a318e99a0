import { strict as assert } from "node:assert";
import { claimedRotation, fitting } from "../../lib/commissioning/rotations.ts";

describe("rotations that fit what was seen", () => {
  it("are two for one phase, two for two phases, and one for both together", () => {
    const one = fitting(3, { terminals: [1], phases: [2] }, null);
    const two = fitting(3, { terminals: [1, 2], phases: [1, 2] }, null);
    assert.deepEqual(
      [one, two],
      [
        ["STR", "SRT"],
        ["RST", "SRT"],
      ],
    );
    assert.deepEqual(
      one.filter((order) => two.includes(order)),
      ["SRT"],
    );
  });

  it("are one where the field was measured, all where three phases carry the same, and none that contradict", () => {
    assert.deepEqual(fitting(3, { terminals: [1], phases: [3] }, "right"), ["TRS"]);
    assert.deepEqual(fitting(3, { terminals: [1, 2], phases: [2, 3] }, "left"), ["TSR"]);
    assert.equal(fitting(3, { terminals: [1, 2, 3], phases: [1, 2, 3] }, null).length, 6);
    assert.deepEqual(fitting(3, { terminals: [1, 2], phases: [1] }, null), []);
    assert.deepEqual(fitting(1, { terminals: [1], phases: [2] }, null), ["STR"]);
  });

  it("are read from what a charger says of its connectors", () => {
    assert.equal(claimedRotation("0.RST, 1.STR,2.TRS", 2), "TRS");
    assert.equal(claimedRotation("RTS", 1), "RTS");
    assert.equal(claimedRotation("1.NotApplicable", 1), null);
    assert.equal(claimedRotation(null, 1), null);
  });
});
