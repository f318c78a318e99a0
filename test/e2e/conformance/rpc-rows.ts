/** OCPP-J 1.6 §4: the layer of CALL, CALLRESULT and CALLERROR. */
import { strict as assert } from "node:assert";
import type { Bench } from "./product.ts";
import { at, type Row } from "./row.ts";
import { type Call, type Frame, takeAll } from "./wire.ts";

const AVAILABLE = { connectorId: 1, errorCode: "NoError", status: "Available" };

/** Sends what must not be answered, and shows that it was not: the next CALL is the next to be answered. */
async function unanswered(bench: Bench, frames: readonly unknown[]): Promise<void> {
  const wire = await bench.dial();
  for (const frame of frames) wire.send(frame);
  await wire.settled();
  assert.deepEqual(
    wire.frames.filter(([type]) => type !== 2).map(([, id]) => id),
    ["ask-1"],
  );
}

async function codeOf(answer: Promise<Frame>): Promise<unknown> {
  const [type, , code] = await answer;
  return type === 4 ? code : "confirmed";
}

const STRUCTURE: Row[] = [
  {
    id: "J-4",
    rule: "what is no message is dropped without an answer, and the next one is served",
    run: (bench) =>
      unanswered(bench, [
        "no JSON",
        "",
        "null",
        "{}",
        '"text"',
        "[]",
        "[2]",
        '[2,"x"]',
        '[2,null,"Heartbeat",{}]',
        '[2,{},"Heartbeat",{}]',
        "[".repeat(20_000),
      ]),
  },
  {
    id: "J-4.1.3",
    rule: "a message of an unknown type is ignored",
    run: (bench) =>
      unanswered(
        bench,
        [1, 5, 7, "2", 2.5].map((type) => [type, "x", "Heartbeat", {}]),
      ),
  },
  {
    id: "J-T7",
    rule: "an unknown action gets NotImplemented, also one with a name every object has",
    async run(bench) {
      const wire = await bench.dial();
      for (const action of ["MakeCoffee", "toString", "__proto__", "constructor", "heartbeat", ""])
        assert.equal(await codeOf(wire.ask(action)), "NotImplemented", action);
    },
  },
  {
    id: "J-T7",
    rule: "an action of the central system is not taken from a charge point",
    async run(bench) {
      const wire = await bench.booted();
      const wrong: [string, object][] = [
        ["RemoteStartTransaction", { idTag: "T" }],
        ["Reset", { type: "Hard" }],
        ["ChangeConfiguration", { key: "AuthorizationKey", value: "00" }],
        ["SetChargingProfile", {}],
      ];
      for (const [action, payload] of wrong)
        assert.match(String(await codeOf(wire.ask(action, payload))), /^Not(Implemented|Supported)$/, action);
    },
  },
  {
    id: "J-T7, errata J 5.1, 5.2",
    rule: "a structural fault gets the code of the table, in its own spelling",
    async run(bench) {
      const wire = await bench.dial();
      const faults: [string, unknown, string][] = [
        ["Authorize", {}, "OccurenceConstraintViolation"],
        ["Authorize", { idTag: 5 }, "TypeConstraintViolation"],
        ["Authorize", [], "FormationViolation"],
        ["Authorize", "T", "FormationViolation"],
        ["StatusNotification", { ...AVAILABLE, status: "Occupied" }, "PropertyConstraintViolation"],
        ["StatusNotification", { ...AVAILABLE, connectorId: "1" }, "TypeConstraintViolation"],
        ["BootNotification", { chargePointModel: "Box" }, "OccurenceConstraintViolation"],
        ["MeterValues", { connectorId: 1, meterValue: "none" }, "TypeConstraintViolation"],
      ];
      for (const [action, payload, code] of faults)
        assert.equal(await codeOf(wire.ask(action, payload)), code, `${action} ${JSON.stringify(payload)}`);
    },
  },
  {
    id: "J-4.2.1",
    rule: "a payload of null, or none, is an empty one",
    async run(bench) {
      const wire = await bench.dial();
      assert.equal((await wire.exchange('[2,"n","Heartbeat",null]', "n"))[0], 3);
      assert.equal((await wire.exchange('[2,"m","Heartbeat"]', "m"))[0], 3);
    },
  },
  {
    id: "J-4.1.4",
    rule: "whatever the message id, the answer carries it",
    async run(bench) {
      const wire = await bench.dial();
      for (const id of ["x".repeat(60), "ü€😀", "constructor", "__proto__", "error", "", 17])
        assert.deepEqual((await wire.ask("Heartbeat", {}, id)).slice(0, 2), [3, id]);
    },
  },
  {
    id: "J-4",
    rule: "deep nesting, long lists and __proto__ harm nothing",
    async run(bench) {
      const wire = await bench.dial();
      const deep = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
      const texts = [
        `{"vendorId":"v","data":${deep}}`,
        '{"vendorId":"v","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
        `{"vendorId":"v","data":"x","more":[${"1,".repeat(99_999)}1]}`,
      ];
      for (const text of texts) {
        const id = wire.nextId();
        await wire.exchange(`[2,"${id}","DataTransfer",${text}]`, id);
        assert.equal(wire.answers(id).length, 1);
      }
      await wire.settled();
    },
  },
];

