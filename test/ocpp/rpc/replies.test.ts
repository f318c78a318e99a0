import { strict as assert } from "node:assert";
import { ReplyMemory } from "../../../lib/ocpp/rpc/replies.ts";

const CALL = '[2,"1","StartTransaction",{}]';

describe("ocpp reply memory", () => {
  it("gives the answer to a CALL that is repeated word for word", () => {
    const memory = new ReplyMemory();
    memory.keep("1", "StartTransaction", CALL, "answer", 0);
    assert.equal(memory.find("1", CALL, 599_999), "answer");
  });

  it("gives none to another CALL under the same id", () => {
    const memory = new ReplyMemory();
    memory.keep("1", "StartTransaction", CALL, "answer", 0);
    assert.equal(memory.find("1", '[2,"1","Heartbeat",{}]', 0), undefined);
  });

  it("forgets after ten minutes, and the confirmation of a boot, which tells the time, after ten seconds", () => {
    const memory = new ReplyMemory();
    memory.keep("1", "StartTransaction", CALL, "answer", 0);
    memory.keep("2", "BootNotification", "boot", "time", 0);
    assert.equal(memory.find("1", CALL, 600_000), undefined);
    assert.equal(memory.find("2", "boot", 9_999), "time");
    assert.equal(memory.find("2", "boot", 10_000), undefined);
  });

  it("keeps the last sixteen answers", () => {
    const memory = new ReplyMemory();
    for (let id = 0; id < 17; id++) memory.keep(String(id), "Authorize", `call ${id}`, `answer ${id}`, 0);
    assert.equal(memory.find("0", "call 0", 0), undefined);
    assert.equal(memory.find("1", "call 1", 0), "answer 1");
    assert.equal(memory.find("16", "call 16", 0), "answer 16");
  });

  it("does not remember what may be processed twice, and most of the traffic is", () => {
    const memory = new ReplyMemory();
    for (const action of ["Heartbeat", "MeterValues", "StatusNotification"]) {
      memory.keep("1", action, "call", "answer", 0);
      assert.equal(memory.find("1", "call", 0), undefined);
    }
  });

  it("is bounded in size, too", () => {
    const memory = new ReplyMemory();
    const long = "x".repeat(40_000);
    memory.keep("1", "Authorize", long, "one", 0);
    memory.keep("2", "Authorize", long, "two", 0);
    assert.equal(memory.find("1", long, 0), undefined);
    assert.equal(memory.find("2", long, 0), "two");
    memory.keep("3", "Authorize", long + long, "three", 0);
    assert.equal(memory.find("3", long + long, 0), undefined);
  });

  it("is not confused by ids that are names of an object's own", () => {
    const memory = new ReplyMemory();
    for (const id of ["__proto__", "constructor"]) {
      assert.equal(memory.find(id, CALL, 0), undefined);
      memory.keep(id, "Authorize", CALL, id, 0);
      assert.equal(memory.find(id, CALL, 0), id);
    }
  });
});
