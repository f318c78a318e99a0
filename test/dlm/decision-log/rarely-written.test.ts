import { strict as assert } from "node:assert";
import fc from "fast-check";
import { RarelyWritten } from "../../../lib/dlm/decision-log/rarely-written.ts";
import type { JsonValue } from "../../../lib/units.ts";
import { cases } from "../../full.ts";
import { MemoryStore } from "./memory-store.ts";

const TURN_MS = 900_000;
const MINUTE_MS = 60_000;

describe("What is saved by the minute", () => {
  let nowMs: number;
  let disk: MemoryStore;
  let writes: number;
  const clock = { nowMs: () => nowMs };

  /** As a process has it that starts now. */
  const started = (): RarelyWritten =>
    new RarelyWritten(
      {
        save: (key, value) => {
          writes++;
          disk.save(key, value);
        },
        load: (key) => disk.load(key),
      },
      clock,
    );

  beforeEach(() => {
    nowMs = TURN_MS;
    disk = new MemoryStore();
    writes = 0;
  });

  it("is written once in a quarter of an hour, one document for all of a kind, and read again after a restart", () => {
    const diary = started();
    for (let minute = 0; minute <= 15; minute++) {
      nowMs = TURN_MS + minute * MINUTE_MS;
      diary.save(`record/${minute}`, { minute, ticks: ["a long text that all of them have"] });
      if (minute === 14) assert.equal(writes, 0);
    }
    const whole = [...disk.texts.values()].filter((text) => text.includes("a long text"));
    assert.equal(whole.length, 1);
    for (const reader of [diary, started()]) {
      for (let minute = 0; minute <= 15; minute++)
        assert.deepEqual(reader.load(`record/${minute}`), { minute, ticks: ["a long text that all of them have"] });
    }
  });

  it("is as it was when it was saved, whatever becomes of it", () => {
    const diary = started();
    const rows = [1];
    diary.save("changes/1", { rows });
    rows.push(2);
    diary.write();
    assert.deepEqual(diary.load("changes/1"), { rows: [1] });
  });

  it("does not gather more than can be packed in some milliseconds", () => {
    const diary = started();
    for (let minute = 0; minute < 6; minute++) diary.save(`record/${minute}`, { minute, text: "x".repeat(150_000) });
    assert.ok(Math.max(...[...disk.texts.values()].map(({ length }) => length)) < 600_000);
    assert.equal([...disk.texts.values()].filter((text) => text.includes("xxx")).length, 2);
    diary.write();
    for (let minute = 0; minute < 6; minute++)
      assert.equal((started().load(`record/${minute}`) as { minute: number }).minute, minute);
  });

  it("is read where an earlier release wrote each by itself, and missing where nothing was saved", () => {
    disk.save("record/3", { minute: 3, ticks: [] });
    assert.deepEqual(started().load("record/3"), { minute: 3, ticks: [] });
    assert.equal(started().load("record/4"), undefined);
  });

  it("is missing, and no error, where its bundle is damaged", () => {
    disk.save("record/3", { in: "record/2" });
    assert.equal(started().load("record/3"), undefined);
    for (const broken of [null, { bundle: null }, { bundle: { "record/2": 1 } }, 7] as JsonValue[]) {
      disk.save("record/2", broken);
      assert.equal(started().load("record/3"), undefined, JSON.stringify(broken));
    }
  });

  it("goes round a ring of keys, with restarts in between: the newest of each key that was written is what is read", () => {
    const RING = 40;
    const step = fc.record({ minutes: fc.integer({ min: 0, max: 40 }), restart: fc.boolean(), again: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        nowMs = TURN_MS;
        disk = new MemoryStore();
        let diary = started();
        const saved = new Map<string, number>();
        let minute = 0;
        for (const { minutes, restart, again } of steps) {
          for (let i = 0; i < minutes; i++) {
            if (!again || i > 0) minute++;
            nowMs += MINUTE_MS;
            diary.save(`record/${minute % RING}`, { minute });
            saved.set(`record/${minute % RING}`, minute);
          }
          if (!restart) continue;
          diary.write();
          diary = started();
        }
        // What came later takes the place of what is a round older; no key of the last round is lost.
        for (const [key, wanted] of saved)
          if (wanted > minute - RING + 15) assert.deepEqual(diary.load(key), { minute: wanted });
      }),
      { numRuns: cases(100, 300) },
    );
  });
});
