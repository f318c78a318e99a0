import type { MeasurementPayload } from "../messages.ts";
import type { MaybeTriple } from "../units.ts";

/** A measurement before it has a time. */
export type Measurement = Omit<MeasurementPayload, "ts">;

/** Keys of a measurement with one value per phase, and the quantity of each: `currentA[0]` is `currentL1`. */
export const PHASE_KEYS = { currentA: "current", voltageV: "voltage", phasePowerW: "power" } as const;
/** Keys of a measurement with one value, and its quantity. */
export const WHOLE_KEYS = {
  powerW: "power",
  energyImportWh: "energyImport",
  energyExportWh: "energyExport",
  frequencyHz: "frequency",
  powerFactor: "powerFactor",
  socPercent: "soc",
} as const;

/** `currentL1`, `currentL2`, `currentL3` of `current`. */
export function perPhase<T extends string>(name: T): [`${T}L1`, `${T}L2`, `${T}L3`] {
  return [`${name}L1`, `${name}L2`, `${name}L3`];
}

const CURRENTS = perPhase("current");
const VOLTAGES = perPhase("voltage");
const POWERS = perPhase("power");

/** A reading that failed: unknown is null, never 0. */
export const NOTHING_KNOWN: Measurement = { ...measurementOf(() => null), quality: "bad" };

/** The measurement made of these quantities; null = unknown. Currents take the sign of their phase's power: meters report magnitudes. */
export function measurementOf(value: (quantity: string) => number | null): Measurement {
  const phasePowerW = POWERS.map(value) as MaybeTriple;
  return {
    currentA: CURRENTS.map((name, phase) => directed(value(name), phasePowerW[phase] ?? null)) as MaybeTriple,
    voltageV: VOLTAGES.map(value) as MaybeTriple,
    powerW: value("power"),
    phasePowerW,
    energyImportWh: value("energyImport"),
    energyExportWh: value("energyExport"),
    frequencyHz: value("frequency"),
    powerFactor: value("powerFactor"),
    socPercent: value("soc"),
    quality: "good",
  };
}

/** A magnitude gets the direction of its power; without one the current stays as delivered. */
function directed(amps: number | null, powerW: number | null): number | null {
  if (amps === null || powerW === null || amps === 0) return amps;
  return powerW < 0 ? -Math.abs(amps) : Math.abs(amps);
}

/** The sum over the phases; null as soon as one is unknown. */
export function sumOf([l1, l2, l3]: MaybeTriple): number | null {
  return l1 === null || l2 === null || l3 === null ? null : l1 + l2 + l3;
}
