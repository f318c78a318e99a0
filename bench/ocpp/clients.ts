/** The charge points of the OCPP benchmarks, in a process of their own: connects and runs them as it is told. */
import { performance } from "node:perf_hooks";
import { ChargePoint, type Traffic } from "./charge-point.ts";

/** Charge points that are at their handshake at once. */
const CONNECTING = 50;
/** How often charge points with a pace are looked at, ms. */
const TICK_MS = 5;

/** What the benchmark asks of this process. */
export type ClientOrder =
  /** Identities are `BENCH0`, `BENCH1` …; resolves when all have booted. */
  | { do: "connect"; port: number; count: number; traffic: Traffic }
  /** @param everyMs how often each sends a CALL; 0 = as soon as the last one was answered */
  | { do: "run"; port: number; forMs: number; everyMs: number }
  /** One charge point more, `BENCH<index>`, floods or freezes from now on, until it is told to leave. */
  | { do: "annoy"; port: number; index: number; how: "flood" | "freeze" | "leave" };

export interface Round {
  calls: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

class Fleet {
  #latencies: number[] = [];
  #chargePoints: ChargePoint[] = [];

  async connect({ port, count, traffic }: Extract<ClientOrder, { do: "connect" }>): Promise<void> {
    for (let index = 0; index < count; index++) {
      const onAnswer = (latencyMs: number) => void this.#latencies.push(latencyMs);
      const chargePoint = new ChargePoint({ port, identity: `BENCH${index}`, traffic, place: index * 7, onAnswer });
      this.#chargePoints.push(chargePoint);
      if (index % CONNECTING === CONNECTING - 1) await this.#allBooted();
    }
    await this.#allBooted();
  }

  async run({ forMs, everyMs }: Extract<ClientOrder, { do: "run" }>): Promise<Round> {
    this.#latencies = [];
    const startMs = performance.now();
    const stop = everyMs === 0 ? this.#flatOut() : this.#paced(everyMs);
    await new Promise((resolve) => setTimeout(resolve, forMs));
    const calls = this.#latencies.length;
    const seconds = (performance.now() - startMs) / 1000;
    const sorted = this.#latencies.sort((a, b) => a - b);
    stop();
    const at = (share: number): number => sorted[Math.floor(share * (calls - 1))] ?? 0;
    return { calls, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
  }

  #flatOut(): () => void {
    for (const chargePoint of this.#chargePoints) chargePoint.run(true);
    return () => {
      for (const chargePoint of this.#chargePoints) chargePoint.run(false);
    };
  }

  /** Spread evenly over the time between two CALLs of one charge point. */
  #paced(everyMs: number): () => void {
    const startMs = performance.now();
    let due = 0;
    const timer = setInterval(() => {
      const total = ((performance.now() - startMs) / everyMs) * this.#chargePoints.length;
      for (; due < total; due++) this.#chargePoints[due % this.#chargePoints.length]?.sendOne();
    }, TICK_MS);
    return () => clearInterval(timer);
  }

  async #allBooted(): Promise<void> {
    await Promise.all(this.#chargePoints.map(({ booted }) => booted));
  }
}

const fleets = new Map<number, Fleet>();
const pests = new Map<string, ChargePoint>();

async function obey(order: ClientOrder): Promise<Round | null> {
  switch (order.do) {
    case "connect": {
      const fleet = new Fleet();
      fleets.set(order.port, fleet);
      await fleet.connect(order);
      return null;
    }
    case "run":
      return fleets.get(order.port)?.run(order) ?? null;
    case "annoy":
      await annoy(order);
      return null;
  }
}

async function annoy({ port, index, how }: Extract<ClientOrder, { do: "annoy" }>): Promise<void> {
  const key = `${port}/${index}`;
  const onAnswer = () => undefined;
  const pest =
    pests.get(key) ?? new ChargePoint({ port, identity: `BENCH${index}`, traffic: "hour", place: 0, onAnswer });
  pests.set(key, pest);
  await pest.booted;
  if (how === "flood") pest.flood(true);
  if (how === "freeze") pest.freeze(500);
  if (how !== "leave") return;
  pest.flood(false);
  pest.leave();
  pests.delete(key);
}

process.on("message", (order: ClientOrder) => {
  void obey(order).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit());
