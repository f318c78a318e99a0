/**
 * What one charging profile says of a moment: OCPP 1.6 edition 2 §7.8 (ChargingProfile), §7.13 (ChargingSchedule), §7.14
 * (ChargingSchedulePeriod) with the errata of 2025. Read from the frames' JSON; shares nothing with the product.
 */

export type Purpose = "ChargePointMaxProfile" | "TxDefaultProfile" | "TxProfile";

/** `csChargingProfiles` of a SetChargingProfile.req, as it is on the wire. */
export interface Profile {
  chargingProfileId: number;
  transactionId?: number;
  stackLevel: number;
  chargingProfilePurpose: Purpose;
  chargingProfileKind: "Absolute" | "Recurring" | "Relative";
  recurrencyKind?: "Daily" | "Weekly";
  validFrom?: string;
  validTo?: string;
  chargingSchedule: {
    duration?: number;
    startSchedule?: string;
    chargingRateUnit: "W" | "A";
    chargingSchedulePeriod: { startPeriod: number; limit: number; numberPhases?: number }[];
  };
}

/** From when a schedule without a point in time counts, ms on the charge point's clock. */
export interface Origins {
  /** The start of the transaction; null = none. */
  chargingMs: number | null;
  /** When the profile came; given where this charge point counts Relative schedules from there. */
  receiptMs: number | null;
}

const DAY_MS = 86_400_000;
/** Nominal voltage by which charge points turn W into A. */
const NOMINAL_V = 230;

/** How long a Recurring schedule takes to come again, ms; null = it does not. */
function cycleMs({ chargingProfileKind, recurrencyKind }: Profile): number | null {
  if (chargingProfileKind !== "Recurring") return null;
  return recurrencyKind === "Weekly" ? 7 * DAY_MS : DAY_MS;
}

/** Whether it counts from the start of charging: Relative, and whatever has no startSchedule (§7.13). */
export function isRelative({ chargingProfileKind, chargingSchedule }: Profile): boolean {
  return chargingProfileKind === "Relative" || chargingSchedule.startSchedule === undefined;
}

/** Where its first period begins, ms on the charge point's clock; null = not before a car charges. */
function originMs(profile: Profile, { chargingMs, receiptMs }: Origins): number | null {
  if (!isRelative(profile)) return Date.parse(profile.chargingSchedule.startSchedule!);
  return receiptMs ?? chargingMs;
}

/**
 * The limit at a moment of the charge point's clock, A per phase; null while the profile is not in force: before its start or validity,
 * after them, after its duration, and before a first period that does not begin at 0 (errata 3.45).
 * @param phases wired phases of the outlet, over which W are spread
 */
export function limitA(profile: Profile, atMs: number, origins: Origins, phases: number): number | null {
  const { validFrom, validTo, chargingSchedule } = profile;
  if (validFrom !== undefined && atMs < Date.parse(validFrom)) return null;
  if (validTo !== undefined && atMs >= Date.parse(validTo)) return null;
  const beginsMs = originMs(profile, origins);
  if (beginsMs === null || atMs < beginsMs) return null;
  const cycle = cycleMs(profile);
  const elapsedS = (cycle === null ? atMs - beginsMs : (atMs - beginsMs) % cycle) / 1000;
  if (chargingSchedule.duration !== undefined && elapsedS >= chargingSchedule.duration) return null;
  const period = chargingSchedule.chargingSchedulePeriod.findLast(({ startPeriod }) => startPeriod <= elapsedS);
  if (!period) return null;
  if (chargingSchedule.chargingRateUnit === "A") return period.limit;
  // A missing numberPhases means three (§7.14); an outlet cannot use more than it has.
  return period.limit / (NOMINAL_V * Math.min(phases, period.numberPhases ?? 3));
}

/** Seconds after its beginning at which the schedule says something else. */
export function turnsS({ chargingSchedule: { duration, chargingSchedulePeriod } }: Profile): number[] {
  const turns = chargingSchedulePeriod.map(({ startPeriod }) => startPeriod);
  return duration === undefined ? turns : [...turns.filter((turn) => turn < duration), duration];
}

/** Moments on the charge point's clock at which the profile may say something else: after one, and where it recurs up to another. */
export function turnsMs(profile: Profile, fromMs: number, toMs: number, origins: Origins): number[] {
  const { validFrom, validTo } = profile;
  const turns = [validFrom, validTo].flatMap((time) => (time === undefined ? [] : [Date.parse(time)]));
  const beginsMs = originMs(profile, origins);
  const cycle = cycleMs(profile);
  if (beginsMs !== null) {
    const first = cycle === null ? 0 : Math.max(0, Math.floor((fromMs - beginsMs) / cycle));
    const last = cycle === null ? 0 : Math.max(0, Math.floor((toMs - beginsMs) / cycle));
    for (let round = first; round <= last; round++)
      for (const turnS of turnsS(profile)) turns.push(beginsMs + round * (cycle ?? 0) + turnS * 1000);
  }
  return turns.filter((turn) => turn > fromMs && (cycle === null || turn <= toMs));
}
