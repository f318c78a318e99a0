import type { LimitRecord } from "../../store/types.ts";

/** What the database says of a limit, without whose it is. */
type Limit = Omit<LimitRecord, "chargePoint" | "connector">;

/** A limit that is renewed is written down as one that ends so much later: its next renewals need not be written, ms. */
const AHEAD_MS = 480_000;
/** A limit that ends later by more than this was renewed, ms: answers come later than what was asked. */
const RENEWED_MS = 10_000;
/** A limit that was written ahead is written further when it is ahead by less than this, ms: its next renewal waits for nothing then. */
const RUNS_OUT_MS = AHEAD_MS / 2;
/** One that stands on the disk with less than this ahead is written further beside another, ms: so they come together. */
const SOON_MS = 420_000;
/** Ends that differ by less are the same, ms: two clocks are read for them. `END_DOUBT_MS` has room for it. */
const SAME_END_MS = 1000;

/** What stands there needs no change: it is the same limit, written as it was sent, or ahead. */
export function isStillRight(there: Limit, limit: Limit): boolean {
  if (!isSame(there, limit) || endsUpwards(limit)) return false;
  const laterMs = endOf(there) - endOf(limit);
  if (there.leaseUntilWallMs === limit.leaseUntilWallMs || hasNoEnd(there, limit)) return true;
  return laterMs >= -SAME_END_MS && laterMs <= AHEAD_MS + RENEWED_MS;
}

/** What stands there is right, and was written ahead, but not for the next renewal. */
export function runsOut(there: Limit, limit: Limit): boolean {
  if (there.leaseUntilWallMs === limit.leaseUntilWallMs || hasNoEnd(there, limit)) return false;
  return endOf(there) - endOf(limit) < RUNS_OUT_MS;
}

/** What stands there is behind the limit, or will be after some renewals. */
export function endsSoon(there: Limit, limit: Limit): boolean {
  return !hasNoEnd(there, limit) && endOf(there) - endOf(limit) < SOON_MS;
}

/** It falls when it ends: it reserves no less where it ends later. */
export function endsDownwards({ leaseUntilWallMs, acceptedA, safeA }: Limit): boolean {
  return leaseUntilWallMs !== null && acceptedA > safeA;
}

/** A limit that was renewed, as one that ends later: the same reserves no less. */
export function writtenFurther<L extends Limit>(limit: L): L {
  return { ...limit, leaseUntilWallMs: limit.leaseUntilWallMs && limit.leaseUntilWallMs + AHEAD_MS };
}

/** The limit as it is to be written: a later end reserves no less, except of a limit that ends upwards. */
export function writtenAhead<L extends Limit>(there: Limit, limit: L): L {
  if (!isSame(there, limit) || endsUpwards(limit) || limit.leaseUntilWallMs === null) return limit;
  const isRenewed = limit.leaseUntilWallMs - endOf(there) > RENEWED_MS;
  return isRenewed ? writtenFurther(limit) : limit;
}

/**
 * Whether a restart that finds what stood there before reserves enough for all time, although the new limit is in force (S2, S8, S12).
 * Only what it does not cover has to be on the disk before a charge point is told.
 */
export function covers(before: Limit, limit: Limit): boolean {
  // Where nothing holds, the maximum is reserved.
  if (!isHeld(before)) return true;
  if (!isHeld(limit) || before.safeA < limit.safeA || before.acceptedA < limit.acceptedA) return false;
  if (endsUpwards(before)) return endOf(before) <= endOf(limit);
  return limit.acceptedA <= before.safeA || endOf(before) >= endOf(limit) - SAME_END_MS;
}

/** Nothing holds: the maximum is reserved. */
export function reservesAll(limit: Limit): boolean {
  return !isHeld(limit);
}

const isSame = (one: Limit, other: Limit): boolean =>
  one.acceptedA === other.acceptedA && one.safeA === other.safeA && one.baselineAccepted === other.baselineAccepted;

/** Both end in what they allow: it does not matter when. */
const hasNoEnd = (one: Limit, other: Limit): boolean =>
  [one, other].every(
    ({ acceptedA, safeA, leaseUntilWallMs }) => acceptedA === safeA && leaseUntilWallMs !== null && safeA === one.safeA,
  );

const isHeld = ({ leaseUntilWallMs, baselineAccepted }: Limit): boolean =>
  leaseUntilWallMs !== null || baselineAccepted;

const endsUpwards = ({ acceptedA, safeA }: Limit): boolean => acceptedA < safeA;

const endOf = ({ leaseUntilWallMs }: Limit): number => leaseUntilWallMs ?? Number.NEGATIVE_INFINITY;
