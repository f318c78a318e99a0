/** What people do to a running site: they edit its flow and deploy. */
import { strict as assert } from "node:assert";
import type { FlowNode } from "../e2e/flows.ts";
import type { Park } from "./park.ts";
import type { Census } from "./probe.ts";

/** Real time between two looks at the truth, ms: several for each picture that the simulator gives. */
const LOOK_MS = 20;

/** A flow with something changed in one node. @throws Error when there is no such node */
export function edited(flow: readonly FlowNode[], id: string, change: Record<string, unknown>): FlowNode[] {
  if (!flow.some((node) => node.id === id)) throw new Error(`the flow has no node ${id}`);
  return flow.map((node) => (node.id === id ? { ...node, ...change } : node));
}

/** A flow without some nodes. */
export function without(flow: readonly FlowNode[], ...ids: string[]): FlowNode[] {
  return flow.filter(({ id }) => !ids.includes(id));
}

/** The flow with buttons through which a drill says something to ev-dlm (`say`) and to ev-charging-profile (`ask`). */
export function withButtons(flow: readonly FlowNode[]): FlowNode[] {
  const button = (id: string, to: string): FlowNode => ({ id, type: "inject", z: "drill", props: [], wires: [[to]] });
  return [...flow, button("say", "dlm"), button("ask", "profile")];
}

/** Says something to ev-dlm; the park's flow has to come from `withButtons`. */
export function say(park: Park, topic: string, payload: unknown): Promise<void> {
  return park.nodeRed.press("say", { topic, payload });
}

/** Controllers do not follow the noise of a meter closer than this, A. */
const DEADBAND_A = 0.3;
/** What limits are sent in, A. */
const STEP_A = 0.1;
/** Limits settle within so many seconds of the drill. */
const MOST_ROUNDS = 300;

/** What each charge point has when nobody can be given more, A. */
export type Shares = Readonly<Record<string, number>>;

/** The same for each of them. */
export function sharesOf(identities: readonly string[], shareA: number): Shares {
  return Object.fromEntries(identities.map((identity) => [identity, shareA]));
}

interface Seen {
  highestA: number;
  offline: boolean;
  transactions: Set<number>;
}

/** Looks at the truth of every charge point all the time: what is over before a drill asks is seen, too. */
export class Watch {
  readonly #park: Park;
  readonly #seen = new Map<string, Seen>();
  readonly #flowA = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(park: Park) {
    this.#park = park;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  /** Begins anew. */
  forget(): void {
    this.#seen.clear();
    this.#flowA.clear();
    this.#look();
  }

  /** The highest limit that a charge point had in force, A. */
  highestA(identity: string): number {
    return this.#seen.get(identity)?.highestA ?? 0;
  }

  /** The highest current that flowed through a breaker, on its worst phase, A. */
  highestFlowA(zone: string): number {
    return this.#flowA.get(zone) ?? 0;
  }

  /** Charge points that were without a connection for a moment. */
  get lost(): string[] {
    return [...this.#seen].filter(([, { offline }]) => offline).map(([identity]) => identity);
  }

  /** Numbers of the transactions that ran. */
  transactions(identity: string): number[] {
    return [...(this.#seen.get(identity)?.transactions ?? [])];
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const [zone, { currentA }] of Object.entries(this.#park.simulator.truth.breakers))
      this.#flowA.set(zone, Math.max(this.highestFlowA(zone), ...currentA));
    for (const [identity, { limitA, online, transactionId }] of Object.entries(
      this.#park.simulator.truth.chargePoints,
    )) {
      const seen = this.#seen.get(identity) ?? {
        highestA: limitA,
        offline: false,
        transactions: new Set(),
      };
      seen.highestA = Math.max(seen.highestA, limitA);
      seen.offline ||= !online;
      if (transactionId !== null) seen.transactions.add(transactionId);
      this.#seen.set(identity, seen);
    }
  }
}

/**
 * Waits until each car charges with its share, but for what controllers do not follow, and has done so for a while: load management
 * has nothing left to give, so that what is raised from then on, something has raised.
 */
export async function settled(park: Park, shares: Shares, forS = 10): Promise<void> {
  const shareless = (): string[] =>
    Object.entries(shares).flatMap(([identity, shareA]) => {
      const { limitA, status } = park.charger(identity);
      const least = shareA - DEADBAND_A - STEP_A;
      return limitA > least - STEP_A / 2 && limitA < shareA + STEP_A / 2 && status === "Charging" ? [] : [identity];
    });
  for (let calmS = 0, round = 0; calmS < forS; round++) {
    if (round > MOST_ROUNDS) park.check(`${shareless()} settle at ${JSON.stringify(shares)}`, false);
    await park.pass(1);
    calmS = shareless().length === 0 ? calmS + 1 : 0;
  }
}

/** Nobody ever got more than its share since the watch began. */
export function assertNotRaised(park: Park, watch: Watch, shares: Shares, during: string): void {
  for (const [identity, shareA] of Object.entries(shares)) {
    const highestA = watch.highestA(identity);
    park.check(
      `${during}, ${identity} has no more than its share of ${shareA} A: ${highestA} A`,
      highestA < shareA + STEP_A / 2,
    );
  }
}

/** The editor's own connections come and go: one of them is a socket, a timer or two, and some ten listeners. */
const SPREAD = { resources: 5, timers: 10, listeners: 40 };

/** Many deploys have left nothing behind. */
export function assertNoGrowth(before: Census, after: Census): void {
  const kinds = new Set([...Object.keys(before.resources), ...Object.keys(after.resources)]);
  for (const kind of kinds) {
    const [was, is] = [before.resources[kind] ?? 0, after.resources[kind] ?? 0];
    assert.ok(is <= was + SPREAD.resources, `${kind}: ${was}, after many deploys ${is}`);
  }
  for (const what of ["timers", "listeners"] as const)
    assert.ok(
      after[what] <= before[what] + SPREAD[what],
      `${what}: ${before[what]}, after many deploys ${after[what]}`,
    );
  assert.ok(after.heapMb < before.heapMb + 20, `heap: ${before.heapMb} MB, then ${after.heapMb} MB`);
}

/** Does something while the truth is watched. */
export async function watched<T>(park: Park, run: (watch: Watch) => Promise<T>): Promise<T> {
  const watch = new Watch(park);
  try {
    return await run(watch);
  } finally {
    watch.stop();
  }
}
