import type { Clock } from "../clock.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { LimitBook } from "../station/limits/limit-book.ts";
import type { WriteCount } from "../station/limits/write-count.ts";
import type { ChargePointDefinition, StationHandle } from "../station/types.ts";
import type { Hint } from "../words/types.ts";
import { Baseline } from "./baseline.ts";
import { ComplianceMonitor } from "./compliance/compliance-monitor.ts";
import type { StopOrder } from "./compliance/emergency-stop.ts";
import { decide, type Situation, type WriteDecision } from "./decide.ts";
import { type GivenLimit, rule } from "./effective-limit.ts";
import { type ChargerLease, leaseFor, upwardLeaseS, upwardLeftS } from "./lease.ts";
import { PhaseOrders } from "./phase-orders.ts";
import { ProfileSender, runningTransaction } from "./profile-sender.ts";
import { type AppliedLimit, type AttemptOutcome, type LimitOutcome, limitResult, variantInWords } from "./result.ts";
import { type ProfileTarget, safeCurrentA } from "./target.ts";
import type { LeaseOptions, LimitReport, LimitRequest, LimitView, Setpoint } from "./types.ts";
import { shapeOf } from "./variants/fingerprint.ts";
import type { LearnedCapability } from "./variants/learned.ts";
import { outletLevel } from "./variants/variant.ts";
import type { AskedLimit } from "./write-gate.ts";

/** After the end of a transaction the next command is likely another one: wait for it before writing the old one anew. */
const AFTER_TRANSACTION_MS = 1_000;

/** So long after a connection the outlet is held first, then the baseline is written: without one there would be no limit at all, ms. */
const HOLD_FIRST_MS = 60_000;

/** Limits are sent in steps that are no smaller, A. */
const LEAST_DIFFERENCE_A = 0.05;

export interface ConnectorLimiterDeps {
  clock: Clock;
  limits: LimitBook;
  options: () => LeaseOptions;
  /** The allocator's latest setpoint for this connector; null when no allocator has spoken of it. */
  setpoint: () => Setpoint | null;
  /** Set while the load management wants the connector stopped. */
  stop: () => StopOrder | null;
  report: (report: LimitReport) => void;
  /** Asks the charger what it draws. */
  askForReading: () => void;
  /** Notes what the charge point showed about itself. */
  learn: (facts: readonly LearnedCapability[]) => void;
  /** The longest lease of the site that ends downwards, s. */
  longestS: () => number;
  /** Whether a limit fits beside what all others hold by themselves, for as long as it holds (safety.md S12). */
  admits: (limit: AskedLimit) => boolean;
  /** When a lease given now is to be renewed, at the latest after so long; Infinity for none. */
  planRefresh: (refreshMs: number) => number;
}

export type Wiring = ChargePointDefinition["connectors"][number];

interface Wanted extends LimitRequest {
  /** Monotonic time of the allocation. */
  atMs: number;
  /** A result was given for it, or is on its way with a call. */
  answered: boolean;
  /** The node that asked for it is gone. */
  withdrawn?: boolean;
}

/** Keeps one connector at its limit: what is wanted, what is commanded, whether it is obeyed. Driven by `pump`. */
export class ConnectorLimiter {
  readonly wiring: Wiring;
  readonly #station: StationHandle;
  readonly #deps: ConnectorLimiterDeps;
  readonly #baseline: Baseline;
  readonly #sender: ProfileSender;
  readonly #monitor: ComplianceMonitor;
  readonly #phases: PhaseOrders;
  readonly #writes: WriteCount;
  #wanted: Wanted | null = null;
  #command: GivenLimit | null = null;
  #increases = { count: 0, lastAtMs: Number.NEGATIVE_INFINITY };
  #refreshAtMs = Number.POSITIVE_INFINITY;
  #last: LimitOutcome | null = null;
  /** The fingerprint (`shapeOf`) of the profiles when all were written anew last. */
  #shape: string;
  #closed = false;
  /** The lease and the target found last: they are asked for several times a second, and change with what they are found from. */
  #leased: { options: LeaseOptions; smart: ProfileTarget["smart"]; lease: ChargerLease } | null = null;
  #targeted: ProfileTarget | null = null;
  /** Since when the charge point can be spoken to on this connection. */
  #armedAtMs = Number.POSITIVE_INFINITY;

