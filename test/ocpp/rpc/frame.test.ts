import { strict as assert } from "node:assert";
import fc from "fast-check";
import { callText, EMPTY, errorText, isTooDeep, parseFrame, resultText } from "../../../lib/ocpp/rpc/frame.ts";

describe("ocpp frame", () => {
  it("reads a CALL, a CALLRESULT and a CALLERROR", () => {
    assert.deepEqual(parseFrame('[2,"a","Heartbeat",{}]'), { type: "call", id: "a", action: "Heartbeat", payload: {} });
    assert.deepEqual(parseFrame('[3,"a",{"x":1}]'), { type: "result", id: "a", payload: { x: 1 } });
    assert.deepEqual(parseFrame('[4,"a","NotSupported","no",{"y":2}]'), {
      type: "error",
      id: "a",
      code: "NotSupported",
      description: "no",
      details: { y: 2 },
    });
  });

  const heartbeat = { type: "call", id: "a", action: "Heartbeat", payload: {} };
  for (const [what, text] of [
    ["a byte order mark", '\uFEFF[2,"a","Heartbeat",{}]'],
    ["white space around it", ' \r\n[2,"a","Heartbeat",{}]\n\n'],
    ["null as payload", '[2,"a","Heartbeat",null]'],
    ["no payload", '[2,"a","Heartbeat"]'],
    ["no outer brackets", '2,"a","Heartbeat",{}'],
    ["no closing bracket", '[2,"a","Heartbeat",{}'],
    ["a fifth element", '[2,"a","Heartbeat",{},1]'],
  ] as const) {
    it(`reads a CALL with ${what}`, () => assert.deepEqual(parseFrame(text), heartbeat));
  }

  it("keeps a numeric message id as it came, to be echoed", () => {
    assert.deepEqual(parseFrame('[2,7,"Heartbeat",{}]'), { ...heartbeat, id: 7 });
    assert.equal(resultText(7, {}), "[3,7,{}]");
    for (const id of [7, 'a "quoted" \\ id', "ü\u2028"]) assert.equal(resultText(id, EMPTY), resultText(id, {}));
  });

  it("takes an error without description or details, and with details that are no object", () => {
    assert.deepEqual(parseFrame('[4,"a"]'), {
      type: "error",
      id: "a",
      code: "GenericError",
      description: "",
      details: {},
    });
    assert.deepEqual(parseFrame('[4,"a","X","d","text"]'), {
      type: "error",
      id: "a",
      code: "X",
      description: "d",
      details: {},
    });
  });

  it("says nothing of an empty frame", () => {
    for (const text of ["", "  \n", "\uFEFF"]) assert.deepEqual(parseFrame(text), { type: "empty" });
  });

  for (const text of [
    "hello",
    "{}",
    '"text"',
    "17",
    "null",
    "[]",
    "[2]",
    "[2,null]",
    '[2,{},"Heartbeat",{}]',
    '[2,1e999,"Heartbeat",{}]',
    '[2,"a"]',
    '[2,"a",5,{}]',
    '[1,"a","Heartbeat",{}]',
    '["2","a","Heartbeat",{}]',
    '[2.5,"a","Heartbeat",{}]',
    '[5,"a"]',
  ]) {
    it(`drops ${text} without an answer`, () => {
      assert.equal(parseFrame(text).type, "unusable");
    });
  }

  it("knows what is nested too deeply for a recursive function, and takes nothing such from a CALLERROR", () => {
    const deep = "[".repeat(20_000) + "]".repeat(20_000);
    const call = parseFrame(`[2,"a","DataTransfer",{"data":${deep}}]`);
    assert.ok(call.type === "call" && isTooDeep(call.payload));
    assert.ok(!isTooDeep(JSON.parse("[".repeat(16) + "]".repeat(16))));
    const error = parseFrame(`[4,"a","X","",{"data":${deep}}]`);
    assert.deepEqual(error.type === "error" && error.details, {});
  });

  it("takes nothing from a member named __proto__", () => {
    const frame = parseFrame('[2,"a","Heartbeat",{"__proto__":{"polluted":true}}]');
    assert.equal(frame.type, "call");
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  it("writes what it reads", () => {
    assert.deepEqual(parseFrame(callText("i", "Reset", { type: "Soft" })), {
      type: "call",
      id: "i",
      action: "Reset",
      payload: { type: "Soft" },
    });
    assert.equal(parseFrame(errorText("i", "NotSupported", "x".repeat(999))).type, "error");
  });

  it("cuts an error's description at 255 characters", () => {
    const frame = parseFrame(errorText("i", "NotSupported", "x".repeat(999)));
    assert.equal(frame.type === "error" && frame.description.length, 255);
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.json(),
          fc.json().map((json) => `[2,"i","Heartbeat",${json}]`),
        ),
        (text) => {
          parseFrame(text);
        },
      ),
    );
  });
});
