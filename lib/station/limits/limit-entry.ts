import type { LimitRecord } from "../../store/types.ts";
import { END_DOUBT_MS, LONGEST_LEASE_MS, UNANSWERED_MS } from "../../thresholds.ts";
import { eitherOf, mostBetween, type PossibleLimit } from "./limit-course.ts";

/** What is known of the limits of one connector. Currents are A per phase, times monotonic. */
export interface LimitEntry {
  /** null before the first accepted limit. */
  acceptedA: number | null;
  /** What the charge point falls back to, as last written into it. */
  safeA: number;
  /** Monotonic; Infinity for a limit that does not end by itself; null without one that counts. */
  leaseUntilMs: number | null;
  /** The tail of the last accepted limit still holds. */
  tailAccepted: boolean;
  /** What a composite schedule showed of it; null before. */
  tailShown: boolean | null;
  baselineAccepted: boolean;
  /** Left alone it goes to its safe current by itself, also without a connection. */
  holdsAlone: boolean;
  /** That is believed only once it was shown. */
  proofNeeded: boolean;
  /** It is built to do so; `ifShown`: that counts once `tailShown`. */
  fallsBack: boolean | "ifShown";
  /**
   * A limit that may or may not have been taken: the call was not answered. `answered`: a later profile was. `fallsBack` is false where
   * its charge point would not be sure to go to its safe current afterwards. `ofTransaction`: it ends with its transaction.
   */
  uncertain: {
    limitA: number;
    leaseUntilMs: number;
    answered?: boolean;
    fallsBack?: boolean;
    ofTransaction?: boolean;
  } | null;
  /** The limit accepted last ends with its transaction. */
  ofTransaction: boolean;
  /**
   * What the outlet may hold below the limit of its transaction: what it was told before, what holds it now, or the baseline in the place
   * of that; not kept over a restart.
   */
  below: PossibleLimit | null;
  /** Limits on their way, of which the charge point may hold each already; not kept over a restart. */
  pending: readonly PossibleLimit[];
  /** Monotonic time since when a lower limit, or the very first profile, waits for an answer; null when none does. */
  askedAtMs: number | null;
  /** Monotonic time since which nothing was refused, disobeyed or left unanswered. */
  obeysSinceMs: number;
}

/** Nothing is known. */
export const UNKNOWN_LIMIT: Readonly<LimitEntry> = {
  acceptedA: null,
  safeA: 0,
  leaseUntilMs: null,
  tailAccepted: false,
  tailShown: null,
  baselineAccepted: false,
  holdsAlone: true,
  proofNeeded: false,
  fallsBack: true,
  uncertain: null,
  ofTransaction: false,
  below: null,
  pending: [],
  askedAtMs: null,
  obeysSinceMs: Number.NEGATIVE_INFINITY,
};

/** What a stored limit says after a restart, with what is left of its lease. */
export function restoredLimit(limit: LimitRecord, nowMs: number, wallMs: number): LimitEntry {
  const leftMs = limit.leaseUntilWallMs === null ? null : limit.leaseUntilWallMs - wallMs;
  return {
    ...UNKNOWN_LIMIT,
    acceptedA: limit.acceptedA,
    safeA: limit.safeA,
    leaseUntilMs: leftMs === null ? null : nowMs + Math.min(leftMs, LONGEST_LEASE_MS),
    tailAccepted: leftMs !== null,
    baselineAccepted: limit.baselineAccepted,
  };
}

/** What of it has to outlive the process: the highest limit that may be in force, `pending` included. */
export type DurableLimit = Omit<LimitRecord, "chargePoint" | "connector">;

/** What was not answered, as a schedule that may be in force; null = all was. */
export function unansweredOf({ uncertain, safeA }: LimitEntry): PossibleLimit | null {
  if (!uncertain) return null;
  const { limitA, leaseUntilMs: untilMs, fallsBack } = uncertain;
  return { limitA, untilMs, safeA, ...(fallsBack === false && { fallsBack }) };
}

/**
 * A charge point that nothing holds, or not when it is alone, comes back as one of which nothing is known.
 * @param pending what may be in force beside the limit that was accepted last
 */
export function durableLimit(
  entry: LimitEntry,
  pending: PossibleLimit | null,
  nowMs: number,
  wallMs: number,
): DurableLimit {
  const holds = entry.holdsAlone && entry.tailShown !== false && isHeld(entry) && pending?.fallsBack !== false;
  const accepted = {
    limitA: entry.acceptedA ?? entry.safeA,
    untilMs: entry.leaseUntilMs ?? Number.NEGATIVE_INFINITY,
    safeA: entry.safeA,
  };
  const { limitA, untilMs, safeA } = pending ? eitherOf(accepted, pending) : accepted;
  return {
    acceptedA: limitA,
    safeA,
    leaseUntilWallMs: holds && Number.isFinite(untilMs) ? Math.round(wallMs + untilMs - nowMs) : null,
    baselineAccepted: entry.baselineAccepted && holds,
  };
}

