import { strict as assert } from "node:assert";
import { Changes, type ToldNote } from "../../../lib/dlm/decision-log/changes.ts";
import { MemoryStore } from "./memory-store.ts";

const START_MS = Date.parse("2026-06-01T18:00:00Z");
const HOUR_MS = 3_600_000;

function told(limitA: number, more: Partial<ToldNote> = {}): ToldNote {
  return { id: "CP1/1", limitA, code: "ZONE", zone: "main", phase: 2, capacityA: 18, loadA: 18, text: "full", ...more };
}

/** What each change was: from, to, code. */
const brief = (changes: Changes, toMs: number, fromMs = START_MS) =>
  changes.between("CP1/1", fromMs, toMs).map(({ fromA, toA, code }) => [fromA, toA, code]);

describe("the record of changes", () => {
  it("has each change of a setpoint with its time, its reason, and the row that held it", () => {
    const changes = new Changes(new MemoryStore());
    changes.note([told(16)], START_MS);
    changes.note([told(16)], START_MS + 5000);
    changes.note([told(6)], START_MS + 10_000);
    assert.deepEqual(brief(changes, START_MS + 20_000), [
      [null, 16, "ZONE"],
      [16, 6, "ZONE"],
    ]);
    const { atWallMs, untilWallMs, zone, phase, capacityA, loadA } = changes.between("CP1/1", 0, START_MS + 20_000)[1]!;
    assert.deepEqual([atWallMs, untilWallMs], [START_MS + 10_000, START_MS + 10_000]);
    assert.deepEqual([zone, phase, capacityA, loadA], ["main", 2, 18, 18]);
  });

  it("has each change of phases, also at the same current", () => {
    const changes = new Changes(new MemoryStore());
    changes.note([told(6, { phases: 3 })], START_MS);
    changes.note([told(6, { phases: 1, code: "MAX" })], START_MS + 5000);
    const [, change] = changes.between("CP1/1", START_MS, START_MS + 5000);
    assert.deepEqual([change?.fromPhases, change?.toPhases, change?.fromA, change?.toA], [3, 1, 6, 6]);
  });

  it("puts the steps of a ramp together, but not a step back or one for another reason", () => {
    const changes = new Changes(new MemoryStore());
    const steps = [told(6), told(8, { code: "RAMP" }), told(10, { code: "RAMP" }), told(12, { code: "RAMP" })];
    for (const [i, note] of [...steps, told(11, { code: "RAMP" }), told(6)].entries())
      changes.note([note], START_MS + i * 5000);
    assert.deepEqual(brief(changes, START_MS + HOUR_MS), [
      [null, 6, "ZONE"],
      [6, 12, "RAMP"],
      [12, 11, "RAMP"],
      [11, 6, "ZONE"],
    ]);
  });

  it("answers for 24 hours, and for no more", () => {
    const changes = new Changes(new MemoryStore());
    for (let h = 0; h < 30; h++) changes.note([told(6 + (h % 10))], START_MS + h * HOUR_MS);
    const endMs = START_MS + 30 * HOUR_MS;
    assert.equal(brief(changes, endMs).length, 23);
  });

  it("survives a restart", () => {
    const shelf = new MemoryStore();
    const changes = new Changes(shelf);
    changes.note([told(16)], START_MS);
    changes.note([told(6)], START_MS + 5000);
    changes.save();
    const after = new Changes(shelf);
    after.note([told(6)], START_MS + 60_000);
    assert.deepEqual(brief(after, START_MS + 60_000), [
      [null, 16, "ZONE"],
      [16, 6, "ZONE"],
      [null, 6, "ZONE"],
    ]);
  });

  it("stays small for a connector that changes at every decision: the last one goes on", () => {
    const shelf = new MemoryStore();
    const changes = new Changes(shelf);
    for (let s = 0; s < 300; s++) changes.note([told(6 + (s % 2))], START_MS + s * 1000);
    assert.ok(brief(changes, START_MS + 299_000).length <= 60);
    assert.equal(brief(changes, START_MS + 299_000).at(-1)?.[1], 7);
  });
});
