import { strict as assert } from "node:assert";
import { LoadHistory } from "../../lib/overview/load-history.ts";
import type { JsonValue } from "../../lib/units.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** The beginning of an hour. */
const START_MS = Date.parse("2026-06-01T12:00:00Z");

class Memory {
  writes = 0;
  readonly documents = new Map<string, JsonValue>();
  save(key: string, value: JsonValue): void {
    this.writes++;
    this.documents.set(key, structuredClone(value));
  }
  load(key: string): JsonValue | undefined {
    return this.documents.get(key);
  }
}

const one = (value: number | null) => new Map([["A/House/1", value]]);

describe("the history of load", () => {
  it("gives means of five minutes", () => {
    const history = new LoadHistory(new Memory());
    for (const [minute, value] of [
      [0, 10],
      [2, 20],
      [6, 7],
    ] as const)
      history.note(one(value), START_MS + minute * 60_000);
    const { fromMs, means } = history.between(START_MS, START_MS + 9 * 60_000);
    assert.equal(fromMs, START_MS);
    assert.deepEqual(means.get("A/House/1"), [15, 7]);
  });

  it("says nothing of a time in which nothing was known", () => {
    const history = new LoadHistory(new Memory());
    history.note(one(10), START_MS);
    history.note(one(null), START_MS + 5 * 60_000);
    history.note(one(12), START_MS + 15 * 60_000);
    const { means } = history.between(START_MS, START_MS + 15 * 60_000);
    assert.deepEqual(means.get("A/House/1"), [10, null, null, 12]);
  });

  it("is there after a restart, and loses a quarter of an hour at most", () => {
    const store = new Memory();
    const before = new LoadHistory(store);
    for (let minute = 0; minute < 50; minute++) before.note(one(minute), START_MS + minute * 60_000);
    const after = new LoadHistory(store);
    after.note(one(99), START_MS + 50 * 60_000);
    const { means } = after.between(START_MS, START_MS + 50 * 60_000);
    const values = means.get("A/House/1")!;
    assert.equal(values.filter((value) => value !== null).length >= 8, true, JSON.stringify(values));
    assert.equal(values[0], 2);
    assert.equal(values.at(-1), 99);
  });

  it("writes about a hundred times a day, keeps a week and does not grow", () => {
    const store = new Memory();
    const history = new LoadHistory(store);
    const days = 9;
    for (let ms = 0; ms < days * DAY_MS; ms += 60_000) history.note(one(ms / DAY_MS), START_MS + ms);
    assert.ok(store.writes / days <= 130, `${store.writes / days} writes a day`);
    assert.ok(store.documents.size <= 7 * 24 + 1);
    const endMs = START_MS + days * DAY_MS - 1;
    const { means } = history.between(endMs - 7 * DAY_MS + 2 * HOUR_MS, endMs);
    const values = means.get("A/House/1")!;
    assert.equal(values.includes(null), false, "a week is whole");
    assert.ok(Math.abs(values[0]! - 2.08) < 0.02, String(values[0]));
  });

  it("takes a damaged document for none", () => {
    const store = new Memory();
    for (const document of [null, "x", { hour: START_MS / HOUR_MS, means: { "A/House/1": ["x", {}, 3] } }]) {
      store.documents.set(`load/${(START_MS / HOUR_MS) % 169}`, document as JsonValue);
      assert.doesNotThrow(() => new LoadHistory(store).between(START_MS, START_MS + HOUR_MS));
    }
  });
});
