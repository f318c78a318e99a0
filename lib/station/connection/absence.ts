import { NOMINAL_V } from "../../thresholds.ts";

/** Grid voltage, rounding and a charger's tolerance may bring so much more than was allowed. */
const MARGIN = 1.25;

/** Less than this says nothing, Wh. */
const LEAST_WH = 100;

/** How finely the allowed current is summed up, ms. */
const STEP_MS = 10_000;

/** A register that advanced more than twice as fast as the connector can deliver has jumped. */
const PLAUSIBLE = 2;

/** One connector as it was when its charge point went away. */
export interface Departure {
  /** Its energy register at the last reading, and when that was. Monotonic. */
  energyWh: number;
  atMs: number;
  /** Wired phases, and what they can carry each, A. */
  phases: number;
  maxA: number;
  /** What may be in force at a time, A per phase, as the limits in it then promise. */
  allowedA: (nowMs: number) => number;
}

/** What a connector drew while its charge point was disconnected. */
export interface Drawn {
  drawnWh: number;
  allowedWh: number;
}

/**
 * More than its limits allowed, by the first reading after an absence; null when it kept to them, or nothing can be said: a register
 * that began anew or jumped.
 */
export function drewTooMuch(
  { energyWh, atMs, phases, maxA, allowedA }: Departure,
  backWh: number,
  backMs: number,
): Drawn | null {
  const toWh = (currentA: number, ms: number): number => (currentA * NOMINAL_V * phases * ms) / 3_600_000;
  const drawnWh = backWh - energyWh;
  let allowedWh = 0;
  for (let nowMs = atMs; nowMs < backMs; nowMs += STEP_MS) {
    allowedWh += toWh(allowedA(nowMs), Math.min(STEP_MS, backMs - nowMs));
  }
  if (drawnWh > toWh(maxA, backMs - atMs) * PLAUSIBLE) return null;
  return drawnWh > allowedWh * MARGIN + LEAST_WH ? { drawnWh, allowedWh } : null;
}
