/** A charge point and its car, acted by the reference model: it holds what the specification says it holds. */
import type { Clock, Timer } from "../../lib/clock.ts";
import { ReferenceChargePoint } from "../judge/charge-point.ts";
import type { Profile } from "../judge/profile.ts";
import type { ActedKind } from "./kinds.ts";

const VOLTAGE_V = 230;
/** An unanswered message about a transaction is sent again after this, ms. */
const RESEND_MS = 20_000;
const BOOT_MS = 5000;

export interface ActedPlan {
  identity: string;
  kind: ActedKind;
  phases: 1 | 2 | 3;
  maxA: number;
  /** What its car would take, A. */
  wantsA: number;
  meterS: number;
}

interface Waiting {
  id: string;
  text: string;
}

export class ActedCharger {
  readonly plan: ActedPlan;
  /** What it really holds. */
  readonly truth: ReferenceChargePoint;
  /** A car is plugged in. */
  plugged = false;
  /** What that car takes now, A. */
  wantsA: number;
  /** So many of the next profiles are refused, with a CALLERROR where that is set. */
  refuses = { next: 0, withError: false };
  /** Its meter shows so much more than flows, A. */
  misreadsA = 0;
  readonly #clock: Clock;
  readonly #dial: (charger: ActedCharger) => void;
  #send: ((text: string) => void) | null = null;
  #status = "Available";
  #transactionId: number | null = null;
  #charging = false;
  #accepted = false;
  #mustBoot = true;
  #messages = 0;
  #energyWh = 0;
  #waiting: Waiting[] = [];
  #boot: string | null = null;
  #resend: Timer | undefined;
  #meteredMs = 0;

  constructor(plan: ActedPlan, clock: Clock, dial: (charger: ActedCharger) => void) {
    this.plan = plan;
    this.wantsA = plan.wantsA;
    this.#clock = clock;
    this.#dial = dial;
    this.truth = new ReferenceChargePoint({ ...plan.kind.reads, maxA: plan.maxA, phases: plan.phases });
  }

  get identity(): string {
    return this.plan.identity;
  }

  get online(): boolean {
    return this.#send !== null;
  }

