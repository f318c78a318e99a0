import { strict as assert } from "node:assert";
import fc from "fast-check";
import { loadsOf } from "../../../lib/dlm/allocation/loads.ts";
import { prepare } from "../../../lib/dlm/allocation/prepare.ts";
import { RowLoads } from "../../../lib/dlm/allocation/row-loads.ts";
import { doubles } from "../../../lib/dlm/allocation/scratch.ts";
import { anySite } from "./random-sites.ts";

describe("the loads of all rows", () => {
  it("are what comes of adding the connectors one by one", () => {
    const property = fc.property(anySite, fc.infiniteStream(fc.integer({ min: 0, max: 32 })), (input, amperes) => {
      const problem = prepare(input);
      const { tree, cars, rows } = problem;
      const currentA = Float64Array.from({ length: cars.count }, () => amperes.next().value);
      const rowLoads = new RowLoads(problem, true);
      for (let car = 0; car < cars.count; car++) rowLoads.add(car, currentA[car]!);
      const loadA = loadsOf(currentA, tree, cars, rows);
      for (let row = 0; row < rows.count; row++) {
        assert.ok(Math.abs(rowLoads.loadA[row]! - rows.reservedA[row]! - loadA[row]!) < 1e-9, `row ${row}`);
      }
      const again = new RowLoads(problem, true);
      again.restart(currentA);
      again.loadA.forEach((load, row) => {
        assert.ok(Math.abs(load - rowLoads.loadA[row]!) < 1e-9, `row ${row} after a restart`);
      });
    });
    fc.assert(property, { seed: 20_240_229, numRuns: 300 });
  });
});

describe("an array that is used again", () => {
  it("holds zeros whatever was left in it, and grows", () => {
    const scratch = doubles();
    scratch.take(3).fill(7);
    assert.deepEqual([...scratch.take(2)], [0, 0]);
    assert.deepEqual([...scratch.take(5)], [0, 0, 0, 0, 0]);
  });
});
