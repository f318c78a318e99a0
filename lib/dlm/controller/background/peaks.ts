import { SAMPLE_LIFE_S } from "../../../thresholds.ts";
import type { JsonValue, Triple } from "../../../units.ts";

/** The highest background behind a meter in a few seconds, A per phase. */
export interface Peak {
  /** Age of its youngest tick, s. */
  ageS: number;
  spanS: number;
  loadA: Triple;
}

/** By zone, newest first. One that exceeds the younger ones on no phase is left out, as those say more. */
export type Peaks = ReadonlyMap<string, readonly Peak[]>;

/** One peak stands for the ticks of so long, s. */
const PEAK_SPAN_S = 5;
/** More of one zone are none of ours, nor are higher ones, A. */
const MOST_PEAKS = 2 + SAMPLE_LIFE_S / PEAK_SPAN_S;
const MOST_A = 1e6;
const NOTHING_SEEN: Readonly<Triple> = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];

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
    const older = (grows ? rest : aged).filter(({ ageS }) => ageS <= SAMPLE_LIFE_S);
    peaks.set(id, thatTell([newest, ...older]));
  }
  return peaks;
}

function thatTell(peaks: readonly Peak[]): Peak[] {
  const highestA = [...NOTHING_SEEN];
  return peaks.filter(({ loadA }) => {
    const tells = loadA.some((currentA, p) => currentA > highestA[p]!);
    loadA.forEach((currentA, p) => {
      highestA[p] = Math.max(highestA[p]!, currentA);
    });
    return tells;
  });
}

/** The highest of the last so many seconds, A per phase. */
export function highestSince(peaks: readonly Peak[] | undefined, sinceS: number): Triple {
  const highestA: Triple = [...NOTHING_SEEN];
  for (const { ageS, loadA } of peaks ?? []) {
    if (ageS > sinceS) continue;
    for (const p of [0, 1, 2] as const) highestA[p] = Math.max(highestA[p], loadA[p]);
  }
  return highestA;
}

/** As plain JSON: zone, then age, span and load of each. */
export function peaksToJson(peaks: Peaks): JsonValue {
  return [...peaks].map(([id, list]) => [id, ...list.map(({ ageS, spanS, loadA }) => [ageS, spanS, ...loadA])]);
}

/** The reverse; what does not look like a peak is left out. */
export function peaksFromJson(saved: unknown): Map<string, readonly Peak[]> {
  const peaks = new Map<string, readonly Peak[]>();
  for (const [id, ...list] of asList(saved).map(asList)) {
    if (typeof id !== "string") continue;
    const rows = list.slice(0, MOST_PEAKS).map(asList).filter(isPeak);
    peaks.set(
      id,
      rows.map(([ageS, spanS, ...loadA]) => ({ ageS, spanS, loadA })),
    );
  }
  return peaks;
}

function isPeak(row: unknown[]): row is [ageS: number, spanS: number, ...loadA: Triple] {
  const [ageS, spanS, ...loadA] = row as number[];
  const isIn = (value: unknown, least: number, most: number) =>
    typeof value === "number" && value >= least && value <= most;
  if (!isIn(ageS, 0, SAMPLE_LIFE_S) || !isIn(spanS, 0, PEAK_SPAN_S)) return false;
  return loadA.length === 3 && loadA.every((currentA) => isIn(currentA, -MOST_A, MOST_A));
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
