/** Below this, two currents or two times are the same: binary fractions are not exact. */
export const EPSILON = 1e-6;

/** Seconds a condition has held: 0 at the first tick that sees it, null while it does not hold. */
export function held(sinceS: number | null, condition: boolean, elapsedS: number): number | null {
  if (!condition) return null;
  return sinceS === null ? 0 : sinceS + elapsedS;
}

/** Age of a time stamp, s. One from the future is as little to be trusted as one equally far in the past. */
export function ageS(nowMs: number, tsMs: number): number {
  return Math.abs(nowMs - tsMs) / 1000;
}
