import type { Clock } from "../clock.ts";
import { EvError } from "../errors.ts";
import { stationEvent } from "../station/connection/events.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { PossibleLimit } from "../station/limits/limit-course.ts";
import type { StationChange, StationHandle } from "../station/types.ts";
import type { Store } from "../store/types.ts";
import { LEASE } from "../thresholds.ts";
import type { StopOrder } from "./compliance/emergency-stop.ts";
import { ConnectorLimiter, type Wiring } from "./connector-limiter.ts";
import { RefreshPlan } from "./refresh-plan.ts";
import type { LeaseOptions, LimitReport, LimitRequest, LimitView, Setpoint } from "./types.ts";
import type { LearnedCapability } from "./variants/learned.ts";

export type { LeaseOptions, LimitReport, LimitRequest, LimitView, Setpoint } from "./types.ts";

/** How often due renewals and paced increases are looked for. */
const TICK_MS = 250;
/** The longest lease is found anew after so long, ms: it becomes shorter with time, and a longer one than configured is not given. */
const LONGEST_FOR_MS = 100;

export interface LimiterDeps {
  stations: Stations;
  store: Store;
  clock: Clock;
  /** The allocator's latest setpoint of a connector (`<identity>/<number>`); null when no allocator has spoken of it. */
  setpoint: (connectorId: string) => Setpoint | null;
  /** Connectors that the load management wants stopped, because nothing else relieves their breaker (S7). */
  stop?: (connectorId: string) => StopOrder | null;
  /**
   * Whether a limit of a connector (`<identity>/<number>`) fits beside what all others hold by themselves, for as long as it holds
   * (safety.md S12). Absent = always.
   */
  admits?: (connectorId: string, limit: PossibleLimit) => boolean;
  onResult?: (report: LimitReport) => void;
}

/** Turns limits into leased charging profiles, by one limiter for each connector. A site has one `Limiter`; it outlives deploys. */
export interface Limiter {
  /**
   * Wants a limit. Exactly one result follows, later ones when it is renewed or verified by measurement.
   * @throws EvError EV_MESSAGE_INVALID when no such connector is configured
   */
  request(request: LimitRequest): void;
  /** A source is gone for good: what it asked for is renewed and raised no more, and its leases run out. */
  withdraw(source: string): void;
  /** Writes baseline and limit of a charge point anew: something else may have changed its profiles. */
  rearm(chargePoint: string): void;
  /** How a connector is limited now; null when no such connector is configured. */
  view(chargePoint: string, connector: number): LimitView | null;
  /** Changes lease, refresh and pace; running leases follow at their next renewal. */
  configure(options: Partial<LeaseOptions>): void;
  /** Called with every result. @returns a function that stops it */
  onResult(listener: (report: LimitReport) => void): () => void;
  close(): void;
}

/** Creates the limiter of a site. It arms the baseline of every configured connector whenever its charge point is ready. */
export function createLimiter(deps: LimiterDeps, options: Partial<LeaseOptions> = {}): Limiter {
  return new SiteLimiter(deps, options);
}

class SiteLimiter implements Limiter {
  readonly #deps: LimiterDeps;
  /** By charge point and connector. */
  readonly #limiters = new Map<string, Map<number, ConnectorLimiter>>();
  readonly #listeners = new Set<(report: LimitReport) => void>();
  readonly #stop: () => void;
  #options: LeaseOptions;
  readonly #plan = new RefreshPlan();
  #teaching = false;
  #longest = { atMs: Number.NaN, leaseS: 0 };

