import { strict as assert } from "node:assert";
import type { AlarmMessage, AllocationMessage } from "../../lib/messages.ts";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { Triple } from "../../lib/units.ts";
import type { EditorFeed } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { tellAsStory } from "./story.ts";

const LIMIT_A = 63;
/** Noise of the simulation and rounding of limits, A. */
const TOLERANCE_A = 0.6;
const CARS = ["G1", "G2", "G3", "V1", "V2", "V3"];
const QUIET_A: Triple = [8, 6, 7];
/** What the button "Everybody cooks" makes the building draw. */
const COOKING_A: Triple = [48, 40, 44];
const PHASES = [0, 1, 2] as const;

interface CarMessage {
  chargePoint: string;
  payload: SimulatedState;
}

/**
 * The demo as `npm start` opens it, with a meter that dies while the building draws. What counts is what really flows: the load that
 * the building was given, and what the simulated cars say that they draw, without any meter in between.
 */
describe("a meter that dies while everybody cooks", function () {
  tellAsStory(this);
  let nodeRed: NodeRed;
  let feed: EditorFeed;
  let flow: FlowNode[];
  let diedMs = 0;
  let paused: string[] = [];

  before("deploy the shipped example", async () => {
    ({ flow } = await exampleForTest("2 - Car park.json"));
    for (const node of flow) {
      if (node.type === "ev-simulator") node["wires"] = [["cars"]];
      // The time of day must not decide what the test sees.
      if (node.type === "ev-meter-simulator") node["loadA"] = QUIET_A;
    }
    flow.push({ ...theNode(flow, "debug"), id: "cars", wires: [] });
    nodeRed = await NodeRed.start("5");
    feed = await nodeRed.feed();
    await nodeRed.deploy(flow);
  });
  after(() => nodeRed?.stop());

  const press = (name: string) => nodeRed.press(theNode(flow, "inject", name).id);
  const drawnA = (identity: string): number =>
    Math.max(
      0,
      ...(feed.of<CarMessage>("cars").findLast(({ message }) => message.chargePoint === identity)?.message.payload
        .currentA ?? []),
    );
  const shareA = (identity: string): number | undefined =>
    feed
      .of<AllocationMessage>(theNode(flow, "debug", "why").id)
      .findLast(({ message }) => message.chargePoint === identity)?.message.payload.limitA;
  const drawn = () => CARS.map((identity) => `${identity} ${drawnA(identity)} A`).join(", ");
  const cars = (what: string, holds: () => boolean, withinMs: number) =>
    until(what, holds, withinMs).catch((error: Error) => {
      throw new Error(`${error.message}; ${drawn()}`);
    });

  /** The most that has flowed on any phase since a moment, A. */
  function highestFlowA(sinceMs: number, houseA: Triple): number {
    const now = new Map<string, readonly number[]>();
    let highestA = 0;
    for (const { atMs, message } of feed.of<CarMessage>("cars")) {
      now.set(message.chargePoint, message.payload.siteCurrentA);
      if (atMs < sinceMs) continue;
      for (const phase of PHASES) {
        const carsA = [...now.values()].reduce((sum, currentA) => sum + (currentA[phase] ?? 0), 0);
        highestA = Math.max(highestA, houseA[phase] + carsA);
      }
    }
    return highestA;
  }

  const startedSince = (sinceMs: number) =>
    paused.filter((identity) =>
      feed
        .of<CarMessage>("cars", sinceMs)
        .some(({ message }) => message.chargePoint === identity && Math.max(...message.payload.currentA) > 0.5),
    );

  it("begins with cars that charge, and cars that had to make room", async () => {
    await cars("five cars charge", () => CARS.slice(0, 5).every((identity) => drawnA(identity) > 5.9), 100_000);
    await press("Everybody cooks");
    await cars(
      "only those charge for whom there is room",
      () => CARS.filter((identity) => drawnA(identity) > 0.5).length <= 2,
      15_000,
    );
    paused = CARS.filter((identity) => drawnA(identity) <= 0.5);
  });

  it("starts nobody who was paused, for a minute in which nobody sees the building", async () => {
    diedMs = Date.now();
    await press("The meter dies");
    const { message } = await feed.next<AlarmMessage>(
      "the alarm",
      theNode(flow, "debug", "alarms").id,
      ({ topic, payload }) => topic === "alarm/failSafe/Building" && payload.state === "raised",
      20_000,
      diedMs,
    );
    const [, assumedA] =
      /no car starts, as beside the ([\d.]+) A assumed of its load there is no room for all$/.exec(
        message.payload.text,
      ) ?? [];
    // What was seen errs on the high side while chargers report late.
    assert.ok(Number(assumedA) >= 48, message.payload.text);
    await until("a minute has passed", () => Date.now() - diedMs > 60_000, 70_000);
    assert.deepEqual(startedSince(diedMs), [], drawn());
  });

  it("starts no car that arrives meanwhile either", async () => {
    await press("G2 unplugs");
    await cars("it is gone", () => drawnA("G2") === 0, 10_000);
    // A car that is back before the next tick of the load management keeps the share of the connector: to the building nothing changed.
    await cars("its share is taken back", () => shareA("G2") === 0, 10_000);
    const sinceMs = Date.now();
    await press("G2 plugs in");
    await until("its charger had time to be told", () => Date.now() - sinceMs > 20_000, 30_000);
    assert.equal(drawnA("G2"), 0);
    assert.deepEqual(startedSince(diedMs), [], drawn());
  });

  it("never let more flow than the breaker carries", () => {
    const mostA = highestFlowA(diedMs, COOKING_A);
    // All cars may have been paused when the meter died.
    assert.ok(mostA >= Math.max(...COOKING_A), `${mostA} A`);
    assert.ok(mostA <= LIMIT_A + TOLERANCE_A, `${mostA} A of ${LIMIT_A} A`);
  });

  it("goes on when the meter is back and the building is quiet", async () => {
    await nodeRed.press(theNode(flow, "inject", "A quiet building").id, { payload: { loadA: QUIET_A } });
    await press("The meter is back");
    await cars(
      "five cars charge again",
      () => CARS.slice(0, 5).filter((identity) => drawnA(identity) > 5.9).length === 5,
      100_000,
    );
  });
});
