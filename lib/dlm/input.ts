import { EvError, inShort } from "../errors.ts";
import type { Quality } from "../messages.ts";
import type { MaybeTriple } from "../units.ts";
import type { ChargingMode, ConnectorState } from "./types.ts";

/** A measurement as the DLM uses it. `print` is all that was measured, to see whether two are identical to the bit. */
export interface MeterSample {
  kind: "measurement";
  meter: string;
  currentA: MaybeTriple;
  quality: Quality;
  print: string;
  /** Voltage, frequency or energy is in the block: values that never stand still on a live meter. */
  lively: boolean;
}

export interface SurplusInput {
  kind: "surplus";
  surplusW: number;
  enableDelayS: number | null;
  disableDelayS: number | null;
}

/** A limit from outside. Both values null = this source releases its limit. */
export interface LimitInput {
  kind: "limit";
  zone: string;
  source: string;
  reason: string;
  scope: "total" | "evse";
  limitA: number | null;
  powerW: number | null;
  /** null = until replaced or released. */
  ttlS: number | null;
}

/** State of a charger without OCPP, from a flow. */
export interface ConnectorInput {
  kind: "connector";
  id: string;
  state: ConnectorState;
  measuredA: (number | null)[] | null;
  selfFallback: boolean | null;
  energyWh: number | null;
  chargingS: number | null;
}

export type DlmInput =
  | MeterSample
  | SurplusInput
  | LimitInput
  | ConnectorInput
  | { kind: "clear"; id: string; by: string; reason: string }
  /** null = as configured. */
  | { kind: "mode"; id: string; mode: ChargingMode | null }
  | { kind: "priority"; id: string; priorityClass: number | null };

type Fields = Record<string, unknown>;

const QUALITIES = ["good", "stale", "bad"] as const;
const SCOPES = ["total", "evse"] as const;
const MODES = ["fast", "pv", "minpv", "off"] as const;
const STATES = ["charging", "waiting", "idle", "available", "offline"] as const;
/** Beyond any current or power of a building: such a value is garbage. */
const LARGEST = 1e9;
const LIVELY = ["voltageV", "frequencyHz", "energyImportWh", "energyExportWh"];
const MEASURED = [...LIVELY, "currentA", "powerW", "phasePowerW", "powerFactor", "socPercent"];

/**
 * Reads any input message of an ev-dlm by its topic. Unknown keys are ignored.
 * @throws EvError EV_MESSAGE_INVALID naming the field; nothing was changed
 */
export function readInput(message: unknown): DlmInput {
  const msg = fields(message, "msg");
  const topic = typeof msg["topic"] === "string" ? msg["topic"] : "";
  const [kind = "", ...rest] = topic.split("/");
  const subject = rest.join("/");
  if (kind === "surplus") return readSurplus(fields(msg["payload"], "payload"));
  if (kind === "meter" || typeof msg["meter"] === "string") return readMeasurement(msg, subject);
  if (kind === "limit") return readLimit(msg, named(subject, "limit/<zone>", topic));
  if (kind === "connector") return readConnector(fields(msg["payload"], "payload"), connectorId(subject, topic));
  if (kind === "clear")
    return { kind, id: connectorId(subject, topic), by: text(msg["by"]), reason: text(msg["reason"]) };
  if (kind === "mode")
    return {
      kind,
      id: connectorId(subject, topic),
      mode: orNull(msg["payload"], (value) => choice(value, "payload", MODES)),
    };
  if (kind === "priority") {
    return {
      kind,
      id: connectorId(subject, topic),
      priorityClass: orNull(msg["payload"], (value) => whole(value, "payload")),
    };
  }
  throw invalid("topic", "meter/…, surplus, limit/…, mode/…, priority/…, connector/… or clear/…", msg["topic"]);
}

function readMeasurement(msg: Fields, subject: string): MeterSample {
  const payload = fields(msg["payload"], "payload");
  const currents = payload["currentA"];
  if (!Array.isArray(currents) || currents.length !== 3)
    throw invalid("payload.currentA", "three currents (L1, L2, L3)", currents);
  return {
    kind: "measurement",
    meter:
      typeof msg["meter"] === "string" && msg["meter"] ? msg["meter"] : named(subject, "meter/<name>", msg["topic"]),
    currentA: currents.map((value, phase) =>
      orNull(value, () => number(value, `payload.currentA[${phase}]`, -LARGEST)),
    ) as MaybeTriple,
    quality: payload["quality"] === undefined ? "good" : choice(payload["quality"], "payload.quality", QUALITIES),
    print: printOf(payload),
    lively: LIVELY.some((key) => [payload[key]].flat().some((value) => typeof value === "number")),
  };
}