const CALLS_OF_CHARGE_POINT: Row[] = [
  {
    id: "errata J 3.1",
    rule: "a CALL that is repeated word for word gets its first answer again, also on the next connection",
    async run(bench) {
      const start = { connectorId: 1, idTag: "T", meterStart: 5, timestamp: at(Date.now()) };
      const first = await bench.booted();
      const given = await first.ask("StartTransaction", start, "s");
      first.send([2, "s", "StartTransaction", start]);
      await first.settled();
      assert.deepEqual(first.answers("s"), [given, given]);
      await first.close();
      const second = await bench.booted();
      assert.deepEqual(await second.ask("StartTransaction", start, "s"), given);
      assert.equal(bench.events("transaction.start").length, 1);
    },
  },
  {
    id: "J-4.1.1",
    rule: "twenty CALLs in one go are each answered once, in order",
    async run(bench) {
      const wire = await bench.booted();
      const ids = Array.from({ length: 20 }, (_, number) => `p${number}`);
      for (const id of ids) wire.send([2, id, "StatusNotification", AVAILABLE]);
      await wire.settled();
      const answered = wire.frames.filter(([type, id]) => type === 3 && ids.includes(id as string));
      assert.deepEqual(
        answered.map(([, id]) => id),
        ids,
      );
    },
  },
  {
    id: "J-4.1.1",
    rule: "2000 CALLs in one go are each answered once, and others are served meanwhile",
    async run(bench) {
      const flood = await bench.booted();
      const other = await bench.as(`${bench.identity}-b`).booted();
      for (let number = 0; number < 2000; number++) flood.send([2, `p${number}`, "Heartbeat", {}]);
      const all = flood.next("the last answer", ([, id]) => id === "p1999", 20_000);
      const startMs = performance.now();
      await other.settled();
      assert.ok(performance.now() - startMs < 2000, "the other one waits for its answer");
      await all;
      assert.equal(flood.frames.filter(([type, id]) => type === 3 && /^p\d+$/.test(String(id))).length, 2000);
    },
  },
  {
    id: "errata J 3.10",
    rule: "a known charge point is served before it has booted",
    async run(bench) {
      const wire = await bench.dial();
      await wire.confirmed("StatusNotification", AVAILABLE);
      const { idTagInfo } = await wire.confirmed("Authorize", { idTag: "T" });
      assert.equal((idTagInfo as { status: string }).status, "Accepted");
    },
  },
];

/** Leaves the CALLs of an action unanswered; the set-up goes on meanwhile. */
const mute =
  (action: string) =>
  (call: Call): unknown =>
    call.action === action ? undefined : takeAll(call);

/** Answers the CALLs of an action in some other way. */
const answering =
  (action: string, answer: (id: string) => unknown) =>
  (call: Call): unknown =>
    call.action === action ? answer(call.id) : takeAll(call);

