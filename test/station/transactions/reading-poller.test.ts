import { strict as assert } from "node:assert";
import type { Reason } from "../../../lib/dlm/types.ts";
import type { LimitResult } from "../../../lib/messages.ts";
import type { CallOptions } from "../../../lib/ocpp/port.ts";
import type { LimitReport } from "../../../lib/profile/types.ts";
import { ReadingPoller, StartQuestions } from "../../../lib/station/transactions/reading-poller.ts";
import type { StationChange } from "../../../lib/station/types.ts";
import { FakeClock } from "../../fake-clock.ts";

const RESULT: LimitResult = {
  requestedA: 6,
  sentA: 6,
  acceptedA: 6,
  status: "accepted",
  verified: "no",
  purpose: "TxProfile",
  stackLevel: 1,
  profileId: 2,
  leaseUntil: null,
  tries: 1,
  hint: null,
};
const UNSURE: Reason = { code: "SETTLING", note: "unsure" };
const RUNS: Reason = { code: "MAX" };
const CYCLE_MS = 5000;

describe("The question what a charger draws", () => {
  let clock: FakeClock;
  let calls: unknown[];
  let answer: () => Promise<Record<string, unknown>>;
  let change: (change: StationChange) => void;
  let online: boolean;
  let works: "yes" | "no" | "charging";
  let transaction: object | null;
  let timeoutMs: number | undefined;
  let poller: ReadingPoller;

  beforeEach(() => {
    clock = new FakeClock();
    calls = [];
    answer = async () => ({ status: "Accepted" });
    online = true;
    works = "yes";
    transaction = null;
    const station = {
      identity: "a/b",
      get online() {
        return online;
      },
      get traits() {
        return { config: { triggers: { MeterValues: works } } };
      },
      get connectors() {
        return new Map([[2, { transaction }]]);
      },
      order: (name: string, given: object, options: CallOptions) => {
        calls.push([name, given]);
        timeoutMs = options.timeoutMs;
        return answer();
      },
    };
    const stations = {
      get: (identity: string) => (identity === "a/b" ? station : undefined),
      onChange: (listener: typeof change) => {
        change = listener;
        return () => {};
      },
    };
    poller = new ReadingPoller(stations as never, clock);
  });
  afterEach(() => poller.close());

  const ask = async (id = "a/b/2", question: "start" | "raise" | "overLimit" = "start") => {
    poller.ask(id, question);
    await new Promise(setImmediate);
    return calls.length;
  };
  const back = () => change({ kind: "online", chargePoint: "a/b" } as StationChange);

  it("is put to its connector", async () => {
    await ask();
    assert.deepEqual(calls, [["report", { what: "MeterValues", connector: 2 }]]);
  });

  it("is not put to one that is away, unknown, or known not to answer it", async () => {
    online = false;
    assert.equal(await ask(), 0);
    online = true;
    works = "no";
    assert.equal(await ask(), 0);
    assert.equal(await ask("CP9/1"), 0);
  });

  it("is put only during a transaction to one that answers it only then", async () => {
    works = "charging";
    assert.equal(await ask(), 0);
    transaction = {};
    assert.equal(await ask(), 1);
  });

  it("keeps a limit waiting behind it for 2 s at most, where a start depends on it", async () => {
    await ask();
    assert.equal(timeoutMs, 2000);
    await ask("a/b/2", "raise");
    assert.equal(timeoutMs, undefined);
  });

  it("is not repeated after two refusals until the charger comes back", async () => {
    answer = async () => ({ status: "NotImplemented" });
    for (let i = 0; i < 4; i++) await ask();
    assert.equal(calls.length, 2);
    back();
    assert.equal(await ask(), 3);
  });

  it("that failed for one reason may be put for another, and is put however often a draw is above its limit", async () => {
    answer = () => Promise.reject(new Error("timeout"));
    for (const question of ["start", "raise"] as const) for (let i = 0; i < 3; i++) await ask("a/b/2", question);
    assert.equal(calls.length, 4);
    for (let i = 0; i < 3; i++) await ask("a/b/2", "overLimit");
    assert.equal(calls.length, 7);
  });

  it("is not put once more while one is out, whoever asks", async () => {
    let reply: (answer: Record<string, unknown>) => void = () => {};
    answer = () => new Promise((resolve) => (reply = resolve));
    for (const question of ["start", "raise", "overLimit"] as const) await ask("a/b/2", question);
    assert.equal(calls.length, 1);
    reply({ status: "Accepted" });
    await new Promise(setImmediate);
    assert.equal(await ask(), 2);
  });

  describe("after a raised limit", () => {
    const accept = (acceptedA: number, more: Partial<LimitReport> = {}) =>
      poller.limited({ chargePoint: "a/b", connector: 2, zone: "main", result: { ...RESULT, acceptedA }, ...more });

    it("is put once the charger has followed", async () => {
      accept(6);
      await clock.advanceAsync(5000);
      assert.deepEqual(calls, []);
      await clock.advanceAsync(1000);
      assert.deepEqual(calls, [["report", { what: "MeterValues", connector: 2 }]]);
    });

    it("is not put after a decrease, a renewal, a refusal, or a limit outside any zone", async () => {
      accept(16);
      await clock.advanceAsync(6000);
      calls.length = 0;
      accept(10);
      accept(10);
      accept(20, { result: { ...RESULT, status: "rejected", acceptedA: null } });
      accept(30, { zone: null });
      await clock.advanceAsync(10_000);
      assert.deepEqual(calls, []);
    });

    it("is put once for several steps in a row", async () => {
      for (const limitA of [6, 7, 8]) accept(limitA);
      await clock.advanceAsync(6000);
      assert.equal(calls.length, 1);
    });

    it("is not put any more to a charger that refuses twice, until it comes back", async () => {
      answer = async () => ({ status: "NotImplemented" });
      for (const limitA of [6, 7, 8]) {
        accept(limitA);
        await clock.advanceAsync(6000);
      }
      assert.equal(calls.length, 2);
      back();
      accept(9);
      await clock.advanceAsync(6000);
      assert.equal(calls.length, 3);
    });

    it("is not put to a charger whose answers are known to be worth nothing, or that gives none without a transaction", async () => {
      for (const [i, known] of (["no", "charging"] as const).entries()) {
        works = known;
        accept(6 + i);
        await clock.advanceAsync(6000);
      }
      assert.deepEqual(calls, []);
      works = "yes";
      accept(8);
      await clock.advanceAsync(6000);
      assert.equal(calls.length, 1);
    });

    it("may fail without harm", async () => {
      answer = () => Promise.reject(new Error("offline"));
      accept(6);
      await clock.advanceAsync(6000);
      assert.equal(calls.length, 1);
    });

    it("leaves no timer behind", () => {
      accept(6);
      poller.close();
      assert.equal(clock.pending, 0);
    });
  });
});

describe("questions for readings before a decision", () => {
  let clock: FakeClock;
  let asked: { atMs: number; ids: readonly string[] }[];
  let requests: StartQuestions;

  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
    requests = new StartQuestions(clock, (ids) => asked.push({ atMs: clock.nowMs(), ids }));
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
