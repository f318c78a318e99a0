import { strict as assert } from "node:assert";
import type { ReplayAnswer } from "../../lib/dlm/decision-log/decision-log.ts";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { tellAsStory } from "./story.ts";

const CARS = ["A1", "A2", "A3", "B1", "B2", "B3"];

/** The two garages as they are shipped: what the test adds is a debug node behind the cars. */
describe("two garages behind one main", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("5 - Two garages behind one main.json"));
    for (const node of flow) if (node.type === "ev-simulator") node["wires"] = [["cars"]];
    flow.push({ ...theNode(flow, "debug"), id: "cars", wires: [] });
    nodeRed = await NodeRed.start("5");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(() => nodeRed?.stop());

  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const siteA = (identity: string): readonly number[] =>
    feed
      .of<{ chargePoint: string; payload: SimulatedState }>("cars")
      .findLast(({ message }) => message.chargePoint === identity)?.message.payload.siteCurrentA ?? [0, 0, 0];
  const sumA = (identities: string[]) =>
    [0, 1, 2].map((phase) => identities.reduce((sum, identity) => sum + (siteA(identity)[phase] ?? 0), 0));

  it("charges all six cars, the upper deck within its own breaker", async () => {
    await until("six cars charge", () => CARS.every((identity) => Math.max(...siteA(identity)) > 5.5), 100_000);
    assert.ok(Math.max(...sumA(["B2", "B3"])) <= 16.6, `${sumA(["B2", "B3"])}`);
  });

  it("makes room in garage B alone when its ventilation runs", async () => {
    await press("The ventilation of garage B runs");
    await until("at most 16 A for the cars of garage B", () => Math.max(...sumA(["B1", "B2", "B3"])) <= 16.6, 15_000);
    assert.ok(Math.max(...sumA(["A1", "A2", "A3"])) > 15, `${sumA(["A1", "A2", "A3"])}`);
  });

  it("says what a larger breaker would have given", async () => {
    const answered = feed.next<ReplayAnswer>(
      "an answer",
      theNode(flow, "debug", "zones, and answers").id,
      ({ topic }) => topic === "replay",
      20_000,
    );
    await press("What if the upper deck had 32 A?");
    assert.ok((await answered).message.payload.steps > 1);
  });

  it("had nothing to complain about", () => {
    const complaints = nodeRed.log.split("\n").filter((line) => /\[error\]|uncaught|unhandled/i.test(line));
    assert.deepEqual(complaints, []);
  });
});
