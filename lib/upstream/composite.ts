/**
 * What the charging profiles of a back end come to at a connector: the composite of OCPP 1.6 (§3.13). Pure: profiles and moments in,
 * amperes out. Everything is per phase; nothing here ever raises a limit.
 */
import type { ChargingProfile, ChargingSchedule } from "../ocpp/v16/charging-profile.ts";

/** A profile as it was taken. */
export interface KeptProfile {
  /** The connector that it was set at; 0 = the charge point. */
  connector: number;
  profile: ChargingProfile;
  receivedWallMs: number;
  /** Of a TxProfile: id of the session that it belongs to. */
  session: string | null;
}

/** The charge that runs at a connector. */
export interface RunningCharge {
  session: string;
  startedWallMs: number;
}

/** What is known of a connector. */
export interface ProfiledConnector {
  number: number;
  phases: number;
  voltageV: number;
  /** Connectors of its charge point: a limit of the whole is shared by them in equal parts. */
  siblings: number;
  charge: RunningCharge | null;
}

const DAY_MS = 86_400_000;
const PHASES = 3;

type Purpose = ChargingProfile["chargingProfilePurpose"];

/**
 * The limit at a connector at a moment, A per phase; undefined = no profile limits it then. A TxProfile takes the place of a
 * TxDefaultProfile; a ChargePointMaxProfile holds beside both; of one purpose the highest stack level that says anything holds.
 */
export function limitAt(
  profiles: readonly KeptProfile[],
  connector: ProfiledConnector,
  wallMs: number,
): number | undefined {
  const own = profiles.filter((kept) => kept.connector === 0 || kept.connector === connector.number);
  const of = (purpose: Purpose) => highest(own, purpose, connector, wallMs);
  const charge = of("TxProfile") ?? of("TxDefaultProfile");
  const station = of("ChargePointMaxProfile");
  const shareA = station === undefined ? undefined : station / connector.siblings;
  if (charge === undefined || shareA === undefined) return charge ?? shareA;
  return Math.min(charge, shareA);
}

function highest(
  profiles: readonly KeptProfile[],
  purpose: Purpose,
  connector: ProfiledConnector,
  wallMs: number,
): number | undefined {
  let best: { level: number; isOwn: boolean; limitA: number } | undefined;
  for (const kept of profiles) {
    const { profile, session } = kept;
    if (profile.chargingProfilePurpose !== purpose) continue;
    if (purpose === "TxProfile" && (connector.charge === null || session !== connector.charge.session)) continue;
    const limitA = profileLimit(kept, connector, wallMs);
    if (limitA === undefined) continue;
    const [level, isOwn] = [profile.stackLevel, kept.connector !== 0];
    // Of one level the connector's own goes before that of the charge point; of two alike the lower limit holds.
    const isHigher = !best || level > best.level || (level === best.level && isOwn && !best.isOwn);
    const isAlike = best?.level === level && best.isOwn === isOwn;
    if (isHigher || (isAlike && limitA < best!.limitA)) best = { level, isOwn, limitA };
  }
  return best?.limitA;
}

/** What one profile says at a moment, A per phase; undefined = nothing. */
function profileLimit(
  { profile, receivedWallMs }: KeptProfile,
  connector: ProfiledConnector,
  wallMs: number,
): number | undefined {
  const { validFrom, validTo, chargingSchedule } = profile;
  if (validFrom !== undefined && wallMs < Date.parse(validFrom)) return undefined;
  if (validTo !== undefined && wallMs >= Date.parse(validTo)) return undefined;
  const elapsedMs = elapsed(profile, receivedWallMs, connector.charge, wallMs);
  if (elapsedMs === undefined) return undefined;
  const { duration } = chargingSchedule;
  if (duration !== undefined && elapsedMs >= duration * 1000) return undefined;
  return periodLimit(chargingSchedule, elapsedMs / 1000, connector);
}

/** How long a schedule has run; undefined = it does not run now. */
function elapsed(
  { chargingProfileKind, recurrencyKind, chargingSchedule }: ChargingProfile,
  receivedWallMs: number,
  charge: RunningCharge | null,
  wallMs: number,
): number | undefined {
  const given = chargingSchedule.startSchedule === undefined ? Number.NaN : Date.parse(chargingSchedule.startSchedule);
  switch (chargingProfileKind) {
    case "Relative":
      // Without a charge its first step holds: what a charge would begin with.
      return charge === null ? 0 : Math.max(0, wallMs - charge.startedWallMs);
    case "Recurring": {
      if (Number.isNaN(given) || wallMs < given) return undefined;
      return (wallMs - given) % (recurrencyKind === "Weekly" ? 7 * DAY_MS : DAY_MS);
    }
    case "Absolute": {
      // Without a start it counts from the start of charging (§7.13), or from its receipt.
      const start = Number.isNaN(given) ? (charge?.startedWallMs ?? receivedWallMs) : given;
      return wallMs < start ? undefined : wallMs - start;
    }
  }
}

function periodLimit(
  { chargingRateUnit, chargingSchedulePeriod }: ChargingSchedule,
  elapsedS: number,
  { phases, voltageV }: ProfiledConnector,
): number | undefined {
  let now: ChargingSchedule["chargingSchedulePeriod"][number] | undefined;
  for (const period of chargingSchedulePeriod)
    if (period.startPeriod <= elapsedS && (!now || period.startPeriod >= now.startPeriod)) now = period;
  if (!now) return undefined;
  const limit = Math.max(0, now.limit);
  if (chargingRateUnit === "A") return limit;
  // Power of all phases that may be used; a car on fewer gets less, never more.
  return limit / (voltageV * Math.min(now.numberPhases ?? PHASES, phases));
}

/** Moments after `fromWallMs` and before `toWallMs` at which the limit of a connector may change, in order. */
export function changesBetween(
  profiles: readonly KeptProfile[],
  { charge }: Pick<ProfiledConnector, "charge">,
  fromWallMs: number,
  toWallMs: number,
): number[] {
  const found = new Set<number>();
  const add = (wallMs: number): void => {
    if (wallMs > fromWallMs && wallMs < toWallMs) found.add(wallMs);
  };
  for (const { profile, receivedWallMs } of profiles) {
    const { validFrom, validTo, chargingSchedule, chargingProfileKind, recurrencyKind } = profile;
    if (validFrom !== undefined) add(Date.parse(validFrom));
    if (validTo !== undefined) add(Date.parse(validTo));
    const given =
      chargingSchedule.startSchedule === undefined ? Number.NaN : Date.parse(chargingSchedule.startSchedule);
    const everyMs = chargingProfileKind !== "Recurring" ? null : recurrencyKind === "Weekly" ? 7 * DAY_MS : DAY_MS;
    const first =
      chargingProfileKind === "Relative" || Number.isNaN(given) ? (charge?.startedWallMs ?? receivedWallMs) : given;
    const turns = everyMs === null ? 0 : Math.max(0, Math.floor((fromWallMs - first) / everyMs));
    for (let start = first + turns * (everyMs ?? 0); start < toWallMs; start += everyMs ?? Number.POSITIVE_INFINITY) {
      add(start);
      for (const { startPeriod } of chargingSchedule.chargingSchedulePeriod) add(start + startPeriod * 1000);
      if (chargingSchedule.duration !== undefined) add(start + chargingSchedule.duration * 1000);
    }
  }
  return [...found].sort((a, b) => a - b);
}
