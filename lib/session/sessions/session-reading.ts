import { CHARGING_A, NOMINAL_V } from "../../thresholds.ts";
import type { SessionReading } from "./session-watch.ts";

/** Power that only a charging car draws. */
const DRAWS_W = 200;

/** The power of a reading, from its currents where it has none; null = not told. */
export function powerOf({ powerW, currentA, voltageV }: SessionReading): number | null {
  if (powerW !== null || !currentA) return powerW;
  const knownV = voltageV.find((value) => value !== null) ?? NOMINAL_V;
  let sumW: number | null = null;
  for (const [terminal, value] of currentA.entries()) {
    if (value !== null) sumW = (sumW ?? 0) + value * (voltageV[terminal] ?? knownV);
  }
  return sumW;
}

/** Whether a car draws what only a charging car draws. */
export function draws({ currentA }: SessionReading, powerW: number | null): boolean {
  if (currentA) return currentA.some((value) => value !== null && value >= CHARGING_A);
  return powerW !== null && powerW >= DRAWS_W;
}
