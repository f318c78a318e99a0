/** Which current the installed charging profiles allow at a moment (OCPP 1.6 §3.13, errata 2025). Pure; time is passed in. */
import type { ChargingProfile, ChargingSchedule } from "../ocpp/v16/index.ts";
import { round } from "../units.ts";

export type ProfilePurpose = ChargingProfile["chargingProfilePurpose"];
export type RateUnit = ChargingSchedule["chargingRateUnit"];

/** A profile together with the connector it was set on (0 = the charge point). */
export interface InstalledProfile {
  connectorId: number;
  profile: ChargingProfile;
}

/** The running transaction; `id` is null until the central system has confirmed the start. */
export interface RunningTransaction {
  id: number | null;
  startWallMs: number;
}

/** What a limit is asked for: one connector of a charge point with so many wired phases. */
export interface ScheduleContext {
  connectorId: number;
  phases: 1 | 2 | 3;
  transaction: RunningTransaction | null;
}

/** Volts at which a limit in W becomes A per phase (nominal, as OCPP chargers convert). */
export const NOMINAL_V = 230;

/**
 * The limit in A per phase at `wallMs`, or null where no profile limits (errata 3.43: then the hardware alone does).
 * A TxProfile goes before a TxDefaultProfile; the highest stack level that is in force wins within its purpose, and of
 * two TxDefaultProfiles on one level the one set on the connector; a ChargePointMaxProfile caps the outcome.
 */
export function limitAt(
  profiles: readonly InstalledProfile[],
  context: ScheduleContext,
  wallMs: number,
): number | null {
  return limitFrom(profiles, context, wallMs, context.transaction?.startWallMs ?? wallMs);
}

/**
 * The composite schedule of the next `durationS` seconds as GetCompositeSchedule reports it: periods of constant limit,
 * `maxA` where nothing limits, in the unit asked for. Without a transaction it answers for a car that begins now.
 */
export function compositeSchedule(
  profiles: readonly InstalledProfile[],
  context: ScheduleContext,
  span: { fromWallMs: number; durationS: number; unit: RateUnit; maxA: number },
): ChargingSchedule {
  const chargingFromMs = context.transaction?.startWallMs ?? span.fromWallMs;
  const scale = span.unit === "W" ? NOMINAL_V * context.phases : 1;
  const periods: { startPeriod: number; limit: number }[] = [];
  for (const atMs of changesWithin(profiles, chargingFromMs, span.fromWallMs, span.durationS)) {
    const limitA = Math.min(span.maxA, limitFrom(profiles, context, atMs, chargingFromMs) ?? span.maxA);
    const limit = round(limitA * scale, 1);
    const startPeriod = Math.ceil((atMs - span.fromWallMs) / 1000);
    const last = periods.at(-1);
    if (last?.startPeriod === startPeriod) last.limit = limit;
    else if (last?.limit !== limit) periods.push({ startPeriod, limit });
  }
  return {
    duration: span.durationS,
    startSchedule: new Date(span.fromWallMs).toISOString(),
    chargingRateUnit: span.unit,
    chargingSchedulePeriod: periods,
  };
}

/** Whether a profile can never limit again: its validity or its absolute schedule is over. */
export function isOver(profile: ChargingProfile, wallMs: number): boolean {
  if (profile.validTo !== undefined && Date.parse(profile.validTo) <= wallMs) return true;
  const { startSchedule, duration } = profile.chargingSchedule;
  if (profile.chargingProfileKind !== "Absolute" || startSchedule === undefined || duration === undefined) return false;
  return Date.parse(startSchedule) + duration * 1000 <= wallMs;
}

function limitFrom(
  profiles: readonly InstalledProfile[],
  context: ScheduleContext,
  wallMs: number,
  chargingFromMs: number,
): number | null {
  const limitOf = (purpose: ProfilePurpose): number | null => {
    let best: { installed: InstalledProfile; limitA: number } | null = null;
    for (const installed of profiles) {
      if (installed.profile.chargingProfilePurpose !== purpose || !applies(installed, context)) continue;
      const limitA = scheduledLimit(installed.profile, context.phases, wallMs, chargingFromMs);
      if (limitA !== null && (best === null || outranks(installed, best.installed))) best = { installed, limitA };
    }
    return best?.limitA ?? null;
  };
  const ofTransaction = limitOf("TxProfile") ?? limitOf("TxDefaultProfile");
  const ofChargePoint = limitOf("ChargePointMaxProfile");
  if (ofTransaction === null || ofChargePoint === null) return ofTransaction ?? ofChargePoint;
  return Math.min(ofTransaction, ofChargePoint);
}

function applies({ connectorId, profile }: InstalledProfile, context: ScheduleContext): boolean {
  if (connectorId !== 0 && connectorId !== context.connectorId) return false;
  if (profile.chargingProfilePurpose !== "TxProfile") return true;
  if (context.transaction === null) return false;
  return profile.transactionId === undefined || profile.transactionId === context.transaction.id;
}

function outranks(one: InstalledProfile, other: InstalledProfile): boolean {
  const levels = one.profile.stackLevel - other.profile.stackLevel;
  return levels > 0 || (levels === 0 && one.connectorId > other.connectorId);
}

/** The profile's own limit in A per phase, or null while it is not in force. */
function scheduledLimit(
  profile: ChargingProfile,
  phases: number,
  wallMs: number,
  chargingFromMs: number,
): number | null {
  if (profile.validFrom !== undefined && wallMs < Date.parse(profile.validFrom)) return null;
  if (profile.validTo !== undefined && wallMs >= Date.parse(profile.validTo)) return null;
  const schedule = profile.chargingSchedule;
  const elapsedMs = wallMs - originOf(profile, chargingFromMs);
  if (elapsedMs < 0 || (schedule.duration !== undefined && elapsedMs >= schedule.duration * 1000)) return null;
  const period = schedule.chargingSchedulePeriod.findLast(({ startPeriod }) => startPeriod * 1000 <= elapsedMs);
  if (!period) return null;
  return schedule.chargingRateUnit === "W" ? period.limit / (NOMINAL_V * phases) : period.limit;
}

/** An absolute schedule without a start counts from the start of charging, as a relative one does (§7.13). */
function originOf(profile: ChargingProfile, chargingFromMs: number): number {
  const { startSchedule } = profile.chargingSchedule;
  if (profile.chargingProfileKind === "Relative" || startSchedule === undefined) return chargingFromMs;
  return Date.parse(startSchedule);
}

/** The moments at which the limit may change, from `fromMs` (always the first) to the end of the span, in order. */
function changesWithin(
  profiles: readonly InstalledProfile[],
  chargingFromMs: number,
  fromMs: number,
  durationS: number,
): number[] {
  const moments = new Set<number>([fromMs]);
  for (const { profile } of profiles) {
    const schedule = profile.chargingSchedule;
    const originMs = originOf(profile, chargingFromMs);
    const edges = schedule.chargingSchedulePeriod.map(({ startPeriod }) => originMs + startPeriod * 1000);
    if (schedule.duration !== undefined) edges.push(originMs + schedule.duration * 1000);
    if (profile.validFrom !== undefined) edges.push(Date.parse(profile.validFrom));
    if (profile.validTo !== undefined) edges.push(Date.parse(profile.validTo));
    for (const edge of edges) if (edge > fromMs && edge < fromMs + durationS * 1000) moments.add(edge);
  }
  return [...moments].sort((one, other) => one - other);
}
