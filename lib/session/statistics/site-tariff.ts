import { round } from "../../units.ts";

/** What a charge costs, for information. */
export interface SiteTariff {
  perKWh: number;
  /** Of the time from the start of a session to its end. */
  perHour: number;
  /** `EUR` (ISO 4217). */
  currency: string;
}

/** What a price may be. */
export const PRICE = { min: 0, max: 10_000 } as const;

export function isCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text);
}

/** What energy and time cost, in whole hundredths. */
export function moneyOf({ perKWh, perHour }: SiteTariff, energyWh: number, durationMs: number): number {
  return round((energyWh / 1000) * perKWh + (durationMs / 3_600_000) * perHour, 2);
}
