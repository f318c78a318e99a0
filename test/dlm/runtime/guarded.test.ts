import { strict as assert } from "node:assert";
import { allocate } from "../../../lib/dlm/allocation/allocate.ts";
import { createDlmGuard } from "../../../lib/dlm/guard/guard.ts";
import { guarded } from "../../../lib/dlm/runtime/guarded.ts";
import type { Snapshot } from "../../../lib/dlm/types.ts";
import { withCommanded } from "../controller/bench.ts";

const SNAPSHOT: Snapshot = {
  zones: [{ id: "main", parent: null, limitA: 32 }],
  connectors: [
    { id: "A/1", zone: "main" },
    { id: "B/1", zone: "main" },
  ],
};

function decide(limits: Record<string, number>, before: Record<string, number>) {
  const target = allocate(SNAPSHOT as never);
  const setpoints = Object.fromEntries(
    Object.entries(limits).map(([id, limitA]) => [id, { limitA, reasons: [{ code: "MAX" as const }] }]),
  );
  return guarded(createDlmGuard(), 1000, withCommanded(SNAPSHOT, before), { setpoints, target });
}

describe("what the guard lets pass", () => {
  it("is a decision that fits, untouched", () => {
    const { result, alarm } = decide({ "A/1": 16, "B/1": 16 }, { "A/1": 16, "B/1": 16 });
    assert.equal(alarm, null);
    assert.equal(result.setpoints["A/1"]!.limitA, 16);
  });

  it("is safe currents in the place of a decision that does not fit, with the numbers", () => {
    const { result, alarm } = decide({ "A/1": 20, "B/1": 20 }, { "A/1": 16, "B/1": 16 });
    assert.match(alarm!, /^L1 of zone main: limits and other load add up to 40 A, limit 32 A/);
    assert.deepEqual([result.setpoints["A/1"]!.limitA, result.setpoints["B/1"]!.limitA], [6, 6]);
    assert.match(result.setpoints["A/1"]!.reasons[0]!.text!, /^pulled to a safe current: L1 of zone main/);
  });

  it("names power in watts, and a charger that is given less than its minimum", () => {
    const limited: Snapshot = { ...SNAPSHOT, zones: [{ id: "main", parent: null, limitA: 63, maxPowerW: 2300 }] };
    const setpoints = Object.fromEntries(
      ["A/1", "B/1"].map((id) => [id, { limitA: id === "A/1" ? 16 : 3, reasons: [] }]),
    );
    const decided = { setpoints, target: allocate(limited as never) };
    const { alarm } = guarded(createDlmGuard(), 1000, withCommanded(limited, { "A/1": 16 }), decided);
    assert.match(alarm!, /power of zone main: limits and other load add up to \d+ W, limit 2300 W/);
    assert.match(alarm!, /charger B\/1: a limit between 0 A and the minimum: 3 A, minimum 6 A/);
  });
});
