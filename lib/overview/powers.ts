import { tenths } from "../units.ts";
import type { MeterItem } from "./types.ts";

/** Where power comes from and goes to, kW; null = no good reading, or no such meter. */
export interface Powers {
  /** Positive = bought. */
  gridKW: number | null;
  sunKW: number | null;
  /** Positive = it is charged. */
  batteryKW: number | null;
  batteryPercent: number | null;
  /** What neither cars nor battery take. */
  houseKW: number | null;
  /** What would go to the grid if no car charged; negative = without cars, too, something is bought. */
  leftKW: number | null;
}

/** @param gridMeter name of the meter that sees the whole root zone; null = there is none */
export function powersOf(meters: readonly MeterItem[], gridMeter: string | null, carsKW: number): Powers {
  const good = meters.filter(({ quality, powerW }) => quality === "good" && powerW !== null);
  const sumKW = (list: readonly MeterItem[], of: (powerW: number) => number): number | null =>
    list.length === 0 ? null : list.reduce((sum, { powerW }) => sum + of(powerW ?? 0), 0) / 1000;
  const gridKW = sumKW(
    good.filter(({ id }) => id === gridMeter),
    (powerW) => powerW,
  );
  // A meter at the plant counts whichever way round it is wired.
  const sunKW = sumKW(
    good.filter(({ role }) => role === "pv"),
    Math.abs,
  );
  const batteries = good.filter(({ role }) => role === "battery");
  const batteryKW = sumKW(batteries, (powerW) => powerW);
  const isUnread = (role: string) => meters.some((meter) => meter.role === role && !good.includes(meter));
  const isKnown = gridKW !== null && !isUnread("pv") && !isUnread("battery");
  return {
    gridKW: tenths(gridKW),
    sunKW: tenths(sunKW),
    batteryKW: tenths(batteryKW),
    batteryPercent: batteries.find(({ socPercent }) => socPercent !== null)?.socPercent ?? null,
    leftKW: gridKW === null ? null : tenths(carsKW - gridKW),
    houseKW: isKnown ? tenths(Math.max(0, gridKW + (sunKW ?? 0) - (batteryKW ?? 0) - carsKW)) : null,
  };
}
