import { SAMPLE_LIFE_S } from "../../../thresholds.ts";
import type { Triple } from "../../../units.ts";

/** The highest background behind a meter in a few seconds, A per phase. */
export interface Peak {
  /** Age of its youngest tick, s. */
  ageS: number;
  spanS: number;
  loadA: Triple;
}

/** By zone, newest first. */
export type Peaks = ReadonlyMap<string, readonly Peak[]>;

/** One peak stands for the ticks of so long, s. */
const PEAK_SPAN_S = 5;

/** The peaks with the background of this tick. */
export function followPeaks(
  before: Peaks,
  backgroundA: ReadonlyMap<string, Triple>,
  elapsedS: number,
): Map<string, readonly Peak[]> {
  const peaks = new Map<string, readonly Peak[]>();
  for (const [id, nowA] of backgroundA) {
    const aged = (before.get(id) ?? []).map((peak) => ({ ...peak, ageS: peak.ageS + elapsedS }));
    const [first, ...rest] = aged;
    const grows = first !== undefined && first.ageS + first.spanS <= PEAK_SPAN_S;
    const newest: Peak = grows
      ? { ageS: 0, spanS: first.ageS + first.spanS, loadA: nowA.map((a, p) => Math.max(a, first.loadA[p]!)) as Triple }
      : { ageS: 0, spanS: 0, loadA: nowA };
    peaks.set(
      id,
      [newest, ...(grows ? rest : aged)].filter(({ ageS }) => ageS <= SAMPLE_LIFE_S),
    );
  }
  return peaks;
}

/** The highest of the last so many seconds, A per phase. */
export function highestSince(peaks: readonly Peak[] | undefined, sinceS: number): Triple {
  const highestA: Triple = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { ageS, loadA } of peaks ?? []) {
    if (ageS > sinceS) continue;
    for (const p of [0, 1, 2] as const) highestA[p] = Math.max(highestA[p], loadA[p]);
  }
  return highestA;
}
