import type { ChargingProfile, ChargingSchedulePeriod, SetChargingProfileRequest } from "../ocpp/v16/index.ts";
import { statesPhases } from "../station/capabilities/models/phase-ability.ts";
import { type Moment, type ProfileTarget, safeCurrentA } from "./target.ts";
import { baselineWay, type Way } from "./variants/way.ts";

/** Charging schedules in W count at nominal voltage, whatever the grid has (errata 3.68). */
const NOMINAL_V = 230;

/** A schedule starts this long ago, so that a charge point whose clock lags does not take it for one of the future (§3.13.2). */
const BACKDATE_S = 60;

/** What has no end begins here: it holds at any clock, also of a charge point that wakes in 1970. */
const EPOCH_MS = 0;

/**
 * A leased limit (safety.md S6): from now on `limitA`, and from the end of the lease on the safe current. One request, or two to be
 * sent in this order and accepted both (`way.tail` is `above`): the tail before a rise and the limit before a fall, so that after the
 * first alone no more is allowed at any time than before both or after both.
 * The safe current is for the phases told, too: left alone, a charger changes nothing that nobody watches, and what is reserved for it
 * then counts on all.
 * @param limitA as `legalLimitA` gives it; `sentLimitA` says what this way makes of it
 * @param rises it is above the limit in force
 */
export function compileLimit(
  target: ProfileTarget,
  way: Way,
  limitA: number,
  leaseS: number,
  moment: Moment,
  rises = false,
): SetChargingProfileRequest[] {
  const safeA = safeCurrentA(target);
  const sentA = sentLimitA(target, way, limitA);
  const periods: [number, number][] = [[0, sentA]];
  if (way.tail === "within") periods.push([sinceStartS(target, way, moment) + leaseS, safeA]);
  const limit = request(target, way, periods, moment.chargerWallMs - BACKDATE_S * 1000);
  if (way.tail !== "above") return [limit];
  const tail = request(target, baselineWay(target), [[0, safeA]], moment.chargerWallMs + leaseS * 1000);
  return rises ? [tail, limit] : [limit, tail];
}

/**
 * The permanent safe current below every lease: a profile without an end, on all phases for whatever car comes next.
 * @param way one of `baselineWays`
 */
export function compileBaseline(target: ProfileTarget, way: Way): SetChargingProfileRequest {
  const { toldPhases: _, ...wired } = target;
  return request(wired, way, [[0, safeCurrentA(target)]], EPOCH_MS);
}

/**
 * What is sent this way for a limit, A per phase. A schedule that begins with a transaction holds for the next one too: as long as
 * none runs it may not allow more than the safe current, whenever that one comes.
 */
export function sentLimitA(target: ProfileTarget, way: Way, limitA: number): number {
  return beginsWithTransaction(target, way) && !way.charging ? Math.min(limitA, safeCurrentA(target)) : limitA;
}

/** Its schedule counts from the start of whatever transaction runs. */
export function beginsWithTransaction({ smart: { relativeOrigin } }: ProfileTarget, way: Way): boolean {
  return way.kind === "Relative" && relativeOrigin === "txStart";
}

/** How long ago the schedule began, whole seconds. */
function sinceStartS(target: ProfileTarget, way: Way, moment: Moment): number {
  if (way.kind === "Absolute") return BACKDATE_S;
  if (!beginsWithTransaction(target, way)) return 0;
  const startedMs = moment.transactionStartedChargerWallMs ?? moment.chargerWallMs;
  return Math.max(0, Math.floor((moment.chargerWallMs - startedMs) / 1000));
}

function request(
  target: ProfileTarget,
  way: Way,
  periods: readonly [startPeriod: number, limitA: number][],
  startWallMs: number,
): SetChargingProfileRequest {
  const csChargingProfiles: ChargingProfile = {
    chargingProfileId: way.profileId,
    ...(way.transactionId !== null && { transactionId: way.transactionId }),
    stackLevel: way.stackLevel,
    chargingProfilePurpose: way.purpose,
    chargingProfileKind: way.kind,
    chargingSchedule: {
      ...(way.kind === "Absolute" && { startSchedule: secondsTime(startWallMs) }),
      chargingRateUnit: way.unit,
      chargingSchedulePeriod: periods.map(([startPeriod, limitA]) => period(target, way, startPeriod, limitA)),
    },
  };
  return { connectorId: way.connectorId, csChargingProfiles };
}

function period(target: ProfileTarget, way: Way, startPeriod: number, limitA: number): ChargingSchedulePeriod {
  const { toldPhases, smart } = target;
  const phases = toldPhases ?? target.phases;
  const limit = way.unit === "A" ? limitA : limitA * NOMINAL_V * phases;
  return {
    startPeriod,
    limit: Math.floor(limit * 10 + 1e-6) / 10,
    ...(statesPhases(smart) && !way.bare && { numberPhases: phases }),
  };
}

/** Without fractions of a second: some charge points do not read them. */
function secondsTime(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 19)}Z`;
}
