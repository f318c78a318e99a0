import { strict as assert } from "node:assert";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { WORKED_EXAMPLES } from "./worked-examples.ts";

const TOLERANCE_A = 0.001;

function assertNear(actual: readonly number[], expected: readonly number[], what: string): void {
  const near = actual.every((value, i) => Math.abs(value - expected[i]!) <= TOLERANCE_A);
  assert.ok(near, `${what}: expected ${expected.join(" ")} A, got ${actual.join(" ")} A`);
}

describe("worked examples of the allocation", () => {
  for (const example of WORKED_EXAMPLES) {
    it(example.title, () => {
      const result = allocate(example.input);
      for (const [id, limitA] of Object.entries(example.limitA)) {
        assertNear([result.connectors[id]!.limitA], [limitA], id);
      }
      for (const [id, phasesA] of Object.entries(example.phasesA ?? {})) {
        assertNear(result.connectors[id]!.phasesA, phasesA, id);
      }
      for (const [id, loadA] of Object.entries(example.loadA ?? {})) {
        assertNear(result.zones[id]!.loadA, loadA, `zone ${id}`);
      }
      for (const [id, reason] of Object.entries(example.binding ?? {})) {
        assert.deepEqual(result.connectors[id]!.reasons[0], reason);
      }
    });
  }
});
