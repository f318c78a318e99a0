import type { MaybeTriple } from "../units.ts";
import type { Measurement } from "./measurement.ts";

/** For each phase of the meter the site phase it measures, null for one that is not wired: `[2, 3, 1]` = the meter's L1 is on site L2. */
export type PhaseMap = readonly [SitePhase, SitePhase, SitePhase];
type SitePhase = 1 | 2 | 3 | null;

/** A measurement as the site sees it: phases moved to where they are wired and, for a meter mounted backwards, all directions turned. */
export function orient(measurement: Measurement, phaseMap: PhaseMap, invert: boolean): Measurement {
  const sign = invert ? -1 : 1;
  const { energyImportWh, energyExportWh } = measurement;
  return {
    ...measurement,
    currentA: moved(measurement.currentA, phaseMap, sign),
    voltageV: moved(measurement.voltageV, phaseMap, 1),
    phasePowerW: moved(measurement.phasePowerW, phaseMap, sign),
    powerW: signed(measurement.powerW, sign),
    energyImportWh: invert ? energyExportWh : energyImportWh,
    energyExportWh: invert ? energyImportWh : energyExportWh,
  };
}

function moved(values: MaybeTriple, phaseMap: PhaseMap, sign: 1 | -1): MaybeTriple {
  const site: MaybeTriple = [null, null, null];
  for (const [index, phase] of phaseMap.entries()) {
    if (phase !== null) site[phase - 1] = signed(values[index] ?? null, sign);
  }
  return site;
}

/** Without a negative zero, which prints as 0 and compares as another value. */
function signed(value: number | null, sign: 1 | -1): number | null {
  return value === null ? null : value * sign + 0;
}
