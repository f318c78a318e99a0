import { strict as assert } from "node:assert";
import { MessageLog } from "../../../lib/ocpp/log/message-log.ts";
import { headOf, type LoggedMessage, type MessageQuery, OpenCalls } from "../../../lib/ocpp/log/message-search.ts";
import { redactFrame } from "../../../lib/ocpp/log/redact.ts";
import { FakeClock } from "../../fake-clock.ts";

const ALL: MessageQuery = { chargePoint: null, action: null, id: null, text: null, most: 1000 };

describe("The log of messages", () => {
  let clock: FakeClock;
  let log: MessageLog;
  beforeEach(() => {
    clock = new FakeClock();
    log = new MessageLog(clock);
  });
  const texts = async (query: Partial<MessageQuery> = {}): Promise<string[]> =>
    (await log.find({ ...ALL, ...query })).map(({ text }) => text);
  const exchange = (chargePoint: string, id: string, action: string): void => {
    const keep = log.of(chargePoint);
    clock.advance(10);
    keep("in", `[2,"${id}","${action}",{}]`);
    clock.advance(10);
    keep("out", `[3,"${id}",{}]`);
  };

  it("keeps what crossed the wire, with time, direction and meaning", async () => {
    exchange("CP1", "a", "Heartbeat");
    const [call, result] = await log.find(ALL);
    const wallMs = clock.wallMs();
    const expected: LoggedMessage[] = [
      {
        wallMs: wallMs - 10,
        chargePoint: "CP1",
        direction: "in",
        kind: "call",
        id: "a",
        action: "Heartbeat",
        text: '[2,"a","Heartbeat",{}]',
      },
      {
        wallMs,
        chargePoint: "CP1",
        direction: "out",
        kind: "result",
        id: "a",
        action: "Heartbeat",
        text: '[3,"a",{}]',
      },
    ];
    assert.deepEqual([call, result], expected);
  });

  it("finds by charger, action, id and text, whatever the letter case", async () => {
    exchange("CP1", "a", "Heartbeat");
    exchange("CP2", "b", "BootNotification");
    exchange("CP2", "c", "Heartbeat");
    assert.equal((await texts()).length, 6);
    assert.deepEqual(await texts({ chargePoint: "cp1" }), ['[2,"a","Heartbeat",{}]', '[3,"a",{}]']);
    assert.deepEqual(await texts({ action: "bootnotification" }), ['[2,"b","BootNotification",{}]', '[3,"b",{}]']);
    assert.deepEqual(await texts({ id: "C" }), ['[2,"c","Heartbeat",{}]', '[3,"c",{}]']);
    assert.deepEqual(await texts({ text: "bootn" }), ['[2,"b","BootNotification",{}]']);
    assert.deepEqual(await texts({ text: "beat", chargePoint: "CP2" }), ['[2,"c","Heartbeat",{}]']);
  });

  it("gives the newest, oldest first", async () => {
    for (let number = 0; number < 20; number++) exchange(`CP${number % 3}`, `m${number}`, "Heartbeat");
    assert.deepEqual(await texts({ most: 2, text: "heartbeat" }), [
      '[2,"m18","Heartbeat",{}]',
      '[2,"m19","Heartbeat",{}]',
    ]);
  });

  it("tells an answer to the charger from an answer of the charger with the same id", async () => {
    const keep = log.of("CP1");
    keep("out", '[2,"1","Reset",{"type":"Soft"}]');
    keep("in", '[2,"1","Heartbeat",{}]');
    keep("out", '[3,"1",{"currentTime":""}]');
    keep("in", '[3,"1",{"status":"Accepted"}]');
    assert.deepEqual(await texts({ action: "Reset" }), [
      '[2,"1","Reset",{"type":"Soft"}]',
      '[3,"1",{"status":"Accepted"}]',
    ]);
  });

  it("keeps the last 500 of each charger, over reconnects", async () => {
    for (let number = 0; number < 300; number++) exchange("CP1", `m${number}`, "Heartbeat");
    exchange("CP2", "x", "Heartbeat");
    const kept = await texts({ chargePoint: "CP1" });
    assert.equal(kept.length, 500);
    assert.equal(kept[0], '[2,"m50","Heartbeat",{}]');
    assert.equal((await texts({ chargePoint: "CP2" })).length, 2);
  });

  it("keeps fewer of each where all together would be too much", async () => {
    log = new MessageLog(clock, { mostBytes: 1_000_000 });
    const long = `[2,"1","DataTransfer",{"data":"${"x".repeat(952)}"}]`;
    for (let number = 0; number < 500; number++) log.of("CP1")("in", long);
    assert.equal((await texts()).length, 500);
    for (let round = 0; round < 30; round++)
      for (let number = 2; number <= 100; number++) log.of(`CP${number}`)("in", long);
    const left = await texts({ chargePoint: "CP1" });
    assert.ok(left.length >= 4 && left.length < 20, `${left.length}`);
    assert.ok((await texts({ chargePoint: "CP50" })).length >= 4);
  });

  it("keeps what added charge points sent, however many names strangers think of", async () => {
    log.of("CP1")("in", "[]");
    for (let number = 0; number < 12_000; number++) log.of(`S${number}`, true)("in", "[]");
    assert.equal((await texts({ chargePoint: "CP1" })).length, 1);
    assert.equal((await texts({ chargePoint: "S0" })).length, 0);
    assert.equal((await texts({ chargePoint: "S11999" })).length, 1);
  });

  it("cuts an endless frame, and copies what it keeps of it", async () => {
    log.of("CP1")("in", `[2,"1","DataTransfer",{"data":"${"x".repeat(200_000)}"}]`);
    const [text = ""] = await texts();
    assert.equal(text.length, 4097);
    assert.match(text, /…$/);
  });

  it("keeps what is no OCPP, too", async () => {
    for (const text of ["", "{", "[5]", '[2,{"a":1}]', "\u0000"]) log.of("CP1")("in", text);
    assert.deepEqual(
      (await log.find(ALL)).map(({ kind }) => kind),
      ["other", "other", "other", "other", "other"],
    );
  });

  it("shows no password and no login, and finds none", async () => {
    const keep = log.of("CP1");
    keep("out", '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"6f6e65"}]');
    keep("out", '[2,"2","GetDiagnostics",{"location":"ftp://user:hunter2@192.0.2.1/"}]');
    const shown = (await texts()).join("\n");
    assert.doesNotMatch(shown, /6f6e65|hunter2/);
    assert.deepEqual(await texts({ text: "6f6e65" }), []);
    assert.deepEqual(await texts({ text: "hunter2" }), []);
  });

  it("passes every frame on to whoever keeps it longer", () => {
    const passed: unknown[][] = [];
    const keep = log.of("CP1");
    log.sink = { add: (...frame) => passed.push(frame) };
    keep("in", "[]");
    log.sink = null;
    keep("in", "[]");
    assert.deepEqual(passed, [[clock.wallMs(), "CP1", "in", "[]"]]);
  });
});

