import { strict as assert } from "node:assert";
import fc from "fast-check";
import { EvError } from "../../../lib/errors.ts";
import { OcppCallError } from "../../../lib/ocpp/rpc/call-error.ts";
import { ReplyMemory } from "../../../lib/ocpp/rpc/replies.ts";
import { type CallHandler, Rpc, type RpcOptions } from "../../../lib/ocpp/rpc/rpc.ts";
import { FakeClock } from "../../fake-clock.ts";

const NOW = "2026-06-01T12:00:00.000Z";
const answerAll: CallHandler = (action) => (action === "Heartbeat" ? { currentTime: NOW } : {});
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A central system's rpc on a transport that only writes down. */
function setUp(handle: CallHandler = answerAll, options: Partial<RpcOptions> = {}) {
  const clock = new FakeClock();
  const sent: unknown[][] = [];
  const deviations: string[] = [];
  const handled: string[] = [];
  const rpc = new Rpc(
    {
      clock,
      side: "centralSystem",
      callTimeoutMs: 30_000,
      handle: (action, payload, context) => {
        handled.push(`${action} ${context.messageId}`);
        return handle(action, payload, context);
      },
      onDeviation: (text) => deviations.push(text),
      ...options,
    },
    {
      send: (text) => sent.push(JSON.parse(text) as unknown[]),
      pauseReading: () => undefined,
      resumeReading: () => undefined,
      close: () => undefined,
    },
  );
  const receive = (frame: unknown) => rpc.receive(typeof frame === "string" ? frame : JSON.stringify(frame));
  return { clock, rpc, sent, deviations, handled, receive };
}

const AUTHORIZE = { idTag: "tag" };
const ACCEPTED = { idTagInfo: { status: "Accepted" } };

