import type { Measurement } from "./measurement.ts";
import { MOST_VOLTAGE_V, type Problem } from "./quality.ts";

type Values = Pick<Measurement, "currentA" | "powerW" | "phasePowerW">;

const PHASES = [1, 2, 3] as const;
/** Below this a meter's own tolerance explains any difference, W. */
const SMALL_W = 500;
/** No scale in use is so far off; what is contradicts itself. */
const GROSSLY = 3;
/** No instrument resolves so little. */
const SMALLEST_A = 1e-9;
const SMALLEST_W = 1e-6;

/**
 * Currents and powers of one moment that cannot all be true, each in itself within bounds: a block of zeros, as devices answer while
 * they start, and numbers made of swapped words (22.0 becomes 2.4e-41) must not pass for no load.
 */
export function contradictions(values: Values): Problem[] {
  const problems = PHASES.flatMap((phase) => inPhase(values, phase));
  const total = inTotal(values);
  return total ? [...problems, { quantity: "power", phase: null, text: total }] : problems;
}

function inPhase({ currentA, phasePowerW }: Values, phase: 1 | 2 | 3): Problem[] {
  const amps = currentA[phase - 1] ?? null;
  const watts = phasePowerW[phase - 1] ?? null;
  if (isVanishing(watts, SMALLEST_W)) {
    return [{ quantity: `powerL${phase}`, phase, text: `powerL${phase} reads ${watts} W, which nothing can measure` }];
  }
  const text =
    amps === null ? null : isVanishing(amps, SMALLEST_A) ? "which nothing can measure" : carried(amps, watts);
  return text ? [{ quantity: `currentL${phase}`, phase, text: `currentL${phase} reads ${amps} A, ${text}` }] : [];
}

function carried(amps: number, watts: number | null): string | null {
  const mostW = SMALL_W + GROSSLY * Math.abs(amps) * MOST_VOLTAGE_V;
  return watts !== null && Math.abs(watts) > mostW ? `too little for its power of ${Math.round(watts)} W` : null;
}

function inTotal({ powerW, phasePowerW }: Values): string | null {
  if (isVanishing(powerW, SMALLEST_W)) return `power reads ${powerW} W, which nothing can measure`;
  const sumW = phasePowerW.reduce<number>((sum, watts) => sum + (watts ?? 0), 0);
  return powerW === 0 && Math.abs(sumW) > SMALL_W
    ? `power reads 0 W beside phases that add up to ${Math.round(sumW)} W`
    : null;
}

function isVanishing(value: number | null, smallest: number): boolean {
  return value !== null && value !== 0 && Math.abs(value) < smallest;
}
