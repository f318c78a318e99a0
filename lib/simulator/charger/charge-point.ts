import type { Clock, Timer } from "../../clock.ts";
import { isoTime, systemClock } from "../../clock.ts";
import type { DataTransferRequest, TriggerMessageRequest } from "../../ocpp/v16/index.ts";
import type { Triple } from "../../units.ts";
import { round } from "../../units.ts";
import type { Control } from "../control.ts";
import { seeded, seedOf } from "../random.ts";
import { publishDraw, withdraw } from "./car/draws.ts";
import { Certificates } from "./certificates.ts";
import { Charger } from "./charger.ts";
import { answerCommand, type CommandTarget } from "./commands.ts";
import { FileWork } from "./file-work.ts";
import { isPasswordKey } from "./key-change.ts";
import type { ChargerLine, LineOptions } from "./link.ts";
import { WebSocketLine } from "./link.ts";
import type { FullOptions, SimulatorOptions } from "./options.ts";
import { withDefaults } from "./options.ts";
import { foreignProfile } from "./profiles/profiles.ts";
import { Registration } from "./registration.ts";
import { Sampler } from "./sampler.ts";
import { meterValue } from "./samples.ts";
import { type SimulatedState, StateReporter } from "./state.ts";

const TICK_MS = 250;
/** Time in which a stopped transaction can still be told before the reboot cuts the line, and the time the reboot takes. */
const LAST_WORDS_MS = 1000;
const REBOOT_MS = 3000;

/** A charge point with a car: a real OCPP 1.6J client that obeys charging profiles, or departs from them as its behaviour says. */
export class SimulatedChargePoint implements CommandTarget {
  readonly charger: Charger;
  readonly files: FileWork;
  readonly certificates = new Certificates();
  #password: Buffer | null;
  /** In force after the next restart. */
  #nextPassword: Buffer | null = null;
  /** Installed since the start; null = as built. */
  #firmware: string | null = null;
  #options: FullOptions;
  #clock: Clock;
  readonly #reporter: StateReporter;
  readonly #sampler = new Sampler();
  #link: ChargerLine;
  #registration: Registration;
  #tick: Timer | undefined;
  #reboot: Timer | undefined;
  #dark = false;
  #agenda: (() => void)[] = [];

