import type { Clock } from "../clock.ts";
import type { LimitResult } from "../messages.ts";
import { CALL_PRIORITY } from "../ocpp/port.ts";
import type { LimitBook } from "../station/limit-book.ts";
import type { ChargePointDefinition, StationHandle } from "../station/types.ts";
import { Baseline } from "./baseline.ts";
import { compileLimit, ladder, type ProfileTarget, type Rung } from "./compile.ts";
import { type Decision, decide, type Situation } from "./decide.ts";
import { type Accepted, limitResult, type Outcome } from "./result.ts";
import { rule } from "./ruling.ts";
import { type Sent, sendProfile } from "./send.ts";
import type { LeaseOptions, LimitReport, LimitRequest, Setpoint } from "./types.ts";

/** Wait after a call that was not answered. */
const RETRY_MS = 5_000;

/** After the end of a transaction the next command is likely another one: wait for it before writing the old one anew. */
const AFTER_TRANSACTION_MS = 1_000;

/** Earliest check of a limit against measured current. */
const VERIFY_AFTER_MS = 10_000;

const HINT = {
  offline: "the charge point is not connected; its reservation stays",
  stale: "the allocation is too old to raise or renew a limit; the lease runs out",
  reserved: "the connector is reserved, not allocated, until its charge point is known to obey",
  coalesced: "a newer limit took its place",
  notDurable: "accepted, but the database could not be written",
} as const;

export interface LaneDeps {
  clock: Clock;
  limits: LimitBook;
  options: () => LeaseOptions;
  /** The allocator's latest setpoint for this connector; null when no allocator has spoken of it. */
  setpoint: () => Setpoint | null;
  report: (report: LimitReport) => void;
}

export type Wiring = ChargePointDefinition["connectors"][number];

interface Wanted extends LimitRequest {
  /** Monotonic time of the allocation. */
  atMs: number;
  /** A result was given for it, or is on its way with a call. */
  answered: boolean;
}

/** A limit on its way. */
interface Shipment {
  limitA: number;
  safeA: number;
  leaseUntilMs: number;
  transactionId: number | null;
  wanted: Wanted;
}

interface Lesson {
  maxStackLevel: number | null;
  txProfiles: boolean;
}

const UNTAUGHT: Lesson = { maxStackLevel: null, txProfiles: true };

/** The way of one connector's limit: what is wanted, what is on the wire, what was accepted. Driven by `pump`. */
export class Lane {
  readonly wiring: Wiring;
  readonly #station: StationHandle;
  readonly #deps: LaneDeps;
  readonly #baseline: Baseline;
  #wanted: Wanted | null = null;
  #accepted: Accepted | null = null;
  #commandA: number | null = null;
  /** On the wire or in the connection's queue. Emptied with the connection: what comes back later is of the past. */
  readonly #onTheWay = new Set<Shipment>();
  #unsupported: string | null = null;
  /** What the ladder taught. */
  #learnt: Lesson = UNTAUGHT;
  #increases = { count: 0, lastAtMs: Number.NEGATIVE_INFINITY };
  #retry: { limitA: number; atMs: number } | null = null;

  constructor(station: StationHandle, wiring: Wiring, deps: LaneDeps) {
    this.#station = station;
    this.wiring = wiring;
    this.#deps = deps;
    this.#baseline = new Baseline(station, wiring, deps, () => this.#target());
  }

  /** The newest limit wins; one that was not sent yet is coalesced into it. */
  request(request: LimitRequest): void {
    this.#answer("coalesced", HINT.coalesced);
    this.#wanted = { ...request, atMs: this.#deps.clock.nowMs() - request.ageMs, answered: false };
    this.pump();
  }

  /** Takes over what was wanted and commanded on the lane that was here before. */
  inherit(lane: Lane): void {
    this.#wanted = lane.#wanted;
    this.#commandA = lane.#commandA;
  }

  /** The charge point can be spoken to again: baseline and limit are written anew. */
  arm(): void {
    this.reset();
    this.#unsupported = null;
    this.#learnt = UNTAUGHT;
    this.#baseline.arm();
    this.pump();
  }

  /** The connection is gone or its state unknown: nothing counts as accepted. */
  reset(): void {
    this.#accepted = null;
    this.#retry = null;
    this.#onTheWay.clear();
    this.#increases = { count: 0, lastAtMs: Number.NEGATIVE_INFINITY };
  }

