import type { NodeAPI, NodeMessage } from "node-red";
import { isoTime, systemClock } from "../lib/clock.ts";
import type { MeasurementPayload, SurplusMessage } from "../lib/messages.ts";
import { type SurplusGap, type SurplusRules, surplusOf, type TimedReading } from "../lib/pv/surplus.ts";
import { sentence } from "../lib/words/sentence.ts";
import type { Language } from "../lib/words/types.ts";
import { permitUserEverywhere } from "./admin/rights.ts";
import { isContact } from "./runtime/contacts/meter-contact.ts";
import { badMessage, type Send } from "./runtime/input.ts";
import { meterName } from "./runtime/meter-names.ts";
import type { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { reply } from "./runtime/send.ts";
import { runtimeLanguage } from "./runtime/site.ts";
import type { StatusLine } from "./runtime/status.ts";

/** How often it is looked whether a meter has fallen silent, ms. */
const LOOK_EVERY_MS = 5000;

interface Settings extends SurplusRules {
  gridMeter: string;
  batteryMeter: string;
  pvMeter: string;
}

/** Says how much PV power is left over for cars. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-pv-surplus", {
    idle: "this node has an error in its properties and says nothing",
    setUp: (node, read, status) => {
      const surplus = new Surplus(readSettings(RED, read), status, runtimeLanguage(RED));
      return {
        input: (message, send) => {
          if (isContact(message)) return;
          permitUserEverywhere(node, message);
          surplus.input(message, send);
        },
        close: () => surplus.stop(),
      };
    },
  });
}

/** The latest readings, and what follows from them. */
class Surplus {
  readonly #settings: Settings;
  readonly #status: StatusLine;
  readonly #language: Language;
  readonly #watch = systemClock.setInterval(() => this.#look(), LOOK_EVERY_MS);
  #grid: TimedReading | null = null;
  #battery: TimedReading | null = null;
  #pv: TimedReading | null = null;

  constructor(settings: Settings, status: StatusLine, language: Language) {
    this.#settings = settings;
    this.#language = language;
    this.#status = status;
    status.set("unknown", "ev-pv-surplus.status.waiting");
  }

  /** A grid reading leaves as a surplus message; battery and PV readings are remembered; other meters are none of its business. */
  input(message: NodeMessage, send: Send): void {
    const { gridMeter, batteryMeter, pvMeter } = this.#settings;
    const meter = meterOf(message);
    const reading = { payload: readPayload(message.payload), atMs: systemClock.nowMs() };
    if (batteryMeter && meter === batteryMeter) this.#battery = reading;
    else if (pvMeter && meter === pvMeter) this.#pv = reading;
    else if (!gridMeter || meter === gridMeter) {
      this.#grid = reading;
      const payload = this.#decide();
      if (typeof payload !== "string") send(asSurplus(message, payload));
      this.#show(payload);
    }
  }

  stop(): void {
    systemClock.clear(this.#watch);
  }

  #decide(): SurplusMessage["payload"] | SurplusGap {
    const battery = this.#settings.batteryMeter ? (this.#battery ?? "unread") : null;
    const moment = { nowMs: systemClock.nowMs(), ts: isoTime(systemClock.wallMs()) };
    const pv = this.#settings.pvMeter ? (this.#pv ?? "unread") : null;
    return surplusOf(this.#grid, battery, this.#settings, moment, pv);
  }

  #look(): void {
    if (this.#grid) this.#show(this.#decide());
  }

  #show(payload: SurplusMessage["payload"] | SurplusGap): void {
    if (typeof payload === "string") this.#status.set("degraded", `ev-pv-surplus.status.${payload}`);
    else this.#status.set(payload.surplusW > 0 ? "good" : "working", inWords(payload.surplusW, this.#language));
  }
}

/** The message goes on as a surplus; it is no longer a measurement of a meter. */
function asSurplus(message: NodeMessage & { meter?: unknown }, payload: SurplusMessage["payload"]): NodeMessage {
  delete message.meter;
  return reply(message, { topic: "surplus", payload } satisfies SurplusMessage);
}

/** `5.1 kW surplus`, or `0.8 kW short`. */
function inWords(surplusW: number, language: Language): string {
  return sentence(language, surplusW < 0 ? "line.short" : "line.surplus", {
    power: (Math.abs(surplusW) / 1000).toFixed(1),
  });
}

function meterOf(message: NodeMessage & { meter?: unknown }): string {
  if (typeof message.meter === "string" && message.meter) return message.meter;
  const [kind, ...name] = typeof message.topic === "string" ? message.topic.split("/") : [];
  if (kind !== "meter" || !name.length) throw badMessage("topic", "meter/<name>", message.topic);
  return name.join("/");
}

function readPayload(payload: unknown): TimedReading["payload"] {
  if (typeof payload !== "object" || payload === null) throw badMessage("payload", "a measurement", payload);
  const read = payload as Partial<MeasurementPayload>;
  const phases = read.phasePowerW ?? [null, null, null];
  if (!Array.isArray(phases) || phases.length !== 3)
    throw badMessage("payload.phasePowerW", "three powers (L1, L2, L3)", phases);
  const quality = read.quality ?? "good";
  if (!["good", "stale", "bad"].includes(quality)) throw badMessage("payload.quality", "good, stale or bad", quality);
  return {
    powerW: numberOrNull("powerW", read.powerW),
    phasePowerW: phases.map((watts, phase) =>
      numberOrNull(`phasePowerW[${phase}]`, watts),
    ) as MeasurementPayload["phasePowerW"],
    socPercent: numberOrNull("socPercent", read.socPercent),
    quality,
  };
}

function numberOrNull(name: string, value: unknown): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "number" || !Number.isFinite(value))
    throw badMessage(`payload.${name}`, "a number or null", value);
  return value;
}

function readSettings(RED: NodeAPI, read: Properties): Settings {
  return {
    gridMeter: meterName(RED, read.text("gridMeter")),
    batteryMeter: meterName(RED, read.text("batteryMeter")),
    pvMeter: meterName(RED, read.text("pvMeter")),
    residualW: read.number("residualW", 0, { min: -1e6, max: 1e6 }),
    batteryFirst: read.flag("batteryFirst", true),
    minSocPercent: read.number("minSocPercent", 0, { min: 0, max: 100 }),
    enableDelayS: read.number("enableDelayS", 60, { min: 0, max: 86_400 }),
    disableDelayS: read.number("disableDelayS", 180, { min: 0, max: 86_400 }),
  };
}
