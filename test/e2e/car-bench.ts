/** The shipped first example on a real Node-RED, with eyes on the car, the meter and the wire. */
import type { MeasurementPayload } from "../../lib/messages.ts";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { EditorFeed, Shown } from "./editor-feed.ts";
import { exampleForTest, type FlowNode, type Ports, theNode } from "./flows.ts";
import { type Major, NodeRed } from "./node-red.ts";
import { WireTap } from "./wire-tap.ts";

/** The example's breaker, A per phase. */
export const LIMIT_A = 25;

export interface CarMessage {
  payload: SimulatedState;
}

export interface MeterMessage {
  payload: MeasurementPayload;
}

/** The largest current the car draws on a phase, A. */
export const drawnA = ({ payload }: CarMessage): number => Math.max(...payload.currentA);

export class CarBench {
  readonly nodeRed: NodeRed;
  readonly feed: EditorFeed;
  readonly tap: WireTap;
  readonly flow: FlowNode[];
  readonly ports: Ports;

  private constructor(nodeRed: NodeRed, feed: EditorFeed, tap: WireTap, flow: FlowNode[], ports: Ports) {
    this.nodeRed = nodeRed;
    this.feed = feed;
    this.tap = tap;
    this.flow = flow;
    this.ports = ports;
  }

  /** Starts Node-RED and deploys the example; the simulated charger dials through the tap. `more` adds nodes to it. */
  static async start(major: Major, more: (flow: FlowNode[]) => FlowNode[] = () => []): Promise<CarBench> {
    const { flow: example, ports } = await exampleForTest("1 - First charger.json");
    const tap = await WireTap.open(ports.ocpp);
    const flow = example.map((node) => (node.type === "ev-simulator" ? { ...node, url: tap.url } : node));
    flow.push(...more(flow));
    const nodeRed = await NodeRed.start(major);
    const bench = new CarBench(nodeRed, await nodeRed.feed(), tap, flow, ports);
    await nodeRed.deploy(flow);
    return bench;
  }

  node(type: string, name?: string): FlowNode {
    return theNode(this.flow, type, name);
  }

  /** Does to the simulated meter what its buttons do. */
  async meter(payload: Record<string, unknown>): Promise<void> {
    await this.nodeRed.press(this.node("inject", "House takes 5 A").id, { payload });
  }

  /** Waits for the car to be as wanted, from `sinceMs` (default: now) on. */
  car(
    what: string,
    accept: (car: CarMessage) => boolean,
    withinMs: number,
    sinceMs?: number,
  ): Promise<Shown<CarMessage>> {
    return this.feed.next(what, this.node("debug", "car").id, accept, withinMs, sinceMs);
  }

  /** Waits for a reading of the meter. */
  reading(
    what: string,
    accept: (reading: MeterMessage) => boolean,
    withinMs: number,
    sinceMs?: number,
  ): Promise<Shown<MeterMessage>> {
    return this.feed.next(what, this.node("debug", "meter").id, accept, withinMs, sinceMs);
  }

  /** The largest current on any phase that the meter has shown since a moment, A. */
  highestReadingA(sinceMs: number): number {
    const readings = this.feed.of<MeterMessage>(this.node("debug", "meter").id, sinceMs);
    return Math.max(...readings.flatMap(({ message }) => message.payload.currentA.map((currentA) => currentA ?? 0)));
  }

  async stop(): Promise<void> {
    await this.nodeRed.stop();
    await this.tap.close();
  }
}

/** The limit of a SetChargingProfile that holds now: of the period that has begun, A. */
export function limitOf(payload: { csChargingProfiles?: ProfilePayload }, atMs: number): number | undefined {
  const schedule = payload.csChargingProfiles?.chargingSchedule;
  if (!schedule) return undefined;
  const ranS = (atMs - Date.parse(schedule.startSchedule ?? new Date(atMs).toISOString())) / 1000;
  return schedule.chargingSchedulePeriod.findLast(({ startPeriod }) => startPeriod <= ranS)?.limit;
}

interface ProfilePayload {
  chargingProfilePurpose: string;
  chargingSchedule: {
    startSchedule?: string;
    chargingSchedulePeriod: { startPeriod: number; limit: number }[];
  };
}
