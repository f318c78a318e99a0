import { strict as assert } from "node:assert";
import { prepare } from "../../../lib/dlm/allocation/prepare.ts";
import { ConnectorRows, listAt } from "../../../lib/dlm/allocation/row-lists.ts";
import { RowLoads } from "../../../lib/dlm/allocation/row-loads.ts";
import { rowReason } from "../../../lib/dlm/allocation/rows.ts";
import type { AllocationInput } from "../../../lib/dlm/types.ts";

const INPUT: AllocationInput = {
  zones: [
    { id: "main", parent: null, limitA: 50, imbalanceA: 10 },
    { id: "sub", parent: "main", limitA: 40, maxPowerW: 13_800 },
  ],
  connectors: [
    { id: "b", zone: "sub", maxA: 16, arrivalS: 2 },
    { id: "a", zone: "main", phases: 1, rotation: "STR", maxA: 16, arrivalS: 1 },
    { id: "gone", zone: "sub", state: "offline", disconnectedA: 5, priorityClass: 9 },
  ],
};

describe("the loads of the rows", () => {
  it("names connectors by their place in the order of activation", () => {
    assert.deepEqual(prepare(INPUT).cars.ids, ["a", "b", "gone"]);
  });

  it("starts with what is reserved and tells the first row without room, from the leaf to the root", () => {
    const strong = INPUT.connectors.map((connector) => ({ ...connector, maxA: 64 }));
    const problem = prepare({ ...INPUT, connectors: strong });
    const rowLoads = new RowLoads(problem);
    assert.equal(rowLoads.blockedBy(1, 15), -1);
    assert.deepEqual(rowReason(problem, rowLoads.blockedBy(1, 15.1)), { code: "POWER", zone: "sub" });
    assert.deepEqual(rowReason(problem, rowLoads.blockedBy(1, 35.1)), { code: "ZONE", zone: "sub", phase: 1 });
  });

  it("keeps the balance of the phases as currents are added and taken back", () => {
    const problem = prepare(INPUT);
    const rowLoads = new RowLoads(problem);
    rowLoads.add(0, 10);
    assert.deepEqual(rowReason(problem, rowLoads.blockedBy(0, 1)), { code: "IMBALANCE", zone: "main", phase: 2 });
    rowLoads.add(0, -1);
    assert.equal(rowLoads.blockedBy(0, 1), -1);
  });

  it("leaves out only rows that the connectors' maximums cannot fill", () => {
    const { tree, cars, rows } = prepare(INPUT);
    const all = new ConnectorRows(tree, cars, rows, new Uint8Array(rows.count).fill(1), rows.count);
    all.add(1);
    assert.equal(all.count, 7);
    assert.equal(listAt(rows.ofConnector, 1).length, 1);
  });
});
