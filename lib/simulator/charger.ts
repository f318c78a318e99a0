import type { Clock } from "../clock.ts";
import type { ChargingProfile, ChargingSchedule } from "../ocpp/v16/index.ts";
import type { Behaviour, BehaviourName } from "./behaviour.ts";
import { BEHAVIOURS } from "./behaviour.ts";
import { Configuration } from "./configuration.ts";
import type { FullOptions } from "./options.ts";
import { Outlet } from "./outlet.ts";
import { ProfileStore, refusalOf } from "./profiles.ts";
import { Reaction } from "./reaction.ts";
import type { RateUnit, ScheduleContext } from "./schedule.ts";
import { compositeSchedule, limitAt } from "./schedule.ts";
import type { SessionPort, StopReason } from "./session.ts";
import { Session } from "./session.ts";
import type { ConnectorStatus } from "./status.ts";
import { statusOf } from "./status.ts";

export interface ChargerPort {
  send(action: string, payload: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Connected and accepted. */
  online(): boolean;
  /** A status other than before; connector 0 is the charge point as a whole. */
  statusChanged(connectorId: 0 | 1, status: ConnectorStatus): void;
}

/** A charge point with one connector and its car, without the wire: what it holds, decides and draws. Time passes in `step`. */
export class Charger {
  readonly configuration: Configuration;
  readonly profiles = new ProfileStore();
  readonly outlet: Outlet;
  readonly session: Session;
  #clock: Clock;
  #port: ChargerPort;
  #options: FullOptions;
  #initialSoc: () => number;
  #behaviour: BehaviourName;
  #reaction = new Reaction();
  #statuses: [ConnectorStatus, ConnectorStatus] = ["Available", "Available"];
  #operative = true;
  #powered = false;
  #steppedAtMs: number;

