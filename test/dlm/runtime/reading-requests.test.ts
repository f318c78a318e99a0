import { strict as assert } from "node:assert";
import { ReadingRequests } from "../../../lib/dlm/runtime/reading-requests.ts";
import type { Reason } from "../../../lib/dlm/types.ts";
import { FakeClock } from "../../fake-clock.ts";

const UNSURE: Reason = { code: "SETTLING", note: "unsure" };
const RUNS: Reason = { code: "MAX" };
const CYCLE_MS = 5000;

describe("questions for readings before a decision", () => {
  let clock: FakeClock;
  let asked: { atMs: number; ids: readonly string[] }[];
  let requests: ReadingRequests;

  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
    requests = new ReadingRequests(clock, (ids) => asked.push({ atMs: clock.nowMs(), ids }));
  });
  afterEach(() => requests.stop());

  /** A decision, and the time until the next one. */
  const decide = (inDoubt: readonly string[], others: readonly string[] = [], regular = true) => {
    const unsure = inDoubt.map((id) => [id, { limitA: 0, reasons: [UNSURE] }] as const);
    const running = others.map((id) => [id, { limitA: 6, reasons: [RUNS] }] as const);
    const setpoints = Object.fromEntries([...unsure, ...running]);
    const result = { setpoints, target: { connectors: {}, zones: {} } };
    requests.decided({ regular, result, moment: { nowMs: clock.nowMs(), wallMs: clock.wallMs() } });
    if (regular) clock.advance(CYCLE_MS);
  };

  it("are put shortly before the next regular one, to those whose start is in doubt", () => {
    decide(["CP1/1"], ["CP2/1"]);
    decide(["CP1/1"], ["CP2/1"]);
    assert.deepEqual(asked, [{ atMs: 2 * CYCLE_MS - 700, ids: ["CP1/1"] }]);
  });

  it("go on while the car starts, and end a minute after the last doubt", () => {
    decide(["CP1/1"]);
    for (let second = 5; second < 120; second += 5) decide([], ["CP1/1"]);
    assert.ok(asked.length >= 10, `${asked.length} questions`);
    assert.ok(asked.at(-1)!.atMs <= 60_000, `the last at ${asked.at(-1)!.atMs} ms`);
  });

  it("are given up for a quarter of an hour where they do not help", () => {
    for (let second = 0; second < 600; second += 5) decide(["CP1/1"]);
    assert.equal(asked.length, 12);
    for (let second = 600; second < 1200; second += 5) decide(["CP1/1"]);
    assert.equal(asked.length, 24);
  });

  it("are ten at most at a time", () => {
    const ids = Array.from({ length: 40 }, (_, i) => `CP${i}/1`);
    decide(ids);
    decide(ids);
    assert.deepEqual(asked[0]!.ids, ids.slice(0, 10));
  });

  it("are none without a doubt, and none because of decisions in between", () => {
    decide([], ["CP1/1"]);
    decide(["CP1/1"], [], false);
    decide([], ["CP1/1"]);
    assert.deepEqual(asked, []);
    assert.equal(clock.pending, 0);
  });

  it("end with a connector that left the tree", () => {
    decide(["CP1/1"]);
    decide(["CP2/1"]);
    assert.deepEqual(asked.at(-1)!.ids, ["CP2/1"]);
  });

  it("leave no timer behind", () => {
    decide(["CP1/1"]);
    requests.decided({
      regular: true,
      result: { setpoints: { "CP1/1": { limitA: 0, reasons: [UNSURE] } }, target: { connectors: {}, zones: {} } },
      moment: { nowMs: clock.nowMs(), wallMs: clock.wallMs() },
    });
    assert.equal(clock.pending, 1);
    requests.stop();
    assert.equal(clock.pending, 0);
  });
});