/** Only what a meter measured: a counter or a time that a flow added must not make a frozen meter look alive. */
function printOf(payload: Fields): string {
  try {
    return JSON.stringify(MEASURED.map((key) => payload[key]));
  } catch {
    throw invalid("payload", "a measurement of numbers", payload);
  }
}

function readSurplus(payload: Fields): SurplusInput {
  return {
    kind: "surplus",
    surplusW: number(payload["surplusW"], "payload.surplusW", -LARGEST),
    enableDelayS: orNull(payload["enableDelayS"], (value) => number(value, "payload.enableDelayS")),
    disableDelayS: orNull(payload["disableDelayS"], (value) => number(value, "payload.disableDelayS")),
  };
}

function readLimit(msg: Fields, zone: string): LimitInput {
  const payload = msg["payload"] === null ? {} : fields(msg["payload"], "payload");
  const limit: LimitInput = {
    kind: "limit",
    zone,
    source: text(payload["source"]),
    reason: text(payload["reason"]),
    scope: payload["scope"] === undefined ? "total" : choice(payload["scope"], "payload.scope", SCOPES),
    limitA: orNull(payload["limitA"], (value) => number(value, "payload.limitA")),
    powerW: orNull(payload["powerW"], (value) => number(value, "payload.powerW")),
    ttlS: orNull(payload["ttlS"], (value) => number(value, "payload.ttlS")),
  };
  const empty = limit.limitA === null && limit.powerW === null;
  const released = msg["payload"] === null || payload["limitA"] === null || payload["powerW"] === null;
  if (empty && !released) throw invalid("payload", "limitA or powerW (null releases the limit)", msg["payload"]);
  return limit;
}

function readConnector(payload: Fields, id: string): ConnectorInput {
  const measured = payload["measuredA"];
  if (measured !== undefined && measured !== null && (!Array.isArray(measured) || measured.length > 3)) {
    throw invalid("payload.measuredA", "a list of up to three currents in terminal order", measured);
  }
  const currents = Array.isArray(measured) ? (measured as unknown[]) : null;
  return {
    kind: "connector",
    id,
    state: choice(payload["state"], "payload.state", STATES),
    measuredA:
      currents?.map((value, terminal) => orNull(value, () => number(value, `payload.measuredA[${terminal}]`))) ?? null,
    selfFallback: orNull(payload["selfFallback"], (value) => flag(value, "payload.selfFallback")),
    energyWh: orNull(payload["energyWh"], (value) => number(value, "payload.energyWh")),
    chargingS: orNull(payload["chargingS"], (value) => number(value, "payload.chargingS")),
  };
}

/** The error for an input message that is not what it must be. */
export function invalid(field: string, mustBe: string, found: unknown): EvError {
  return new EvError("EV_MESSAGE_INVALID", `${field} is ${inShort(found)}; it must be ${mustBe}`);
}

/** `<identity>/<number>`; the identity may hold slashes itself. */
function connectorId(subject: string, topic: string): string {
  if (!/^.+\/[1-9]\d*$/.test(subject))
    throw invalid("topic", `${topic.split("/")[0]}/<charge point>/<connector number>`, topic);
  return subject;
}

function named(subject: string, mustBe: string, topic: unknown): string {
  if (!subject) throw invalid("topic", mustBe, topic);
  return subject;
}

function fields(value: unknown, field: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid(field, "an object", value);
  return value as Fields;
}

function number(value: unknown, field: string, low = 0): number {
  if (typeof value === "number" && value >= low && value <= LARGEST) return value;
  throw invalid(field, low === 0 ? "a number, 0 or more" : "a number", value);
}

function whole(value: unknown, field: string): number {
  if (!Number.isInteger(number(value, field))) throw invalid(field, "a whole number, 0 or more", value);
  return value as number;
}

function choice<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
  if (!choices.includes(value as T)) throw invalid(field, `one of ${choices.join(", ")}`, value);
  return value as T;
}

function flag(value: unknown, field: string): boolean {
  if (typeof value !== "boolean") throw invalid(field, "true or false", value);
  return value;
}

function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === undefined || value === null ? null : read(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
