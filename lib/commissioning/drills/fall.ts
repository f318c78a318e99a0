import type { MaybeTriple } from "../../units.ts";

/** A sample of a meter: seconds since the drill began, A per phase. */
export interface MeterPoint {
  atS: number;
  currentA: MaybeTriple;
}

/** So many samples before and after a fall are compared: one of them may be off. A car takes some samples to come down. */
const BEFORE = 3;
const LEAD = 2;
const AFTER = 3;
/** A fall is seen from this part of the expected one up to so much more; it is over after this part of what fell. */
const LEAST = 0.6;
const MOST = 1.6;
const OVER = 0.85;

/**
 * When a draw fell, by the meter above it: on every phase that it loads the samples stay lower by about as much as expected, all at
 * once.
 * @param phases 0 to 2
 * @param fallA expected, A per phase
 * @returns the time of the first sample that shows it down, s; null = it is not seen
 */
export function fallAt(samples: readonly MeterPoint[], phases: readonly number[], fallA: number): number | null {
  const known = samples.filter(({ currentA }) => phases.every((phase) => currentA[phase] !== null));
  const on = (phase: number) => (point: MeterPoint) => point.currentA[phase]!;
  for (let i = BEFORE + LEAD; i + AFTER <= known.length; i++) {
    const fellA = phases.map((phase) => {
      const beforeA = median(known.slice(i - BEFORE - LEAD, i - LEAD).map(on(phase)));
      return { beforeA, byA: beforeA - median(known.slice(i, i + AFTER).map(on(phase))) };
    });
    if (!fellA.every(({ byA }) => byA >= fallA * LEAST && byA <= fallA * MOST)) continue;
    const isDown = (point: MeterPoint) =>
      phases.every((phase, n) => fellA[n]!.beforeA - on(phase)(point) >= fellA[n]!.byA * OVER);
    return known.slice(i - LEAD).find(isDown)!.atS;
  }
  return null;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
