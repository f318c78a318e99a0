/** What people do to a running site: they edit its flow and deploy. */
import type { FlowNode } from "../e2e/flows.ts";
import type { Park } from "./park.ts";

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

/** Whether a limit is higher than before by more than the noise of a meter accounts for. */
export function isRaised(beforeA: number, nowA: number): boolean {
  return nowA - beforeA >= DEADBAND_A + STEP_A / 2;
}

interface Seen {
  highestA: number;
  lowestA: number;
  offline: boolean;
  transactions: Set<number>;
}

/** Looks at the truth of every charge point all the time: what is over before a drill asks is seen, too. */
export class Watch {
  readonly #park: Park;
  readonly #seen = new Map<string, Seen>();
  readonly #timer: NodeJS.Timeout;

  constructor(park: Park) {
    this.#park = park;
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  /** Begins anew. */
  forget(): void {
    this.#seen.clear();
    this.#look();
  }

  /** The highest limit that a charge point had in force, A. */
  highestA(identity: string): number {
    return this.#seen.get(identity)?.highestA ?? 0;
  }

  /** The lowest one, A. */
  lowestA(identity: string): number {
    return this.#seen.get(identity)?.lowestA ?? 0;
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
    for (const [identity, { limitA, online, transactionId }] of Object.entries(
      this.#park.simulator.truth.chargePoints,
    )) {
      const seen = this.#seen.get(identity) ?? {
        highestA: limitA,
        lowestA: limitA,
        offline: false,
        transactions: new Set(),
      };
      seen.highestA = Math.max(seen.highestA, limitA);
      seen.lowestA = Math.min(seen.lowestA, limitA);
      seen.offline ||= !online;
      if (transactionId !== null) seen.transactions.add(transactionId);
      this.#seen.set(identity, seen);
    }
  }
}

/** Waits until no limit has changed for a while and no car waits for its turn: what is raised from then on, something has raised. */
export async function settled(park: Park, forS = 20): Promise<void> {
  const cars = () => Object.values(park.simulator.truth.chargePoints);
  const waits = () => cars().some(({ status }) => status === "SuspendedEVSE");
  for (let round = 0; round < 20; round++) {
    const before = cars().map(({ limitA }) => limitA);
    await park.pass(forS);
    if (!waits() && cars().every(({ limitA }, i) => limitA === before[i])) return;
  }
  park.check("the limits settle", false);
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