  constructor(options: SimulatorOptions) {
    this.#options = withDefaults(options);
    this.#clock = skewed(options.clock ?? systemClock, () => this.charger?.behaviour.clockOffsetS ?? 0);
    this.#password = options.password ? Buffer.from(options.password) : null;
    this.files = new FileWork({
      clock: this.#clock,
      identity: options.identity,
      behaviour: () => this.charger.behaviour,
      report: (action, payload) => this.#tell(action, payload),
      installed: (firmware) => {
        this.#firmware = firmware;
        this.reboot("SoftReset");
      },
    });
    this.#reporter = new StateReporter(options.onChange);
    const random = seeded(options.seed ?? seedOf(options.identity));
    this.#registration = this.#register();
    const line = this.#lineOptions(options, random);
    this.#link = options.line?.(line) ?? new WebSocketLine(line);
    const car = { wakeS: 2 + 3 * random(), socPercent: () => options.socPercent ?? 20 + 30 * random() };
    this.charger = new Charger(this.#options, car, this.#clock, {
      send: (action, payload) => this.#link.call(action, payload),
      online: () => this.#online,
      statusChanged: (connectorId) => this.#sendStatus(connectorId),
    });
  }

  get identity(): string {
    return this.#options.identity;
  }

  get vendor(): string {
    return this.#options.vendor;
  }

  get accepted(): boolean {
    return this.#registration.state === "Accepted";
  }

  get state(): SimulatedState {
    const { outlet, session, statuses, limitA } = this.charger;
    return {
      status: statuses[1],
      currentA: outlet.terminalA.map((currentA) => round(currentA, 2)) as Triple,
      siteCurrentA: outlet.siteA.map((currentA) => round(currentA, 2)) as Triple,
      powerW: Math.round(outlet.powerW),
      limitA: round(limitA, 2),
      socPercent: outlet.socPercent === null ? null : round(outlet.socPercent, 1),
      energyWh: round(outlet.sessionWh, 1),
      transactionId: session.transaction?.id ?? null,
      online: this.#online,
    };
  }

  /** Powers up: connects, boots, and charges the car if there is one. */
  start(): void {
    if (this.#tick) return;
    this.charger.powerUp();
    this.#tick = this.#clock.setInterval(() => this.#advance(), TICK_MS);
    this.#connectOrNot();
    this.#advance();
  }

  /** Disappears: no socket, no timer and no draw is left. */
  async close(): Promise<void> {
    this.#clock.clear(this.#tick);
    this.#clock.clear(this.#reboot);
    this.#agenda = [];
    this.files.close();
    this.#registration.disconnected();
    this.charger.session.close();
    withdraw(this.identity);
    await this.#link.close();
  }

  /** Does to it what a person, a car or bad luck would do. */
  command({ plugged, behaviour, batteryWh, wantA, badge, reboot, foreignA }: Control): void {
    const { charger } = this;
    if (batteryWh !== undefined) charger.outlet.changeCar({ batteryWh });
    if (wantA !== undefined) charger.outlet.changeCar({ wantA });
    if (behaviour !== undefined) charger.act(behaviour);
    if (plugged === true) charger.plug();
    if (plugged === false) charger.unplug();
    if (badge !== undefined) charger.session.show(badge);
    if (foreignA !== undefined)
      charger.install(1, foreignProfile(foreignA, charger.session.transaction?.id ?? null, charger.behaviour));
    if (!this.#tick) return;
    if (reboot) this.reboot("HardReset");
    this.#connectOrNot();
    this.#advance();
  }

  /** Sends a DataTransfer of its own. @throws EvError as StationConnection.call */
  dataTransfer(request: DataTransferRequest): Promise<Record<string, unknown>> {
    return this.#link.call("DataTransfer", request);
  }

  afterwards(action: () => void): void {
    this.#agenda.push(action);
  }

  trigger(message: TriggerMessageRequest["requestedMessage"], connectorId: number | undefined): void {
    if (message === "BootNotification") this.#registration.boot();
    else if (message === "MeterValues") this.#sendMeterValues("Trigger");
    else if (message === "Heartbeat") this.#tell(message, {});
    else if (message !== "StatusNotification") this.#tell(message, { status: "Idle" });
    else {
      if (connectorId === undefined) this.#sendStatus(0, true);
      this.#sendStatus(1, true);
    }
  }

  reboot(reason: "SoftReset" | "HardReset"): void {
    this.charger.powerDown(reason);
    this.#clock.clear(this.#reboot);
    this.#reboot = this.#clock.setTimeout(() => this.#goDark(), reason === "SoftReset" ? LAST_WORDS_MS : 0);
  }

  say(action: string, payload: Record<string, unknown>): void {
    this.#tell(action, payload);
  }

  newPassword(password: Buffer, atOnce: boolean): void {
    if (!atOnce) {
      this.#nextPassword = password;
      return;
    }
    this.#password = password;
    this.#link.down();
    this.#connectOrNot();
  }

  configured(key: string): void {
    if (key.toLowerCase() === "heartbeatinterval") this.#registration.restartHeartbeat();
    if (key.toLowerCase() === "metervaluesampleinterval") this.#sampler.restart();
  }

  get #online(): boolean {
    return this.#link.connected && this.accepted;
  }

  #register(): Registration {
    return new Registration(this.#clock, {
      boot: () => this.#link.call("BootNotification", this.#bootNotification()),
      heartbeat: () => this.#link.call("Heartbeat", {}),
      ready: () => this.#ready(),
      setHeartbeatS: (intervalS) =>
        this.charger.configuration.write("HeartbeatInterval", String(Math.round(intervalS))),
      heartbeatS: () => this.charger.configuration.number("HeartbeatInterval"),
      habit: () => this.charger.behaviour,
    });
  }

  #lineOptions({ url, identity }: SimulatorOptions, random: () => number): LineOptions {
    return {
      url,
      identity,
      password: () => this.#password,
      clock: this.#clock,
      random,
      mute: (action, payload) => this.#isSilentOn(action, payload),
      pongs: () => this.charger.behaviour.pongs,
      handle: (action, payload) => this.#answer(action, payload),
      opened: () => {
        this.#registration.connected();
        this.charger.connectionChanged(true);
      },
      closed: () => {
        this.#registration.disconnected();
        this.charger.connectionChanged(false);
      },
    };
  }

  #answer(action: string, payload: Record<string, unknown>): object {
    const { restartsOnEarlyCall } = this.charger.behaviour;
    if (restartsOnEarlyCall && !this.accepted && action !== "TriggerMessage") this.reboot("HardReset");
    return answerCommand(this, action, payload);
  }

  #isSilentOn(action: string, { key }: Record<string, unknown>): boolean {
    const { profileAnswer, answersKeyless, keyAnswer } = this.charger.behaviour;
    if (action === "ChangeConfiguration" && keyAnswer === "silent" && isPasswordKey(key)) return true;
    if (action === "SetChargingProfile") return profileAnswer === "silence" || profileAnswer === "applySilently";
    return action === "GetConfiguration" && !answersKeyless && !(Array.isArray(key) && key.length > 0);
  }

  #goDark(): void {
    this.#dark = true;
    this.#registration.forget();
    this.#connectOrNot();
    this.#reboot = this.#clock.setTimeout(() => {
      this.#dark = false;
      this.#password = this.#nextPassword ?? this.#password;
      this.#nextPassword = null;
      this.charger.powerUp();
      this.#connectOrNot();
    }, REBOOT_MS);
  }

  #connectOrNot(): void {
    if (this.charger.behaviour.connects && !this.#dark) this.#link.up();
    else this.#link.down();
  }

  #ready(): void {
    this.#sendStatus(0);
    this.#sendStatus(1);
    this.charger.session.online();
    this.files.backAgain();
    this.#advance();
  }

  #advance(): void {
    for (const action of this.#agenda.splice(0)) action();
    this.charger.step();
    publishDraw(this.identity, this.charger.outlet.siteA);
    this.#sampleIfDue();
    this.#reporter.report(this.#clock.nowMs(), this.state, this.charger.behaviourName);
  }

  #sampleIfDue(): void {
    const { charging, configuration } = this.charger;
    const due = this.#sampler.isDue(this.#clock.nowMs(), charging, configuration.meterIntervalS * 1000);
    if (due && this.#online) this.#sendMeterValues("Sample.Periodic");
  }

  #sendMeterValues(context: "Sample.Periodic" | "Trigger"): void {
    const { outlet, session, configuration } = this.charger;
    const sample = meterValue(outlet, configuration.sampled, context, this.#clock.wallMs());
    const transactionId = session.transaction?.id ?? undefined;
    if (sample.sampledValue.length === 0) return;
    this.#tell("MeterValues", {
      connectorId: 1,
      ...(transactionId !== undefined && { transactionId }),
      meterValue: [sample],
    });
  }

  /** @param asked sent also to a central system that has not accepted this charge point yet */
  #sendStatus(connectorId: 0 | 1, asked = false): void {
    if (!this.#online && !asked) return;
    const status = this.charger.statuses[connectorId];
    const fault = this.charger.behaviour.welded ? "PowerSwitchFailure" : "InternalError";
    const errorCode = status === "Faulted" ? fault : "NoError";
    this.#tell("StatusNotification", { connectorId, errorCode, status, timestamp: isoTime(this.#clock.wallMs()) });
  }

  /** Sends what may be lost: the next one says the same. */
  #tell(action: string, payload: Record<string, unknown>): void {
    this.#link.call(action, payload).catch(() => {});
  }

  #bootNotification(): Record<string, unknown> {
    const { vendor, model, identity } = this.#options;
    const firmware = this.#firmware ?? this.#options.firmware;
    return {
      chargePointVendor: vendor.slice(0, 20),
      chargePointModel: model.slice(0, 20),
      chargePointSerialNumber: identity.slice(0, 25),
      ...(firmware && { firmwareVersion: firmware }),
    };
  }
}

/** A clock whose wall time is off by so many seconds. */
function skewed(clock: Clock, offsetS: () => number): Clock {
  return {
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs() + offsetS() * 1000,
    setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
    setInterval: (callback, periodMs) => clock.setInterval(callback, periodMs),
    clear: (timer) => clock.clear(timer),
  };
}
