import type { AcceptedLimit, LimitBook } from "../station/limits/limit-book.ts";
import type { PossibleLimit } from "../station/limits/limit-course.ts";
import { leaseOf } from "./lease.ts";
import type { Sent } from "./send.ts";
import { type ProfileTarget, safeCurrentA } from "./target.ts";
import type { ProfileVariant } from "./variants/variant.ts";

/** A limit as it was sent. */
export interface SentLimit {
  limitA: number;
  /** It is above what was asked for, because this charge point takes no 0. */
  raised: boolean;
  leaseS: number;
  /** So much of it, s, is for a clock that may be further ahead than is believed: it may end so much earlier. */
  aheadS: number;
  /** Monotonic. */
  sentAtMs: number;
}

/**
 * When a limit sent in this variant ends by itself, monotonic; Infinity where it does not. By a clock that is in doubt it is the later moment
 * for a limit that ends downwards, and the earlier one for a limit that ends upwards.
 */
export function leaseEndMs(
  target: ProfileTarget,
  variant: ProfileVariant,
  { limitA, leaseS, aheadS, sentAtMs }: SentLimit,
): number {
  const surelyS = limitA < safeCurrentA(target) ? leaseS - aheadS : leaseS;
  return sentAtMs + (leaseOf(target, variant, limitA, surelyS).holdsS ?? Number.POSITIVE_INFINITY) * 1000;
}

/**
 * Notes in the limit book what may soon be in force.
 * @param isSure false for a variant with which the connector counts with its maximum, once it is accepted
 * @returns what `LimitBook.sent` is told of when it is known what became of it
 */
export function reserveSending(
  limits: LimitBook,
  target: ProfileTarget,
  identity: string,
  variant: ProfileVariant,
  limit: SentLimit,
  isSure: boolean,
): PossibleLimit {
  const entry = entryOf(target, variant, limit);
  return limits.sending(identity, target.connector, isSure ? entry : { ...entry, fallsBack: false });
}

/**
 * Notes in the limit book what may be in force now, before anybody is told.
 * @param current false when the connection it went out on is gone
 * @param isSure as it was reserved: a variant that is not sure counts with the maximum without an answer, too, since nobody will prove its end
 * @returns false when it could not be made durable
 */
export function book(
  limits: LimitBook,
  target: ProfileTarget,
  identity: string,
  sent: Sent,
  current: boolean,
  limit: SentLimit,
  isSure: boolean,
): boolean {
  const id = [identity, target.connector] as const;
  const unanswered = () => ({ ...entryOf(target, sent.variant, limit), ...(!isSure && { fallsBack: false }) });
  switch (sent.status) {
    case "accepted": {
      const durable = limits.accepted(...id, entryOf(target, sent.variant, limit));
      if (limit.raised) limits.refused(...id, "zero");
      return durable;
    }
    case "rejected":
      if (sent.partly) limits.uncertain(...id, unanswered());
      limits.refused(...id, limit.limitA === 0 ? "zero" : "limits", sent.hint);
      return true;
    case "uncontrollable":
      limits.refused(...id, "unsupported", sent.hint);
      return true;
    case "coalesced":
      if (!current || sent.partly) limits.uncertain(...id, unanswered());
      return true;
    default:
      limits.uncertain(...id, unanswered());
      return true;
  }
}

function entryOf(target: ProfileTarget, variant: ProfileVariant, limit: SentLimit): AcceptedLimit {
  const { limitA, provenBy, fallsBackBy } = leaseOf(target, variant, limit.limitA, limit.leaseS);
  return {
    limitA,
    safeA: safeCurrentA(target),
    leaseUntilMs: leaseEndMs(target, variant, limit),
    holdsAlone: provenBy === "composite" ? "ifShown" : provenBy === "acceptance",
    fallsBack: fallsBackBy === "composite" ? "ifShown" : fallsBackBy === "acceptance",
    insteadOfZero: limit.raised,
    ofTransaction: variant.purpose === "TxProfile",
  };
}
