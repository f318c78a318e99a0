import { strict as assert } from "node:assert";
import { EvError } from "../../../lib/errors.ts";
import { CALL_PRIORITY } from "../../../lib/ocpp/port.ts";
import { Outbox } from "../../../lib/ocpp/rpc/outbox.ts";
import { FakeClock } from "../../fake-clock.ts";

/** An outbox, what it sent (action and id), and what became of each call. */
function setUp() {
  const clock = new FakeClock();
  const sent: { id: string; action: string }[] = [];
  const outbox = new Outbox(clock, 30_000, (text) => {
    const [, id, action] = JSON.parse(text) as [number, string, string];
    sent.push({ id, action });
  });
  const ends: Record<string, unknown> = {};
  const add = (name: string, options = {}): Promise<void> =>
    outbox.add(name, {}, options).then(
      (payload) => {
        ends[name] = payload;
      },
      (error: EvError) => {
        ends[name] = error.code;
      },
    );
  const answer = (index: number, payload: unknown = {}) => outbox.result(sent[index]?.id ?? "", payload);
  return { clock, sent, outbox, ends, add, answer, actions: () => sent.map(({ action }) => action) };
}

describe("ocpp outbox", () => {
  it("sends one CALL at a time and the next when it is answered", async () => {
    const { add, answer, actions, ends } = setUp();
    const first = add("A");
    void add("B");
    assert.deepEqual(actions(), ["A"]);
    answer(0, { x: 1 });
    await first;
    assert.deepEqual(ends["A"], { x: 1 });
    assert.deepEqual(actions(), ["A", "B"]);
  });

  it("lets a decrease pass everything that waits, and keeps the order of equals", () => {
    const { clock, add, answer, actions } = setUp();
    void add("outstanding");
    void add("poll", { priority: CALL_PRIORITY.poll });
    void add("command 1");
    void add("command 2");
    void add("decrease", { priority: CALL_PRIORITY.decrease });
    void add("lease", { priority: CALL_PRIORITY.lease });
    for (let index = 0; index < 6; index++) {
      answer(index);
      clock.advance(1);
    }
    assert.deepEqual(actions(), ["outstanding", "decrease", "lease", "command 1", "command 2", "poll"]);
  });

  it("lets whoever got an answer add something urgent before what can wait", async () => {
    const { clock, add, answer, actions } = setUp();
    const baseline = add("baseline", { priority: CALL_PRIORITY.lease });
    void add("set-up", { priority: CALL_PRIORITY.setup });
    answer(0);
    await baseline;
    void add("limit", { priority: CALL_PRIORITY.lease });
    clock.advance(1);
    assert.deepEqual(actions(), ["baseline", "limit"]);
    answer(1);
    clock.advance(1);
    assert.deepEqual(actions(), ["baseline", "limit", "set-up"]);
  });

  it("leaves the silence after an answer that its peer needs", () => {
    const { clock, outbox, add, answer, actions } = setUp();
    outbox.gapMs = 500;
    void add("A");
    void add("B");
    answer(0);
    clock.advance(499);
    assert.deepEqual(actions(), ["A"]);
    clock.advance(1);
    assert.deepEqual(actions(), ["A", "B"]);
    answer(1);
    clock.advance(2000);
    void add("C");
    assert.deepEqual(actions(), ["A", "B", "C"]);
    outbox.end(new EvError("EV_OCPP_OFFLINE", "closed"));
    assert.equal(clock.pending, 0);
  });

  it("lets the newest of a kind take the place of the one that waits, not of the one that was sent", async () => {
    const { add, answer, actions, ends } = setUp();
    void add("sent", { coalesceKey: "limit/1" });
    const older = add("older", { coalesceKey: "limit/1" });
    void add("other connector", { coalesceKey: "limit/2" });
    void add("newer", { coalesceKey: "limit/1" });
    await older;
    assert.equal(ends["older"], "EV_OCPP_SUPERSEDED");
    for (let index = 0; index < 3; index++) answer(index);
    assert.deepEqual(actions(), ["sent", "other connector", "newer"]);
  });

  it("gives up after the timeout, goes on, and ignores the late answer", async () => {
    const { clock, add, answer, actions, ends } = setUp();
    const slow = add("slow");
    const next = add("next");
    clock.advance(29_999);
    assert.deepEqual(actions(), ["slow"]);
    clock.advance(1);
    await slow;
    assert.equal(ends["slow"], "EV_OCPP_TIMEOUT");
    assert.deepEqual(actions(), ["slow", "next"]);
    assert.equal(answer(0, { late: true }), false);
    assert.equal(answer(1, { ok: true }), true);
    await next;
    assert.deepEqual(ends["next"], { ok: true });
  });

  it("counts a call's own timeout from its sending", async () => {
    const { clock, add, answer, ends } = setUp();
    void add("first");
    const short = add("short", { timeoutMs: 1000 });
    clock.advance(20_000);
    answer(0);
    clock.advance(999);
    assert.equal(ends["short"], undefined);
    clock.advance(1);
    await short;
    assert.equal(ends["short"], "EV_OCPP_TIMEOUT");
  });

  it("uses a changed timeout for the next call", async () => {
    const { clock, outbox, add, ends } = setUp();
    outbox.timeoutMs = 5000;
    const call = add("A");
    clock.advance(5000);
    await call;
    assert.equal(ends["A"], "EV_OCPP_TIMEOUT");
  });

  it("rejects with code, description and details of a CALLERROR, whatever its code", async () => {
    const { outbox, sent } = setUp();
    const call = outbox.add("A", {}, {});
    outbox.error(sent[0]?.id ?? "", "OccurrenceConstraintViolation", "no", { a: 1 });
    await assert.rejects(call, {
      name: "OcppCallError",
      code: "EV_OCPP_CALL_ERROR",
      ocppCode: "OccurrenceConstraintViolation",
      ocppDescription: "no",
      details: { a: 1 },
    });
  });

  it("takes no answer with an id it did not send", () => {
    const { outbox, add, actions } = setUp();
    void add("A");
    void add("B");
    for (const id of ["", "__proto__", "error", "constructor"]) {
      assert.equal(outbox.result(id, {}), false);
      assert.equal(outbox.error(id, "X", "", {}), false);
    }
    assert.deepEqual(actions(), ["A"]);
  });

  it("rejects everything with the reason of its end, and what comes after it", async () => {
    const { clock, outbox, add, ends } = setUp();
    const calls = [add("A"), add("B")];
    outbox.end(new EvError("EV_OCPP_OFFLINE", "gone"));
    calls.push(add("C"));
    await Promise.all(calls);
    assert.deepEqual(ends, { A: "EV_OCPP_OFFLINE", B: "EV_OCPP_OFFLINE", C: "EV_OCPP_OFFLINE" });
    assert.equal(clock.pending, 0);
  });

  it("refuses a call when two hundred wait", async () => {
    const { add, ends } = setUp();
    void add("outstanding");
    for (let index = 0; index < 200; index++) void add(`waiting ${index}`);
    await add("too many");
    assert.equal(ends["too many"], "EV_OCPP_BUSY");
  });

  it("names each CALL with an id of its own of at most 36 characters", () => {
    const { add, answer, sent } = setUp();
    for (let index = 0; index < 50; index++) {
      void add("A");
      answer(index);
    }
    assert.equal(new Set(sent.map(({ id }) => id)).size, 50);
    assert.ok(sent.every(({ id }) => id.length <= 36));
  });
});