  /** A transaction began or ended: the limit is written for it at the next pump, after the charge point has its answer. */
  transactionChanged(): void {
    this.#increases.count = 0;
    if (this.#transactionId() !== null || !this.#accepted) return;
    this.#retry = { limitA: this.#accepted.limitA, atMs: this.#deps.clock.nowMs() + AFTER_TRANSACTION_MS };
  }

  /** Does what is due now. Called by the limiter's timer and at every change. */
  pump(): void {
    const nowMs = this.#deps.clock.nowMs();
    this.#verify(nowMs);
    if (this.#station.state !== "ready") this.#answer("offline", HINT.offline);
    else if (this.#unsupported !== null) this.#answer("uncontrollable", this.#unsupported);
    else if (this.#baseline.due(nowMs, this.#wanted !== null)) void this.#installBaseline();
    else if (!this.#baseline.busy && this.#wanted) this.#steer(this.#wanted, nowMs);
  }

  #steer(wanted: Wanted, nowMs: number): void {
    const target = this.#target();
    const setpoint = this.#deps.setpoint();
    const { identity, definition } = this.#station;
    const ruling = rule({
      wanted,
      setpoint,
      inZone: setpoint !== null || (definition?.zone ?? null) !== null,
      commandableSinceMs: this.#station.commandableSinceMs(this.wiring.number),
      target,
      previousA: this.#commandA,
      inForceA: this.#deps.limits.inForceA(identity, this.wiring.number, target.maxA, nowMs),
    });
    if (!ruling) {
      this.#answer("unchanged", HINT.reserved);
      return;
    }
    this.#commandA = ruling.limitA;
    const situation = this.#situation(ruling.limitA, ruling.freshUntilMs, wanted, nowMs);
    this.#act(decide(situation), situation);
  }

  #situation(wantedA: number, freshUntilMs: number, wanted: Wanted, nowMs: number): Situation {
    const { refreshS, minIncreaseS } = this.#lease();
    return {
      nowMs,
      wantedA,
      safeA: this.wiring.safeA,
      accepted: this.#accepted && {
        ...this.#accepted,
        sameWay: this.#accepted.transactionId === this.#transactionId(),
      },
      released: wanted.limitA === null,
      freshUntilMs,
      retryAtMs: this.#retry?.limitA === wantedA ? this.#retry.atMs : Number.NEGATIVE_INFINITY,
      increases: this.#increases,
      refreshMs: refreshS * 1000,
      minIncreaseMs: minIncreaseS * 1000,
    };
  }

  #act(decision: Decision, { wantedA, nowMs }: Situation): void {
    if (decision.act === "hold") this.#answer("unchanged", HINT.stale);
    if (decision.act === "wait" && decision.unchanged) this.#answer("unchanged", null);
    if (decision.act !== "send") return;
    // Only a lower limit overtakes one that is on its way; the connection drops the one that still waits.
    if ([...this.#onTheWay].some(({ limitA }) => wantedA >= limitA)) return;
    if (decision.kind === "increase") this.#increases = { count: this.#increases.count + 1, lastAtMs: nowMs };
    void this.#send(wantedA, decision.kind === "decrease" ? CALL_PRIORITY.decrease : CALL_PRIORITY.lease);
  }

  async #send(limitA: number, priority: number): Promise<void> {
    const { clock } = this.#deps;
    const { leaseS } = this.#lease();
    const target = this.#target();
    const wanted = this.#wanted!;
    const transactionId = this.#transactionId();
    const leaseUntilMs = clock.nowMs() + leaseS * 1000;
    const shipment: Shipment = { limitA, safeA: target.safeA, leaseUntilMs, transactionId, wanted };
    wanted.answered = true;
    this.#onTheWay.add(shipment);
    const chargerWallMs = clock.wallMs() - this.#station.clockSkewMs;
    const sent = await sendProfile(
      (action, payload, callOptions) => this.#station.call(action, payload, callOptions),
      this.#rungs(target, transactionId),
      (rung) => compileLimit(target, rung, limitA, leaseS, chargerWallMs),
      { priority, coalesceKey: `limit/${this.wiring.number}` },
      () => this.#onTheWay.has(shipment) && wanted === this.#wanted,
    );
    const current = this.#onTheWay.delete(shipment);
    this.#book(sent, current, shipment);
    this.#settle(sent, current, shipment);
    if (current) this.pump();
  }

  /** Notes what may be in force now, before anybody is told. @param current false when that connection is gone */
  #book(sent: Sent, current: boolean, shipment: Shipment): void {
    const { limits } = this.#deps;
    const [chargePoint, connector] = [this.#station.identity, this.wiring.number];
    switch (sent.status) {
      case "accepted":
        if (!limits.accepted(chargePoint, connector, shipment)) sent.hint = HINT.notDurable;
        break;
      case "rejected":
        limits.refused(chargePoint, connector, shipment.limitA === 0 ? "zero" : "limits");
        break;
      case "uncontrollable":
        limits.refused(chargePoint, connector, "unsupported");
        break;
      case "coalesced":
        if (!current) limits.uncertain(chargePoint, connector, shipment);
        break;
      default:
        limits.uncertain(chargePoint, connector, shipment);
    }
  }

  #settle(sent: Sent, current: boolean, shipment: Shipment): void {
    const { status, rung, tries, hint } = sent;
    if (current) {
      if (status === "accepted") this.#remember(sent, shipment);
      if (status === "uncontrollable") this.#unsupported = hint;
      const failed = status === "rejected" || status === "timeout";
      const retryMs = status === "rejected" ? this.#lease().refreshS * 1000 : RETRY_MS;
      this.#retry = failed ? { limitA: shipment.limitA, atMs: this.#deps.clock.nowMs() + retryMs } : null;
    }
    this.#report(shipment.wanted, { status, sentA: shipment.limitA, rung, tries, hint });
  }

  #remember({ rung, tries, hint }: Sent, { limitA, leaseUntilMs, transactionId }: Shipment): void {
    const verified = this.#accepted?.limitA === limitA ? this.#accepted.verified : "no";
    const atMs = this.#deps.clock.nowMs();
    this.#accepted = { limitA, leaseUntilMs, transactionId, rung, tries, hint, verified, atMs };
    if (limitA === 0) this.#increases.count = 0;
    if (tries === 1 || rung.stackLevel > 0) return;
    const txRefused = transactionId !== null && rung.purpose === "TxDefaultProfile";
    this.#learnt = { maxStackLevel: 0, txProfiles: this.#learnt.txProfiles && !txRefused };
  }

