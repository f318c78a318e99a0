/** Currents over time, constant between moments. */

/** From each moment on so many A; in ascending order, the first at the beginning of what is asked for. */
export type Curve = readonly { atMs: number; currentA: number }[];

/** Works a curve out from the moments at which it may change. */
export function curveOf(fromMs: number, turnsMs: Iterable<number>, currentA: (atMs: number) => number): Curve {
  const moments = [...new Set([fromMs, ...turnsMs])].filter((atMs) => atMs >= fromMs).sort((one, other) => one - other);
  const curve: { atMs: number; currentA: number }[] = [];
  for (const atMs of moments) {
    const now = currentA(atMs);
    if (curve.at(-1)?.currentA !== now) curve.push({ atMs, currentA: now });
  }
  return curve;
}

/** A at a moment; 0 before the curve begins. */
export function valueAt(curve: Curve, atMs: number): number {
  return curve.findLast((step) => step.atMs <= atMs)?.currentA ?? 0;
}

/** The last moment at which it falls; null = never. */
export function lastFallMs(curve: Curve): number | null {
  return curve.findLast((step, i) => i > 0 && step.currentA < curve[i - 1]!.currentA)?.atMs ?? null;
}
