import type { MaybeTriple, Triple } from "../../../units.ts";

/** Samples are kept for so long, ms: the slowest chargers tell of a step only then. */
const KEPT_MS = 300_000;

interface Sample {
  atMs: number;
  currentA: Triple;
}

/** What a meter showed in the last minutes, signed A per phase. */
export class MeterTrace {
  readonly #samples: Sample[] = [];

  /** Takes a good sample; one without all phases is left out. */
  add(atMs: number, currentA: MaybeTriple): void {
    if (currentA.includes(null)) return;
    this.#samples.push({ atMs, currentA: currentA as Triple });
    const old = this.#samples.findIndex((sample) => sample.atMs > atMs - KEPT_MS);
    // A few at a time: to move all that are kept for each sample would cost more than the samples.
    if (old > 60) this.#samples.splice(0, old);
  }

  /** Samples came all along, the longest pause between them no longer than this. */
  isDense(fromMs: number, toMs: number, pauseMs: number): boolean {
    const within = this.#between(fromMs - pauseMs, toMs + pauseMs);
    if (within.length < 2 || within[0]!.atMs > fromMs || within.at(-1)!.atMs < toMs - pauseMs) return false;
    return within.every(({ atMs }, i) => i === 0 || atMs - within[i - 1]!.atMs <= pauseMs);
  }

  /** The middle one of what was shown on each phase; null without samples. */
  median(fromMs: number, toMs: number): Triple | null {
    const within = this.#between(fromMs, toMs);
    if (within.length === 0) return null;
    const middle = (p: number) => within.map(({ currentA }) => currentA[p]!).sort((a, b) => a - b)[within.length >> 1]!;
    return [middle(0), middle(1), middle(2)];
  }

  /** The most that was shown on each phase; null without samples. */
  most(fromMs: number, toMs: number): Triple | null {
    const within = this.#between(fromMs, toMs);
    const most = (p: number) => Math.max(...within.map(({ currentA }) => currentA[p]!));
    return within.length === 0 ? null : [most(0), most(1), most(2)];
  }

  /** The greatest way up (`direction` 1) or down (−1) on a phase, from any sample to any later one, A. */
  move(fromMs: number, toMs: number, phase: number, direction: 1 | -1): number {
    let lowest = Number.POSITIVE_INFINITY;
    let moved = 0;
    for (const { currentA } of this.#between(fromMs, toMs)) {
      const value = direction * currentA[phase]!;
      lowest = Math.min(lowest, value);
      moved = Math.max(moved, value - lowest);
    }
    return moved;
  }

  #between(fromMs: number, toMs: number): Sample[] {
    return this.#samples.filter(({ atMs }) => atMs >= fromMs && atMs <= toMs);
  }
}
