import { isoTime } from "../clock.ts";
import { invalid } from "../errors.ts";
import { record } from "../fields.ts";
import type { LimitCommandBook, LimitCommandRecord } from "../store/types.ts";
import { type CsvStyle, evidenceCsv } from "./csv.ts";
import type { EvidenceItem } from "./item.ts";

/** What an answer says beside its payload. */
export interface EvidenceAnswer {
  topic: string;
  /** The zone asked for; empty = all. */
  zone: string;
  format: "json" | "csv";
  count: number;
  /** There were more; these are the newest. */
  truncated: boolean;
  payload: EvidenceItem[] | string;
}

/** Most rows in one answer. */
const MOST_ANSWERED = 50_000;
/** The last time that a JavaScript date can hold, ms since 1970. */
const LAST_WALL_MS = 8.64e15;

/** Whether a message asks for evidence: its topic is `evidence` or `evidence/<zone>`. */
export function isEvidenceRequest(message: { topic?: unknown }): boolean {
  return typeof message.topic === "string" && /^evidence(\/|$)/.test(message.topic);
}

/**
 * Answers a request: `payload` = `{ from, to, format, separator, decimal }`, each optional; times as ISO 8601 or ms since 1970.
 * @throws EvError EV_MESSAGE_INVALID naming the field; EV_STORE_OPEN when the database cannot be read
 */
export function answerEvidence(
  message: { topic?: unknown; payload?: unknown },
  book: LimitCommandBook,
): EvidenceAnswer {
  const topic = String(message.topic);
  const zone = topic.replace(/^evidence\/?/, "");
  const asked = record(message.payload);
  const fromWallMs = timeOf("payload.from", asked["from"], 0);
  const toWallMs = timeOf("payload.to", asked["to"], LAST_WALL_MS);
  const format = choice("payload.format", asked["format"], ["json", "csv"]);
  const style: CsvStyle = {
    separator: choice("payload.separator", asked["separator"], [",", ";", "\t"]),
    decimal: choice("payload.decimal", asked["decimal"], [".", ","]),
  };
  const found = book.find({ zone: zone || null, fromWallMs, toWallMs, most: MOST_ANSWERED + 1 });
  const items = found.slice(-MOST_ANSWERED).map(toItem);
  return {
    topic,
    zone,
    format,
    count: items.length,
    truncated: found.length > MOST_ANSWERED,
    payload: format === "csv" ? evidenceCsv(items, style) : items,
  };
}

function toItem(record: LimitCommandRecord): EvidenceItem {
  const { zone, source, scope, limitA, powerW, holdStarts, reason, refused, loadBeforeW, loadAfterW } = record;
  return {
    zone,
    source,
    scope,
    limitA,
    powerW,
    holdStarts,
    reason,
    received: isoTime(record.receivedWallMs),
    refused,
    allocated: timeText(record.allocatedWallMs),
    accepted: timeText(record.acceptedWallMs),
    measured: timeText(record.measuredWallMs),
    loadBeforeW,
    loadAfterW,
    ended: timeText(record.endedWallMs),
    end: record.end,
  };
}

function timeText(wallMs: number | null): string | null {
  return wallMs === null ? null : isoTime(wallMs);
}

function timeOf(field: string, value: unknown, fallback: number): number {
  if (value === undefined || value === null || value === "") return fallback;
  const wallMs = typeof value === "number" ? value : typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Math.abs(wallMs) <= LAST_WALL_MS) return wallMs;
  throw invalid(field, "a time such as 2026-01-31 or 2026-01-31T12:00:00Z", value);
}

function choice<T extends string>(field: string, value: unknown, choices: readonly [T, ...T[]]): T {
  if (value === undefined || value === null || value === "") return choices[0];
  if (choices.includes(value as T)) return value as T;
  throw invalid(field, `one of ${choices.map((one) => JSON.stringify(one)).join(", ")}`, value);
}
