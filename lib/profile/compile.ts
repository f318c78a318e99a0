import type { ChargingProfile, SetChargingProfileRequest } from "../ocpp/v16/index.ts";

/** Charging schedules in W count at nominal voltage, whatever the grid has. */
const NOMINAL_V = 230;

/** A schedule starts this long ago, so that a charge point whose clock lags does not take it for one of the future. */
const BACKDATE_S = 60;

/** What a profile for one connector depends on. */
export interface ProfileTarget {
  connector: number;
  phases: 1 | 2 | 3;
  minA: number;
  maxA: number;
  /** What the charge point falls back to. */
  safeA: number;
  rateUnit: "A" | "W";
  /** The highest stack level the charge point takes; null while unknown. */
  maxStackLevel: number | null;
}

/** One way to install a limit: purpose and stack level. */
export interface Rung {
  purpose: "TxProfile" | "TxDefaultProfile";
  stackLevel: number;
  profileId: number;
  /** Set exactly for TxProfile. */
  transactionId: number | null;
}

/** A limit as it may be sent: one decimal, rounded down, within the connector's range; below its minimum it is 0 (S3). */
export function legalLimitA(limitA: number, { minA, maxA }: Pick<ProfileTarget, "minA" | "maxA">): number {
  const flooredA = Math.floor(Math.min(limitA, maxA) * 10 + 1e-6) / 10;
  return flooredA < minA ? 0 : flooredA;
}

/** Profile ids of a connector: baseline 2c − 1, dynamic 2c. */
const baselineId = (connector: number): number => 2 * connector - 1;
const dynamicId = (connector: number): number => 2 * connector;

/**
 * Ways to install the dynamic limit, best first, at most three. A charge point with stack level 0 alone keeps one
 * TxDefaultProfile: the dynamic limit then takes the baseline's place, and its tail is the baseline.
 */
export function ladder({ connector, maxStackLevel }: ProfileTarget, transactionId: number | null): Rung[] {
  const top = Math.min(1, maxStackLevel ?? 1);
  const shared = baselineRung(connector);
  if (transactionId !== null) {
    const own: Rung = { purpose: "TxProfile", stackLevel: top, profileId: dynamicId(connector), transactionId };
    return top > 0 ? [own, { ...own, stackLevel: 0 }, shared] : [own, shared];
  }
  if (top === 0) return [shared];
  return [
    { purpose: "TxDefaultProfile", stackLevel: top, profileId: dynamicId(connector), transactionId: null },
    shared,
  ];
}

/**
 * A leased limit (safety.md S6): from now on `limitA`, and from the end of the lease on the safe current, in one schedule
 * that needs no other profile to fall back to.
 * @param limitA as `legalLimitA` gives it
 * @param chargerWallMs the time on the charge point's clock, ms since 1970
 */
export function compileLimit(
  target: ProfileTarget,
  rung: Rung,
  limitA: number,
  leaseS: number,
  chargerWallMs: number,
): SetChargingProfileRequest {
  return request(target, rung, chargerWallMs, [
    { startPeriod: 0, limit: inUnit(limitA, target) },
    { startPeriod: BACKDATE_S + leaseS, limit: inUnit(target.safeA, target) },
  ]);
}

/** The one way to install the baseline. */
export function baselineRung(connector: number): Rung {
  return { purpose: "TxDefaultProfile", stackLevel: 0, profileId: baselineId(connector), transactionId: null };
}

/** The permanent safe current below every lease: a TxDefaultProfile without an end. */
export function compileBaseline(target: ProfileTarget, chargerWallMs: number): SetChargingProfileRequest {
  const period = { startPeriod: 0, limit: inUnit(target.safeA, target) };
  return request(target, baselineRung(target.connector), chargerWallMs, [period]);
}

function request(
  target: ProfileTarget,
  rung: Rung,
  chargerWallMs: number,
  chargingSchedulePeriod: { startPeriod: number; limit: number }[],
): SetChargingProfileRequest {
  const csChargingProfiles: ChargingProfile = {
    chargingProfileId: rung.profileId,
    ...(rung.transactionId !== null && { transactionId: rung.transactionId }),
    stackLevel: rung.stackLevel,
    chargingProfilePurpose: rung.purpose,
    chargingProfileKind: "Absolute",
    chargingSchedule: {
      startSchedule: secondsTime(chargerWallMs - BACKDATE_S * 1000),
      chargingRateUnit: target.rateUnit,
      chargingSchedulePeriod,
    },
  };
  return { connectorId: target.connector, csChargingProfiles };
}

function inUnit(limitA: number, { rateUnit, phases }: ProfileTarget): number {
  const limit = rateUnit === "A" ? limitA : limitA * NOMINAL_V * phases;
  return Math.floor(limit * 10 + 1e-6) / 10;
}

/** Without fractions of a second: some charge points do not read them. */
function secondsTime(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 19)}Z`;
}
