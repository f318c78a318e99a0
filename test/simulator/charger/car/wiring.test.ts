import { strict as assert } from "node:assert";
import type { Rotation } from "../../../../lib/dlm/types.ts";
import { toSitePhases } from "../../../../lib/simulator/charger/car/wiring.ts";
import { Reaction } from "../../../../lib/simulator/charger/profiles/limit-compliance.ts";

describe("the wiring of a simulated charge point", () => {
  const table: [Rotation, number[]][] = [
    ["RST", [1, 2, 3]],
    ["STR", [3, 1, 2]],
    ["TRS", [2, 3, 1]],
    ["RTS", [1, 3, 2]],
    ["SRT", [2, 1, 3]],
    ["TSR", [3, 2, 1]],
    ["Unknown", [1, 2, 3]],
  ];
  for (const [rotation, site] of table) {
    it(`${rotation} brings the terminals' 1, 2, 3 A to ${site.join(", ")} A of the site`, () => {
      assert.deepEqual(toSitePhases([1, 2, 3], rotation), site);
    });
  }
});

describe("the reaction to a new limit", () => {
  it("comes after the delay, for each limit in turn", () => {
    const reaction = new Reaction();
    assert.equal(reaction.inForceA(0, 16, 20), 16);
    assert.equal(reaction.inForceA(5_000, 10, 20), 16);
    assert.equal(reaction.inForceA(15_000, 8, 20), 16);
    assert.equal(reaction.inForceA(25_000, 8, 20), 10);
    assert.equal(reaction.inForceA(35_000, 8, 20), 8);
  });

  it("is immediate without a delay", () => {
    const reaction = new Reaction();
    reaction.inForceA(0, 16, 0);
    assert.equal(reaction.inForceA(1, 8, 0), 8);
  });
});
