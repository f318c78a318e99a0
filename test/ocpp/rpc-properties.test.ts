/** What holds for every sequence of frames, whatever the handler does and however late it does it. */
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseFrame } from "../../lib/ocpp/rpc/frame.ts";
import { ReplyMemory } from "../../lib/ocpp/rpc/replies.ts";
import { type CallHandler, Rpc } from "../../lib/ocpp/rpc/rpc.ts";
import { seeded } from "../../lib/simulator/random.ts";
import { dutyOf, Frames } from "../drills/ocpp-frames.ts";
import { Judge } from "../drills/ocpp-judge.ts";
import { FakeClock } from "../fake-clock.ts";
import { MESSAGES } from "./v16/messages.ts";
import { least } from "./v16/variants.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** How a handler takes a CALL: at once or later. Confirmations are the least the specification asks for. */
const handlerOf = (isLate: (index: number) => boolean): CallHandler => {
  let calls = 0;
  return (action) => {
    const confirmation = least(MESSAGES[action]![1]);
    calls += 1;
    return isLate(calls) ? turn().then(() => confirmation) : confirmation;
  };
};

/** An rpc whose answers are judged. */
function judged(handle: CallHandler): { rpc: Rpc; judge: Judge } {
  const judge = new Judge();
  const rpc = new Rpc(
    {
      clock: new FakeClock(),
      side: "centralSystem",
      callTimeoutMs: 30_000,
      handle,
      replies: new ReplyMemory(),
    },
    {
      send: (text) => judge.hear(JSON.parse(text) as unknown[]),
      pauseReading: () => undefined,
      resumeReading: () => undefined,
      close: () => assert.fail("it gives up"),
    },
  );
  return { rpc, judge };
}

describe("ocpp rpc, for any sequence of frames", () => {
  const id = fc.oneof(fc.string(), fc.integer(), fc.constantFrom("__proto__", "constructor", "", "a"));
  const action = fc.oneof(fc.constantFrom(...Object.keys(MESSAGES), "toString", "__proto__"), fc.string());
  const call = fc
    .tuple(fc.constant(2), id, action, fc.oneof(fc.jsonValue(), fc.constant({})))
    .map((parts) => JSON.stringify(parts));
  const right = fc
    .tuple(id, fc.constantFrom(...Object.keys(MESSAGES)))
    .map(([messageId, name]) => JSON.stringify([2, messageId, name, least(MESSAGES[name]![0])]));
  const text = fc.oneof(
    { weight: 4, arbitrary: right },
    { weight: 3, arbitrary: call },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
    { weight: 1, arbitrary: fc.array(fc.jsonValue(), { maxLength: 6 }).map((value) => JSON.stringify(value)) },
  );

  it("answers every CALL exactly once and nothing else", async () => {
    const sequence = fc.tuple(fc.array(text, { maxLength: 30 }), fc.func(fc.boolean()));
    await fc.assert(
      fc.asyncProperty(sequence, async ([texts, isLate]) => {
        const { rpc, judge } = judged(handlerOf(isLate));
        for (const one of texts) {
          judge.owe(dutyOf(one));
          rpc.receive(one);
        }
        for (let turns = 0; turns < 2 * texts.length + 2; turns++) await turn();
        assert.deepEqual(judge.verdict(), []);
      }),
      { numRuns: 150 },
    );
  });

  it("answers the frames of a faulty charge point so, too", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const { rpc, judge } = judged(handlerOf((index) => index % 5 === 0));
        const frames = new Frames(seeded(seed), "f");
        for (let count = 0; count < 40; count++) {
          const sent = frames.next();
          if ("bytes" in sent) continue;
          const one = "text" in sent ? sent.text : sent.fragments.join("");
          judge.owe(dutyOf(one));
          rpc.receive(one);
        }
        for (let turns = 0; turns < 60; turns++) await turn();
        assert.deepEqual(judge.verdict(), []);
      }),
      { numRuns: 50 },
    );
  });
});

describe("an ocpp frame, for any text", () => {
  it("is read without a throw, and as a CALL just where it is one", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.json(),
      fc.array(fc.jsonValue()).map((value) => JSON.stringify(value)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const { kind } = dutyOf(text);
        const { type } = parseFrame(text);
        if (kind === "answer") assert.equal(type, "call");
        if (kind === "silence") assert.notEqual(type, "call");
      }),
      { numRuns: 500 },
    );
  });
});
