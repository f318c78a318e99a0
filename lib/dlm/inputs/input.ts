import type { Quality } from "../../messages.ts";
import type { MaybeTriple } from "../../units.ts";
import type { ChargingMode, ConnectorState } from "../types.ts";
import { choice, type Fields, fields, flag, invalid, number, orNull, text, whole } from "./input-fields.ts";
import { type OverrideInput, readOverride } from "./override-input.ts";
import { readTariff, type TariffInput } from "./tariff-input.ts";

export { invalid } from "./input-fields.ts";

/** A measurement as the DLM uses it. `print` is all that was measured, to see whether two are identical to the bit. */
export interface MeterSample {
  kind: "measurement";
  meter: string;
  currentA: MaybeTriple;
  /** Of all phases, import positive; null = not told. */
  powerW?: number | null;
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

/** A limit from outside. Both values null and no starts held = this source releases its limit. */
export interface LimitInput {
  kind: "limit";
  zone: string;
  source: string;
  reason: string;
  scope: "total" | "evse";
  limitA: number | null;
  powerW: number | null;
  /** Connectors that have no current get none; those that have keep it. */
  holdStarts: boolean;
  /** The zone's breaker is open: who is offline below it draws nothing. */
  breakerOpen?: boolean;
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
  switchesPhases: boolean | null;
  energyWh: number | null;
  chargingS: number | null;
}

export type DlmInput =
  | MeterSample
  | SurplusInput
  | LimitInput
  | ConnectorInput
  | TariffInput
  | OverrideInput
  | { kind: "clear"; id: string; by: string; reason: string }
  /** The clock of the electricity supplier begins a window of the zone's demand limit. */
  | { kind: "demand"; zone: string }
  /** null = as configured. `id` may be a zone: all connectors at and below it. `by`: the person who chooses; empty = a flow does. */
  | { kind: "mode"; id: string; mode: ChargingMode | null; by: string }
  | { kind: "priority"; id: string; priorityClass: number | null };

const QUALITIES = ["good", "stale", "bad"] as const;
const SCOPES = ["total", "evse"] as const;
const MODES = ["fast", "pv", "minpv", "off"] as const;
const STATES = ["charging", "waiting", "idle", "available", "offline"] as const;
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
  if (kind === "tariff")
    return readTariff(msg["payload"], named(subject, "tariff/<zone> or tariff/<charge point>/<connector>", topic));
  if (kind === "demand") return { kind, zone: named(subject, "demand/<zone>", topic) };
  if (kind === "clear")
    return { kind, id: connectorId(subject, topic), by: text(msg["by"]), reason: text(msg["reason"]) };
  if (kind === "override") return readOverride(topic, msg);
  if (kind === "mode")
    return {
      kind,
      id: named(subject, "mode/<zone> or mode/<charge point>/<connector>", topic),
      mode: orNull(msg["payload"], (value) => choice(value, "payload", MODES)),
      by: text(msg["by"]).trim(),
    };
  if (kind === "priority") {
    return {
      kind,
      id: connectorId(subject, topic),
      priorityClass: orNull(msg["payload"], (value) => whole(value, "payload")),
    };
  }
  throw invalid(
    "topic",
    "meter/…, surplus, limit/…, mode/…, priority/…, override/…, connector/…, tariff/…, demand/… or clear/…",
    msg["topic"],
  );
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
      orNull(value, () => number(value, `payload.currentA[${phase}]`, Number.NEGATIVE_INFINITY)),
    ) as MaybeTriple,
    powerW: typeof payload["powerW"] === "number" && Number.isFinite(payload["powerW"]) ? payload["powerW"] : null,
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
    surplusW: number(payload["surplusW"], "payload.surplusW", Number.NEGATIVE_INFINITY),
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
    holdStarts: orNull(payload["holdStarts"], (value) => flag(value, "payload.holdStarts")) ?? false,
    ...(payload["breakerOpen"] !== undefined && {
      breakerOpen: orNull(payload["breakerOpen"], (value) => flag(value, "payload.breakerOpen")) ?? false,
    }),
    ttlS: orNull(payload["ttlS"], (value) => number(value, "payload.ttlS")),
  };
  const empty = limit.limitA === null && limit.powerW === null && !limit.holdStarts;
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
    switchesPhases: orNull(payload["switchesPhases"], (value) => flag(value, "payload.switchesPhases")),
    energyWh: orNull(payload["energyWh"], (value) => number(value, "payload.energyWh")),
    chargingS: orNull(payload["chargingS"], (value) => number(value, "payload.chargingS")),
  };
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
