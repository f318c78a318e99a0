/** What a reading must satisfy before anything may rely on it. */
import { perPhase } from "./measurement.ts";

/** Why a reading cannot be relied on: a value that cannot be true or that is missing. `phase` is the meter's own, null for the whole. */
export interface ReadingProblem {
  quantity: string;
  phase: 1 | 2 | 3 | null;
  text: string;
}

interface Range {
  min: number;
  max: number;
  unit: string;
}

/** More is no voltage of a low-voltage supply. */
export const MOST_VOLTAGE_V = 300;

/** Outside these a value cannot be true on a low-voltage supply; a wrong profile or word order nearly always lands outside. */
const RANGES = {
  voltage: { min: 80, max: MOST_VOLTAGE_V, unit: "V" },
  frequency: { min: 45, max: 65, unit: "Hz" },
  current: { min: -10_000, max: 10_000, unit: "A" },
  power: { min: -10_000_000, max: 10_000_000, unit: "W" },
  energyImport: { min: 0, max: Number.MAX_SAFE_INTEGER, unit: "Wh" },
  energyExport: { min: 0, max: Number.MAX_SAFE_INTEGER, unit: "Wh" },
  soc: { min: 0, max: 100, unit: "%" },
};
const RANGE_OF: ReadonlyMap<string, Range> = new Map(
  Object.entries(RANGES).flatMap(([name, range]) => [name, ...perPhase(name)].map((quantity) => [quantity, range])),
);

/** The meter's phase that a quantity's name ends in (`currentL2` → 2), null without one. */
function phaseOf(quantity: string): 1 | 2 | 3 | null {
  const match = /L([123])$/.exec(quantity);
  return match ? (Number(match[1]) as 1 | 2 | 3) : null;
}

/** Why this value cannot be true, or null when it can. */
export function implausible(quantity: string, value: number): ReadingProblem | null {
  const range = RANGE_OF.get(quantity);
  if (!range || (value >= range.min && value <= range.max)) return null;
  const shown = `${Number(value.toPrecision(6))} ${range.unit}`;
  return {
    quantity,
    phase: phaseOf(quantity),
    text: `${quantity} reads ${shown}, outside ${range.min} to ${range.max} ${range.unit}`,
  };
}

/** The problem of a value that the profile promises and the device did not give. */
export function missing(quantity: string): ReadingProblem {
  return { quantity, phase: phaseOf(quantity), text: `${quantity} is not available` };
}

/** Advice where only some phases of a meter have problems; empty where all or none have. */
export function unwired(problems: readonly ReadingProblem[]): string[] {
  const phases = [...new Set(problems.map(({ phase }) => phase))].sort();
  if (phases.length === 0 || phases.length === 3 || phases.includes(null)) return [];
  const names = phases.map((phase) => `L${phase}`).join(" and ");
  return [
    phases.length === 1
      ? `if its ${names} is not wired, set that phase to – in the meter's properties`
      : `if its ${names} are not wired, set these phases to – in the meter's properties`,
  ];
}

/** Age at which a reading counts as stale, ms. */
export function staleAfterMs(intervalMs: number): number {
  return Math.max(3 * intervalMs, 5000);
}
