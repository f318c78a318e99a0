import type { Clock } from "../../clock.ts";
import type { LimitResult } from "../../messages.ts";
import { allowedA, toleranceA } from "../../over-limit.ts";
import type { LimitBook } from "../../station/limits/limit-book.ts";
import type { ConnectorView, StationHandle } from "../../station/types.ts";
import { SETTLED_MS, TELLING_A } from "../../thresholds.ts";
import type { Hint } from "../../words/types.ts";
import type { AppliedLimit } from "../result.ts";
import {
  type Compliance,
  type ComplianceStep,
  followCompliance,
  limitChanged,
  type Remedy,
  remedyFor,
  trusting,
} from "./compliance.ts";
import { type CompositeQuestion, CompositeWatch } from "./composite-watch.ts";

/** A schedule counted from a transaction of this age shows whether it really is, s: less is within the slack of the check. */
const TELLING_AGE_S = 60;

/** A charge point rounds the current it tells to be offering, A. */
const OFFERED_TOLERANCE_A = 0.5;

export interface VerifierDeps {
  clock: Clock;
  limits: LimitBook;
  /** Asks the charger what it draws. */
  askForReading: () => void;
}

/** How a limit in force is to be judged. */
export interface LimitToVerify {
  accepted: AppliedLimit;
  leaseS: number;
  rateUnit: "A" | "W";
  phases: 1 | 2 | 3;
  minA: number;
  safeA: number;
  hint: Hint;
}

/** What a look showed. */
export interface Verification {
  /** Better proof than there was of the limit in force; null = nothing new. */
  verified: LimitResult["verified"] | null;
  remedy: Remedy | null;
  /** The car shows that the limit is obeyed. */
  proven: boolean;
  /** The car came down to a limit from more: its charger does follow limits. */
  follows: boolean;
}

/** A limit counts as in force when the composite schedule comes this close to it, A. */
const REACHED_A = 0.5;

/** So many other variants are tried where a limit is taken and something lower stays in force. */
const MOST_RAISES = 4;

/** A limit in force that is too low overloads nothing. Other variants wait for so long, ms: a wrong clock looks the same, and shows by then. */
const RAISE_AFTER_MS = 60_000;

const NOTHING: Verification = { verified: null, remedy: null, proven: false, follows: false };

/**
 * Finds out whether one connector really keeps to the limit it has accepted (safety.md S7): by its composite schedule, by
 * Current.Offered, by what its car draws. Says what to do when it does not, and notes in the limit book what to reserve.
 */
export class Verifier {
  readonly #station: StationHandle;
  readonly #connector: number;
  readonly #deps: VerifierDeps;
  readonly #composite: CompositeWatch;
  #compliance: Compliance;
  #judgedA: number | null = null;
  #contradictions = 0;
  /** The charger was asked whether its relative schedules count from the transaction. */
  #originAsked = false;
  /** When a reading was asked for last. */
  #askedAtMs = Number.NEGATIVE_INFINITY;
  /** Other variants tried because less than the limit was in force. */
  #raises = 0;
  /** When the first limit since the last start was accepted; null before. */
  #firstAtMs: number | null = null;
  /** The most it drew since the last start, A. */
  #peakA = 0;

  constructor(station: StationHandle, connector: number, deps: VerifierDeps) {
    this.#station = station;
    this.#connector = connector;
    this.#deps = deps;
    this.#composite = new CompositeWatch(station, connector, deps.clock);
    this.#compliance = this.#remembered();
  }

  /** The connection or the charge point started anew: the next limit is looked at closely. */
  reset(): void {
    this.#composite.reset();
    this.#contradictions = 0;
    this.#originAsked = false;
    this.#raises = 0;
    this.#judgedA = null;
    this.#firstAtMs = null;
    this.#peakA = 0;
    this.#compliance = this.#remembered();
  }

  /** Samples lie above the limit in force. */
  get suspects(): boolean {
    return this.#compliance.overSinceMs !== null;
  }

