import type { Measurement } from "./measurement.ts";
import { MOST_VOLTAGE_V, type ReadingProblem } from "./quality.ts";

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
export function contradictions({ currentA, powerW, phasePowerW }: Values): ReadingProblem[] {
  const problems: ReadingProblem[] = [];
  const add = (quantity: string, phase: ReadingProblem["phase"], reads: string) =>
    problems.push({ quantity, phase, text: `${quantity} reads ${reads}` });
  for (const phase of PHASES) {
    const amps = currentA[phase - 1] ?? null;
    const watts = phasePowerW[phase - 1] ?? null;
    if (isVanishing(watts, SMALLEST_W)) add(`powerL${phase}`, phase, `${watts} W, which nothing can measure`);
    else if (isVanishing(amps, SMALLEST_A)) add(`currentL${phase}`, phase, `${amps} A, which nothing can measure`);
    else if (isTooMuch(watts, amps))
      add(`currentL${phase}`, phase, `${amps} A, too little for its power of ${Math.round(watts ?? 0)} W`);
  }
  const sumW = phasePowerW.reduce<number>((sum, watts) => sum + (watts ?? 0), 0);
  if (isVanishing(powerW, SMALLEST_W)) add("power", null, `${powerW} W, which nothing can measure`);
  else if (powerW === 0 && Math.abs(sumW) > SMALL_W)
    add("power", null, `0 W beside phases that add up to ${Math.round(sumW)} W`);
  return problems;
}

function isTooMuch(watts: number | null, amps: number | null): boolean {
  if (watts === null || amps === null) return false;
  return Math.abs(watts) > SMALL_W + GROSSLY * Math.abs(amps) * MOST_VOLTAGE_V;
}

function isVanishing(value: number | null, smallest: number): boolean {
  return value !== null && value !== 0 && Math.abs(value) < smallest;
}
