/** The charge points of the OCPP benchmarks, in a process of their own: connects and runs them as it is told. */
import { performance } from "node:perf_hooks";
import { ChargePoint, type Traffic } from "./charge-point.ts";

/** How often charge points with a pace are looked at, ms. */
const TICK_MS = 5;

/** What the benchmark asks of this process. */
export type ClientOrder =
  /** Identities are `BENCH0`, `BENCH1` …, so many at their handshake at once; resolves when all have booted. */
  | { do: "connect"; port: number; count: number; traffic: Traffic; atOnce: number }
  /** @param everyMs how often each sends a CALL; 0 = as soon as the last one was answered */
  | { do: "run"; port: number; forMs: number; everyMs: number }
  /** Each sends one CALL in the same moment; resolves when the last one is answered. */
  | { do: "report"; port: number }
  /** One charge point more, `BENCH<index>`, floods or freezes from now on, until it is told to leave. */
  | { do: "annoy"; port: number; index: number; how: "flood" | "freeze" | "leave" };

export interface Round {
  calls: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time of all charge points together. */
  clientsCpuS: number;
}

const now = () => ({ atMs: performance.now(), cpu: process.cpuUsage() });

class Fleet {
  #latencies: number[] = [];
  #onAnswer: () => void = () => undefined;
  #chargePoints: ChargePoint[] = [];

  async connect({ port, count, traffic, atOnce }: Extract<ClientOrder, { do: "connect" }>): Promise<void> {
    for (let index = 0; index < count; index++) {
      const onAnswer = (latencyMs: number): void => {
        this.#latencies.push(latencyMs);
        this.#onAnswer();
      };
      const chargePoint = new ChargePoint({ port, identity: `BENCH${index}`, traffic, place: index * 7, onAnswer });
      this.#chargePoints.push(chargePoint);
      if (index % atOnce === atOnce - 1) await this.#allBooted();
    }
    await this.#allBooted();
  }

  async report(): Promise<Round> {
    this.#latencies = [];
    const start = now();
    const all = new Promise<void>((resolve) => {
      this.#onAnswer = () => this.#latencies.length === this.#chargePoints.length && resolve();
    });
    for (const chargePoint of this.#chargePoints) chargePoint.sendOne();
    await all;
    this.#onAnswer = () => undefined;
    return this.#round(start);
  }

  async run({ forMs, everyMs }: Extract<ClientOrder, { do: "run" }>): Promise<Round> {
    this.#latencies = [];
    const start = now();
    const stop = everyMs === 0 ? this.#flatOut() : this.#paced(everyMs);
    await new Promise((resolve) => setTimeout(resolve, forMs));
    stop();
    // What is on its way is part of the round: else its processor time would count and its answers would not.
    await Promise.all(this.#chargePoints.map((chargePoint) => chargePoint.idle()));
    return this.#round(start);
  }

  #round({ atMs, cpu }: ReturnType<typeof now>): Round {
    const calls = this.#latencies.length;
    const seconds = (performance.now() - atMs) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const sorted = this.#latencies.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor(share * (calls - 1))] ?? 0;
    return { calls, seconds, p50Ms: at(0.5), p99Ms: at(0.99), clientsCpuS: (user + system) / 1e6 };
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

/** How often, and how far apart, who is refused dials again. */
const TRIES = 30;
const PAUSE_MS = 1000;

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
    case "report":
      return fleets.get(order.port)?.report() ?? null;
    case "run":
      return fleets.get(order.port)?.run(order) ?? null;
    case "annoy":
      await annoy(order);
      return null;
  }
}

async function annoy({ port, index, how }: Extract<ClientOrder, { do: "annoy" }>): Promise<void> {
  const key = `${port}/${index}`;
  const pest = pests.get(key) ?? (await admitted(port, index));
  pests.set(key, pest);
  if (how === "flood") pest.flood(true);
  if (how === "freeze") pest.freeze(500);
  if (how !== "leave") return;
  pest.flood(false);
  pest.leave();
  pests.delete(key);
}

/** Dials as a charge point does that comes back at once: again while the server still sees its connection of before. */
async function admitted(port: number, index: number): Promise<ChargePoint> {
  for (let triesLeft = TRIES; ; triesLeft--) {
    const onAnswer = () => undefined;
    const pest = new ChargePoint({ port, identity: `BENCH${index}`, traffic: "hour", place: 0, onAnswer });
    const refusal = await pest.booted.then(
      () => null,
      (error: Error) => error,
    );
    if (!refusal) return pest;
    if (triesLeft === 0) throw refusal;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

process.on("message", (order: ClientOrder) => {
  void obey(order).then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit());
