import { type Clock, isoTime } from "../clock.ts";
import type { LimitResult } from "../messages.ts";
import { hintText } from "../words/sentence.ts";
import type { Hint, Language } from "../words/types.ts";
import type { ProfileVariant } from "./variants/variant.ts";

/** A limit the charge point accepted. */
export interface AppliedLimit {
  limitA: number;
  variant: ProfileVariant;
  /** The transaction that ran when it was sent; null without one. */
  transactionId: string | null;
  /** Phases it was told to feed; null where it cannot choose. */
  phases: 1 | 3 | null;
  /** Age of the transaction that its schedule is counted from, s; null where it is not counted from one. */
  relativeS: number | null;
  /** Monotonic time of the acceptance. */
  atMs: number;
  /** Infinity where it does not end by itself. */
  leaseUntilMs: number;
  tries: number;
  verified: LimitResult["verified"];
  hint: Hint | null;
}

/** What became of a limit, as its message tells it; the hint is not worded yet. */
export interface LimitOutcome extends Omit<LimitResult, "hint"> {
  hint: Hint | null;
}

/** The message's payload in the words of a language. */
export function worded<T extends LimitOutcome>(outcome: T, language: Language): Omit<T, "hint"> & LimitResult {
  return { ...outcome, hint: outcome.hint === null ? null : hintText(language, outcome.hint) };
}

/** What happened to one limit. */
export interface AttemptOutcome {
  status: LimitResult["status"];
  sentA: number | null;
  variant: ProfileVariant | null;
  tries: number;
  hint: Hint | null;
}

/** The result message's payload: the outcome of one limit beside what the charge point accepted last. */
export function limitResult(
  requestedA: number | null,
  outcome: AttemptOutcome,
  accepted: AppliedLimit | null,
  clock: Clock,
): LimitOutcome {
  return {
    requestedA,
    sentA: outcome.sentA,
    acceptedA: accepted?.limitA ?? null,
    status: outcome.status,
    verified: accepted?.verified ?? "no",
    purpose: outcome.variant?.purpose ?? null,
    stackLevel: outcome.variant?.stackLevel ?? null,
    profileId: outcome.variant?.profileId ?? null,
    leaseUntil: accepted && leaseUntil(accepted, clock),
    tries: outcome.tries,
    hint: outcome.hint,
  };
}

function leaseUntil({ leaseUntilMs }: AppliedLimit, clock: Clock): string | null {
  return Number.isFinite(leaseUntilMs) ? isoTime(clock.wallMs() + leaseUntilMs - clock.nowMs()) : null;
}

/** A variant in words: `TxProfile, stack level 1`. */
export function variantInWords({ purpose, stackLevel, kind, unit }: ProfileVariant): string {
  const details = [kind === "Relative" ? "relative" : null, unit === "W" ? "in W" : null].filter((one) => one !== null);
  return [purpose, `stack level ${stackLevel}`, ...details].join(", ");
}
