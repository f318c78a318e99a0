import { strict as assert } from "node:assert";
import { explainAll } from "../../../lib/dlm/runtime/explanations.ts";
import type { CycleDecision } from "../../../lib/dlm/runtime/runtime.ts";
import { Building } from "../../building/building.ts";
import { charger, METER, treeOf, zone } from "../../building/plant.ts";

describe("the explanations of a decision", () => {
  it("ask for the limits of each zone once, however many connectors there are", () => {
    const names = Array.from({ length: 20 }, (_, i) => `P${i}`);
    const building = new Building(
      treeOf(
        [
          zone("main", { limitA: [500, 500, 500], meters: [METER] }),
          zone("garage", { parentNodeId: "main", limitA: [500, 500, 500] }),
        ],
        names.map((name) => charger(name, "garage")),
      ),
    );
    const decisions: CycleDecision[] = [];
    building.decided = (decision) => {
      decisions.push(decision);
    };
    building.runtime.start();
    building.run(30);
    const { view, result } = decisions.at(-1)!;
    const asked: string[] = [];
    const limits = (name: string) => {
      asked.push(name);
      return view.limits(name);
    };
    const facts = new Map(view.facts.map((one) => [one.id, one]));
    assert.equal(explainAll({ ...view, limits }, facts, result).size, names.length);
    assert.deepEqual(asked.sort(), ["garage", "main"]);
  });
});
