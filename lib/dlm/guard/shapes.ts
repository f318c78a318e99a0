import type { Triple } from "../../units.ts";

/**
 * `commanded`: the setpoints exceed the capacity and could be lower. `increase`: something was raised although what is
 * reserved exceeds it. `measured`: a measured current was over the limit for 15 s and nothing was lowered.
 */
export type GuardKind = "commanded" | "increase" | "measured";

/** A broken rule: `sumA` (background included) should not be above `limitA`. */
export interface GuardViolation {
  zone: string;
  phase: 1 | 2 | 3;
  limitA: number;
  sumA: number;
  kind: GuardKind;
}

export interface GuardResult {
  violations: GuardViolation[];
  /** What to command instead, A, for every controllable connector below a violated zone; empty without a violation. */
  safeA: ReadonlyMap<string, number>;
}

export type Before = ReadonlyMap<string, number> | Record<string, number>;

/** Value of a phase (0..2) of a quantity given once or per phase; `absent` where it is not given. */
export function onPhase(value: number | Triple | undefined, phase: number, absent: number): number {
  if (value === undefined) return absent;
  return typeof value === "number" ? value : value[phase]!;
}
