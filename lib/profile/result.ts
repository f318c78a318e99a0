import { type Clock, isoTime } from "../clock.ts";
import type { LimitResult } from "../messages.ts";
import type { Rung } from "./compile.ts";

/** A limit the charge point accepted. */
export interface Accepted {
  limitA: number;
  rung: Rung;
  /** The transaction that ran when it was sent; null without one. */
  transactionId: number | null;
  /** Monotonic time of the acceptance. */
  atMs: number;
  leaseUntilMs: number;
  tries: number;
  verified: LimitResult["verified"];
  hint: string | null;
}

/** What happened to one limit. */
export interface Outcome {
  status: LimitResult["status"];
  sentA: number | null;
  rung: Rung | null;
  tries: number;
  hint: string | null;
}

/** The result message's payload: the outcome of one limit beside what the charge point accepted last. */
export function limitResult(
  requestedA: number | null,
  outcome: Outcome,
  accepted: Accepted | null,
  clock: Clock,
): LimitResult {
  return {
    requestedA,
    sentA: outcome.sentA,
    acceptedA: accepted?.limitA ?? null,
    status: outcome.status,
    verified: accepted?.verified ?? "no",
    purpose: outcome.rung?.purpose ?? null,
    stackLevel: outcome.rung?.stackLevel ?? null,
    profileId: outcome.rung?.profileId ?? null,
    leaseUntil: accepted && isoTime(clock.wallMs() + accepted.leaseUntilMs - clock.nowMs()),
    tries: outcome.tries,
    hint: outcome.hint,
  };
}
