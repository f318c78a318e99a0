import { strict as assert } from "node:assert";
import { Inbox } from "../../lib/ocpp/inbox.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** An inbox whose items are numbers, and what it asked of its host. */
function setUp(handle: (item: number) => Promise<void> | undefined = () => undefined) {
  const handled: number[] = [];
  const asked: string[] = [];
  const inbox = new Inbox<number>({
    handle: (item) => {
      handled.push(item);
      return handle(item);
    },
    pauseReading: () => asked.push("pause"),
    resumeReading: () => asked.push("resume"),
    overflow: () => asked.push("overflow"),
  });
  return { inbox, handled, asked };
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("ocpp inbox", () => {
  it("handles what comes alone at once", () => {
    const { inbox, handled } = setUp();
    inbox.add(1);
    assert.deepEqual(handled, [1]);
  });

  it("keeps the order behind an item that takes time", async () => {
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { inbox, handled } = setUp((item) => (item === 0 ? slow : undefined));
    for (const item of upTo(5)) inbox.add(item);
    await turn();
    assert.deepEqual(handled, [0]);
    finish();
    await turn();
    await turn();
    assert.deepEqual(handled, upTo(5));
  });

  it("handles sixteen items in a turn and leaves the turn to others", async () => {
    const { inbox, handled } = setUp();
    for (const item of upTo(40)) inbox.add(item);
    assert.equal(handled.length, 16);
    await turn();
    await turn();
    assert.ok(handled.length <= 40 && handled.length > 16);
    while (handled.length < 40) await turn();
    assert.deepEqual(handled, upTo(40));
  });

  it("stops reading while much waits and goes on when it is done", async () => {
    const { inbox, handled, asked } = setUp();
    for (const item of upTo(200)) inbox.add(item);
    assert.deepEqual(asked, ["pause"]);
    while (handled.length < 200) await turn();
    await turn();
    assert.deepEqual(asked, ["pause", "resume"]);
  });

  it("gives up when far too much waits, and handles nothing more", async () => {
    const { inbox, handled, asked } = setUp(() => new Promise(() => undefined));
    for (const item of upTo(5000)) inbox.add(item);
    await turn();
    assert.deepEqual(asked, ["pause", "overflow"]);
    assert.deepEqual(handled, [0]);
  });

  it("handles nothing after its end", async () => {
    const { inbox, handled } = setUp();
    for (const item of upTo(20)) inbox.add(item);
    inbox.end();
    inbox.add(99);
    await turn();
    await turn();
    assert.deepEqual(handled, upTo(16));
  });
});