  /** A per phase that really flow. */
  get drawnA(): number {
    if (!this.#charging) return 0;
    const allowedA = Math.min(this.wantsA, this.truth.allowsA(1, this.#clock.wallMs(), this.online));
    return allowedA < 6 ? 0 : allowedA;
  }

  connected(send: (text: string) => void): void {
    this.#send = send;
    this.#accepted = !this.#mustBoot;
    this.truth.connected();
    if (this.#mustBoot) this.#announce();
    else this.#caughtUp();
  }

  disconnected(): void {
    if (!this.#send) return;
    this.#send = null;
    this.truth.disconnected();
    this.#clock.clear(this.#resend);
    this.#resend = undefined;
  }

  plug(): void {
    if (this.plugged) return;
    this.plugged = true;
    this.#become("Preparing");
    this.#begin();
  }

  unplug(): void {
    this.end();
    this.plugged = false;
    this.#become("Available");
  }

  /** The transaction ends, the car stays. */
  end(reason = "Local"): void {
    if (!this.#charging) return;
    this.#charging = false;
    const payload = {
      transactionId: this.#transactionId ?? -1,
      meterStop: Math.round(this.#energyWh),
      timestamp: this.#time,
      reason,
    };
    this.#keep("StopTransaction", payload);
    this.#transactionId = null;
    this.#become("Finishing");
  }

  begin(): void {
    if (this.plugged) this.#begin();
  }

  /** It is switched off and on again: the car that was charging goes on with a new transaction. */
  restart(): void {
    const goesOn = this.#charging;
    this.end("PowerLoss");
    this.truth.restart();
    this.#mustBoot = true;
    this.#accepted = false;
    if (goesOn) this.#clock.setTimeout(() => this.begin(), 2 * BOOT_MS);
  }

  /** Once a second. */
  tick(): void {
    this.#energyWh += (this.drawnA * VOLTAGE_V * this.plan.phases) / 3600;
    if (this.#charging) this.#become(this.drawnA > 0 ? "Charging" : this.wantsA < 6 ? "SuspendedEV" : "SuspendedEVSE");
    const nowMs = this.#clock.nowMs();
    if (!this.#charging || !this.#accepted || nowMs - this.#meteredMs < this.plan.meterS * 1000) return;
    this.#meter();
  }

  /** A frame of the controller reached it. */
  receive(text: string): void {
    const nowMs = this.#clock.wallMs();
    const [type, id, action, payload] = JSON.parse(text) as [number, string, string, Record<string, unknown>];
    this.truth.sent(nowMs, text);
    if (type === 2) this.#answer(id, action, payload);
    else this.#confirmed(id, type === 3 ? (action as unknown as Record<string, unknown>) : {});
  }

  get #time(): string {
    return new Date(this.#clock.wallMs() + this.truth.kind.clockOffsetsMs[0]!).toISOString();
  }

  #begin(): void {
    if (this.#charging) return;
    this.#charging = true;
    this.#transactionId = null;
    this.#keep("StartTransaction", {
      connectorId: 1,
      idTag: "TAG",
      meterStart: Math.round(this.#energyWh),
      timestamp: this.#time,
    });
    this.#become("Charging");
  }

  #become(status: string): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#tellStatus();
  }

  #tellStatus(): void {
    const payload = { connectorId: 1, status: this.#status, errorCode: "NoError", timestamp: this.#time };
    this.#note("StatusNotification", payload);
    if (this.#accepted) this.#say("StatusNotification", payload);
  }

  /** The truth knows at once, the controller when it is told. */
  #note(action: string, payload: object, id = "note"): void {
    this.truth.heard(this.#clock.wallMs(), JSON.stringify([2, id, action, payload]));
  }

  #say(action: string, payload: object): string {
    const id = `${this.identity}-${++this.#messages}`;
    this.#send?.(JSON.stringify([2, id, action, payload]));
    return id;
  }

  /** Messages about transactions wait for their answers, in order. */
  #keep(action: string, payload: object): void {
    const id = `${this.identity}-${++this.#messages}`;
    this.#note(action, payload, id);
    this.#waiting.push({ id, text: JSON.stringify([2, id, action, payload]) });
    if (this.#waiting.length === 1) this.#next();
  }

  #next(): void {
    this.#clock.clear(this.#resend);
    this.#resend = undefined;
    const [first] = this.#waiting;
    if (!first || !this.#accepted || !this.#send) return;
    // A StopTransaction whose start was confirmed meanwhile carries its number.
    this.#send(first.text);
    this.#resend = this.#clock.setTimeout(() => this.#next(), RESEND_MS);
  }

  #announce(): void {
    this.#boot = this.#say("BootNotification", { chargePointVendor: "Acted", chargePointModel: "Reference" });
    const asked = this.#boot;
    this.#clock.setTimeout(() => {
      if (this.#boot === asked && this.online) this.#announce();
    }, 4 * BOOT_MS);
  }

  #caughtUp(): void {
    this.#tellStatus();
    this.#next();
  }

  #confirmed(id: string, payload: Record<string, unknown>): void {
    if (id === this.#boot) {
      this.#boot = null;
      if (payload["status"] !== "Accepted") {
        this.#clock.setTimeout(() => this.online && !this.#accepted && this.#announce(), BOOT_MS);
        return;
      }
      this.#accepted = true;
      this.#mustBoot = false;
      this.#caughtUp();
      return;
    }
    if (this.#waiting[0]?.id !== id) return;
    const { text } = this.#waiting.shift()!;
    const started = text.includes('"StartTransaction"');
    if (started) {
      const number = payload["transactionId"] as number;
      const end = this.#waiting.find((message) => message.text.includes('"transactionId":-1'));
      if (end) end.text = end.text.replace('"transactionId":-1', `"transactionId":${number}`);
      else if (this.#charging) this.#transactionId = number;
    }
    this.#next();
  }

  #meter(): void {
    this.#meteredMs = this.#clock.nowMs();
    const { phases } = this.plan;
    const currents = Array.from({ length: phases }, (_, i) => ({
      value: (this.drawnA + this.misreadsA).toFixed(1),
      measurand: "Current.Import",
      unit: "A",
      phase: `L${i + 1}`,
    }));
    const register = {
      value: String(Math.round(this.#energyWh)),
      measurand: "Energy.Active.Import.Register",
      unit: "Wh",
    };
    const meterValue = [{ timestamp: this.#time, sampledValue: [...currents, register] }];
    const running = this.#transactionId === null ? {} : { transactionId: this.#transactionId };
    this.#say("MeterValues", { connectorId: 1, ...running, meterValue });
  }

  #answer(id: string, action: string, payload: Record<string, unknown>): void {
    const answer = this.#decide(action, payload);
    const text = typeof answer === "string" ? JSON.stringify([4, id, answer, "", {}]) : JSON.stringify([3, id, answer]);
    this.truth.heard(this.#clock.wallMs(), text);
    this.#send?.(text);
    this.#after(action, payload);
  }

  /** @returns a payload, or the code of a CALLERROR */
  #decide(action: string, payload: Record<string, unknown>): object | string {
    const { takes } = this.plan.kind;
    switch (action) {
      case "SetChargingProfile":
        return this.#takes(payload as { connectorId: number; csChargingProfiles: Profile });
      case "ClearChargingProfile":
        return takes.answer === "decide" ? { status: "Accepted" } : { status: "Unknown" };
      case "GetCompositeSchedule":
        return this.#composite(payload as { connectorId: number; duration: number; chargingRateUnit?: "A" | "W" });
      case "GetConfiguration":
        return this.#configuration(payload as { key?: string[] });
      case "ChangeConfiguration":
      case "TriggerMessage":
      case "ChangeAvailability":
      case "RemoteStopTransaction":
      case "Reset":
        return { status: "Accepted" };
      default:
        return "NotImplemented";
    }
  }

  #after(action: string, payload: Record<string, unknown>): void {
    if (action === "RemoteStopTransaction" || (action === "ChangeAvailability" && payload["type"] === "Inoperative"))
      this.end("Remote");
    if (action !== "TriggerMessage") return;
    const { requestedMessage } = payload;
    if (requestedMessage === "BootNotification") this.#announce();
    if (requestedMessage === "StatusNotification") this.#tellStatus();
    if (requestedMessage === "MeterValues") this.#meter();
  }

  #takes({
    connectorId,
    csChargingProfiles: profile,
  }: {
    connectorId: number;
    csChargingProfiles: Profile;
  }): object | string {
    const { takes } = this.plan.kind;
    if (takes.answer === "notSupported") return { status: "NotSupported" };
    if (takes.answer === "notImplemented") return "NotImplemented";
    if (this.refuses.next > 0) {
      this.refuses.next--;
      return this.refuses.withError ? "InternalError" : { status: "Rejected" };
    }
    const { chargingSchedulePeriod: periods, chargingRateUnit, startSchedule } = profile.chargingSchedule;
    const stays = this.truth.profiles.filter(
      (held) =>
        held.profile.chargingProfileId !== profile.chargingProfileId &&
        !(
          held.connector === connectorId &&
          held.profile.chargingProfilePurpose === profile.chargingProfilePurpose &&
          held.profile.stackLevel === profile.stackLevel
        ),
    );
    const fits =
      stays.length < takes.maxInstalled &&
      periods.length <= takes.maxPeriods &&
      profile.stackLevel <= takes.stackMax &&
      takes.kinds.includes(profile.chargingProfileKind) &&
      takes.purposes.includes(profile.chargingProfilePurpose) &&
      takes.units.includes(chargingRateUnit) &&
      (profile.chargingProfileKind !== "Relative" || startSchedule === undefined) &&
      !(takes.refusesZero && periods.some(({ limit }) => limit < 6)) &&
      (profile.chargingProfilePurpose !== "TxProfile" ||
        (this.#charging && profile.transactionId === this.#transactionId));
    return { status: fits ? "Accepted" : "Rejected" };
  }

  #composite({
    connectorId,
    duration,
    chargingRateUnit = "A",
  }: {
    connectorId: number;
    duration: number;
    chargingRateUnit?: "A" | "W";
  }): object | string {
    const { takes } = this.plan.kind;
    if (takes.answer === "notImplemented") return "NotImplemented";
    if (takes.answer === "notSupported" || !takes.units.includes(chargingRateUnit)) return { status: "Rejected" };
    const nowMs = this.#clock.wallMs();
    const factor = chargingRateUnit === "W" ? VOLTAGE_V * this.plan.phases : 1;
    const chargingSchedulePeriod = this.truth
      .composite(1, nowMs, nowMs + duration * 1000)
      .map(({ atMs, currentA }) => ({
        startPeriod: Math.ceil((atMs - nowMs) / 1000),
        limit: Math.round(currentA * factor * 10) / 10,
      }));
    const chargingSchedule = { duration, startSchedule: this.#time, chargingRateUnit, chargingSchedulePeriod };
    return { status: "Accepted", connectorId, scheduleStart: this.#time, chargingSchedule };
  }

  #configuration({ key }: { key?: string[] }): object {
    const { takes } = this.plan.kind;
    const values: Record<string, string> = {
      NumberOfConnectors: "1",
      HeartbeatInterval: "60",
      MeterValueSampleInterval: String(this.plan.meterS),
      MeterValuesSampledData: "Current.Import,Energy.Active.Import.Register",
      ...(takes.answer === "decide" && {
        ChargeProfileMaxStackLevel: String(takes.stackMax),
        ChargingScheduleAllowedChargingRateUnit: takes.units
          .map((unit) => (unit === "A" ? "Current" : "Power"))
          .join(","),
        ChargingScheduleMaxPeriods: String(takes.maxPeriods),
        MaxChargingProfilesInstalled: String(takes.maxInstalled),
      }),
    };
    const asked = key && key.length > 0 ? key : Object.keys(values);
    const known = asked.filter((one) => values[one] !== undefined);
    return {
      configurationKey: known.map((one) => ({ key: one, readonly: false, value: values[one] })),
      unknownKey: asked.filter((one) => values[one] === undefined),
    };
  }

  /** It tries to connect. */
  dial(): void {
    if (!this.online) this.#dial(this);
  }
}