const CALLS_OF_CENTRAL_SYSTEM: Row[] = [
  {
    id: "J-4.1.1",
    rule: "one CALL at a time: the next one leaves when the first is answered",
    async run(bench) {
      const wire = await bench.booted({ reply: mute("Reset") });
      const first = wire.nextCall("Reset");
      const commands = [bench.command("Reset", { type: "Soft" }), bench.command("ClearCache")];
      const { id } = await first;
      await wire.settled();
      assert.equal(wire.calls.at(-1)?.action, "Reset");
      const second = wire.nextCall("ClearCache");
      wire.send([3, id, { status: "Accepted" }]);
      await second;
      assert.deepEqual(
        (await Promise.all(commands)).map(({ ok }) => ok),
        [true, true],
      );
    },
  },
  {
    id: "J-4.1.1",
    rule: "a CALL without an answer is given up, the next one leaves, and the late answer is ignored",
    on: ["lenient"],
    async run(bench) {
      const wire = await bench.booted({ reply: mute("Reset") });
      const asked = wire.nextCall("Reset");
      const { ok, error } = await bench.command("Reset", { type: "Soft" });
      assert.deepEqual([ok, error?.kind], [false, "timeout"]);
      wire.send([3, (await asked).id, { status: "Accepted" }]);
      assert.equal((await bench.command("ClearCache")).ok, true);
    },
  },
  {
    id: "J-4.1.1",
    rule: "the CALLs of a charge point that answers none are answered",
    async run(bench) {
      const wire = await bench.dial({ reply: () => undefined });
      await wire.boot();
      for (let round = 0; round < 20; round++) await wire.confirmed("StatusNotification", AVAILABLE);
    },
  },
  {
    id: "J-4.2.3",
    rule: "a CALLERROR reaches the flow with its code, in either spelling and of any word",
    async run(bench) {
      const wire = await bench.booted();
      const codes = [
        "NotSupported",
        "FormationViolation",
        "FormatViolation",
        "OccurenceConstraintViolation",
        "OccurrenceConstraintViolation",
        "RpcFrameworkError",
        "SomethingElse",
      ];
      for (const code of codes) {
        wire.reply = answering("ClearCache", (id) => [4, id, code, "why", {}]);
        const { ok, error } = await bench.command("ClearCache");
        assert.deepEqual([ok, error?.kind, error?.code, error?.description], [false, "callError", code, "why"]);
      }
    },
  },
  {
    id: "J-4.2.2",
    rule: "an answer that is none is an error in the flow, and the connection lives on",
    async run(bench) {
      const wire = await bench.booted();
      const answers = [
        (id: string) => [3, id, null],
        (id: string) => [3, id],
        (id: string) => [3, id, []],
        (id: string) => [3, id, { status: "Perhaps" }],
        (id: string) => [4, id],
        (id: string) => [4, id, 5, 6, 7],
        (id: string) => `[3,"${id}",{"status":"Accepted","x":${"[".repeat(20_000)}${"]".repeat(20_000)}}]`,
      ];
      for (const answer of answers) {
        wire.reply = answering("Reset", answer);
        assert.equal((await bench.command("Reset", { type: "Soft" })).ok, false, String(answer));
      }
      await wire.settled();
    },
  },
  {
    id: "J-4.2.2",
    rule: "an answer that nobody waits for is ignored without a reply",
    run: (bench) =>
      unanswered(bench, [
        [3, "x", { status: "Accepted" }],
        [3, "__proto__", {}],
        [3, "constructor", {}],
        [4, "error", "GenericError", "", {}],
        [4, "__proto__", "GenericError", "", {}],
      ]),
  },
  {
    id: "J-4.2.2",
    rule: "an answer on another charge point's connection answers nothing",
    async run(bench) {
      const wire = await bench.booted({ reply: mute("Reset") });
      const stranger = await bench.as(`${bench.identity}-b`).booted();
      const asked = wire.nextCall("Reset");
      const command = bench.command("Reset", { type: "Soft" });
      const { id } = await asked;
      stranger.send([3, id, { status: "Rejected" }]);
      stranger.send([4, id, "InternalError", "forged", {}]);
      await stranger.settled();
      wire.send([3, id, { status: "Accepted" }]);
      assert.equal((await command).ok, true);
    },
  },
  {
    id: "errata J 3.1",
    rule: "message ids have at most 36 characters and are used once, over reconnects",
    async run(bench) {
      const ids: string[] = [];
      for (let round = 0; round < 3; round++) {
        const wire = await bench.booted();
        await bench.command("ClearCache");
        ids.push(...wire.calls.map(({ id }) => id));
        await wire.close();
      }
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(ids.length > 3 && ids.every((id) => id.length > 0 && id.length <= 36));
    },
  },
];

export const RPC: readonly Row[] = [...STRUCTURE, ...CALLS_OF_CHARGE_POINT, ...CALLS_OF_CENTRAL_SYSTEM];
