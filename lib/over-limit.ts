import { DISOBEYS_MS, OVERDRAW_A, OVERDRAW_SHARE } from "./thresholds.ts";

/** How far from a limit a draw may lie that still is at it, A: max(1 A, 10 %) (S7). @param leastA in place of the ampere */
export function toleranceA(limitA: number, leastA = OVERDRAW_A): number {
  return Math.max(leastA, limitA * OVERDRAW_SHARE);
}

/** The most that a charger draws which keeps to its limit, A (S7). */
export function allowedA(limitA: number, leastA?: number): number {
  return limitA + toleranceA(limitA, leastA);
}

/**
 * Since when a charger has drawn above its limit, told sample by sample; null = the last one kept to it.
 * @param mostA what it may draw: `allowedA`, or an ampere more than its limit where amperes are added up (S1)
 * @param counts the sample is late enough to show this limit; one from before leaves things as they were
 */
export function overSince(
  beforeMs: number | null,
  drawA: number,
  mostA: number,
  atMs: number,
  counts: boolean,
): number | null {
  if (!counts) return beforeMs;
  return drawA > mostA ? (beforeMs ?? atMs) : null;
}

/** It has drawn above its limit for so long that it does not obey it (S7). */
export function disobeys(overSinceMs: number | null, nowMs: number, forMs = DISOBEYS_MS): boolean {
  return overSinceMs !== null && nowMs - overSinceMs >= forMs;
}