  async #installBaseline(): Promise<void> {
    const unsupported = await this.#baseline.install();
    if (unsupported !== null) this.#unsupported = unsupported;
    this.pump();
  }

  /** S7: the car keeps to the limit, as its own measurement shows. */
  #verify(nowMs: number): void {
    const accepted = this.#accepted;
    if (!accepted || !this.#wanted || accepted.verified !== "no" || nowMs < accepted.atMs + VERIFY_AFTER_MS) return;
    const live = this.#station.connectors.get(this.wiring.number);
    const known = live?.measuredA?.filter((value) => value !== null) ?? [];
    if (known.length === 0 || (live?.measuredAtMs ?? 0) <= accepted.atMs) return;
    if (Math.max(...known) > accepted.limitA + Math.max(1, accepted.limitA * 0.1)) return;
    accepted.verified = "measured";
    const { limitA: sentA, rung, tries, hint } = accepted;
    this.#report(this.#wanted, { status: "accepted", sentA, rung, tries, hint });
  }

  /** Gives the wanted limit its one result, if it has none yet. */
  #answer(status: LimitResult["status"], hint: string | null): void {
    if (!this.#wanted || this.#wanted.answered) return;
    this.#wanted.answered = true;
    this.#report(this.#wanted, { status, sentA: null, rung: this.#accepted?.rung ?? null, tries: 0, hint });
  }

  #report({ chargePoint, connector, zone, limitA }: Wanted, outcome: Outcome): void {
    const result = limitResult(limitA, outcome, this.#accepted, this.#deps.clock);
    this.#deps.report({ chargePoint, connector, zone, result });
  }

  #lease(): LeaseOptions {
    return this.#wanted?.lease ?? this.#deps.options();
  }

  #target(): ProfileTarget {
    const { number: connector, phases, minA, maxA, safeA } = this.wiring;
    const { rateUnit, maxStackLevel } = this.#station.learnt;
    return {
      connector,
      phases,
      minA,
      maxA,
      safeA,
      rateUnit,
      maxStackLevel: this.#learnt.maxStackLevel ?? maxStackLevel,
    };
  }

  #rungs(target: ProfileTarget, transactionId: number | null): Rung[] {
    const rungs = ladder(target, transactionId);
    return this.#learnt.txProfiles ? rungs : rungs.filter(({ purpose }) => purpose === "TxDefaultProfile");
  }

  /** null also where the connector is free: a transaction left open there has nobody to charge. */
  #transactionId(): number | null {
    const live = this.#station.connectors.get(this.wiring.number);
    return live?.status === "Available" ? null : (live?.transaction?.transactionId ?? null);
  }
}
