import { strict as assert } from "node:assert";
import type { AlarmMessage, AllocationMessage } from "../../lib/messages.ts";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { NodeRed } from "./node-red.ts";
import { tellAsStory } from "./story.ts";

interface Said {
  payload: { car: string; amps: number[] };
}

describe("the example of a wallbox without OCPP", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const says = (what: string, accept: (said: Said["payload"]) => boolean, withinMs: number) =>
    feed.next<Said>(what, theNode(flow, "debug", "wallbox says").id, ({ payload }) => accept(payload), withinMs);

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("12 - MQTT wallbox.json"));
    nodeRed = await NodeRed.start("4.1");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(() => nodeRed?.stop());

  it("charges its car with what the load management allows", async () => {
    const { message } = await says("the car draws 11 A", ({ amps }) => amps[0] === 11, 60_000);
    assert.equal(message.payload.car, "charging");
  });

  it("stops when the car leaves, and starts when it is back", async () => {
    await press("The car leaves");
    await says("no current", ({ car, amps }) => car === "away" && amps[0] === 0, 15_000);
    await press("The car is plugged in");
    await says("the car draws 6 A or more", ({ amps }) => amps[0]! >= 6, 30_000);
  });

  it("keeps its maximum reserved when it falls silent for 60 s", async () => {
    const silentMs = Date.now();
    await press("The wallbox falls silent");
    const why = await feed.next<AllocationMessage>(
      "the allocation says so",
      theNode(flow, "debug", "why").id,
      ({ payload }) => payload.reasons[0]?.code === "OFFLINE",
      80_000,
    );
    assert.ok(why.atMs - silentMs > 50_000, `after ${why.atMs - silentMs} ms`);
    assert.match(why.message.payload.text, /not connected; 16 A stay reserved for it/);
    const reserved = await feed.next<{ payload: { loadA: number[] } }>(
      "the zone carries it",
      theNode(flow, "debug", "zone").id,
      ({ payload }) => payload.loadA.every((loadA) => loadA === 16),
      15_000,
    );
    assert.ok(reserved);
    assert.equal(
      feed.of<AlarmMessage>(theNode(flow, "debug", "alarms").id).some(({ message }) => /guard/.test(message.topic)),
      false,
    );
  });
});
