import type { Clock } from "../clock.ts";
import { LineLoad } from "./line-load.ts";
import { Percentiles } from "./percentiles.ts";
import type { BusStatistics, LinkCounts } from "./statistics.ts";
import type { Unit } from "./unit.ts";
import { type LineFormat, silenceMs, wireTimeMs } from "./wire-time.ts";

const LATENCIES = 512;

/** What a bus keeps of what happened on it. */
export class BusRecord {
  readonly counts = { requests: 0, retries: 0, coalesced: 0, timeouts: 0, exceptions: 0, drops: 0, refused: 0 };
  readonly #clock: Clock;
  readonly #format: LineFormat | null;
  readonly #latencies = new Percentiles(LATENCIES);
  readonly #load: LineLoad;
  #inFlight = 0;
  #busySinceMs = 0;

  constructor(clock: Clock, format: LineFormat | null) {
    this.#clock = clock;
    this.#format = format;
    this.#load = new LineLoad(clock);
  }

  /** What almost every reply on this line has taken at most; null while there was none. */
  get latencyP99Ms(): number | null {
    return this.#latencies.at(0.99);
  }

  /** A request goes out. */
  started(): void {
    this.counts.requests++;
    if (this.#inFlight++ === 0) this.#busySinceMs = this.#clock.nowMs();
  }

  /** It is over, answered or not. */
  ended(): void {
    if (--this.#inFlight > 0) return;
    const silence = this.#format ? silenceMs(this.#format) : 0;
    this.#load.busy(this.#clock.nowMs() - this.#busySinceMs + silence);
  }

  /** It was answered, with so many registers. @param block names what was read @param latencyMs null = not known */
  answered(unit: Unit, block: string, count: number, latencyMs: number | null): void {
    const format = this.#format;
    const onWireMs = format ? wireTimeMs(count, format) : 0;
    if (latencyMs === null) unit.answered();
    else this.#noteLatency(unit, onWireMs, latencyMs);
    this.#load.read(block, onWireMs + (unit.turnaroundMs ?? 0));
  }

  #noteLatency(unit: Unit, onWireMs: number, latencyMs: number): void {
    // The line is also silent once before the next request, which is no part of this latency.
    const turnaroundMs = Math.max(0, latencyMs - onWireMs + (this.#format ? silenceMs(this.#format) : 0));
    unit.answered();
    unit.tookMs(latencyMs, turnaroundMs);
    this.#latencies.add(latencyMs);
  }

  /** All but what only the bus and its parts know. */
  statistics(): Omit<BusStatistics, "isConnected" | "queued" | "skipped" | "units" | keyof LinkCounts> {
    const { cycle } = this.#load;
    return {
      ...this.counts,
      utilisationPercent: this.#load.utilisationPercent,
      cycleMs: cycle?.cycleMs ?? null,
      idealCycleMs: (this.#format && cycle?.idealMs) ?? null,
      latencyP50Ms: this.#latencies.at(0.5),
      latencyP99Ms: this.#latencies.at(0.99),
    };
  }
}
