/** One value for each site phase: [L1, L2, L3]. */
export type Triple = [number, number, number];

/** One value for each phase where a phase may be unknown; unknown is `null`, never 0. */
export type MaybeTriple = [number | null, number | null, number | null];

/** Anything that survives JSON.stringify / JSON.parse unchanged. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** The same value on all three phases, or a copy of the given three. */
export function triple(value: number | readonly number[]): Triple {
  return typeof value === "number" ? [value, value, value] : [value[0] ?? 0, value[1] ?? 0, value[2] ?? 0];
}

/** One decimal; what is unknown stays so. */
export function tenths(value: number | null): number | null {
  return value === null ? null : round(value, 1);
}

/** Rounds to a number of decimals, without the noise of binary fractions (`round(0.1 + 0.2, 1)` is 0.3). */
export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}
