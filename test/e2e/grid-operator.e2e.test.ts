import { strict as assert } from "node:assert";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { tellAsStory } from "./story.ts";

/** What 7.56 kW leave to both cars together, A per phase; what the cars themselves may be above. */
const DIMMED_A = 7560 / 690;
const TOLERANCE_A = 0.5;

describe("the example of a grid operator's limit", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const drawA = (car: string) => {
    const shown = feed.of<{ payload: SimulatedState }>(theNode(flow, "debug", car).id).at(-1);
    return shown ? Math.max(...shown.message.payload.currentA) : 0;
  };
  const togetherA = () => drawA("left car") + drawA("right car");

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("6 - Grid operator limit.json"));
    nodeRed = await NodeRed.start("5");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(() => nodeRed?.stop());

  it("lets both cars charge while nothing limits them", async () => {
    await until("both cars draw 9 A or more", () => Math.min(drawA("left car"), drawA("right car")) >= 9, 60_000);
    await feed.status("a green contact", theNode(flow, "ev-limit", "Grid operator").id, ({ fill }) => fill === "green");
  });

  it("lowers them when the contact closes", async () => {
    const closedMs = Date.now();
    await press("Contact closes");
    await until("the cars draw what is left", () => togetherA() <= DIMMED_A + TOLERANCE_A, 15_000);
    assert.ok(Date.now() - closedMs < 15_000);
    const why = await feed.next<{ payload: { text: string } }>(
      "the reason in words",
      theNode(flow, "debug", "why").id,
      ({ payload }) => /7\.6 kW, contact active/.test(payload.text),
      10_000,
      closedMs,
    );
    assert.match(why.message.payload.text, /outside limit of zone Drive/);
  });

  it("has it in evidence, with the time of its effect", async () => {
    const ask = async () => {
      const askedMs = Date.now();
      await press("As a table (CSV)");
      const id = theNode(flow, "debug", "evidence").id;
      const { message } = await feed.next<{ payload: string }>("an answer", id, () => true, 5000, askedMs - 1);
      return message.payload.split("\r\n").find((line) => line.includes("contact active"))!;
    };
    let cells: string[] = [];
    await until(
      "the draw was measured below it",
      async () => {
        cells = (await ask()).split(",");
        return cells[11] !== "";
      },
      30_000,
    );
    const [received, zone, source, , , , powerW, , refused, allocated, accepted, measured] = cells;
    assert.deepEqual([zone, source?.split(" (")[0], powerW, refused], ["Drive", "Grid operator", "7560", ""]);
    const seconds = [allocated, accepted, measured].map((at) => (Date.parse(at!) - Date.parse(received!)) / 1000);
    assert.ok(seconds[0]! <= 2 && seconds[1]! <= 20 && seconds[2]! <= 60, `after ${seconds.join(", ")} s`);
  });

  it("gives the power back when the contact opens", async () => {
    await press("Contact opens");
    await until("the cars draw more", () => togetherA() > 15, 60_000);
  });

  it("limits when the contact is not known any more", async () => {
    await press("Contact unknown");
    await until("the cars draw what is left", () => togetherA() <= DIMMED_A + TOLERANCE_A, 15_000);
    await feed.status("a warning", theNode(flow, "ev-limit", "Grid operator").id, ({ fill }) => fill === "yellow");
  });
});
