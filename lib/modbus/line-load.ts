import type { Clock } from "../clock.ts";

interface Slice {
  fromMs: number;
  busyMs: number;
  idealMs: number;
  /** How often each block was read. */
  reads: Map<string, number>;
}

const SLICES = 6;
const SLICE_MS = 10_000;
/** Blocks beyond this number are not counted. */
const MAX_BLOCKS = 1000;

/** How much of its time a line is in use, over the last minute. */
export class LineLoad {
  readonly #clock: Clock;
  readonly #startedMs: number;
  #slices: Slice[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.nowMs();
  }

  /** Counts time in which the line was in use, with or without an answer. */
  busy(forMs: number): void {
    this.#slice().busyMs += forMs;
  }

  /** @param idealMs what reading this block would take at best */
  read(block: string, idealMs: number): void {
    const slice = this.#slice();
    slice.idealMs += idealMs;
    if (slice.reads.size < MAX_BLOCKS || slice.reads.has(block))
      slice.reads.set(block, (slice.reads.get(block) ?? 0) + 1);
  }

  /** 0 to 100. */
  get utilisationPercent(): number {
    const overMs = Math.min(SLICES * SLICE_MS, this.#clock.nowMs() - this.#startedMs);
    return overMs > 0 ? Math.min(100, (100 * this.#sum("busyMs")) / overMs) : 0;
  }

  /** How long the line is in use for one round over all that is read, and how long it would be at best; null without reads. */
  get cycle(): { cycleMs: number; idealMs: number } | null {
    const totals = new Map<string, number>();
    for (const { reads } of this.#recent())
      for (const [block, count] of reads) totals.set(block, (totals.get(block) ?? 0) + count);
    const rounds = Math.max(0, ...totals.values());
    return rounds > 0 ? { cycleMs: this.#sum("busyMs") / rounds, idealMs: this.#sum("idealMs") / rounds } : null;
  }

  #sum(of: "busyMs" | "idealMs"): number {
    return this.#recent().reduce((sum, slice) => sum + slice[of], 0);
  }

  #recent(): Slice[] {
    const fromMs = this.#clock.nowMs() - SLICES * SLICE_MS;
    this.#slices = this.#slices.filter((slice) => slice.fromMs > fromMs);
    return this.#slices;
  }

  #slice(): Slice {
    const nowMs = this.#clock.nowMs();
    const last = this.#slices.at(-1);
    if (last && nowMs - last.fromMs < SLICE_MS) return last;
    const slice = { fromMs: nowMs, busyMs: 0, idealMs: 0, reads: new Map<string, number>() };
    this.#recent().push(slice);
    return slice;
  }
}