describe("ocpp rpc, answering", () => {
  it("answers a CALL once, with its id", () => {
    const { receive, sent } = setUp();
    receive([2, "a", "Heartbeat", {}]);
    assert.deepEqual(sent, [[3, "a", { currentTime: NOW }]]);
  });

  it("tells the handler when the message came", () => {
    let context: unknown;
    const { clock, receive } = setUp((_action, _payload, given) => {
      context = given;
      return { currentTime: NOW };
    });
    clock.advance(1500);
    receive([2, "a", "Heartbeat", {}]);
    assert.deepEqual(context, { messageId: "a", receivedAtMs: 1500, receivedWallMs: clock.wallMs() });
  });

  for (const id of ["constructor", "__proto__", "ü".repeat(60), "", 17]) {
    it(`answers under the id ${JSON.stringify(id).slice(0, 20)}`, () => {
      const { receive, sent } = setUp();
      receive(`[2,${JSON.stringify(id)},"Heartbeat",{}]`);
      assert.deepEqual(sent, [[3, id, { currentTime: NOW }]]);
    });
  }

  it("hands on meter values in the words of earlier ones as it handed on those, and what differs from them", async () => {
    const told: unknown[] = [];
    const { receive, sent, deviations } = setUp((_action, payload) => {
      told.push(payload);
      return {};
    });
    const requests = [..."1234"].map((value, index) => ({
      connectorId: 1,
      transactionId: index,
      meterValue: [{ timestamp: `2026-06-01T12:00:0${index}Z`, sampledValue: [{ value, unit: "A" }] }],
    }));
    const odd = { ...requests[0], meterValue: [{ timestamp: NOW, sampledValue: [{ value: "5", unit: "furlong" }] }] };
    const all = [...requests, odd, { connectorId: 1 }, ...requests];
    for (const [index, request] of all.entries()) {
      receive([2, index, "MeterValues", request]);
      await turn();
    }
    assert.deepEqual(told, [...requests, odd, ...requests]);
    assert.deepEqual(
      sent.map(([type, id]) => [type, id]),
      all.map((_, index) => [index === 5 ? 4 : 3, index]),
    );
    assert.equal(deviations.length, 2);
  });

  for (const action of ["MakeCoffee", "toString", "__proto__", "hasOwnProperty", "SecurityEvent"]) {
    it(`answers ${action} with NotImplemented`, () => {
      const { receive, sent, handled } = setUp();
      receive([2, "a", action, {}]);
      assert.equal(sent[0]?.[2], "NotImplemented");
      assert.deepEqual(handled, []);
    });
  }

  it("answers an action of the other side with NotSupported and does not process it", () => {
    const { receive, sent, handled } = setUp();
    receive([2, "a", "RemoteStartTransaction", { idTag: "x" }]);
    assert.deepEqual(sent, [[4, "a", "NotSupported", "This action is not taken from this side", {}]]);
    assert.deepEqual(handled, []);
  });

  it("answers a structural fault with the specification's own spelling and the member's name", async () => {
    const { receive, sent } = setUp();
    for (const [id, payload] of Object.entries({ a: {}, b: { idTag: 1 }, c: [] })) {
      receive([2, id, "Authorize", payload]);
      await turn();
    }
    assert.deepEqual(
      sent.map(([, , code]) => code),
      ["OccurenceConstraintViolation", "TypeConstraintViolation", "FormationViolation"],
    );
    assert.match(String(sent[1]?.[3]), /idTag must be string/);
  });

  it("processes content that deviates, and reports it", () => {
    const { receive, sent, deviations } = setUp(() => ACCEPTED);
    receive([2, "a", "Authorize", { idTag: "1".repeat(25) }]);
    assert.deepEqual(sent, [[3, "a", ACCEPTED]]);
    assert.match(deviations[0] ?? "", /^Authorize: idTag must not have more than 20 characters$/);
  });

  it("reports at most ten deviations in a minute", () => {
    const { clock, receive, deviations } = setUp(() => ACCEPTED);
    for (let index = 0; index < 15; index++) receive("rubbish");
    assert.equal(deviations.length, 10);
    clock.advance(60_000);
    receive("rubbish");
    assert.equal(deviations.length, 11);
  });

  it("answers InternalError when the handler fails, at once or later, and says why only to the report", async () => {
    const faults: CallHandler[] = [
      () => {
        throw new Error("disk full");
      },
      () => Promise.reject(new Error("disk full")),
    ];
    for (const fault of faults) {
      const { receive, sent, deviations } = setUp(fault);
      receive([2, "a", "Authorize", AUTHORIZE]);
      await turn();
      assert.deepEqual(sent, [[4, "a", "InternalError", "The message could not be processed", {}]]);
      assert.match(deviations[0] ?? "", /disk full/);
    }
  });

  it("sends the CALLERROR that a handler throws", () => {
    const { receive, sent } = setUp(() => {
      throw new OcppCallError("SecurityError", "Boot first", { hint: 1 });
    });
    receive([2, "a", "Authorize", AUTHORIZE]);
    assert.deepEqual(sent, [[4, "a", "SecurityError", "Boot first", { hint: 1 }]]);
  });

  it("answers NotImplemented for an action its side leaves out", () => {
    const { receive, sent } = setUp(() => undefined);
    receive([2, "a", "Authorize", AUTHORIZE]);
    assert.equal(sent[0]?.[2], "NotImplemented");
  });

  it("never lets out a confirmation that does not match the specification", () => {
    const { receive, sent, deviations } = setUp(() => ({ idTagInfo: { status: "Perhaps" } }));
    receive([2, "a", "Authorize", AUTHORIZE]);
    assert.equal(sent[0]?.[2], "InternalError");
    assert.match(deviations[0] ?? "", /idTagInfo.status must be one of/);
  });

  it("answers in the order of arrival while an earlier CALL is still being processed", async () => {
    let decide = (_answer: object): void => undefined;
    const { receive, sent } = setUp((action) =>
      action === "Authorize"
        ? new Promise<object>((resolve) => {
            decide = resolve;
          })
        : { currentTime: NOW },
    );
    receive([2, "a", "Authorize", AUTHORIZE]);
    receive([2, "b", "Heartbeat", {}]);
    await turn();
    assert.equal(sent.length, 0);
    decide(ACCEPTED);
    await turn();
    await turn();
    assert.deepEqual(
      sent.map(([, id]) => id),
      ["a", "b"],
    );
  });

  it("takes an answer while one of the peer's CALLs is still being processed, so that a handler may call", async () => {
    const { rpc, receive, sent } = setUp(async () => {
      await rpc.call("ClearCache", {});
      return ACCEPTED;
    });
    receive([2, "a", "Authorize", AUTHORIZE]);
    assert.equal(sent[0]?.[2], "ClearCache");
    receive([3, sent[0]?.[1], { status: "Accepted" }]);
    await turn();
    assert.deepEqual(sent[1], [3, "a", ACCEPTED]);
  });

  it("gives a repeated CALL its first answer and does not process it again", async () => {
    const { receive, sent, handled } = setUp(() => ACCEPTED, { replies: new ReplyMemory() });
    receive([2, "a", "Authorize", AUTHORIZE]);
    await turn();
    receive([2, "a", "Authorize", AUTHORIZE]);
    assert.deepEqual(handled, ["Authorize a"]);
    assert.deepEqual(sent, [
      [3, "a", ACCEPTED],
      [3, "a", ACCEPTED],
    ]);
  });

  it("processes another CALL under a used id", async () => {
    const { receive, handled } = setUp(() => ACCEPTED, { replies: new ReplyMemory() });
    receive([2, "1", "Authorize", AUTHORIZE]);
    await turn();
    receive([2, "1", "Authorize", { idTag: "other" }]);
    assert.equal(handled.length, 2);
  });

  it("tries a CALL again that failed inside", async () => {
    let tries = 0;
    const { receive, sent } = setUp(
      () => {
        tries += 1;
        if (tries === 1) throw new Error("busy");
        return ACCEPTED;
      },
      { replies: new ReplyMemory() },
    );
    receive([2, "a", "Authorize", AUTHORIZE]);
    await turn();
    receive([2, "a", "Authorize", AUTHORIZE]);
    assert.deepEqual(
      sent.map(([type]) => type),
      [4, 3],
    );
  });

  it("reports what is no message without its secrets", () => {
    const { receive, deviations } = setUp();
    receive('{"key":"AuthorizationKey","value":"hunter2"');
    assert.equal(deviations.length, 1);
    assert.doesNotMatch(deviations[0]!, /hunter/);
  });

  it("goes on when an observer throws", () => {
    const thrower = (): never => {
      throw new Error("observer");
    };
    const { receive, sent } = setUp(answerAll, { onFrame: thrower, onDeviation: thrower });
    receive("rubbish");
    receive([2, "a", "Heartbeat", {}]);
    assert.equal(sent.length, 1);
  });

  it("shows every frame in both directions", () => {
    const frames: string[] = [];
    const { receive } = setUp(answerAll, { onFrame: (direction, text) => frames.push(`${direction} ${text}`) });
    receive([2, "a", "Heartbeat", {}]);
    assert.deepEqual(frames, ['in [2,"a","Heartbeat",{}]', `out [3,"a",{"currentTime":"${NOW}"}]`]);
  });

  it("answers any text frame at most once and throws at none", () => {
    const id = fc.oneof(fc.string(), fc.integer(), fc.constantFrom("__proto__", "constructor"));
    const action = fc.oneof(
      fc.string(),
      fc.constantFrom("Heartbeat", "MeterValues", "StartTransaction", "Reset", "toString"),
    );
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.tuple(fc.constantFrom(2, 3, 4, "2", 5), id, action, fc.jsonValue()).map((frame) => JSON.stringify(frame)),
    );
    fc.assert(
      fc.property(text, (frame) => {
        const { rpc, sent } = setUp();
        rpc.receive(frame);
        assert.ok(sent.length <= 1);
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });
});

describe("ocpp rpc, calling", () => {
  const call = (rpc: Rpc, sent: unknown[][], answer: unknown[]) => {
    const result = rpc.call("Reset", { type: "Soft" });
    result.catch(() => undefined);
    return turn().then(() => {
      rpc.receive(JSON.stringify([answer[0], sent.at(-1)?.[1], ...answer.slice(1)]));
      return result;
    });
  };

  it("resolves with the payload of the answer", async () => {
    const { rpc, sent } = setUp();
    assert.deepEqual(await call(rpc, sent, [3, { status: "Accepted" }]), { status: "Accepted" });
  });

  it("refuses a payload that does not match before anything is sent, and names the member", async () => {
    const { rpc, sent } = setUp();
    await assert.rejects(rpc.call("Reset", { type: "Warm" }), {
      code: "EV_OCPP_INVALID",
      message: /type must be one of/,
    });
    await assert.rejects(rpc.call("Reset", [1]), { code: "EV_OCPP_INVALID" });
    await assert.rejects(rpc.call("Heartbeat", {}), { code: "EV_OCPP_INVALID", message: /direction/ });
    await assert.rejects(rpc.call("__proto__", {}), { code: "EV_OCPP_INVALID", message: /not an action/ });
    assert.deepEqual(sent, []);
  });

  it("rejects with an answer that is not one", async () => {
    for (const answer of [
      [3, null],
      [3],
      [3, {}],
      [3, "Accepted"],
      [3, []],
      [3, { status: "Perhaps" }],
      [3, { status: 1 }],
    ]) {
      const { rpc, sent } = setUp();
      await assert.rejects(call(rpc, sent, answer), { code: "EV_OCPP_CALL_ERROR", message: /not usable/ });
    }
  });

  it("rejects with an answer nested too deeply", async () => {
    const { rpc, sent } = setUp();
    const result = rpc.call("Reset", { type: "Soft" });
    await turn();
    rpc.receive(`[3,"${sent[0]?.[1]}",{"status":"Accepted","x":${"[".repeat(20_000)}${"]".repeat(20_000)}}]`);
    await assert.rejects(result, { code: "EV_OCPP_CALL_ERROR", message: /nested too deeply/ });
  });

  it("rejects with a CALLERROR, malformed ones included", async () => {
    for (const answer of [[4, "NotSupported", "no", {}], [4], [4, 5, 6, 7], [4, "X", null, "y"]]) {
      const { rpc, sent } = setUp();
      await assert.rejects(call(rpc, sent, answer), { code: "EV_OCPP_CALL_ERROR" });
    }
  });

  it("ignores answers that nobody asked for, without a reply", () => {
    const { rpc, receive, sent, deviations } = setUp();
    void rpc.call("ClearCache", {}).catch(() => undefined);
    for (const id of ["error", "__proto__", "x"]) {
      receive([3, id, {}]);
      receive([4, id, "X", "", {}]);
    }
    assert.ok(sent.length <= 1);
    assert.equal(deviations.length, 6);
  });

  it("rejects what waits when the connection ends, and leaves no timer", async () => {
    const { clock, rpc } = setUp();
    const waiting = rpc.call("ClearCache", {});
    rpc.end(new EvError("EV_OCPP_SUPERSEDED", "newer"));
    await assert.rejects(waiting, { code: "EV_OCPP_SUPERSEDED" });
    await assert.rejects(rpc.call("ClearCache", {}), { code: "EV_OCPP_SUPERSEDED" });
    assert.equal(clock.pending, 0);
  });

  it("says nothing more after its end", async () => {
    const { rpc, receive, sent } = setUp(async () => ACCEPTED);
    receive([2, "a", "Authorize", AUTHORIZE]);
    rpc.end(new EvError("EV_OCPP_OFFLINE", "gone"));
    receive([2, "b", "Authorize", AUTHORIZE]);
    await turn();
    assert.deepEqual(sent, []);
  });

  it("lets out what a faulty charge point says when it is told to", async () => {
    const { rpc, sent } = setUp(answerAll, { side: "chargePoint", strictOutbound: false });
    void rpc.call("BootNotification", { chargePointVendor: 5 }).catch(() => undefined);
    await turn();
    assert.deepEqual(sent[0]?.slice(2), ["BootNotification", { chargePointVendor: 5 }]);
  });
});
