/** A building under drill: the simulator, the cables and the packed product in a real Node-RED, each a process that can fail alone. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import type { SimulatedState } from "../../lib/simulator/charger/state.ts";
import type { BreakerRecord } from "../../lib/simulator/site/breaker-tree.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort, until } from "../e2e/net.ts";
import { type Major, NodeRed, type RunOptions } from "../e2e/node-red.ts";
import { type Defence, takeOut } from "./defences.ts";
import { flowOf, type ParkPlan, type ParkPorts, siteOf } from "./plan.ts";
import type { Census } from "./probe.ts";
import { Cable, type Ear } from "./proxy.ts";
import { seed, pace as usualPace } from "./scale.ts";
import { SimulatorProcess } from "./simulator.ts";
import { DrillTime } from "./time.ts";

/** Lines of Node-RED's log that a failure shows. */
const LOG_LINES = 40;
/** Real time between two looks at what is waited for, ms. */
const LOOK_MS = 25;
/** A flow that blocks begins so late at most, and the process has followed again so long after it, s. */
const BLOCK_SPREAD_S = 0.5;

export interface ParkOptions {
  /** How many times faster than real time it runs; default: as the form of the drills wants it. */
  pace?: number;
  /** What is taken out of the installed package, so that the drill sees the harm. */
  without?: Defence;
  major?: Major;
  run?: Omit<RunOptions, "channel">;
  /** Where the simulator runs, with an address of this machine that it reaches; a building without meters. */
  network?: { wrapper: readonly string[]; host: string };
  /** Hears what passes between a charge point and the product. */
  listens?: (identity: string, time: DrillTime) => Ear;
  /** Done at the very end. */
  closing?: () => void;
  /** The last word on the flow. */
  flow?: (flow: FlowNode[]) => FlowNode[];
}

export class Park {
  readonly plan: ParkPlan;
  readonly ports: ParkPorts;
  readonly simulator: SimulatorProcess;
  readonly nodeRed: NodeRed;
  /** From charge points to the product, by identity; from the product to meters, by name. */
  readonly cables: ReadonlyMap<string, Cable>;
  /** The trial has begun: whatever fails from now on is the harm. */
  tried = false;
  /** As deployed. */
  flow: FlowNode[] = [];
  readonly time: DrillTime;
  #censuses = 0;

  private constructor(parts: Pick<Park, "plan" | "ports" | "simulator" | "nodeRed" | "cables" | "time">) {
    this.plan = parts.plan;
    this.ports = parts.ports;
    this.simulator = parts.simulator;
    this.nodeRed = parts.nodeRed;
    this.cables = parts.cables;
    this.time = parts.time;
    this.time.watch("nodeRed", () => this.nodeRed.pid);
    this.time.watch("simulator", () => this.simulator.pid);
  }

  /** Builds and starts everything, and deploys. */
  static async open(plan: ParkPlan, options: ParkOptions = {}): Promise<Park> {
    const time = new DrillTime(options.pace ?? usualPace);
    const { ports, cables } = await lay(plan, options, time);
    const simulator = new SimulatorProcess(siteOf(plan, ports), time.env("simulator"), options.network?.wrapper);
    const [started] = await Promise.allSettled([startProduct(options, time.env("nodeRed")), simulator.started()]);
    if (started.status === "rejected") {
      await simulator.stop();
      await close(cables, time);
      throw started.reason;
    }
    const park = new Park({ plan, ports, simulator, nodeRed: started.value, cables, time });
    const flow = flowOf(plan, ports);
    try {
      await simulator.started();
      await park.deploy(options.flow?.(flow) ?? flow);
      return park;
    } catch (error) {
      await park.close();
      throw error;
    }
  }

  async deploy(flow: FlowNode[], type?: "full" | "flows" | "nodes"): Promise<void> {
    this.flow = flow;
    await this.nodeRed.deploy(flow, type);
  }

  /** Lets so many seconds of the drill pass: for what must not happen in them. */
  async pass(seconds: number): Promise<void> {
    await this.time.pass(seconds * 1000);
  }

