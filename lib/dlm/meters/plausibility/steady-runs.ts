import type { Triple } from "../../../units.ts";

/** Readings of a charger that differ by no more than this are of a steady current, A. */
const STEADY_A = 0.7;
/** A charger that has said nothing for so long may draw anything, ms: longer than the slowest of them report. */
const SILENT_MS = 130_000;

/** A time in which a current was steady. Monotonic ms; A per site phase. */
export interface Run {
  fromMs: number;
  toMs: number;
  currentA: Triple;
}

/** Follows what a charger reports: since when its current has not changed. */
export class SteadyRuns {
  #run: Run | null = null;

  /** Takes a reading; one that was taken before changes nothing. */
  add(atMs: number, currentA: Triple): void {
    const run = this.#run;
    if (run && atMs <= run.toMs) return;
    const steady = run !== null && atMs - run.toMs <= SILENT_MS && isNear(run.currentA, currentA);
    if (steady) run.toMs = atMs;
    else this.#run = { fromMs: atMs, toMs: atMs, currentA };
  }

  /** The last run; null = nothing has been said, or nothing for long. A single reading is a run without a length. */
  at(nowMs: number): Run | null {
    return this.#run && nowMs - this.#run.toMs <= SILENT_MS ? this.#run : null;
  }
}

function isNear(a: Triple, b: Triple): boolean {
  return a.every((currentA, p) => Math.abs(currentA - b[p]!) <= STEADY_A);
}

/** The time in which several currents were steady together, with their sum; null = there was none. */
export function together(runs: readonly Run[]): Run | null {
  if (runs.length === 0) return null;
  let fromMs = Number.NEGATIVE_INFINITY;
  let toMs = Number.POSITIVE_INFINITY;
  const currentA: Triple = [0, 0, 0];
  for (const run of runs) {
    fromMs = Math.max(fromMs, run.fromMs);
    toMs = Math.min(toMs, run.toMs);
    for (const p of [0, 1, 2] as const) currentA[p] += run.currentA[p];
  }
  return toMs > fromMs ? { fromMs, toMs, currentA } : null;
}