  constructor(deps: LimiterDeps, options: Partial<LeaseOptions>) {
    this.#deps = deps;
    this.#options = { ...LEASE, ...options };
    if (deps.onResult) this.#listeners.add(deps.onResult);
    const unsubscribe = deps.stations.onChange((change) => this.#changed(change));
    const timer = deps.clock.setInterval(() => this.#tick(), TICK_MS);
    this.#stop = () => {
      unsubscribe();
      deps.clock.clear(timer);
    };
  }

  request(request: LimitRequest): void {
    const station = this.#deps.stations.get(request.chargePoint);
    const identity = station?.identity ?? request.chargePoint;
    this.#align(identity);
    const limiter = this.#limiters.get(identity)?.get(request.connector);
    if (!limiter) {
      const what = station?.definition ? `connector ${request.connector} of ${identity}` : `charge point ${identity}`;
      throw new EvError("EV_MESSAGE_INVALID", `${what} is not configured; add it to an ev-charge-point`);
    }
    if ((request.lease?.leaseS ?? 0) > this.#longest.leaseS) this.#longest.atMs = Number.NaN;
    limiter.request({ ...request, chargePoint: identity });
  }

  withdraw(source: string): void {
    for (const limiters of this.#limiters.values()) for (const limiter of limiters.values()) limiter.withdraw(source);
  }

  rearm(chargePoint: string): void {
    const identity = this.#deps.stations.get(chargePoint)?.identity ?? chargePoint;
    for (const limiter of this.#limitersOf(identity)) limiter.arm();
  }

  view(chargePoint: string, connector: number): LimitView | null {
    const identity = this.#deps.stations.get(chargePoint)?.identity ?? chargePoint;
    return this.#limiters.get(identity)?.get(connector)?.view() ?? null;
  }

  configure(options: Partial<LeaseOptions>): void {
    this.#options = { ...this.#options, ...options };
    this.#longest.atMs = Number.NaN;
  }

  onResult(listener: (report: LimitReport) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
    for (const limiters of this.#limiters.values()) for (const limiter of limiters.values()) limiter.close();
    this.#limiters.clear();
  }

  #tick(): void {
    for (const limiters of this.#limiters.values()) for (const limiter of limiters.values()) limiter.pump();
  }

  #changed({ kind, chargePoint, connector }: StationChange): void {
    switch (kind) {
      case "learnt":
        if (!this.#teaching) for (const limiter of this.#limitersOf(chargePoint)) limiter.changeVariant();
        break;
      case "ready":
        this.#arm(chargePoint);
        break;
      case "clock":
        for (const limiter of this.#limitersOf(chargePoint)) limiter.clockSet();
        break;
      case "definition":
      case "removed":
        this.#align(chargePoint);
        break;
      case "offline":
        this.#deps.stations.limits.disconnected(chargePoint);
        for (const limiter of this.#limitersOf(chargePoint)) limiter.reset();
        break;
      case "boot":
        for (const limiter of this.#limitersOf(chargePoint)) limiter.reset();
        break;
      case "transaction":
        this.#limiters.get(chargePoint)?.get(connector)?.transactionChanged();
        break;
    }
  }

  #arm(chargePoint: string): void {
    this.#align(chargePoint);
    for (const limiter of this.#limitersOf(chargePoint)) limiter.arm();
  }

  /** Makes the limiters of a charge point those of its definition; an unchanged connector keeps its limiter. */
  #align(chargePoint: string): void {
    const station = this.#deps.stations.get(chargePoint);
    const before = this.#limiters.get(chargePoint);
    const limiters = new Map<number, ConnectorLimiter>();
    for (const wiring of station?.definition?.ocpp ? station.definition.connectors : []) {
      const present = before?.get(wiring.number);
      const same = present && JSON.stringify(present.wiring) === JSON.stringify(wiring);
      limiters.set(wiring.number, same ? present : this.#limiter(station!, wiring, present));
    }
    for (const [number, limiter] of before ?? []) {
      if (limiters.get(number) !== limiter) limiter.close();
    }
    if (limiters.size > 0) this.#limiters.set(chargePoint, limiters);
    else this.#limiters.delete(chargePoint);
    for (const [number, limiter] of limiters) {
      if (limiter === before?.get(number)) limiter.changeVariant();
      else if (station?.state === "ready") limiter.arm();
      else limiter.pump();
    }
  }

  #limiter(station: StationHandle, wiring: Wiring, before: ConnectorLimiter | undefined): ConnectorLimiter {
    const id = `${station.identity}/${wiring.number}`;
    const limiter = new ConnectorLimiter(station, wiring, {
      clock: this.#deps.clock,
      limits: this.#deps.stations.limits,
      options: () => this.#options,
      setpoint: () => this.#deps.setpoint(id),
      stop: () => this.#deps.stop?.(id) ?? null,
      learn: (facts) => this.#learn(station, facts),
      longestS: () => this.#longestS(),
      admits: (limit) => this.#deps.admits?.(id, limit) ?? true,
      planRefresh: (refreshMs) => this.#planRefresh(id, refreshMs),
      report: (report) => this.#report(report),
      askForReading: () => this.#deps.stations.readings.ask(id, "overLimit"),
    });
    if (before) limiter.inherit(before);
    return limiter;
  }

  /** The longest lease that ends downwards: as configured, and what is left of one given before. */
  #longestS(): number {
    const nowMs = this.#deps.clock.nowMs();
    if (nowMs - this.#longest.atMs < LONGEST_FOR_MS && nowMs >= this.#longest.atMs) return this.#longest.leaseS;
    let leaseS = (this.#deps.stations.limits.lastDownwardEndMs() - nowMs) / 1000;
    for (const limiters of this.#limiters.values())
      for (const limiter of limiters.values()) leaseS = Math.max(leaseS, limiter.leaseS);
    this.#longest = { atMs: nowMs, leaseS: Math.ceil(leaseS) };
    return this.#longest.leaseS;
  }

  #planRefresh(id: string, refreshMs: number): number {
    if (Number.isFinite(refreshMs)) return this.#plan.plan(id, this.#deps.clock.nowMs(), refreshMs);
    this.#plan.drop(id);
    return Number.POSITIVE_INFINITY;
  }

  /** What a limiter found out itself is no reason to write anything anew. */
  #learn(station: StationHandle, facts: readonly LearnedCapability[]): void {
    this.#teaching = true;
    try {
      for (const { path, value, how } of facts) station.learn(path, value, how);
    } finally {
      this.#teaching = false;
    }
    for (const limiter of this.#limitersOf(station.identity)) limiter.keepFingerprint();
  }

  #limitersOf(chargePoint: string): Iterable<ConnectorLimiter> {
    return this.#limiters.get(chargePoint)?.values() ?? [];
  }

  #report(report: LimitReport): void {
    const { chargePoint, connector, result } = report;
    this.#deps.stations.report(stationEvent("limit", chargePoint, connector, { ...result }));
    for (const listener of this.#listeners) listener(report);
  }
}
