import type { MeasurementPayload, SurplusPayload } from "../messages.ts";
import { SURPLUS_LIFE_MS } from "../thresholds.ts";

export interface SurplusRules {
  /** Power that is to remain exported, W; negative = so much may be bought. */
  residualW: number;
  /** The battery is served before the cars. */
  batteryFirst: boolean;
  /** While the battery holds less than this, or it does not say, the battery is served first anyway. */
  minSocPercent: number;
  enableDelayS: number;
  disableDelayS: number;
}

/** A reading with the monotonic time of its arrival. */
export interface TimedReading {
  payload: Pick<MeasurementPayload, "powerW" | "phasePowerW" | "socPercent" | "quality">;
  atMs: number;
}

/** Why there is nothing to say. */
export type SurplusGap = "grid" | "battery" | "pv";

/**
 * The surplus, W, with the cars' draw still inside `gridW`: `surplusW = −gridW − residualW`, less what the battery discharges (cars are not
 * charged from it), plus what it charges with when the cars are served first.
 * With a PV meter never more than the plant gives: what a battery or a generator exports besides is no PV surplus.
 * @param battery null = there is none; its power is positive while it charges
 * @param pv null = there is none; its power counts whatever its sign
 * @returns the name of the meter that is missing when one has no good reading younger than 30 s: unknown is not 0 W of load
 */
export function surplusOf(
  grid: TimedReading | null,
  battery: TimedReading | "unread" | null,
  rules: SurplusRules,
  moment: { nowMs: number; ts: string },
  pv: TimedReading | "unread" | null = null,
): SurplusPayload | SurplusGap {
  const gridW = powerOf(grid, moment.nowMs);
  if (gridW === null) return "grid";
  const batteryW = battery === null ? 0 : powerOf(battery === "unread" ? null : battery, moment.nowMs);
  if (batteryW === null) return "battery";
  const pvW = pv === null ? Number.POSITIVE_INFINITY : powerOf(pv === "unread" ? null : pv, moment.nowMs);
  if (pvW === null) return "pv";
  const soc = battery === null || battery === "unread" ? null : battery.payload.socPercent;
  const carsFirst = !rules.batteryFirst && (rules.minSocPercent <= 0 || (soc !== null && soc >= rules.minSocPercent));
  const shareW = batteryW > 0 && !carsFirst ? 0 : batteryW;
  const exportW = Math.min(shareW - gridW, Math.abs(pvW));
  return {
    ts: moment.ts,
    surplusW: Math.round(exportW - rules.residualW),
    gridW: Math.round(gridW),
    residualW: rules.residualW,
    enableDelayS: rules.enableDelayS,
    disableDelayS: rules.disableDelayS,
  };
}

/** The power of a good and young reading, from the phases where the sum is missing; null when there is none. */
function powerOf(reading: TimedReading | null, nowMs: number): number | null {
  if (reading?.payload.quality !== "good" || nowMs - reading.atMs > SURPLUS_LIFE_MS) return null;
  const { powerW, phasePowerW } = reading.payload;
  if (powerW !== null) return Number.isFinite(powerW) ? powerW : null;
  let sum = 0;
  for (const phaseW of phasePowerW) {
    if (phaseW === null || !Number.isFinite(phaseW)) return null;
    sum += phaseW;
  }
  return sum;
}
