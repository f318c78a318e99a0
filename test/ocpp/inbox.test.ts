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
    while (handled.length < 5) await turn();
    assert.deepEqual(handled, upTo(5));
  });

  it("handles one item in a turn of the event loop and leaves the turn to others", async () => {
    const { inbox, handled } = setUp();
    for (const item of upTo(4)) inbox.add(item);
    assert.deepEqual(handled, [0]);
    while (handled.length < 4) await turn();
    assert.deepEqual(handled, upTo(4));
  });

  it("handles an item only after what the one before put off to the end of the turn", async () => {
    const order: string[] = [];
    const { inbox, handled } = setUp((item) => {
      order.push(`handled ${item}`);
      setImmediate(() => order.push(`delivered ${item}`));
      return undefined;
    });
    for (const item of upTo(3)) inbox.add(item);
    while (handled.length < 3) await turn();
    await turn();
    assert.deepEqual(
      order,
      upTo(3).flatMap((item) => [`handled ${item}`, `delivered ${item}`]),
    );
  });

  it("keeps nobody else waiting for its turn", () => {
    const busy = setUp();
    const other = setUp();
    for (const item of upTo(10)) busy.inbox.add(item);
    other.inbox.add(7);
    assert.deepEqual([busy.handled, other.handled], [[0], [7]]);
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
    assert.deepEqual(handled, [0]);
  });
});