describe("CALLs whose answer has not been seen", () => {
  it("are remembered by what a CALL needs of its id and action, not by whole frames", () => {
    const calls = new OpenCalls();
    const before = process.memoryUsage().heapUsed;
    for (let number = 0; number < 20_000; number++) {
      const words = `${number}-${"x".repeat(2000)}`;
      calls.complete("CP1", "in", `[2,"${words}","${words}",{}]`);
    }
    const answer = calls.complete("CP1", "out", `[3,"19999-${"x".repeat(2000)}",{}]`);
    assert.match(answer.action, /^19999-x+$/);
    assert.ok(process.memoryUsage().heapUsed - before < 60e6);
  });
});

describe("A frame's head", () => {
  for (const [text, kind, id, action] of [
    ['[2,"a","Heartbeat",{}]', "call", "a", "Heartbeat"],
    [' [ 2 , "a" , "Heartbeat" , {} ]', "call", "a", "Heartbeat"],
    ["[3,17,{}]", "result", "17", ""],
    ['[4,"a","InternalError","",{}]', "error", "a", ""],
    ['[2,"a"]', "call", "a", ""],
    ["[7]", "other", "", ""],
  ] as const) {
    it(`is read from ${text}`, () => assert.deepEqual(headOf(text), { kind, id, action }));
  }
});

describe("A frame that is kept or shown", () => {
  for (const [what, frame, shown] of [
    [
      "the value of any key for a password",
      '{"key":"WifiPassword","value":"x"}',
      '{"key":"WifiPassword","value":"***"}',
    ],
    ["a password in a field of its own", '{"ftpPassword":"x","a":1}', '{"ftpPassword":"***","a":1}'],
    ["a login with an @ in the password", '"ftp://u:p@ss@h/a"', '"ftp://***@h/a"'],
    ["a login whose slashes are escaped", '"ftp:\\/\\/u:p@h\\/a"', '"ftp:\\/\\/***@h\\/a"'],
    [
      "a key written with escapes",
      '{"key":"Authorization\\u004bey","value":"x"}',
      '{"key":"Authorization\\u004bey","value":"***"}',
    ],
  ] as const) {
    it(`has not ${what}`, () => assert.equal(redactFrame(frame), shown));
  }
});
