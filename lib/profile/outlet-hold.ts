import type { Clock } from "../clock.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { LimitBook } from "../station/limits/limit-book.ts";
import type { Hint } from "../words/types.ts";
import { compileLimit } from "./compile.ts";
import type { AppliedLimit } from "./result.ts";
import { RETRY_MS, type Sent, type SetProfile, sendProfile } from "./send.ts";
import { type ProfileTarget, safeCurrentA, type TargetMoment } from "./target.ts";
import { connectorVariant, outletLevel, type ProfileVariant } from "./variants/variant.ts";

/** Wait after a charge point refused to hold its outlet below the limit of a transaction: the first times, and then. */
const REFUSED = { soonMs: 30_000, times: 3, laterMs: 900_000 } as const;

/** The limit that holds the outlet, whether a transaction runs or not. */
export interface Held {
  limitA: number;
  /** When it ends, monotonic. */
  untilMs: number;
  variant: ProfileVariant;
}

export interface OutletHoldDeps {
  identity: string;
  clock: Clock;
  limits: LimitBook;
  target: () => ProfileTarget;
  /** What to look at when this charge point refuses. */
  hint: () => Hint;
  setProfile: SetProfile;
  /** The limit accepted last on this connection. */
  accepted: () => AppliedLimit | null;
  /** A limit is on its way. */
  busy: () => boolean;
  /** On the charge point's clock. */
  moment: () => TargetMoment;
  /** So much longer a lease holds for a clock that may be ahead, s. */
  aheadS: () => number;
  /** What holds the outlet stands in the baseline's place, and ends in it. */
  coversBaseline: () => void;
  /** Clears what may be left at a level that is not used any more. @returns whether that was answered */
  clearAbove: (...inUse: number[]) => Promise<boolean>;
}

/**
 * Holds the outlet of one connector below the limit of its transaction, so that the end of the transaction or a restart of the charge
 * point raises nothing (safety.md S6).
 */
export class OutletHold {
  readonly #deps: OutletHoldDeps;
  /** What holds the outlet, as far as it was accepted on this connection. */
  #held: Held | null = null;
  /** After a refusal, or without an answer, not tried before this again. */
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #sending = false;
  /** A hold that was sent before the last clearing says nothing of what stands there now. */
  #round = 0;
  #refusals = 0;

  constructor(deps: OutletHoldDeps) {
    this.#deps = deps;
  }

  /** The connection is gone or its state unknown: nothing counts as accepted. */
  reset(): void {
    this.#forget();
    this.#retryAtMs = Number.NEGATIVE_INFINITY;
    this.#refusals = 0;
  }

  /** The variant in which the outlet is held now; null while it is not held. */
  get variant(): ProfileVariant | null {
    return this.#held !== null && this.#deps.clock.nowMs() < this.#held.untilMs ? this.#held.variant : null;
  }

  /** Whether a profile beside the baseline holds the outlet: the baseline can then be written and raises nothing. */
  get isBesideBaseline(): boolean {
    return this.#held !== null && !this.#held.variant.sharesBaseline;
  }

  /** Whether the charge point refused to hold the outlet, or did not answer. */
  get isRefused(): boolean {
    return this.#refusals > 0;
  }

  /** The permanent safe current was written: what stood in its place is gone. */
  baselineWritten(): void {
    if (this.#held?.variant.sharesBaseline) this.#held = null;
  }

  /** A limit was accepted that needs no transaction: it holds the outlet as well. */
  heldBy(limit: Held): void {
    this.#held = limit;
  }

  /** The profile that holds the outlet is cleared, or another one takes its place. */
  cleared(): void {
    this.#forget();
    this.#deps.limits.outletCleared(this.#deps.identity, this.#deps.target().connector);
  }

  /** A limit that was not answered may stand in the place of what holds the outlet: that is written again. */
  doubted(profileId: number): void {
    const isTransactions = this.#deps.accepted()?.variant.purpose === "TxProfile";
    if (isTransactions && this.#held?.variant.profileId === profileId) this.#forget();
  }

  #forget(): void {
    this.#held = null;
    this.#sending = false;
    this.#round++;
  }

  /**
   * Holds the outlet. Does nothing while it is held already. Never rejects.
   * @param leftS what has to be left of the lease, s
   * @param admits whether the current that the hold ends in fits
   */
  async hold(leaseS: number, leftS: number, admits: () => boolean): Promise<void> {
    const { identity, clock, limits, hint, setProfile, moment, aheadS, coversBaseline, clearAbove } = this.#deps;
    const target = this.#deps.target();
    const accepted = this.#deps.accepted();
    const nowMs = clock.nowMs();
    const level = outletLevel(target);
    if (accepted?.variant.purpose !== "TxProfile" || level === null) return;
    if (this.#sending || this.#deps.busy() || nowMs < this.#retryAtMs) return;
    const safeA = safeCurrentA(target);
    const limitA = Math.min(accepted.limitA, safeA);
    const isInPlace = level === 0 || !this.#held?.variant.sharesBaseline;
    const isLow = this.#held !== null && this.#held.limitA <= limitA && isInPlace;
    if (accepted.limitA < safeA ? isLow && this.#held!.untilMs - nowMs >= leftS * 1000 : !this.#allows(accepted.limitA))
      return;
    if (!admits()) return;
    this.#sending = true;
    const round = ++this.#round;
    const sentAt = moment();
    const variant = connectorVariant(target, level, accepted.variant);
    const sent = await sendProfile(
      setProfile,
      [variant],
      () => compileLimit(target, variant, limitA, leaseS + aheadS(), sentAt),
      {
        options: { priority: CALL_PRIORITY.lease, coalesceKey: `outlet/${target.connector}` },
        target,
        hint: hint(),
        stillWanted: () => this.#deps.accepted() === accepted,
      },
    );
    if (round !== this.#round) return;
    this.#sending = false;
    if (sent.status === "accepted") {
      const untilMs = nowMs + leaseS * 1000;
      this.#held = { limitA, untilMs, variant };
      limits.outletHeld(identity, target.connector, { limitA, untilMs, safeA }, variant.sharesBaseline);
      if (variant.sharesBaseline) coversBaseline();
      this.#refusals = 0;
      const isClear = level !== 0 || (await clearAbove(variant.profileId, accepted.variant.profileId));
      // What was to be cleared may rule above it.
      if (!isClear && round === this.#round) this.cleared();
      return;
    }
    this.#retryAtMs = clock.nowMs() + this.#waitMs(sent.status);
    this.#refusals++;
  }

  #waitMs(status: Sent["status"]): number {
    if (status === "timeout") return RETRY_MS;
    return this.#refusals < REFUSED.times ? REFUSED.soonMs : REFUSED.laterMs;
  }

  /** Whether a limit written for the outlet before its transaction still allows more than this. */
  #allows(limitA: number): boolean {
    return this.#held !== null && this.#held.limitA > limitA && this.#held.untilMs > this.#deps.clock.nowMs();
  }
}
