import { strict as assert } from "node:assert";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { NodeRed } from "./node-red.ts";

interface Row {
  id: string;
  sessionId: string;
  state: string;
  upstreamTransactionId: string | null;
  energyWh: number | null;
  start: string;
  end: string;
}

interface Told {
  topic: string;
  payload: Row[];
}

describe("the example that keeps the cloud", () => {
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const shown = (what: string, where: string, accept: (told: Told) => boolean) =>
    feed.next<Told>(what, theNode(flow, "debug", where).id, accept, 30_000);
  const ask = async (button: string, topic: string, where: string): Promise<Told["payload"]> => {
    const answer = shown(`${button} is answered`, where, (told) => told.topic === topic);
    await press(button);
    return (await answer).message.payload;
  };
  const ours = () => ask("Our book of this month", "sessions/list", "our book");
  const books = () => ask("What the operator has of it", "sessions/books", "our book");
  const booksAre = async (accept: (row: Row) => boolean): Promise<void> => {
    while (!(await books()).every(accept)) await new Promise((go) => setTimeout(go, 200));
  };
  const theirs = () => ask("The operator's book of this month", "sessions/list", "the operator's book");
  const backEnd = (what: string, fill: string) =>
    feed.status(what, theNode(flow, "ev-back-end").id, (status) => status.fill === fill, 60_000);

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("14 - Keep the cloud.json"));
    nodeRed = await NodeRed.start("5");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(() => nodeRed?.stop());

  it("loses nothing of a charge in an outage that begins and ends at the press of a button", async () => {
    const told = async (button: string, topic: string): Promise<void> => {
      const news = shown(topic, "our book", (one) => one.topic === topic);
      await press(button);
      await news;
    };
    await backEnd("the operator is connected", "green");
    await told("Plug in", "session/open");
    // A start whose answer falls into the outage would be told twice, and marked so.
    await booksAre((row) => row.upstreamTransactionId !== null);
    await press("Outage");
    await backEnd("the line is cut", "red");
    // The charge that was under way, and a whole one.
    await told("Unplug", "session/close");
    await told("Plug in", "session/open");
    await told("Unplug", "session/close");
    assert.deepEqual(
      (await books()).map(({ state }) => state),
      ["waiting", "waiting"],
    );
    await press("End of the outage");
    await booksAre((row) => row.state === "reported");
    const row = ({ energyWh, start, end }: Row) => ({ energyWh, start, end });
    const mine = (await ours()).map(row);
    assert.equal(mine.length, 2);
    assert.deepEqual((await theirs()).map(row), mine);
  });
});