  constructor(station: StationHandle, wiring: Wiring, deps: ConnectorLimiterDeps) {
    this.#station = station;
    this.wiring = wiring;
    this.#deps = deps;
    const { clock, limits, learn, options } = deps;
    this.#phases = new PhaseOrders(station, wiring.number, clock);
    const target = () => this.#target();
    const hint = () => this.#hint;
    this.#writes = limits.writes(station.identity, wiring.number);
    const writes = this.#writes;
    this.#baseline = new Baseline(station, wiring, { clock, limits, options, writes, hint, learn }, target);
    const lostBaseline = () => this.#baseline.arm();
    const coversBaseline = () => this.#baseline.covered();
    const admitsMaximum = () => this.#admitsMaximum();
    const admitsLeast = () => this.#admitsLeast();
    const admitsSafe = () => this.#admitsSafe();
    const admits = { admitsMaximum, admitsSafe, admitsLeast };
    const senderDeps = { clock, limits, target, writes, hint, learn, lostBaseline, coversBaseline, ...admits };
    this.#sender = new ProfileSender(station, senderDeps);
    this.#monitor = new ComplianceMonitor(station, wiring.number, {
      clock,
      limits,
      sender: this.#sender,
      target,
      leaseS: () => this.#lease().leaseS,
      hint,
      stop: deps.stop,
      askForReading: deps.askForReading,
      cleared: () => this.#rewrite(),
    });
    this.#shape = shapeOf(this.#target());
  }

  /** The newest limit wins; an earlier limit that was not sent yet is coalesced into it. */
  request(request: LimitRequest): void {
    this.#answer("coalesced", { code: "hint.coalesced" });
    this.#wanted = { ...request, atMs: this.#deps.clock.nowMs() - request.ageMs, answered: false };
    this.pump();
  }

  /** Whoever asked is gone: the limit is lowered where that is due, but neither raised nor renewed. */
  withdraw(source: string): void {
    if (this.#wanted?.source === source) this.#wanted = { ...this.#wanted, withdrawn: true };
  }

  /** Takes over what was wanted and commanded by the limiter that was here before. */
  inherit(limiter: ConnectorLimiter): void {
    this.#wanted = limiter.#wanted;
    this.#command = limiter.#command;
    this.#phases.hear(limiter.#phases.word);
    this.#last = limiter.#last;
  }

  /** Another limiter has taken its place: answers that are still to come count no more. */
  close(): void {
    this.#closed = true;
    this.reset();
  }

  /** Something changed that profiles depend on: they are written anew if they would look different now. */
  changeVariant(): void {
    if (shapeOf(this.#target()) !== this.#shape) this.arm();
  }

  /** What was learnt from the profiles written is no reason to write them anew. */
  keepFingerprint(): void {
    this.#shape = shapeOf(this.#target());
  }

  /** The charge point's clock or ours was set: variants that did not work may have failed because of the clock. */
  clockSet(): void {
    this.#sender.forgetIgnored();
    this.arm();
  }

  /** The charge point can be spoken to again: baseline and limit are written anew. */
  arm(): void {
    this.reset();
    this.#armedAtMs = this.#deps.clock.nowMs();
    this.#shape = shapeOf(this.#target());
    this.#deps.limits.advise(this.#station.identity, this.wiring.number, this.#hint);
    this.#sender.arm();
    this.#baseline.arm();
    this.pump();
  }

  /** The connection is gone or its state unknown: nothing counts as accepted. */
  reset(): void {
    this.#sender.reset();
    this.#monitor.reset();
    this.#phases.reset();
    this.#refreshAtMs = this.#deps.planRefresh(Number.POSITIVE_INFINITY);
    this.#increases = { count: 0, lastAtMs: Number.NEGATIVE_INFINITY };
  }

  /** A transaction began or ended: the limit is written for it at the next pump, after the charge point has its answer. */
  transactionChanged(): void {
    this.#increases.count = 0;
    const { accepted } = this.#sender;
    if (this.#transactionId !== null || !accepted) return;
    this.#sender.postpone(accepted.limitA, this.#deps.clock.nowMs() + AFTER_TRANSACTION_MS);
  }

  /** Does what is due now. Called by the limiter's timer and at every change. */
  pump(): void {
    if (this.#closed) return;
    const news = this.#monitor.pump();
    if (news && this.#wanted) this.#report(this.#wanted, news);
    if (this.#station.state !== "ready") this.#answer("offline", { code: "hint.away" });
    else if (this.#sender.unsupported !== null) this.#answer("uncontrollable", this.#sender.unsupported);
    else if (this.#monitor.clearing || this.#baseline.busy) return;
    else if (
      this.#baseline.due(this.#deps.clock.nowMs(), this.#wanted !== null && this.#sender.takesBaselinesPlace) &&
      this.#admitsBaseline()
    )
      void this.#installBaseline();
    else if (this.#wanted) this.#steer(this.#wanted, this.#deps.clock.nowMs());
  }

  /** How long a limit holds here that ends downwards, s. */
  get leaseS(): number {
    return this.#lease().leaseS;
  }

  /** How the connector is limited now. */
  view(): LimitView {
    const { identity } = this.#station;
    const { number } = this.wiring;
    const { accepted } = this.#sender;
    const { limits, clock } = this.#deps;
    const { requestedA = null, sentA = null, status = "unchanged", tries = 0, hint = null } = this.#last ?? {};
    const outcome = {
      status,
      sentA,
      tries,
      hint: limits.trouble(identity, number) ? limits.hint(identity, number) : hint,
    };
    return {
      chargePoint: identity,
      connector: number,
      ...limitResult(requestedA, { ...outcome, variant: accepted?.variant ?? null }, accepted, clock),
      way: accepted && variantInWords(accepted.variant),
      trouble: limits.trouble(identity, number),
      writesToday: this.#writes.lastDay,
    };
  }

  #steer(wanted: Wanted, nowMs: number): void {
    const setpoint = this.#deps.setpoint();
    this.#phases.hear((setpoint ?? wanted).phases);
    this.#phases.pump();
    const target = this.#target();
    const { identity, definition } = this.#station;
    const effective = rule({
      wanted,
      setpoint,
      inZone: setpoint !== null || (definition?.zone ?? null) !== null,
      commandableSinceMs: this.#station.commandableSinceMs(this.wiring.number),
      target,
      previous: this.#command,
      inForceA: this.#deps.limits.inForceA(identity, this.wiring.number, target.maxA, nowMs),
    });
    if (!effective) {
      this.#answer("unchanged", { code: "hint.reserved" });
      return;
    }
    this.#command = { limitA: effective.limitA, raised: effective.raised };
    const freshUntilMs = wanted.withdrawn ? Number.NEGATIVE_INFINITY : effective.freshUntilMs;
    const situation = this.#situation(effective.limitA, freshUntilMs, wanted, nowMs);
    this.#act(decide(situation), situation, wanted);
    this.#holdOutlet();
  }

  #situation(wantedA: number, freshUntilMs: number, wanted: Wanted, nowMs: number): Situation {
    const { minIncreaseS, freeIncreases } = this.#lease();
    const { accepted } = this.#sender;
    return {
      nowMs,
      wantedA,
      safeA: safeCurrentA(this.#target()),
      accepted: accepted && {
        limitA: accepted.limitA,
        leaseUntilMs: accepted.leaseUntilMs,
        refreshAtMs: this.#renewAtMs(accepted),
        sameVariant:
          accepted.transactionId === this.#transactionId &&
          accepted.phases === (this.#phases.inProfiles ?? null) &&
          !this.#monitor.again,
        unansweredA: this.#sender.unansweredA,
      },
      released: wanted.limitA === null,
      freshUntilMs,
      retryAtMs: this.#sender.retryAtMs(wantedA),
      increases: this.#increases,
      minIncreaseMs: minIncreaseS * 1000,
      freeIncreases,
    };
  }

  #act(decision: WriteDecision, { wantedA, nowMs, safeA }: Situation, wanted: Wanted): void {
    if (decision.act === "hold") {
      this.#answer("unchanged", { code: "hint.old" });
      if (this.#outlivesItsLease(nowMs, safeA)) void this.#send(wanted, safeA, CALL_PRIORITY.decrease);
    }
    if (decision.act === "wait" && decision.unchanged) this.#answer("unchanged", null);
    if (decision.act !== "send" || this.#sender.covers(wantedA)) return;
    const leaseS = this.#admittedS(decision.kind, wantedA, nowMs);
    if (leaseS === null) {
      this.#answer("unchanged", { code: "hint.noRoom" });
      return;
    }
    if (decision.kind === "increase") this.#increases = { count: this.#increases.count + 1, lastAtMs: nowMs };
    const priority = decision.kind === "decrease" ? CALL_PRIORITY.decrease : CALL_PRIORITY.lease;
    void this.#send(wanted, wantedA, priority, leaseS);
  }

  /**
   * How long a limit may be leased now, s; null = not at all. A decrease that would not fit for a lease of its own keeps the end of the
   * limit before: it allows less at every moment (safety.md S12).
   */
  #admittedS(kind: "decrease" | "increase" | "renew", limitA: number, nowMs: number): number | null {
    const leaseS = this.#leaseS(limitA);
    const safeA = safeCurrentA(this.#target());
    if (this.#deps.admits({ limitA, untilMs: nowMs + leaseS * 1000, safeA })) return leaseS;
    const { accepted } = this.#sender;
    if (kind !== "decrease" || !accepted) return null;
    const leftS = (accepted.leaseUntilMs - nowMs) / 1000;
    if (!this.#endsUpwards(limitA)) return Math.min(leaseS, Math.max(1, Math.floor(leftS)));
    if (!this.#holdsNoMore(limitA, nowMs)) return leaseS;
    // An early end would raise the limit again; a limit that surely holds as low already needs no other.
    return this.#sender.unansweredA !== null && Number.isFinite(leftS) ? Math.max(leaseS, Math.ceil(leftS)) : null;
  }

  #holdsNoMore(limitA: number, nowMs: number): boolean {
    const heldA = this.#deps.limits.heldA(this.#station.identity, this.wiring.number, nowMs);
    return heldA !== null && heldA <= limitA;
  }

  /** The baseline raises nothing: it does not take the place of a lower limit, or that fits (safety.md S12). */
  #admitsBaseline(): boolean {
    const { accepted } = this.#sender;
    const target = this.#target();
    const safeA = safeCurrentA(target);
    // The outlet hold is written in the baseline's place and ends in it.
    if (accepted && accepted.limitA < safeA && outletLevel(target) === 0) return false;
    // So does a pause in the baseline's place, until the limit of the next transaction holds beside it.
    if (accepted && accepted.limitA < safeA && accepted.variant.sharesBaseline) return false;
    // The outlet hold may stand in the baseline's place from before: first the outlet is held beside it.
    if (accepted && accepted.limitA < safeA && accepted.variant.purpose === "TxProfile") {
      const { isBesideBaseline, isRefused } = this.#sender.outlet;
      if (isBesideBaseline) return true;
      if (isRefused && this.#admitsSafe()) return true;
      return this.#deps.clock.nowMs() >= this.#armedAtMs + HOLD_FIRST_MS;
    }
    if (accepted && !accepted.variant.sharesBaseline) return true;
    const anew = this.#holdsNoMore(safeA - LEAST_DIFFERENCE_A, this.#deps.clock.nowMs());
    return this.#deps.admits({ limitA: safeA, untilMs: Number.POSITIVE_INFINITY, safeA, anew });
  }

  /** Whether the connector may draw its maximum for good: what else is written then does not count. */
  #admitsMaximum(): boolean {
    const { maxA } = this.wiring;
    return this.#deps.admits({ limitA: maxA, untilMs: Number.POSITIVE_INFINITY, safeA: maxA, anew: true });
  }

  /** Whether the connector may go to its safe current and stay there. */
  #admitsSafe(): boolean {
    const safeA = safeCurrentA(this.#target());
    return this.#deps.admits({ limitA: safeA, untilMs: Number.POSITIVE_INFINITY, safeA });
  }

  /** Whether the least current may be written where 0 A is refused: it lowers what is held, or fits for as long as it holds. */
  #admitsLeast(): boolean {
    const target = this.#target();
    const safeA = safeCurrentA(target);
    const leastA = safeCurrentA({ ...target, smart: { ...target.smart, zero: "min" } });
    const nowMs = this.#deps.clock.nowMs();
    if (leastA <= safeA && !this.#holdsNoMore(leastA - LEAST_DIFFERENCE_A, nowMs)) return true;
    return this.#deps.admits({ limitA: leastA, untilMs: nowMs + this.#lease().leaseS * 1000, safeA: leastA });
  }

  /** How long this limit is to hold: what ends upwards ends after everything that ends downwards (safety.md S6). */
  #leaseS(limitA: number): number {
    const { leaseS } = this.#lease();
    return this.#endsUpwards(limitA) ? Math.max(leaseS, upwardLeaseS(this.#deps.longestS())) : leaseS;
  }

  #endsUpwards(limitA: number): boolean {
    return limitA < safeCurrentA(this.#target());
  }

  /** As planned; of a lease that ends upwards more has to be left than anything that ends downwards may have. */
  #renewAtMs({ limitA, leaseUntilMs }: Pick<AppliedLimit, "limitA" | "leaseUntilMs">): number {
    if (!this.#endsUpwards(limitA)) return this.#refreshAtMs;
    return Math.min(this.#refreshAtMs, leaseUntilMs - upwardLeftS(this.#deps.longestS()) * 1000);
  }

  /** A limit below the safe current holds for the outlet, too, not only for the transaction that runs. */
  #holdOutlet(): void {
    const { accepted } = this.#sender;
    if (!accepted || this.#monitor.clearing) return;
    const longestS = this.#deps.longestS();
    const leaseS = upwardLeaseS(longestS);
    const safeA = safeCurrentA(this.#target());
    const untilMs = this.#deps.clock.nowMs() + leaseS * 1000;
    const admits = () => this.#deps.admits({ limitA: Math.min(accepted.limitA, safeA), untilMs, safeA });
    void this.#sender.outlet.hold(leaseS, upwardLeftS(longestS), admits);
  }

  /** A limit that does not end by itself is ended from here, as long as this process runs. */
  #outlivesItsLease(nowMs: number, safeA: number): boolean {
    const { accepted, busy } = this.#sender;
    if (!accepted || busy || Number.isFinite(accepted.leaseUntilMs) || accepted.limitA <= safeA) return false;
    return nowMs >= accepted.atMs + this.#lease().leaseS * 1000;
  }

  async #send(wanted: Wanted, limitA: number, priority: number, leaseS = this.#leaseS(limitA)): Promise<void> {
    const { refreshS } = this.#lease();
    const before = this.#sender.accepted;
    wanted.answered = true;
    const { sent, current, accepted } = await this.#sender.send({
      limitA,
      raised: this.#command?.raised === true && this.#command.limitA === limitA,
      leaseS,
      refreshMs: refreshS * 1000,
      priority,
      stillWanted: () => this.#command?.limitA === limitA,
    });
    if (current && sent.status === "accepted") this.#followed(before, limitA);
    const { status, variant, tries, hint } = sent;
    this.#report(wanted, { status, sentA: limitA, variant, tries, hint }, accepted);
    if (current) this.pump();
  }

  /** A limit came into force. */
  #followed(before: ProfileSender["accepted"], limitA: number): void {
    this.#monitor.followed(before);
    const { refreshS } = this.#lease();
    const longestS = this.#deps.longestS();
    const upwardRefreshS = upwardLeaseS(longestS) - upwardLeftS(longestS);
    this.#refreshAtMs = this.#deps.planRefresh((this.#endsUpwards(limitA) ? upwardRefreshS : refreshS) * 1000);
    if (limitA === 0) this.#increases.count = 0;
  }

  async #installBaseline(): Promise<void> {
    const unsupported = await this.#baseline.install(this.#sender.outlet.isBesideBaseline);
    if (unsupported !== null) this.#sender.refuses(unsupported);
    else this.#sender.outlet.baselineWritten();
    this.pump();
  }

  #rewrite(): void {
    this.#baseline.arm();
    this.pump();
  }

  /** Gives the wanted limit its one result, if it has none yet. */
  #answer(status: LimitOutcome["status"], hint: Hint | null): void {
    if (!this.#wanted || this.#wanted.answered) return;
    this.#wanted.answered = true;
    this.#report(this.#wanted, {
      status,
      sentA: null,
      variant: this.#sender.accepted?.variant ?? null,
      tries: 0,
      hint,
    });
  }

  #report(
    { chargePoint, connector, zone, limitA }: Wanted,
    outcome: AttemptOutcome,
    accepted = this.#sender.accepted,
  ): void {
    const result = limitResult(limitA, outcome, accepted, this.#deps.clock);
    if (outcome.status !== "coalesced") this.#last = { ...result, sentA: result.sentA ?? this.#last?.sentA ?? null };
    this.#deps.report({ chargePoint, connector, zone, result });
  }

  #lease(): ChargerLease {
    const options = this.#wanted?.lease ?? this.#deps.options();
    const { smart } = this.#station.traits;
    if (this.#leased?.options !== options || this.#leased.smart !== smart)
      this.#leased = { options, smart, lease: leaseFor(options, smart) };
    return this.#leased.lease;
  }

  #target(): ProfileTarget {
    const connectors = this.#station.definition?.connectors.length ?? 1;
    const toldPhases = this.#phases.inProfiles;
    const { smart } = this.#station.traits;
    const before = this.#targeted;
    if (before?.smart === smart && before.connectors === connectors && before.toldPhases === toldPhases) return before;
    const { number: connector, phases, minA, maxA, safeA } = this.wiring;
    const told = toldPhases && { toldPhases };
    this.#targeted = { connector, connectors, phases, ...told, minA, maxA, safeA, smart };
    return this.#targeted;
  }

  get #hint(): Hint {
    return this.#station.modelProfile?.hintOnRefusal ?? { code: "hint.general" };
  }

  get #transactionId(): string | null {
    return runningTransaction(this.#station.connectors.get(this.wiring.number));
  }
}
