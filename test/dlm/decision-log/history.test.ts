import { strict as assert } from "node:assert";
import { History, type HistoryNote } from "../../../lib/dlm/decision-log/history.ts";
import { MemoryStore } from "./memory-store.ts";

const START_MS = Date.parse("2026-06-01T18:00:00Z");
const MINUTE_MS = 60_000;

function note(limitA: number, text: string, drawA: number | null = limitA, id = "CP1/1"): HistoryNote {
  return { id, limitA, drawA, key: text, text };
}

describe("the history of connectors", () => {
  it("says of five minutes the lowest and highest limit, the mean draw, and the two reasons that held longest", () => {
    const history = new History(new MemoryStore());
    for (let s = 0; s < 300; s += 5) {
      const now = s < 100 ? note(10, "half full", 9) : s < 290 ? note(6, "full", 6) : note(7, "rising", 6);
      history.note([now], START_MS + s * 1000);
    }
    const [slot, ...others] = history.between("CP1/1", START_MS, START_MS);
    assert.deepEqual(others, []);
    assert.deepEqual(slot, {
      fromWallMs: START_MS,
      toWallMs: START_MS + 5 * MINUTE_MS,
      minA: 6,
      maxA: 10,
      drawA: 7,
      text: "full",
      also: "half full",
    });
  });

  it("answers for every slot of the last 24 hours and for none before", () => {
    const history = new History(new MemoryStore());
    const hours = 30;
    for (let m = 0; m < hours * 60; m += 5)
      history.note([note(m / 60, `hour ${Math.floor(m / 60)}`)], START_MS + m * MINUTE_MS);
    const endMs = START_MS + hours * 60 * MINUTE_MS;
    const slots = history.between("CP1/1", START_MS, endMs);
    assert.equal(slots.length, 287);
    assert.equal(slots.at(-1)?.text, "hour 29");
    assert.equal(slots[0]?.text, "hour 6");
  });

  it("survives a restart, and loses no more than a minute in a crash", () => {
    const shelf = new MemoryStore();
    const history = new History(shelf);
    for (let s = 0; s < 130; s += 5) history.note([note(6, "full")], START_MS + s * 1000);
    const after = new History(shelf);
    after.note([note(16, "free")], START_MS + 140_000);
    const [slot] = after.between("CP1/1", START_MS, START_MS + 140_000);
    assert.deepEqual([slot?.minA, slot?.maxA, slot?.text, slot?.also], [6, 16, "full", "free"]);
  });

  it("says unknown where nothing was measured, and nothing of connectors it never heard of", () => {
    const history = new History(new MemoryStore());
    history.note([note(0, "offline", null)], START_MS);
    assert.equal(history.between("CP1/1", START_MS, START_MS)[0]?.drawA, null);
    assert.deepEqual(history.between("CP2/1", START_MS, START_MS), []);
  });

  it("takes a shelf with garbage for an empty one", () => {
    const shelf = new MemoryStore();
    const history = new History(shelf);
    for (const garbage of [null, [], "x", { slot: START_MS / 300_000, rows: [[1, 2], null], texts: 3 }])
      for (let i = 0; i < 288; i++) shelf.save(`history/${i}`, garbage);
    history.note([note(6, "full")], START_MS);
    assert.equal(history.between("CP1/1", START_MS, START_MS)[0]?.maxA, 6);
  });

  it("needs less than 40 MB on disk, and hardly any memory, for 1,000 connectors and a day", () => {
    const shelf = new MemoryStore();
    const history = new History(shelf);
    for (let slot = 0; slot < 300; slot++) {
      const notes = Array.from({ length: 1000 }, (_, i) =>
        note((slot + i) % 32, `L1 of zone ${i % 50} is full (63 A), shared by ${slot % 7} cars`, 6, `station-${i}/1`),
      );
      history.note(notes, START_MS + slot * 5 * MINUTE_MS);
    }
    assert.equal(shelf.texts.size, 288);
    assert.ok(shelf.characters < 40e6, `${shelf.characters}`);
  });
});
