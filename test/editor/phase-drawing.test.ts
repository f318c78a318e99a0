import { strict as assert } from "node:assert";
import { terminalPhases } from "../../nodes/editor/phase-drawing.ts";

describe("the drawing of a connector's wiring", () => {
  const orders: [string, number[]][] = [
    ["RST", [1, 2, 3]],
    ["STR", [2, 3, 1]],
    ["TRS", [3, 1, 2]],
    ["RTS", [1, 3, 2]],
    ["SRT", [2, 1, 3]],
    ["TSR", [3, 2, 1]],
  ];
  for (const [rotation, phases] of orders) {
    it(`wires the terminals of ${rotation} to L${phases.join(", L")}`, () => {
      assert.deepEqual(terminalPhases(rotation, 3), phases);
    });
  }

  it("wires only the first terminals of a charger with one or two phases", () => {
    assert.deepEqual(terminalPhases("STR", 1), [2]);
    assert.deepEqual(terminalPhases("TRS", 2), [3, 1]);
  });

  it("knows nothing of an unknown order, or of one that is none", () => {
    assert.deepEqual(terminalPhases("Unknown", 3), [null, null, null]);
    assert.deepEqual(terminalPhases("RRT", 2), [null, null]);
  });
});
