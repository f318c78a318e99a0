import type { PriceRule, PriceSlot, TariffModes } from "../../pv/tariff.ts";
import { choice, type Fields, fields, flag, invalid, number, orNull } from "./input-fields.ts";

/** What a flow says of prices, for a zone or a connector. */
export interface TariffInput {
  kind: "tariff";
  /** Name of a zone, or `<identity>/<number>`. */
  subject: string;
  /** null = no tariff any more. */
  says: TariffSays | null;
}

/** On or off for a time, changes of it, or prices. */
export type TariffSays =
  | { kind: "switch"; modes: TariffModes; on: boolean; ttlS: number }
  | { kind: "schedule"; modes: TariffModes; steps: { fromWallMs: number; cheap: boolean }[]; endsWallMs: number }
  | { kind: "prices"; modes: TariffModes; slots: PriceSlot[]; rule: PriceRule };

const MODES = ["fast", "pv", "minpv", "off"] as const;
/** A list longer than this is no tariff: a month of quarters of an hour. */
const MOST_SLOTS = 3000;
/** On or off holds so long where nothing else is said, s: flows send it once a day at least. */
const SWITCH_LIFE_S = 26 * 3600;
const HOUR_MS = 3_600_000;
/** The last step of a schedule without an end holds so long, ms. */
const LAST_STEP_MS = 24 * HOUR_MS;

/**
 * Reads `true` or `false`, `{ on }`, `{ priceData: [{ value, start, end? }] }` or `{ schedule: [{ time, value }] }` (the two lists
 * as the power-saver nodes give them), each object with `cheap`, `dear`, and for prices `maxPrice`, `cheapestHours`.
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export function readTariff(payload: unknown, subject: string): TariffInput {
  if (payload === null) return { kind: "tariff", subject, says: null };
  if (typeof payload === "boolean") return { kind: "tariff", subject, says: switched({}, payload) };
  const given = fields(payload, "payload");
  if (given["priceData"] !== undefined) return { kind: "tariff", subject, says: priced(given) };
  if (given["schedule"] !== undefined) return { kind: "tariff", subject, says: scheduled(given) };
  if (given["on"] === undefined)
    throw invalid("payload", "true, false, or an object with on, priceData or schedule", payload);
  return { kind: "tariff", subject, says: switched(given, flag(given["on"], "payload.on")) };
}

function modesOf(given: Fields): TariffModes {
  const mode = (key: "cheap" | "dear") => orNull(given[key], (value) => choice(value, `payload.${key}`, MODES));
  return { cheap: mode("cheap") ?? "fast", dear: mode("dear") ?? "minpv" };
}

function switched(given: Fields, on: boolean): TariffSays {
  const ttlS = orNull(given["ttlS"], (value) => number(value, "payload.ttlS")) ?? SWITCH_LIFE_S;
  return { kind: "switch", modes: modesOf(given), on, ttlS };
}

function priced(given: Fields): TariffSays {
  const rows = rowsOf(given["priceData"], "payload.priceData");
  const starts = rows.map((row, i) => timeMs(row["start"], `payload.priceData[${i}].start`));
  const later = (startMs: number) => Math.min(...starts.filter((other) => other > startMs));
  const slots = rows.map((row, i): PriceSlot => {
    const startMs = starts[i]!;
    const nextMs = later(startMs);
    const givenMs = orNull(row["end"], (value) => timeMs(value, `payload.priceData[${i}].end`));
    const endMs = Math.min(givenMs ?? (Number.isFinite(nextMs) ? nextMs : startMs + HOUR_MS), nextMs);
    if (endMs <= startMs) throw invalid(`payload.priceData[${i}].end`, "later than its start", row["end"]);
    return { price: number(row["value"], `payload.priceData[${i}].value`, Number.NEGATIVE_INFINITY), startMs, endMs };
  });
  const amount = (key: string, low: number) => orNull(given[key], (value) => number(value, `payload.${key}`, low));
  const rule = { maxPrice: amount("maxPrice", Number.NEGATIVE_INFINITY), cheapestHours: amount("cheapestHours", 0) };
  return { kind: "prices", modes: modesOf(given), slots, rule };
}

function scheduled(given: Fields): TariffSays {
  const rows = rowsOf(given["schedule"], "payload.schedule");
  const steps = rows
    .map((row, i) => ({
      fromWallMs: timeMs(row["time"], `payload.schedule[${i}].time`),
      cheap: flag(row["value"], `payload.schedule[${i}].value`),
    }))
    .sort((a, b) => a.fromWallMs - b.fromWallMs);
  const hours = Array.isArray(given["hours"]) ? rowsOf(given["hours"], "payload.hours") : [];
  const lastHourMs = Math.max(...hours.map((row, i) => timeMs(row["start"], `payload.hours[${i}].start`) + HOUR_MS));
  const endsWallMs = hours.length ? lastHourMs : steps.at(-1)!.fromWallMs + LAST_STEP_MS;
  return { kind: "schedule", modes: modesOf(given), steps, endsWallMs };
}

function rowsOf(value: unknown, field: string): Fields[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_SLOTS)
    throw invalid(field, `a list of 1 to ${MOST_SLOTS}`, value);
  return value.map((row, i) => fields(row, `${field}[${i}]`));
}

/** ISO 8601, or milliseconds since 1970. */
function timeMs(value: unknown, field: string): number {
  const ms = typeof value === "string" ? Date.parse(value) : value instanceof Date ? value.getTime() : value;
  if (typeof ms === "number" && Number.isFinite(ms)) return ms;
  throw invalid(field, "a time, ISO 8601", value);
}
