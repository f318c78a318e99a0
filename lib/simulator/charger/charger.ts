import type { Clock } from "../../clock.ts";
import type { ChargingProfile, ChargingSchedule, ReserveNowRequest, ReserveNowResponse } from "../../ocpp/v16/index.ts";
import { LocalAuthList } from "./badge-list.ts";
import type { Behaviour } from "./behaviour.ts";
import { PhaseContactor } from "./car/phase-contactor.ts";
import { PHASE_KEY, SimulatedConfiguration } from "./configuration.ts";
import { SimulatedConnector } from "./connector.ts";
import type { StopReason } from "./journal.ts";
import type { FullOptions } from "./options.ts";
import { OutletReservation } from "./outlet-reservation.ts";
import { behaviourOf } from "./presets.ts";
import { LimitCompliance } from "./profiles/limit-compliance.ts";
import { ProfileStore } from "./profiles/profiles.ts";
import type { InstalledProfile, RateUnit, ScheduleContext } from "./profiles/schedule.ts";
import { compositeSchedule, limitAt, phasesAt } from "./profiles/schedule.ts";
import { refusalOf } from "./refusal.ts";
import type { SessionPort } from "./session.ts";
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
  readonly configuration: SimulatedConfiguration;
  readonly profiles = new ProfileStore();
  /** What it was told of badges, for when nobody can be asked. */
  readonly badges = new LocalAuthList();
  readonly outlet: SimulatedConnector;
  readonly reservation: OutletReservation;
  readonly session: Session;
  #clock: Clock;
  #port: ChargerPort;
  #options: FullOptions;
  #initialSoc: () => number;
  #behaviourName: string;
  #behaviour: Behaviour;
  #compliance = new LimitCompliance();
  readonly #contactor: PhaseContactor;
  /** The TxDefaultProfiles that were there when the running transaction began. */
  #defaultsAtStart: readonly InstalledProfile[] = [];
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
    this.#behaviourName = options.behaviour;
    this.#behaviour = behaviourOf(...options.modelBehaviours, options.behaviour);
    this.#steppedAtMs = clock.nowMs();
    this.configuration = new SimulatedConfiguration(options, () => this.behaviour);
    const { phases, rotation, maxA, batteryWh, wantA } = options;
    this.outlet = new SimulatedConnector(
      { phases, rotation, maxA },
      { phases: options.carPhases, wantA, batteryWh, wakeS: car.wakeS, overdraw: 1 },
      0,
    );
    this.#contactor = new PhaseContactor(phases);
    this.reservation = new OutletReservation(clock);
    this.session = new Session(clock, this.#sessionPort(), options.idTag);
    this.act(options.behaviour);
    if (options.plugged) this.plug();
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  /** The names it plays on top of its model. */
  get behaviourName(): string {
    return this.#behaviourName;
  }

  /** Statuses of the charge point (0) and its connector (1). */
  get statuses(): readonly [ConnectorStatus, ConnectorStatus] {
    return this.#statuses;
  }

  /** The limit it has accepted for this moment, A per phase: its profiles, or its hardware where they do not limit. */
  get limitA(): number {
    return this.#limitOf(this.#governing());
  }

  /** It charges, or would if the car took current and the limit were high enough. */
  get charging(): boolean {
    return this.session.transaction !== null || (this.#behaviour.transactions === "none" && this.#canCharge);
  }

  /** GetCompositeSchedule's answer for the next seconds. */
  composite(durationS: number, unit: RateUnit): ChargingSchedule {
    const span = { fromWallMs: this.#clock.wallMs(), durationS, unit, maxA: this.#options.maxA };
    return compositeSchedule(this.#governing(), this.#context(), span);
  }

  /** Installs a profile. @returns why it is refused, or null @throws OcppCallError as `refusalOf` */
  install(connectorId: number, profile: ChargingProfile): string | null {
    const refusal =
      refusalOf(connectorId, profile, this.session.transaction, this.#behaviour) ??
      this.profiles.install(connectorId, profile, this.#behaviour, this.#clock.wallMs());
    if (refusal !== null) return refusal;
    this.#compliance.renewed();
    this.step();
    return null;
  }

  /** The connection came or went: some lose their profiles then. */
  connectionChanged(connected: boolean): void {
    if (this.#behaviour.dropsProfiles === (connected ? "reconnect" : "disconnect")) this.profiles.drop();
    this.step();
  }

  /** Lets the time since the last step pass. */
  step(): void {
    const nowMs = this.#clock.nowMs();
    const dtS = (nowMs - this.#steppedAtMs) / 1000;
    this.#steppedAtMs = nowMs;
    if (this.#canCharge) this.session.advance();
    const { welded } = this.#behaviour;
    const energised = welded || (this.charging && this.#powered);
    const { ignoredPurposes } = this.#behaviour;
    const followed = this.#governing().filter(
      ({ profile }) => !ignoredPurposes.includes(profile.chargingProfilePurpose),
    );
    const footing = { limitA: this.#limitOf(followed), online: this.#port.online(), energised };
    const inForceA = this.#compliance.inForceA(nowMs, footing, this.#behaviour);
    const limitA = welded ? Number.POSITIVE_INFINITY : inForceA;
    const wanted = this.#wantedPhases(followed);
    const closed = this.#contactor.step(nowMs, wanted, this.#behaviour, energised && this.outlet.offeredA > 0);
    this.outlet.feed(this.#contactor.phases);
    if (!closed) this.outlet.trip();
    this.outlet.step(dtS, { limitA, energised: energised && closed });
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

  /**
   * Plays another behaviour from now on. A fault ends the transaction.
   * @param names as `behaviourOf` takes them
   */
  act(names: string): void {
    this.#behaviourName = names;
    this.#behaviour = behaviourOf(...this.#options.modelBehaviours, names);
    const { carPhases, overdraw, faulted } = this.#behaviour;
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

  /** ReserveNow: the connector is kept for a badge, unless it is in use. */
  reserve(request: ReserveNowRequest): ReserveNowResponse["status"] {
    const [, status] = this.#statuses;
    if (status === "Faulted" || status === "Unavailable") return status;
    if (status !== "Available" && status !== "Reserved") return "Occupied";
    if (!this.reservation.make(request)) return status === "Reserved" ? "Occupied" : "Rejected";
    this.step();
    return "Accepted";
  }

  /** CancelReservation. @returns false where there is none of this number */
  cancelReservation(reservationId: number): boolean {
    const cancelled = this.reservation.cancel(reservationId);
    this.step();
    return cancelled;
  }

  /** Whether a remote start could succeed, now or when a car comes. */
  get startable(): boolean {
    return this.#operative && this.#powered && !this.behaviour.faulted && this.session.transaction === null;
  }

  /** Ends charging and goes dark until `powerUp`. */
  powerDown(reason: "SoftReset" | "HardReset"): void {
    this.session.stop(reason);
    this.#powered = false;
    if (!this.#behaviour.keepsOverReboot) this.profiles.drop();
    this.outlet.trip();
  }

  powerUp(): void {
    this.#powered = true;
    this.configuration.restarted();
    this.step();
  }

  get #canCharge(): boolean {
    return this.outlet.plugged && this.startable;
  }

  #context(): ScheduleContext {
    const { phases } = this.#options;
    return { connectorId: 1, phases, transaction: this.session.transaction, reading: this.#behaviour };
  }

  /** The phases it is told to feed: by its key, else by its profiles. */
  #wantedPhases(profiles: readonly InstalledProfile[]): number {
    if (this.#behaviour.switchesPhases === "key") return this.configuration.number(PHASE_KEY) || 3;
    return phasesAt(profiles, this.#context(), this.#clock.wallMs()) ?? 3;
  }

  /** The profiles that have a say now. */
  #governing(): readonly InstalledProfile[] {
    const { installed } = this.profiles;
    if (!this.#behaviour.defaultsFromNextTransaction || this.session.transaction === null) return installed;
    return [...installed.filter((held) => !isDefault(held)), ...this.#defaultsAtStart];
  }

  #limitOf(profiles: readonly InstalledProfile[]): number {
    if (this.session.suspended) return 0;
    const limitA = limitAt(profiles, this.#context(), this.#clock.wallMs());
    return Math.min(this.#options.maxA, limitA ?? Number.POSITIVE_INFINITY);
  }

  #updateStatuses(): void {
    if (!this.#powered) return;
    const { outlet, session } = this;
    const station: ConnectorStatus = this.behaviour.faulted ? "Faulted" : this.#operative ? "Available" : "Unavailable";
    const facts = {
      faulted: this.behaviour.faulted,
      operative: this.#operative,
      plugged: outlet.plugged,
      transaction: this.charging,
      ended: session.over === "ended",
      awaitsCar: session.awaitsCar,
      reserved: this.reservation.active,
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

  #listed(idTag: string): boolean | null {
    const isOn = this.configuration.text("LocalAuthListEnabled") === "true";
    return isOn ? this.badges.allows(idTag, this.#clock.wallMs()) : null;
  }

  #sessionPort(): SessionPort {
    return {
      send: (action, payload) => this.#port.send(action, payload),
      online: () => this.#port.online(),
      seconds: (key) => this.configuration.number(key),
      transactions: () => this.#behaviour.transactions,
      listed: (idTag) => this.#listed(idTag),
      stopsOnInvalid: () => this.configuration.text("StopTransactionOnInvalidId") !== "false",
      trustsUnknown: () => this.configuration.text("AllowOfflineTxForUnknownId") === "true",
      registerWh: () => this.outlet.registerWh,
      reservation: this.reservation,
      began: (profile) => {
        this.#defaultsAtStart = this.profiles.installed.filter(isDefault);
        if (profile) this.install(1, profile);
      },
      ended: () => {
        this.profiles.endTransaction(1);
        if (!this.#behaviour.welded) this.outlet.trip();
      },
    };
  }
}

function isDefault({ profile }: InstalledProfile): boolean {
  return profile.chargingProfilePurpose === "TxDefaultProfile";
}
