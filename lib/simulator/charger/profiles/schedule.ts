/** Which current the installed charging profiles allow at a moment (OCPP 1.6 §3.13, errata 2025). Pure; time is passed in. */
import type { ChargingProfile, ChargingSchedule, ChargingSchedulePeriod } from "../../../ocpp/v16/index.ts";
import { round } from "../../../units.ts";

export type ProfilePurpose = ChargingProfile["chargingProfilePurpose"];
export type ProfileKind = ChargingProfile["chargingProfileKind"];
export type RateUnit = ChargingSchedule["chargingRateUnit"];

/** A profile together with the connector it was set on (0 = the charge point). */
export interface InstalledProfile {
  connectorId: number;
  profile: ChargingProfile;
  /** When it came, ms since 1970 on the charge point's clock; absent = long ago. */
  receivedWallMs?: number;
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
  /** How this charge point reads schedules where it departs from the specification. */
  reading?: ScheduleReading;
}

/** Ways of reading a schedule; absent = as the specification says. */
export interface ScheduleReading {
  /** What a Relative schedule counts from. */
  relativeFrom?: "transaction" | "receipt";
  /** Phases that watts without numberPhases are meant for; null = those wired. */
  unstatedPhases?: 1 | null;
  /** false: where the profile on top is not in force nothing limits. */
  fallsBack?: boolean;
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
  return ruleFrom(profiles, context, wallMs, context.transaction?.startWallMs ?? wallMs)?.limitA ?? null;
}

/** The phases that the ruling profile's period at `wallMs` is for; null where it does not say, or no profile limits. */
export function phasesAt(
  profiles: readonly InstalledProfile[],
  context: ScheduleContext,
  wallMs: number,
): number | null {
  return ruleFrom(profiles, context, wallMs, context.transaction?.startWallMs ?? wallMs)?.phases ?? null;
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
  const periods: ChargingSchedulePeriod[] = [];
  for (const atMs of changesWithin(profiles, context, chargingFromMs, span)) {
    const rule = ruleFrom(profiles, context, atMs, chargingFromMs);
    const phases = Math.min(context.phases, rule?.phases ?? context.phases);
    const limit = round(
      Math.min(span.maxA, rule?.limitA ?? span.maxA) * (span.unit === "W" ? NOMINAL_V * phases : 1),
      1,
    );
    const startPeriod = Math.ceil((atMs - span.fromWallMs) / 1000);
    const said = phases < context.phases ? { limit, numberPhases: phases } : { limit };
    const last = periods.at(-1);
    if (last?.startPeriod === startPeriod) periods.pop();
    else if (last?.limit === limit && last.numberPhases === said.numberPhases) continue;
    periods.push({ startPeriod, ...said });
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

/** What a profile says of a moment. */
interface Rule {
  /** A per phase. */
  limitA: number;
  /** Phases it is for; null = not said. */
  phases: number | null;
}

function ruleFrom(
  profiles: readonly InstalledProfile[],
  context: ScheduleContext,
  wallMs: number,
  chargingFromMs: number,
): Rule | null {
  const { fallsBack = true } = context.reading ?? {};
  const ranked = (purpose: ProfilePurpose): InstalledProfile[] =>
    profiles
      .filter((installed) => installed.profile.chargingProfilePurpose === purpose && applies(installed, context))
      .sort((one, other) => rank(other) - rank(one));
  const firstRule = (candidates: InstalledProfile[]): Rule | null => {
    for (const installed of fallsBack ? candidates : candidates.slice(0, 1)) {
      const rule = scheduledRule(installed, context, wallMs, chargingFromMs);
      if (rule !== null) return rule;
    }
    return null;
  };
  const ofTransaction = firstRule([...ranked("TxProfile"), ...ranked("TxDefaultProfile")]);
  const ofChargePoint = firstRule(ranked("ChargePointMaxProfile"));
  if (ofTransaction === null || ofChargePoint === null) return ofTransaction ?? ofChargePoint;
  return { ...ofTransaction, limitA: Math.min(ofTransaction.limitA, ofChargePoint.limitA) };
}

function applies({ connectorId, profile }: InstalledProfile, context: ScheduleContext): boolean {
  if (connectorId !== 0 && connectorId !== context.connectorId) return false;
  if (profile.chargingProfilePurpose !== "TxProfile") return true;
  if (context.transaction === null) return false;
  return profile.transactionId === undefined || profile.transactionId === context.transaction.id;
}

/** The stack level; of two on one level the one set on the connector. */
function rank({ connectorId, profile }: InstalledProfile): number {
  return profile.stackLevel + (connectorId > 0 ? 0.5 : 0);
}

/** What the profile says, or null while it is not in force. */
function scheduledRule(
  installed: InstalledProfile,
  context: ScheduleContext,
  wallMs: number,
  chargingFromMs: number,
): Rule | null {
  const { validFrom, validTo, chargingSchedule: schedule } = installed.profile;
  if (validFrom !== undefined && wallMs < Date.parse(validFrom)) return null;
  if (validTo !== undefined && wallMs >= Date.parse(validTo)) return null;
  const elapsedMs = wallMs - originOf(installed, context, chargingFromMs);
  if (elapsedMs < 0 || (schedule.duration !== undefined && elapsedMs >= schedule.duration * 1000)) return null;
  const period = schedule.chargingSchedulePeriod.findLast(({ startPeriod }) => startPeriod * 1000 <= elapsedMs);
  if (!period) return null;
  const said = { phases: period.numberPhases ?? null };
  if (schedule.chargingRateUnit === "A") return { ...said, limitA: period.limit };
  const phases = Math.min(context.phases, period.numberPhases ?? context.reading?.unstatedPhases ?? context.phases);
  return { ...said, limitA: period.limit / (NOMINAL_V * phases) };
}

/** An absolute schedule without a start counts from the start of charging, as a relative one does (§7.13). */
function originOf(
  { profile, receivedWallMs }: InstalledProfile,
  { reading }: ScheduleContext,
  chargingFromMs: number,
): number {
  const { startSchedule } = profile.chargingSchedule;
  if (profile.chargingProfileKind !== "Relative" && startSchedule !== undefined) return Date.parse(startSchedule);
  return reading?.relativeFrom === "receipt" && receivedWallMs !== undefined ? receivedWallMs : chargingFromMs;
}

/** The moments at which the limit may change, from the span's start (always the first) to its end, in order. */
function changesWithin(
  profiles: readonly InstalledProfile[],
  context: ScheduleContext,
  chargingFromMs: number,
  { fromWallMs, durationS }: { fromWallMs: number; durationS: number },
): number[] {
  const moments = new Set<number>([fromWallMs]);
  for (const installed of profiles) {
    const { validFrom, validTo, chargingSchedule: schedule } = installed.profile;
    const originMs = originOf(installed, context, chargingFromMs);
    const edges = schedule.chargingSchedulePeriod.map(({ startPeriod }) => originMs + startPeriod * 1000);
    if (schedule.duration !== undefined) edges.push(originMs + schedule.duration * 1000);
    if (validFrom !== undefined) edges.push(Date.parse(validFrom));
    if (validTo !== undefined) edges.push(Date.parse(validTo));
    for (const edge of edges) if (edge > fromWallMs && edge < fromWallMs + durationS * 1000) moments.add(edge);
  }
  return [...moments].sort((one, other) => one - other);
}
