import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import type { AllocationInput, Reason } from "../../../lib/dlm/types.ts";
import type { Triple } from "../../../lib/units.ts";

const TOLERANCE_A = 0.001;

/** An allocation worked out by hand: an input, and what comes of it. */
interface WorkedExample extends AllocationInput {
  title: string;
  /** Per connector. */
  limitA: Record<string, number>;
  /** The first reason of some connectors. */
  binding?: Record<string, Reason>;
  /** Currents on the site phases of some connectors. */
  phasesA?: Record<string, Triple>;
  /** Charger load of some zones. */
  loadA?: Record<string, Triple>;
}

const EXAMPLES = JSON.parse(
  readFileSync(new URL("worked-examples.json", import.meta.url), "utf8"),
) as readonly WorkedExample[];

function assertNear(actual: readonly number[], expected: readonly number[], what: string): void {
  const near = actual.every((value, i) => Math.abs(value - expected[i]!) <= TOLERANCE_A);
  assert.ok(near, `${what}: expected ${expected.join(" ")} A, got ${actual.join(" ")} A`);
}

describe("worked examples of the allocation", () => {
  for (const { title, limitA, binding = {}, phasesA = {}, loadA = {}, ...input } of EXAMPLES) {
    it(title, () => {
      const { connectors, zones } = allocate(input);
      for (const [id, expectedA] of Object.entries(limitA)) assertNear([connectors[id]!.limitA], [expectedA], id);
      for (const [id, expectedA] of Object.entries(phasesA)) assertNear(connectors[id]!.phasesA, expectedA, id);
      for (const [id, expectedA] of Object.entries(loadA)) assertNear(zones[id]!.loadA, expectedA, `zone ${id}`);
      for (const [id, reason] of Object.entries(binding)) assert.deepEqual(connectors[id]!.reasons[0], reason);
    });
  }
});
