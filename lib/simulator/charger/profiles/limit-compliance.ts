import type { Behaviour } from "../behaviour.ts";
import { MIN_OFFER_A } from "../car/car.ts";

/** What a charge point is at, as far as it decides which limit it follows. */
export interface LimitContext {
  /** The limit of its profiles, A per phase. */
  limitA: number;
  online: boolean;
  /** Its contactor may close. */
  energised: boolean;
}

/** What a charge point makes of the limit it has accepted: it offers this to the car. Keeps what a departure has to remember. */
export class LimitCompliance {
  #reaction = new Reaction();
  #before: LimitContext | null = null;
  #forgotten = false;
  /** When the last profile came; null = since the last step. */
  #renewedAtMs: number | null = null;

  /** A profile came: what was forgotten is known again. */
  renewed(): void {
    this.#forgotten = false;
    this.#renewedAtMs = null;
  }

  /** The limit in force, A per phase; Infinity = what the hardware allows. Call at every step. */
  inForceA(nowMs: number, context: LimitContext, behaviour: Behaviour): number {
    const resumes =
      context.energised &&
      this.#before?.energised &&
      this.#before.limitA < MIN_OFFER_A &&
      context.limitA >= MIN_OFFER_A;
    this.#before = context;
    this.#renewedAtMs ??= nowMs;
    const tired = nowMs - this.#renewedAtMs >= (behaviour.forgetsAfterS ?? Number.POSITIVE_INFINITY) * 1000;
    this.#forgotten = tired || (behaviour.forgetsAfterPause && (this.#forgotten || resumes === true));
    return this.#reaction.inForceA(nowMs, this.#followedA(context, behaviour), behaviour.reactionS);
  }

  #followedA({ limitA, online }: LimitContext, behaviour: Behaviour): number {
    if (behaviour.ignoresLimits || this.#forgotten) return Number.POSITIVE_INFINITY;
    if (!online && behaviour.offlineLimitA !== null) return behaviour.offlineLimitA;
    return offerableA(limitA, behaviour);
  }
}

/** The current a charge point can really offer under a limit, A per phase. */
export function offerableA(limitA: number, { stepsA, wholeAmps, minA, belowMin, zeroLimit }: Behaviour): number {
  if (limitA <= 0) return zeroLimit === "minimum" ? minA : 0;
  if (limitA < minA) return belowMin === "minimum" ? minA : 0;
  if (stepsA) return stepsA.findLast((stepA) => stepA <= limitA) ?? 0;
  return wholeAmps && Number.isFinite(limitA) ? Math.floor(limitA) : limitA;
}

/** A limit on its way from "accepted" to "in force". */
export class Reaction {
  #history: { atMs: number; limitA: number }[] = [];

  /**
   * Notes the limit of now and tells the one in force: the newest that is at least `delayS` old. Before the first has aged
   * that long, the first.
   */
  inForceA(nowMs: number, limitA: number, delayS: number): number {
    if (this.#history.at(-1)?.limitA !== limitA) this.#history.push({ atMs: nowMs, limitA });
    const aged = this.#history.findLastIndex(({ atMs }) => atMs <= nowMs - delayS * 1000);
    if (aged > 0) this.#history.splice(0, aged);
    return this.#history[0]!.limitA;
  }
}