  /** Waits until something holds. @param withinS seconds of the drill */
  async until(what: string, holds: () => boolean | Promise<boolean>, withinS = 60): Promise<void> {
    const endMs = this.time.nowMs() + withinS * 1000;
    while (!(await holds())) {
      if (this.time.nowMs() > endMs) throw new Error(`not within ${withinS} s: ${what}\n${this}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Asserts something of the truth. */
  check(what: string, holds: boolean): void {
    assert.ok(holds, `not so: ${what}\n${this}`);
  }

  /** Everything, for the one who has to find out why. */
  toString(): string {
    const { chargePoints, breakers } = this.simulator.truth;
    const cars = Object.entries(chargePoints).map(
      ([id, { status, limitA, currentA, online }]) =>
        `${id} ${online ? "" : "offline "}${status} ${currentA.join("/")} of ${limitA} A`,
    );
    const flows = Object.entries(breakers).map(([name, record]) => `${name} ${JSON.stringify(record)}`);
    const log = this.nodeRed.log.split("\n").slice(-LOG_LINES);
    return [...cars, ...flows, this.simulator.complaints, ...log].join("\n");
  }

  /** A charge point as it really is. */
  charger(identity: string): SimulatedState {
    return this.simulator.truth.chargePoints[identity]!;
  }

  /** What a charger really draws on its worst phase, A. */
  drawnA(identity: string): number {
    return Math.max(...this.charger(identity).currentA);
  }

  /** A breaker as it is now. */
  breaker(zone: string): BreakerRecord {
    return this.simulator.truth.breakers[zone]!;
  }

  /** Waits until chargers really draw at least this, A per phase. @param identities default: all of them */
  async charging(leastA: number, identities = this.plan.chargers.map(({ identity }) => identity)): Promise<void> {
    const drawn = () => identities.every((identity) => this.drawnA(identity) >= leastA);
    await this.until(`${identities.join(", ")} draw ${leastA} A`, drawn, 120);
  }

  /** Does something to a charge point, as `Control` says. */
  async car(identity: string, control: Record<string, unknown>): Promise<void> {
    await this.simulator.tell({ identity, ...control });
  }

  async meter(name: string, fault: string): Promise<void> {
    await this.simulator.tell({ meter: name, fault });
  }

  async load(zone: string, loadA: unknown): Promise<void> {
    await this.simulator.tell({ zone, loadA });
  }

  cable(name: string): Cable {
    return this.cables.get(name)!;
  }

  /** Sets Node-RED's wall clock forward; negative = back. A restart ends it. */
  shiftClock(byS: number): void {
    this.nodeRed.send({ shiftMs: byS * 1000 });
  }

  /** Another flow does nothing but reckon for so long. */
  async block(seconds: number): Promise<void> {
    this.time.excuse("nodeRed", this.time.nowMs() + (seconds + BLOCK_SPREAD_S) * 1000);
    await this.nodeRed.press("block", { payload: seconds * 1000 });
  }

  /** The machine gives Node-RED no time for so long: it neither runs nor knows of it. */
  async freeze(seconds: number): Promise<void> {
    this.time.excuse("nodeRed", this.time.nowMs() + seconds * 1000);
    this.nodeRed.signal("SIGSTOP");
    await this.pass(seconds);
    this.nodeRed.signal("SIGCONT");
  }

  /** What Node-RED holds now. */
  async census(): Promise<Census> {
    const id = ++this.#censuses;
    let taken: Census | null = null;
    this.nodeRed.onMessage((message) => {
      if ((message as Census).census === id) taken = message as Census;
    });
    this.nodeRed.send({ census: id });
    await until("Node-RED counts what it holds", () => taken !== null);
    return taken!;
  }

  /** New records at the breakers from now on: the trial begins. */
  async forget(): Promise<void> {
    this.tried = true;
    await this.simulator.tell({ forget: true });
  }

  /** What every breaker went through since then. */
  async records(): Promise<Record<string, BreakerRecord>> {
    return this.simulator.breakers();
  }

  /** No breaker was over its limit for longer than this at a stretch, and none would have tripped. @param atMostS seconds of the drill */
  async heldWithin(atMostS: number): Promise<void> {
    for (const [name, record] of Object.entries(await this.records())) {
      const { longestOverS, worstOverA, tripped } = record;
      const over = `${name} was over by up to ${worstOverA.toFixed(1)} A for ${longestOverS.toFixed(1)} s`;
      assert.ok(longestOverS <= atMostS, `${over}, at most ${atMostS} s are allowed`);
      assert.ok(!tripped, `${name} tripped: ${over}`);
    }
  }

  async close(): Promise<void> {
    await this.nodeRed.stop();
    await this.simulator.stop();
    await close(this.cables, this.time);
  }
}

async function close(cables: ReadonlyMap<string, Cable>, time: DrillTime): Promise<void> {
  for (const cable of cables.values()) await cable.close();
  time.close();
}

function startProduct({ major = "5", run = {}, without }: ParkOptions, env: Record<string, string>): Promise<NodeRed> {
  const probe = ["--import", join(import.meta.dirname, "probe.ts"), "--expose-gc"];
  return NodeRed.start(major, {
    ...run,
    channel: true,
    nodeArgs: [...probe, ...(run.nodeArgs ?? [])],
    env: { ...env, ...run.env },
    prepare: async (userDir) => {
      if (without) takeOut(userDir, without);
      await run.prepare?.(userDir);
    },
  });
}

async function lay(
  { zones, chargers }: ParkPlan,
  { without, network, listens }: ParkOptions,
  time: DrillTime,
): Promise<{ ports: ParkPorts; cables: Map<string, Cable> }> {
  const ocpp = await freePort();
  const noise = without ? 1 : seed;
  const host = network?.host ?? "127.0.0.1";
  const cables = new Map<string, Cable>();
  const [dial, bus, meter] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  for (const { identity } of chargers) {
    cables.set(identity, await Cable.lay(ocpp, time, noise, host));
    dial.set(identity, cables.get(identity)!.port);
    if (listens) cables.get(identity)!.listens = () => listens(identity, time);
  }
  for (const { name, meter: metered } of zones) {
    if (!metered) continue;
    meter.set(name, await freePort());
    cables.set(name, await Cable.lay(meter.get(name)!, time, noise));
    bus.set(name, cables.get(name)!.port);
  }
  return { ports: { ocpp, dial, host, bus, meter }, cables };
}
