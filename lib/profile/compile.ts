import type { ProfileOrder } from "../ocpp/orders.ts";
import { statesPhases } from "../station/capabilities/models/phase-ability.ts";
import { BACKDATE_S, NOMINAL_V } from "../thresholds.ts";
import { type ProfileTarget, safeCurrentA, type TargetMoment } from "./target.ts";
import { baselineVariant, type ProfileVariant } from "./variants/variant.ts";

/** What has no end begins here: it holds at any clock, also of a charge point that wakes in 1970. */
const EPOCH_MS = 0;

/**
 * A leased limit (safety.md S6): from now on `limitA`, and from the end of the lease on the safe current. One request, or two to be
 * sent in this order and accepted both (`variant.tail` is `above`): the tail before a rise and the limit before a fall, so that after the
 * first alone no more is allowed at any time than before both or after both.
 * The safe current is for the phases told, too: a charger that is left alone does not change its phases, and what is reserved for
 * it then counts on all.
 * @param limitA as `legalLimitA` gives it; `sentLimitA` says what this variant makes of it
 * @param rises it is above the limit in force
 */
export function compileLimit(
  target: ProfileTarget,
  variant: ProfileVariant,
  limitA: number,
  leaseS: number,
  moment: TargetMoment,
  rises = false,
): ProfileOrder[] {
  const safeA = safeCurrentA(target);
  const sentA = sentLimitA(target, variant, limitA);
  const periods: [number, number][] = [[0, sentA]];
  if (variant.tail === "within") periods.push([sinceStartS(target, variant, moment) + leaseS, safeA]);
  const limit = order(target, variant, periods, moment.chargerWallMs - BACKDATE_S * 1000);
  if (variant.tail !== "above") return [limit];
  const tail = order(target, baselineVariant(target), [[0, safeA]], moment.chargerWallMs + leaseS * 1000);
  return rises ? [tail, limit] : [limit, tail];
}

/**
 * The permanent safe current below every lease: a profile without an end, on all phases for whatever car comes next.
 * @param variant one of `baselineWays`
 */
export function compileBaseline(target: ProfileTarget, variant: ProfileVariant): ProfileOrder {
  const { toldPhases: _, ...wired } = target;
  return order(wired, variant, [[0, safeCurrentA(target)]], EPOCH_MS);
}

/**
 * What is sent in this variant for a limit, A per phase. A schedule that begins with a transaction holds for the next one too: as long as
 * none runs it may not allow more than the safe current, whenever that one comes.
 */
export function sentLimitA(target: ProfileTarget, variant: ProfileVariant, limitA: number): number {
  return beginsWithTransaction(target, variant) && !variant.charging ? Math.min(limitA, safeCurrentA(target)) : limitA;
}

/** Its schedule counts from the start of whatever transaction runs. */
export function beginsWithTransaction({ smart: { relativeOrigin } }: ProfileTarget, variant: ProfileVariant): boolean {
  return variant.kind === "Relative" && relativeOrigin === "txStart";
}

/** How long ago the schedule began, whole seconds. */
function sinceStartS(target: ProfileTarget, variant: ProfileVariant, moment: TargetMoment): number {
  if (variant.kind === "Absolute") return BACKDATE_S;
  if (!beginsWithTransaction(target, variant)) return 0;
  const startedMs = moment.transactionStartedChargerWallMs ?? moment.chargerWallMs;
  return Math.max(0, Math.floor((moment.chargerWallMs - startedMs) / 1000));
}

function order(
  target: ProfileTarget,
  variant: ProfileVariant,
  periods: readonly [startPeriod: number, limitA: number][],
  startWallMs: number,
): ProfileOrder {
  return {
    connector: variant.connectorId,
    id: variant.profileId,
    level: variant.stackLevel,
    purpose: variant.purpose,
    transactionId: variant.transactionId,
    startsAt: variant.kind === "Absolute" ? secondsTime(startWallMs) : null,
    unit: variant.unit,
    periods: periods.map(([startS, limitA]) => period(target, variant, startS, limitA)),
  };
}

function period(
  target: ProfileTarget,
  variant: ProfileVariant,
  startS: number,
  limitA: number,
): ProfileOrder["periods"][number] {
  const { toldPhases, smart } = target;
  const phases = toldPhases ?? target.phases;
  const limit = variant.unit === "A" ? limitA : limitA * NOMINAL_V * phases;
  return {
    startS,
    limit: Math.floor(limit * 10 + 1e-6) / 10,
    ...(statesPhases(smart) && !variant.bare && { phases }),
  };
}

/** Without fractions of a second: some charge points do not read them. */
function secondsTime(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 19)}Z`;
}
