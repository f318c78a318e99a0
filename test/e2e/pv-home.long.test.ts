import { strict as assert } from "node:assert";
import type { WhyAnswer } from "../../lib/dlm/decision-log/decision-log.ts";
import type { ZoneMessage } from "../../lib/messages.ts";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { NodeRed } from "./node-red.ts";
import { tellAsStory } from "./story.ts";

/** The PV home as it is shipped: what the test adds is a debug node behind the car, and a sun that stands still. */
describe("the PV home", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("4 - PV home.json"));
    theNode(flow, "ev-simulator")["wires"] = [["car"]];
    for (const node of flow) if (node.type === "ev-meter-simulator") node["loadA"] = [0, 0, 0];
    const pv = flow.filter(({ type }) => type === "ev-meter-simulator").at(-1)!;
    pv["loadA"] = [14, 14, 14];
    flow.push({ ...theNode(flow, "debug"), id: "car", wires: [] });
    nodeRed = await NodeRed.start("5");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(() => nodeRed?.stop());

  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const car = (what: string, accept: (drawA: number) => boolean, withinMs: number) =>
    feed.next<{ payload: SimulatedState }>(
      what,
      "car",
      ({ payload }) => accept(Math.max(...payload.currentA)),
      withinMs,
    );

  it("waits while nothing is left over, and says so when asked", async () => {
    await car("the car is plugged in and draws nothing", (drawA) => drawA === 0, 30_000);
    const answers = theNode(flow, "debug", "zone, and answers").id;
    const waits = ({ payload }: ZoneMessage) => payload.connectors?.[0]?.text === "0 A: waits for enough PV surplus";
    await feed.next<ZoneMessage>("the load management knows the car", answers, waits, 30_000);
    const isAnswer = ({ topic }: WhyAnswer) => topic === "why/HOUSE/1";
    const answered = feed.next<WhyAnswer>("an answer", answers, isAnswer, 5000);
    await press("Why does the car get what it gets?");
    const { message } = await answered;
    assert.match(message.payload.text, /^0 A: waits for enough PV surplus/);
    assert.ok(message.payload.wouldHelp.some((text) => /in mode fast$/.test(text)));
  });

  it("charges from the sun", async () => {
    await press("Sunny noon");
    await car("the car charges", (drawA) => drawA > 5.9, 90_000);
  });

  it("charges as fast as it may when it is told to", async () => {
    await press("As fast as possible");
    await car("more than the sun's first amperes", (drawA) => drawA > 12, 60_000);
  });

  it("goes to the minimum in mode minpv at night", async () => {
    await press("Night");
    await press("PV surplus, and never less than the minimum");
    await car("the minimum", (drawA) => drawA > 5.5 && drawA < 6.5, 30_000);
  });

  it("had nothing to complain about", () => {
    const complaints = nodeRed.log.split("\n").filter((line) => /\[error\]|uncaught|unhandled/i.test(line));
    assert.deepEqual(complaints, []);
  });
});
