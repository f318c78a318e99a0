import type { Measurement } from "../../lib/metering/measurement.ts";

/** What a healthy three-phase meter shows. */
export const typical: Measurement = {
  currentA: [12.1, 8, 9.4],
  voltageV: [229.4, 229.6, 229.5],
  powerW: 6600,
  phasePowerW: [2700, 1800, 2100],
  energyImportWh: 1_250_000,
  energyExportWh: 2000,
  frequencyHz: 50.01,
  powerFactor: 0.98,
  socPercent: null,
  quality: "good",
};

/** Every number of a measurement, in a fixed order. */
export function numbersOf(m: Measurement): (number | null)[] {
  const single = [m.powerW, m.energyImportWh, m.energyExportWh, m.frequencyHz, m.powerFactor, m.socPercent];
  return [...m.currentA, ...m.voltageV, ...m.phasePowerW, ...single];
}