  /** A limit was accepted. @param newVariant it was accepted in another variant than the limit before */
  accepted(limitA: number, newVariant: boolean): void {
    const nowMs = this.#deps.clock.nowMs();
    const lower = this.#judgedA === null || limitA < this.#judgedA;
    if (this.#judgedA !== limitA) this.#composite.outdate();
    this.#judgedA = limitA;
    this.#firstAtMs ??= nowMs;
    if (lower || newVariant) this.#compliance = limitChanged(this.#compliance, nowMs, this.#settleMs);
    if (newVariant) this.#composite.soon();
  }

  /** Looks at the limit in force now. Called often; asks and judges when it is time. */
  look(judged: LimitToVerify): Verification {
    const nowMs = this.#deps.clock.nowMs();
    if ((judged.accepted.relativeS ?? 0) >= TELLING_AGE_S && !this.#originAsked) {
      this.#originAsked = true;
      this.#composite.soon();
    }
    this.#composite.pump(() => this.#question(judged));
    const byComposite = this.#heed(judged);
    if (byComposite.remedy) return byComposite;
    const { remedy, proven, follows } = this.#follow(judged, nowMs);
    if (remedy) return { verified: null, remedy, proven, follows };
    if (this.suspects) return { ...NOTHING, verified: "no" };
    const verified = this.#isMeasured(judged.accepted, nowMs) ? "measured" : byComposite.verified;
    if (this.#offersLess(judged.accepted)) return { verified, remedy: this.#raise(), proven: false, follows };
    return { verified, remedy, proven, follows };
  }

  #follow(judged: LimitToVerify, nowMs: number): Pick<Verification, "remedy" | "proven" | "follows"> {
    const live = this.#live;
    const limitA = this.#effectiveA(judged);
    const drawA = drawOf(live);
    const step = followCompliance(this.#compliance, {
      nowMs,
      limitA,
      drawA,
      drawAtMs: live?.measuredAtMs ?? Number.NEGATIVE_INFINITY,
      wanted: this.#wanted,
      settleMs: this.#settleMs,
    });
    const before = this.#compliance;
    this.#compliance = step.next;
    this.#peakA = Math.max(this.#peakA, drawA ?? 0);
    this.#askForReading(nowMs);
    this.#book(judged, step, before);
    const proven = step.kept === "proven" && !this.#offersLess(judged.accepted);
    const reached = proven && drawA !== null && reaches(drawA, limitA);
    if (reached) this.#contradictions = 0;
    return { remedy: step.remedy, proven, follows: reached && this.#peakA > allowedA(limitA) };
  }

  /** Notes in the limit book what a look at the car showed. */
  #book(judged: LimitToVerify, step: ComplianceStep, before: Compliance): void {
    const id = [this.#station.identity, this.#connector] as const;
    if (step.next.overSinceMs !== null) this.#deps.limits.suspect(...id, true);
    else if (step.kept !== "no") this.#deps.limits.suspect(...id, false);
    if (step.next.nonCompliant) {
      if (this.#cannotPause(judged, step.next.worstA)) return;
      if (step.next.worstA > 0) this.#deps.limits.disobeyed(...id, step.next.worstA, judged.hint);
    } else if (before.nonCompliant) this.#deps.limits.obeyed(...id);
  }

  /** Asks for a reading while the draw is above the limit: the next regular one may be a minute away. */
  #askForReading(nowMs: number): void {
    const { overSinceMs, countsFromMs } = this.#compliance;
    if (overSinceMs === null || nowMs < countsFromMs || this.#askedAtMs >= countsFromMs) return;
    if ((this.#live?.measuredAtMs ?? 0) >= countsFromMs) return;
    this.#askedAtMs = nowMs;
    this.#deps.askForReading();
  }

  /** A charger that goes on at its minimum when it is told to pause cannot pause; it keeps to every other limit. */
  #cannotPause({ accepted, minA }: LimitToVerify, worstA: number): boolean {
    if (accepted.limitA > 0 || worstA > allowedA(minA)) return false;
    this.#compliance = trusting(this.#compliance.countsFromMs);
    this.#station.learn("smart.zero", "min", `drew ${worstA} A at a limit of 0 A`);
    this.#deps.limits.refused(this.#station.identity, this.#connector, "zero");
    return true;
  }

  /** A car that takes what it may, or a charger that says it offers no more; a car that wants nothing shows nothing. */
  #isMeasured({ limitA, verified, atMs }: AppliedLimit, nowMs: number): boolean {
    if (verified === "measured" || nowMs < atMs + SETTLED_MS) return false;
    const live = this.#live;
    const drawA = (live?.measuredAtMs ?? 0) > atMs ? drawOf(live) : null;
    if (drawA !== null && drawA > allowedA(limitA)) return false;
    const drawn = drawA !== null && (limitA === 0 ? this.#wanted : drawA >= Math.min(TELLING_A, limitA));
    if (this.#contradictions > 0) return drawn && reaches(drawA, limitA);
    const offered = live?.offeredA != null && (live.offeredAtMs ?? 0) > atMs;
    return drawn || (offered && live.offeredA! <= limitA + OFFERED_TOLERANCE_A);
  }

  #question(judged: LimitToVerify): CompositeQuestion {
    const { accepted, leaseS, rateUnit, phases, safeA } = judged;
    const ends = Number.isFinite(accepted.leaseUntilMs);
    return {
      limitA: this.#effectiveA(judged),
      safeA: ends ? safeA : null,
      leaseLeftS: ends ? (accepted.leaseUntilMs - this.#deps.clock.nowMs()) / 1000 : 0,
      leaseS,
      rateUnit,
      phases,
    };
  }

  /** Takes up what the last answer said. */
  #heed(judged: LimitToVerify): Verification {
    const finding = this.#composite.take();
    const { limits } = this.#deps;
    const [id, connector] = [this.#station.identity, this.#connector];
    switch (finding?.kind) {
      case "confirmed":
        this.#contradictions = 0;
        if (!this.#compliance.nonCompliant) limits.obeyed(id, connector);
        this.#station.learn("smart.composite", "yes", "GetCompositeSchedule");
        if (finding.tail !== null) limits.tailSeen(id, connector, finding.tail);
        if (finding.tail === false) this.#learnOrigin(judged, finding.tailS);
        return this.#confirmed(judged, finding.nowA);
      case "unsupported":
        this.#station.learn("smart.composite", "no", finding.how);
        return NOTHING;
      case "contradicted":
        return { ...NOTHING, remedy: this.#contradicted(judged, finding.nowA) };
      default:
        return NOTHING;
    }
  }

  /** Its composite schedule shows more than the limit. */
  #contradicted({ accepted, hint }: LimitToVerify, nowA: number): Remedy | null {
    const drawA = drawOf(this.#live);
    if (accepted.verified === "measured" && drawA !== null && reaches(drawA, accepted.limitA)) {
      const why = `its composite schedule shows ${nowA} A at a limit of ${accepted.limitA} A, which its car keeps to`;
      this.#station.learn("smart.composite", "no", why);
      return null;
    }
    const remedy = remedyFor(this.#contradictions++);
    if (remedy) this.#composite.soon();
    // Only a measured draw is reserved; without any measurement the schedule is all that is known.
    else if (drawA === null) {
      const shows: Hint = { code: "hint.schedule", values: { nowA, limitA: accepted.limitA } };
      this.#deps.limits.disobeyed(this.#station.identity, this.#connector, nowA, [hint, shows]);
    }
    return remedy;
  }

  /** No more than the limit is in force; where it is less, another variant may bring it there. */
  #confirmed({ accepted }: LimitToVerify, nowA: number): Verification {
    const verified = accepted.verified === "no" ? "composite" : null;
    if (nowA >= accepted.limitA - REACHED_A) return { ...NOTHING, verified };
    return { ...NOTHING, verified, remedy: this.#raise() };
  }

  #raise(): Remedy | null {
    const fromMs = (this.#firstAtMs ?? 0) + RAISE_AFTER_MS;
    if (this.#deps.clock.nowMs() >= fromMs) return this.#raises++ < MOST_RAISES ? "otherWay" : null;
    this.#composite.at(fromMs);
    return null;
  }

  /** The charger says that it offers less than the limit, to a car that takes all of it. */
  #offersLess({ limitA, atMs }: AppliedLimit): boolean {
    const live = this.#live;
    const { offeredA = null, offeredAtMs = null } = live ?? {};
    if (offeredA === null || offeredAtMs === null || offeredAtMs < atMs + this.#settleMs) return false;
    return offeredA > 0 && offeredA < limitA - REACHED_A && (drawOf(live) ?? 0) >= offeredA - 1;
  }

  /** A relative schedule that ends as much too late as the transaction is old counts from its receipt. */
  #learnOrigin({ accepted }: LimitToVerify, tailS: number): void {
    const { relativeS } = accepted;
    if (relativeS === null) return;
    const lateS = tailS - (accepted.leaseUntilMs - this.#deps.clock.nowMs()) / 1000;
    if (Math.abs(lateS - relativeS) > relativeS / 2) return;
    this.#station.learn("smart.relativeOrigin", "receipt", "its composite schedule ended too late");
  }

  /** What may flow: a charger that cannot pause goes on at its minimum, and past the lease the tail holds. */
  #effectiveA({ accepted, minA, safeA }: LimitToVerify): number {
    const pauseA = this.#station.traits.smart.zero === "min" ? minA : 0;
    const tailA = this.#deps.clock.nowMs() >= accepted.leaseUntilMs ? safeA : 0;
    return Math.max(accepted.limitA, pauseA, tailA);
  }

  /** What is remembered after a start: a charger known not to obey has to show that it does. */
  #remembered(): Compliance {
    const trouble = this.#deps.limits.trouble(this.#station.identity, this.#connector);
    return { ...trusting(this.#deps.clock.nowMs()), nonCompliant: trouble === "nonCompliant" };
  }

  /** A car is connected and would charge. */
  get #wanted(): boolean {
    const status = this.#live?.status;
    return status === "Charging" || status === "SuspendedEVSE";
  }

  get #settleMs(): number {
    return this.#station.traits.smart.settleS * 1000;
  }

  get #live(): ConnectorView | undefined {
    return this.#station.connectors.get(this.#connector);
  }
}

/** The car draws about as much as the limit allows: the limit is what holds it. */
function reaches(drawA: number, limitA: number): boolean {
  return drawA >= limitA - toleranceA(limitA);
}

function drawOf(live: ConnectorView | undefined): number | null {
  const known = (live?.measuredA ?? []).filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