  /** @param car what differs from car to car */
  constructor(options: FullOptions, car: { wakeS: number; socPercent: () => number }, clock: Clock, port: ChargerPort) {
    this.#options = options;
    this.#clock = clock;
    this.#port = port;
    this.#initialSoc = car.socPercent;
    this.#behaviour = options.behaviour;
    this.#steppedAtMs = clock.nowMs();
    this.configuration = new Configuration(options, () => this.behaviour);
    const { phases, rotation, maxA, batteryWh, wantA } = options;
    this.outlet = new Outlet(
      { phases, rotation, maxA },
      { phases: options.carPhases, wantA, batteryWh, wakeS: car.wakeS, overdraw: 1 },
      0,
    );
    this.session = new Session(clock, this.#sessionPort(), options.idTag);
    this.act(options.behaviour);
    if (options.plugged) this.plug();
  }

  get behaviour(): Behaviour {
    return BEHAVIOURS[this.#behaviour];
  }

  get behaviourName(): BehaviourName {
    return this.#behaviour;
  }

  /** Statuses of the charge point (0) and its connector (1). */
  get statuses(): readonly [ConnectorStatus, ConnectorStatus] {
    return this.#statuses;
  }

  /** The limit it has accepted for this moment, A per phase: its profiles, or its hardware where they do not limit. */
  get limitA(): number {
    return Math.min(
      this.#options.maxA,
      limitAt(this.profiles.installed, this.#context(), this.#clock.wallMs()) ?? Number.POSITIVE_INFINITY,
    );
  }

  /** GetCompositeSchedule's answer for the next seconds. */
  composite(durationS: number, unit: RateUnit): ChargingSchedule {
    const span = { fromWallMs: this.#clock.wallMs(), durationS, unit, maxA: this.#options.maxA };
    return compositeSchedule(this.profiles.installed, this.#context(), span);
  }

  /** Installs a profile. @returns why it is refused, or null */
  install(connectorId: number, profile: ChargingProfile): string | null {
    const { capacity } = this.configuration;
    const refusal =
      refusalOf(connectorId, profile, this.session.transaction, capacity) ??
      this.profiles.install(connectorId, profile, capacity.maxInstalled, this.#clock.wallMs());
    if (refusal === null) this.step();
    return refusal;
  }

  /** Lets the time since the last step pass. */
  step(): void {
    const nowMs = this.#clock.nowMs();
    const dtS = (nowMs - this.#steppedAtMs) / 1000;
    this.#steppedAtMs = nowMs;
    const { ignoresLimits, reactionS } = this.behaviour;
    const inForceA = this.#reaction.inForceA(nowMs, this.limitA, reactionS);
    if (this.#canCharge) this.session.advance();
    const energised = this.session.transaction !== null && this.#powered;
    this.outlet.step(dtS, { limitA: ignoresLimits ? this.#options.maxA : inForceA, energised });
    this.#updateStatuses();
  }

  plug(): void {
    if (this.outlet.plugged) return;
    this.outlet.plug(this.#initialSoc());
    this.step();
  }

  unplug(): void {
    if (!this.outlet.plugged) return;
    this.session.unplugged();
    this.outlet.unplug();
    this.step();
  }

  /** Plays another behaviour from now on. A fault ends the transaction. */
  act(name: BehaviourName): void {
    this.#behaviour = name;
    const { carPhases, overdraw, faulted } = this.behaviour;
    this.outlet.changeCar({ phases: carPhases ?? this.#options.carPhases, overdraw });
    if (faulted) this.session.stop("Other");
    this.step();
  }

  /** ChangeAvailability: a running transaction is left to end first (§5.2). */
  setOperative(operative: boolean): "Accepted" | "Scheduled" {
    this.#operative = operative;
    this.step();
    return operative || this.session.transaction === null ? "Accepted" : "Scheduled";
  }

  /** Ends the running transaction, if any. */
  stop(reason: StopReason): void {
    this.session.stop(reason);
    this.step();
  }

  /** A badge was accepted by the central system: charging begins, at the latest when a car comes. */
  admit(idTag: string, profile: ChargingProfile | null): void {
    this.session.admit(idTag, profile);
    this.step();
  }

  /** Whether a remote start could succeed, now or when a car comes. */
  get startable(): boolean {
    return this.#operative && this.#powered && !this.behaviour.faulted && this.session.transaction === null;
  }

  /** Ends charging and goes dark until `powerUp`. What it holds outlives it (errata 3.37). */
  powerDown(reason: "SoftReset" | "HardReset"): void {
    this.session.stop(reason);
    this.#powered = false;
    this.outlet.trip();
  }

  powerUp(): void {
    this.#powered = true;
    this.step();
  }

  get #canCharge(): boolean {
    return this.outlet.plugged && this.startable;
  }

  #context(): ScheduleContext {
    return { connectorId: 1, phases: this.#options.phases, transaction: this.session.transaction };
  }

  #updateStatuses(): void {
    if (!this.#powered) return;
    const { outlet, session } = this;
    const station: ConnectorStatus = this.behaviour.faulted ? "Faulted" : this.#operative ? "Available" : "Unavailable";
    const facts = {
      faulted: this.behaviour.faulted,
      operative: this.#operative,
      plugged: outlet.plugged,
      transaction: session.transaction !== null,
      ended: session.over === "ended",
      awaitsCar: session.awaitsCar,
      offeredA: outlet.offeredA,
      currentA: outlet.terminalA[0],
      wanted: outlet.wanted,
    };
    this.#report(0, station);
    this.#report(1, statusOf(facts, this.#statuses[1]));
  }

  #report(connectorId: 0 | 1, status: ConnectorStatus): void {
    if (this.#statuses[connectorId] === status) return;
    this.#statuses[connectorId] = status;
    this.#port.statusChanged(connectorId, status);
  }

  #sessionPort(): SessionPort {
    return {
      send: (action, payload) => this.#port.send(action, payload),
      online: () => this.#port.online(),
      seconds: (key) => this.configuration.number(key),
      trustsUnknown: () => this.configuration.text("AllowOfflineTxForUnknownId") === "true",
      registerWh: () => this.outlet.registerWh,
      began: (profile) => {
        if (profile) this.install(1, profile);
      },
      ended: () => {
        this.profiles.endTransaction(1);
        this.outlet.trip();
      },
    };
  }
}
