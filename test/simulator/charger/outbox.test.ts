import { strict as assert } from "node:assert";
import { TransactionOutbox } from "../../../lib/simulator/charger/outbox.ts";
import { FakeClock } from "../../fake-clock.ts";

/** A wire whose answers the test gives one by one. */
class Wire {
  online = true;
  sent: { action: string; payload: Record<string, unknown> }[] = [];
  answers: { resolve: (response: Record<string, unknown>) => void; reject: (error: Error) => void }[] = [];

  send = (action: string, payload: Record<string, unknown>): Promise<Record<string, unknown>> => {
    this.sent.push({ action, payload });
    return new Promise((resolve, reject) => this.answers.push({ resolve, reject }));
  };

  async answer(response: Record<string, unknown> | Error): Promise<void> {
    const next = this.answers.shift()!;
    if (response instanceof Error) next.reject(response);
    else next.resolve(response);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function setUp(): { clock: FakeClock; wire: Wire; outbox: TransactionOutbox } {
  const clock = new FakeClock();
  const wire = new Wire();
  const outbox = new TransactionOutbox(clock, { send: wire.send, online: () => wire.online, retryS: () => 10 });
  return { clock, wire, outbox };
}

describe("the outbox for transaction messages", () => {
  it("sends the next only when the one before is confirmed, and builds it then", async () => {
    const { wire, outbox } = setUp();
    let transactionId: unknown = null;
    const confirmed = (response: Record<string, unknown>) => {
      transactionId = response["transactionId"];
    };
    outbox.post({ action: "StartTransaction", payload: () => ({}), confirmed });
    outbox.post({ action: "StopTransaction", payload: () => ({ transactionId }) });
    assert.equal(wire.sent.length, 1);
    await wire.answer({ transactionId: 42 });
    assert.deepEqual(wire.sent[1], { action: "StopTransaction", payload: { transactionId: 42 } });
    await wire.answer({});
    assert.equal(outbox.waiting, 0);
  });

  it("keeps everything while offline and sends it in order afterwards", async () => {
    const { wire, outbox } = setUp();
    wire.online = false;
    outbox.post({ action: "StartTransaction", payload: () => ({}) });
    outbox.post({ action: "StopTransaction", payload: () => ({}) });
    assert.equal(wire.sent.length, 0);
    wire.online = true;
    outbox.flush();
    await wire.answer({});
    assert.deepEqual(
      wire.sent.map(({ action }) => action),
      ["StartTransaction", "StopTransaction"],
    );
  });

  it("tries again after a longer and longer wait, for as long as it takes", async () => {
    const { clock, wire, outbox } = setUp();
    outbox.post({ action: "StartTransaction", payload: () => ({}) });
    for (const waitS of [10, 20, 30, 40, 50, 50, 50]) {
      const before = wire.sent.length;
      await wire.answer(new Error("refused"));
      clock.advance(waitS * 1000 - 1);
      assert.equal(wire.sent.length, before);
      clock.advance(1);
      assert.equal(wire.sent.length, before + 1);
    }
    await wire.answer({});
    assert.equal(outbox.waiting, 0);
  });

  it("tries again as soon as the connection is back", async () => {
    const { wire, outbox } = setUp();
    outbox.post({ action: "StartTransaction", payload: () => ({}) });
    wire.online = false;
    await wire.answer(new Error("closed"));
    wire.online = true;
    outbox.flush();
    assert.equal(wire.sent.length, 2);
  });

  it("leaves no timer behind when it is closed", async () => {
    const { clock, wire, outbox } = setUp();
    outbox.post({ action: "StartTransaction", payload: () => ({}) });
    await wire.answer(new Error("refused"));
    assert.equal(clock.pending, 1);
    outbox.close();
    assert.equal(clock.pending, 0);
  });
});
