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

  it("does not gather more than can be packed: what waits is written before that, and one that is large by itself once in a turn", () => {
    const diary = started();
    const longest = () => Math.max(...[...disk.texts.values()].map(({ length }) => length));
    for (const characters of [100_000, 130_000, 180_000, 230_000, 340_000])
      for (let minute = 0; minute < 12; minute++) diary.save(`record/${minute}`, "x".repeat(characters));
    diary.write();
    assert.ok(longest() < 400_000, `${longest()}`);
    writes = 0;
    for (let minute = 0; minute < 14; minute++) diary.save("changes/1", "x".repeat(600_000));
    assert.equal(writes, 0);
    diary.write();
    assert.equal((started().load("changes/1") as string).length, 600_000);
  });

  it("is read where an earlier release wrote each by itself, and missing where nothing was saved", () => {
    disk.save("record/3", { minute: 3, ticks: [] });
    assert.deepEqual(started().load("record/3"), { minute: 3, ticks: [] });
    assert.equal(started().load("record/4"), undefined);
  });

  it("is missing, and no error, where its bundle is damaged", () => {
    disk.save("record/3", { in: "record/2" });
    assert.equal(started().load("record/3"), undefined);
    for (const broken of [null, { bundle: null }, { bundle: { "record/2": "1", "record/3": 1 } }, 7] as JsonValue[]) {
      disk.save("record/2", broken);
      assert.equal(started().load("record/3"), undefined, JSON.stringify(broken));
    }
  });

  it("is handed out anew to each who asks", () => {
    const diary = started();
    for (const key of ["record/1", "record/2"]) diary.save(key, { ticks: [1] });
    diary.write();
    (diary.load("record/1") as { ticks: number[] }).ticks.pop();
    assert.deepEqual(diary.load("record/1"), { ticks: [1] });
  });

  it("is what was saved last, whichever keys of a ring are saved when, over restarts, and in whichever order it is read", () => {
    const RING = 12;
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.constant({ go: 1 }) },
      { weight: 3, arbitrary: fc.constant({ go: 0 }) },
      { weight: 1, arbitrary: fc.record({ go: fc.integer({ min: -RING, max: RING }) }) },
      { weight: 1, arbitrary: fc.constant("restart" as const) },
      { weight: 1, arbitrary: fc.constant("turn" as const) },
    );
    const steps = fc.array(step, { maxLength: 80 });
    fc.assert(
      fc.property(steps, fc.boolean(), (all, backwards) => {
        nowMs = TURN_MS;
        disk = new MemoryStore();
        let diary = started();
        const saved = new Map<string, number>();
        let at = 0;
        for (const [index, one] of all.entries()) {
          if (one === "turn") nowMs += TURN_MS;
          else if (one === "restart") {
            diary.write();
            diary = started();
          } else {
            at = (at + one.go + RING) % RING;
            const key = `record/${at}`;
            diary.save(key, { index });
            saved.set(key, index);
          }
          const keys = Array.from({ length: RING }, (_, n) => `record/${backwards ? RING - 1 - n : n}`);
          const found = keys.map((key) => (diary.load(key) as { index: number } | undefined)?.index);
          assert.deepEqual(
            found,
            keys.map((key) => saved.get(key)),
          );
        }
      }),
      { numRuns: cases(100, 300) },
    );
  });
});
