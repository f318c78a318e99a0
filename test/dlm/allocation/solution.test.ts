import { strict as assert } from "node:assert";
import fc from "fast-check";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { prepare } from "../../../lib/dlm/allocation/prepare.ts";
import { Solution } from "../../../lib/dlm/allocation/solution.ts";
import { cases } from "../../full.ts";
import { anySite } from "./random-sites.ts";

describe("a solution", () => {
  it("tells who is served and who waits, before currents are asked for, as the whole allocation does", () => {
    const property = fc.property(anySite, (input) => {
      const { connectors } = allocate(input);
      const solution = new Solution(prepare(input));
      for (const [i, { id, state = "charging", mode, reservedA }] of input.connectors.entries()) {
        const { limitA, reasons } = connectors[id]!;
        const requests = (state === "charging" || state === "waiting") && mode !== "off" && reservedA === undefined;
        assert.equal(solution.isServed(i), requests && limitA > 0, id);
        assert.equal(solution.waits(i), reasons[0]!.code === "WAIT", id);
      }
    });
    fc.assert(property, { numRuns: cases(200, 2000) });
  });

  it("gives the currents, reasons and zones of the allocation", () => {
    const property = fc.property(anySite, (input) => {
      const { connectors, zones } = allocate(input);
      const solution = new Solution(prepare(input));
      for (const [i, { id }] of input.connectors.entries()) {
        assert.equal(solution.limitA[i], connectors[id]!.limitA);
        assert.deepEqual(solution.reasons(i), connectors[id]!.reasons);
      }
      assert.deepEqual(solution.connectors(new Map()), connectors);
      assert.deepEqual(solution.zones, zones);
    });
    fc.assert(property, { numRuns: cases(100, 500) });
  });
});
