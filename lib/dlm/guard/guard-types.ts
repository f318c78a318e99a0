import type { Triple } from "../../units.ts";

/**
 * `commanded`: the setpoints exceed the capacity and could be lower. `increase`: something was raised although what is
 * reserved exceeds it. `measured`: a measured current was over the limit for 15 s and nothing was lowered. `imbalance`:
 * the setpoints loaded one phase more above the least loaded one than is allowed for 15 s, and nothing was lowered.
 * `minimum`: a setpoint is above 0 and below the least minimum that the connector can have (S3). `strayed`: a measured current
 * was over the limit for 15 s with no connector left on that phase to lower: connectors on other phases are lowered to see whether they are on it.
 * `alone`: if everything here were gone, what chargers take that do not fall back, or not last, would not fit beside the others (S12).
 */
export type GuardKind = "alone" | "commanded" | "increase" | "measured" | "imbalance" | "minimum" | "strayed";

/** A broken rule: `sumA` (background included) should not be above `limitA`. */
export interface GuardViolation {
  /** The zone; for `minimum` the one on which the connector hangs. */
  zone: string;
  /** null = the power of the zone, as the sum of the currents of its phases; for `minimum` all phases of the connector. */
  phase: 1 | 2 | 3 | null;
  /** For `imbalance` the difference that is allowed, for `minimum` the minimum. */
  limitA: number;
  sumA: number;
  kind: GuardKind;
  /** Only for `minimum`. */
  connector?: string;
}

/** A breaker measured over its limit for longer than lowering takes, with nothing left to lower (S7). */
export interface BreakerOver {
  zone: string;
  phase: 1 | 2 | 3;
  limitA: number;
  measuredA: number;
  /** Connectors below that draw more than they may: seen to go on after they were lowered, or not to be commanded. Most first. */
  connectors: readonly string[];
}

export interface GuardResult {
  violations: GuardViolation[];
  /** Breakers that only stopping a charger can relieve. */
  beyond: BreakerOver[];
  /** Connectors found on a phase (0..2) that they were not said to be on. */
  probe: ReadonlyMap<string, 0 | 1 | 2>;
  /** What to command instead, A, for every controllable connector below a violated zone; empty without a violation. */
  safeA: ReadonlyMap<string, number>;
}

/** A value for each of the three phases, and for the power of all: the sum over the phases. */
export type PerRow<T = number> = [T, T, T, T];
export const PHASES = [0, 1, 2] as const;
/** The row of the power, behind those of the phases. */
export const POWER = 3;
export const ROWS = [...PHASES, POWER] as const;

/** Where the value of a zone's row stands in a list of all rows of all zones. */
export function at(zone: number, row: number): number {
  return ROWS.length * zone + row;
}

/** Sums of many currents differ by less than this, A. */
export const NOISE_A = 0.05;

/** How a row is named in a violation. */
export function rowName(row: 0 | 1 | 2 | 3): GuardViolation["phase"] {
  return row === POWER ? null : ((row + 1) as 1 | 2 | 3);
}

/** Value of a phase (0..2) of a quantity given once or per phase; `absent` where it is not given. */
export function onPhase(value: number | Triple | undefined, phase: number, absent: number): number {
  if (value === undefined) return absent;
  return typeof value === "number" ? value : value[phase]!;
}
