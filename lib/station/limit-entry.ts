import type { LimitRecord } from "../store/types.ts";

/** How long after the end of a lease the old limit still counts (S8). */
const AFTER_LEASE_MS = 30_000;

/** A lower limit, or the very first, that is not answered for longer than this may never have arrived. */
const ANSWER_MS = 10_000;

/** No lease is longer; a stored one that claims to be comes from a wall clock that was set back. */
const LONGEST_LEASE_MS = 960_000;

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
  /** A limit that may or may not have been taken: the call was not answered. `answered`: a later profile was. */
  uncertain: { limitA: number; leaseUntilMs: number; answered?: boolean } | null;
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
  uncertain: null,
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

/** A charge point that nothing holds, or not when it is alone, comes back as one of which nothing is known. */
export function durableLimit(
  entry: LimitEntry,
  pending: LimitEntry["uncertain"],
  nowMs: number,
  wallMs: number,
): DurableLimit {
  const { safeA } = entry;
  const holds = entry.holdsAlone && entry.tailShown !== false && isHeld(entry);
  const leaseUntilMs = Math.max(entry.leaseUntilMs ?? Number.NEGATIVE_INFINITY, pending?.leaseUntilMs ?? 0);
  const ends = holds && (entry.leaseUntilMs !== null || pending !== null) && Number.isFinite(leaseUntilMs);
  return {
    acceptedA: Math.max(entry.acceptedA ?? safeA, pending?.limitA ?? 0),
    safeA,
    leaseUntilWallMs: ends ? Math.round(wallMs + leaseUntilMs - nowMs) : null,
    baselineAccepted: entry.baselineAccepted && holds,
  };
}

/** The highest limit that may be in force, A per phase. @param maxA what it can draw when nothing holds it */
export function highestInForceA(entry: LimitEntry, maxA: number, nowMs: number): number {
  const leased = entry.leaseUntilMs !== null && nowMs < entry.leaseUntilMs + AFTER_LEASE_MS;
  const uncertain = entry.uncertain !== null && nowMs < entry.uncertain.leaseUntilMs + AFTER_LEASE_MS;
  return Math.max(fallbackA(entry, maxA), leased ? (entry.acceptedA ?? 0) : 0, uncertain ? entry.uncertain!.limitA : 0);
}

/** What was sent may not have arrived: it does not answer, or has not since a limit was left unanswered that may still be in force. */
export function isUnanswered({ uncertain, askedAtMs }: LimitEntry, nowMs: number): boolean {
  if (askedAtMs !== null && nowMs - askedAtMs > ANSWER_MS) return true;
  return uncertain !== null && !(uncertain.answered && nowMs >= uncertain.leaseUntilMs + AFTER_LEASE_MS);
}

/** Since when it does what it is told, once nothing is unanswered. */
export function obeysFromMs({ uncertain, obeysSinceMs }: LimitEntry): number {
  return uncertain === null ? obeysSinceMs : Math.max(obeysSinceMs, uncertain.leaseUntilMs + AFTER_LEASE_MS);
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