/** The highest limit that may be in force, A per phase. @param maxA what it can draw when nothing holds it */
export function highestInForceA(entry: LimitEntry, maxA: number, nowMs: number): number {
  const leased = entry.leaseUntilMs !== null && nowMs < entry.leaseUntilMs + END_DOUBT_MS;
  const uncertain = entry.uncertain !== null && nowMs < entry.uncertain.leaseUntilMs + END_DOUBT_MS;
  return Math.max(fallbackA(entry, maxA), leased ? (entry.acceptedA ?? 0) : 0, uncertain ? entry.uncertain!.limitA : 0);
}

/**
 * The most that a connector may hold at any moment of a stretch of time if it were never spoken to again, A per phase (safety.md S12): the highest
 * of what it accepted, what it did not answer, and what is on its way. @param maxA what it can draw when nothing holds it
 */
export function mostAloneA(entry: LimitEntry, maxA: number, fromMs: number, toMs: number): number {
  const { safeA, acceptedA, leaseUntilMs } = entry;
  if (!isHeld(entry) || !fallsBackAlone(entry)) return maxA;
  const accepted =
    acceptedA !== null && leaseUntilMs !== null ? [{ limitA: acceptedA, untilMs: leaseUntilMs, safeA }] : [];
  const others = [entry.below, unansweredOf(entry)].filter((one) => one !== null);
  const possible: PossibleLimit[] = [...accepted, ...others, ...entry.pending];
  if (possible.some(({ fallsBack }) => fallsBack === false)) return maxA;
  // Before the first limit the permanent safe current holds.
  const onlyBaseline = accepted.length === 0 ? safeA : 0;
  return possible.reduce((mostA, one) => Math.max(mostA, mostBetween(one, fromMs, toMs)), onlyBaseline);
}

/** Left alone it goes to its safe current, as it is built and as far as its composite schedule showed it. */
export function fallsBackAlone(entry: LimitEntry): boolean {
  const { fallsBack, tailShown, ofTransaction, baselineAccepted, uncertain, below } = entry;
  if (uncertain?.fallsBack === false || below?.fallsBack === false) return false;
  // When its transaction ends nothing would hold the next one.
  if (ofTransaction && !baselineAccepted) return false;
  return tailShown !== false && (fallsBack === "ifShown" ? tailShown === true : fallsBack);
}

/** When the last limit ends that may end downwards, monotonic; −Infinity without one. */
export function lastDownwardEndMs({ safeA, acceptedA, leaseUntilMs, uncertain, pending }: LimitEntry): number {
  let lastMs = Number.NEGATIVE_INFINITY;
  const see = (limitA: number, untilMs: number) => {
    if (limitA > safeA && Number.isFinite(untilMs)) lastMs = Math.max(lastMs, untilMs);
  };
  if (acceptedA !== null && leaseUntilMs !== null) see(acceptedA, leaseUntilMs);
  if (uncertain) see(uncertain.limitA, uncertain.leaseUntilMs);
  for (const { limitA, untilMs } of pending) see(limitA, untilMs);
  return lastMs;
}

/** What was sent may not have arrived: it does not answer, or has not since a limit was left unanswered that may still be in force. */
export function isUnanswered({ uncertain, askedAtMs }: LimitEntry, nowMs: number): boolean {
  if (askedAtMs !== null && nowMs - askedAtMs > UNANSWERED_MS) return true;
  return uncertain !== null && !(uncertain.answered && nowMs >= uncertain.leaseUntilMs + END_DOUBT_MS);
}

/** Since when it does what it is told, once nothing is unanswered. */
export function obeysFromMs({ uncertain, obeysSinceMs }: LimitEntry): number {
  return uncertain === null ? obeysSinceMs : Math.max(obeysSinceMs, uncertain.leaseUntilMs + END_DOUBT_MS);
}

/** Something holds it whatever happens: a limit that ends by itself, or the baseline. */
export function isHeld({ tailAccepted, baselineAccepted }: LimitEntry): boolean {
  return tailAccepted || baselineAccepted;
}

/** A limit without an end is followed by nothing. */
function fallbackA(entry: LimitEntry, maxA: number): number {
  if (entry.tailShown === false) return maxA;
  if (entry.leaseUntilMs === Number.POSITIVE_INFINITY) return 0;
  return isHeld(entry) ? entry.safeA : maxA;
}
