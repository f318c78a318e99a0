import { strict as assert } from "node:assert";
import { Inbox } from "../../../lib/ocpp/rpc/inbox.ts";
import {
  ConnectionBudget,
  SERVED_LIMITS,
  STRANGER_LIMITS,
  type VisitorClass,
  visitorAlone,
} from "../../../lib/ocpp/server/visitors.ts";
import { FakeClock } from "../../fake-clock.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

const constantly =
  <T>(value: T) =>
  () =>
    value;

/** An inbox whose items are numbers, and what it asked of its host. */
function setUp(
  handle: (item: number) => Promise<void> | undefined = () => undefined,
  visitor: () => VisitorClass = constantly(visitorAlone()),
) {
  const handled: number[] = [];
  const asked: string[] = [];
  const inbox = new Inbox<number>({
    visitor,
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
    inbox.add(1, 20);
    assert.deepEqual(handled, [1]);
  });

  it("keeps the order behind an item that takes time", async () => {
    let finish = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { inbox, handled } = setUp((item) => (item === 0 ? slow : undefined));
    for (const item of upTo(5)) inbox.add(item, 20);
    await turn();
    assert.deepEqual(handled, [0]);
    finish();
    while (handled.length < 5) await turn();
    assert.deepEqual(handled, upTo(5));
  });

  it("handles one item in a turn of the event loop and leaves the turn to others", async () => {
    const { inbox, handled } = setUp();
    for (const item of upTo(4)) inbox.add(item, 20);
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
    for (const item of upTo(3)) inbox.add(item, 20);
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
    for (const item of upTo(10)) busy.inbox.add(item, 20);
    other.inbox.add(7, 20);
    assert.deepEqual([busy.handled, other.handled], [[0], [7]]);
  });

  it("stops reading while much waits and goes on when it is done", async () => {
    const { inbox, handled, asked } = setUp();
    for (const item of upTo(200)) inbox.add(item, 20);
    assert.deepEqual(asked, ["pause"]);
    while (handled.length < 200) await turn();
    await turn();
    assert.deepEqual(asked, ["pause", "resume"]);
  });

  it("gives up when far too much waits, and handles nothing more", async () => {
    const { inbox, handled, asked } = setUp(() => new Promise(() => undefined));
    for (const item of upTo(5000)) inbox.add(item, 20);
    await turn();
    assert.deepEqual(asked, ["pause", "overflow"]);
    assert.deepEqual(handled, [0]);
  });

  it("handles nothing after its end", async () => {
    const { inbox, handled } = setUp();
    for (const item of upTo(20)) inbox.add(item, 20);
    inbox.end();
    inbox.add(99, 20);
    await turn();
    await turn();
    assert.deepEqual(handled, [0]);
  });

  it("stops reading by bytes, too, and never holds more than the limit and one chunk", () => {
    const { inbox, asked } = setUp(() => new Promise(() => undefined));
    inbox.add(0, 20);
    inbox.add(1, SERVED_LIMITS.pauseBytes - 1);
    assert.deepEqual(asked, []);
    inbox.add(2, 1);
    assert.deepEqual(asked, ["pause"]);
  });

  it("takes one long item of all peers in a turn", async () => {
    const visitor = constantly(visitorAlone());
    const peers = [setUp(undefined, visitor), setUp(undefined, visitor), setUp(undefined, visitor)];
    for (const { inbox } of peers) for (const item of upTo(2)) inbox.add(item, SERVED_LIMITS.atOnceBytes);
    const counts: number[][] = [];
    for (let turns = 0; turns < 6; turns++) {
      await turn();
      counts.push(peers.map(({ handled }) => handled.length));
    }
    assert.deepEqual(counts.at(-1), [2, 2, 2]);
    const sums = counts.map((each) => each.reduce((sum, count) => sum + count, 0));
    assert.deepEqual(sums, [1, 2, 3, 4, 5, 6], "one in a turn");
    assert.ok(
      counts.every((each) => Math.max(...each) - Math.min(...each) <= 1),
      "in turn",
    );
  });

  it("lets short items pass long ones of other peers", () => {
    const visitor = constantly(visitorAlone());
    const [long, short] = [setUp(undefined, visitor), setUp(undefined, visitor)];
    long.inbox.add(1, 200_000);
    short.inbox.add(2, 20);
    assert.deepEqual([long.handled, short.handled], [[], [2]]);
  });
});

describe("ocpp inbox of a stranger", () => {
  const clock = new FakeClock();

  it("stops reading as soon as anything waits, and gives up after a few hundred items", () => {
    const { strangers } = new ConnectionBudget(clock);
    const { inbox, asked } = setUp(undefined, constantly(strangers));
    inbox.add(0, 20);
    assert.deepEqual(asked, ["pause"]);
    for (const item of upTo(STRANGER_LIMITS.mostFrames)) inbox.add(item, 20);
    assert.deepEqual(asked, ["pause", "overflow"]);
    assert.equal(strangers.waitingBytes, 0);
  });

  it("shares turns, and so many in a second, with all strangers", async () => {
    const visitors = new ConnectionBudget(clock);
    const peers = upTo(40).map(() => setUp(undefined, constantly(visitors.strangers)));
    for (const { inbox } of peers) for (const item of upTo(100)) inbox.add(item, 20);
    for (let turns = 0; turns < 1000; turns++) await turn();
    const handled = () => peers.reduce((sum, peer) => sum + peer.handled.length, 0);
    assert.equal(handled(), 200, "what they may at once");
    clock.advance(1000);
    for (let turns = 0; turns < 1000; turns++) await turn();
    assert.ok(handled() <= 300, `${handled()} after a second`);
    visitors.close();
  });

  it("that is adopted is handled as everybody else, and what waited is no longer counted", async () => {
    const visitors = new ConnectionBudget(clock);
    let visitor = visitors.strangers;
    const { inbox, handled, asked } = setUp(undefined, () => visitor);
    for (const item of upTo(3)) inbox.add(item, 20);
    visitor = visitors.served;
    while (handled.length < 3) await turn();
    assert.deepEqual([visitors.strangers.waitingBytes, visitors.served.waitingBytes], [0, 0]);
    await turn();
    assert.deepEqual(asked, ["pause", "resume"]);
    inbox.add(3, 20);
    assert.deepEqual(handled, upTo(4), "at once");
  });
});
