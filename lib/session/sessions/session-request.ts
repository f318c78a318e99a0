import { invalid } from "../../errors.ts";
import { record } from "../../fields.ts";
import { localText, localTime, wallOfLocal } from "../../local-time.ts";
import type { SessionQuery } from "../../store/books/session-types.ts";
import type { TableStyle } from "./session-csv.ts";
import { REPORT_STATES, type ReportChoice } from "./session-reports.ts";

/** What is asked of ev-sessions. */
export type SessionRequest =
  | { kind: "list"; query: SessionQuery; most: number }
  /** As rows of a table, newest first; without a time, of the last 31 days. `running`: those that run belong to it whenever they began. */
  | { kind: "rows"; query: SessionQuery; running: boolean; report: ReportChoice; most: number }
  | { kind: "totals"; query: SessionQuery; by: "month" | "chargePoint" | "user" | null }
  | ({ kind: "export" } & ExportOrder);

type Fields = Record<string, unknown>;

const MOST_LISTED = 10_000;
const LISTED = 1000;
/** How far back the rows go where a request does not say. */
const SHOWN_MS = 31 * 86_400_000;

/** Everything that is asked for in a table. */
export interface ExportOrder {
  query: SessionQuery;
  report: ReportChoice;
  format: "csv" | "json";
  style: TableStyle;
  bom: boolean;
}

/**
 * Reads a request by its topic: `sessions/list`, `sessions/rows`, `sessions/totals`, `sessions/export`. All fields of the payload are optional.
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export function readSessionRequest(
  { topic, payload }: { topic?: unknown; payload?: unknown },
  timeZone: string,
  nowWallMs: number,
): SessionRequest {
  const fields = record(payload);
  switch (topic) {
    case "sessions/list":
      return { kind: "list", query: readQuery(fields, timeZone, nowWallMs), most: mostOf(fields) };
    case "sessions/rows":
      return readRows(fields, timeZone, nowWallMs);
    case "sessions/totals":
      return {
        kind: "totals",
        query: readQuery(fields, timeZone, nowWallMs),
        by: chosen(fields, "by", ["month", "chargePoint", "user"]),
      };
    case "sessions/export":
      return { kind: "export", ...readExport(fields, timeZone, nowWallMs) };
    default:
      throw invalid(
        "topic",
        "sessions/list, sessions/rows, sessions/totals, sessions/books, sessions/compare, sessions/statistics or sessions/export",
        topic,
      );
  }
}

function readRows(fields: Fields, timeZone: string, nowWallMs: number): SessionRequest {
  const query = readQuery(fields, timeZone, nowWallMs);
  const isTimeless = query.fromWallMs === null && query.toWallMs === null;
  const fromWallMs = isTimeless ? nowWallMs - SHOWN_MS : query.fromWallMs;
  const running = fields["running"] === true || fields["running"] === "true";
  return { kind: "rows", query: { ...query, fromWallMs }, running, report: reportOf(fields), most: mostOf(fields) };
}

function mostOf(fields: Fields): number {
  return whole(fields, "most", LISTED, 1, MOST_LISTED);
}

/** The table that is asked for. @throws EvError EV_MESSAGE_INVALID naming the field */
export function readExport(fields: Fields, timeZone: string, nowWallMs: number): ExportOrder {
  return {
    query: readQuery(fields, timeZone, nowWallMs),
    report: reportOf(fields),
    format: choice(fields, "format", ["csv", "json"]),
    style: { ...readStyle(fields), columns: choice(fields, "columns", ["all", "evlink"]), timeZone },
    bom: fields["bom"] === true || fields["bom"] === "true",
  };
}

/** How a table is written. @throws EvError EV_MESSAGE_INVALID naming the field */
export function readStyle(fields: Fields): Pick<TableStyle, "separator" | "decimal"> {
  return {
    separator: choice(fields, "separator", [";", ",", "\t"]),
    decimal: choice(fields, "decimal", [",", "."]),
  };
}

/** Which sessions are asked for. @throws EvError EV_MESSAGE_INVALID naming the field */
export function readQuery(fields: Fields, timeZone: string, nowWallMs: number): SessionQuery {
  return {
    ...readSpan(fields, timeZone, nowWallMs),
    chargePoint: textOf(fields, "chargePoint"),
    connector: isEmpty(fields["connector"]) ? null : whole(fields, "connector", 1, 0, 99),
    user: textOf(fields, "user"),
    state: chosen(fields, "state", ["open", "closed"]),
  };
}

function reportOf(fields: Fields): ReportChoice {
  return chosen(fields, "report", [...REPORT_STATES, "none"]);
}

/** The time that is asked about: `month`, or `from` and `to`. @throws EvError EV_MESSAGE_INVALID naming the field */
export function readSpan(
  fields: Fields,
  timeZone: string,
  nowWallMs: number,
): Pick<SessionQuery, "fromWallMs" | "toWallMs"> {
  const month = fields["month"];
  const [fromWallMs, toWallMs] = isEmpty(month)
    ? [timeOf(fields, "from", timeZone, nowWallMs), timeOf(fields, "to", timeZone, nowWallMs)]
    : readMonth(month, timeZone);
  if (fromWallMs !== null && toWallMs !== null && toWallMs <= fromWallMs)
    throw invalid("payload.to", "after payload.from", fields["to"], "order");
  return { fromWallMs, toWallMs };
}

function readMonth(value: unknown, timeZone: string): [number, number] {
  const match = /^(\d{4})-(\d{2})$/.exec(String(value));
  const [year, month] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || month < 1 || month > 12) throw invalid("payload.month", "a month such as 2026-05", value);
  return [wallOfLocal({ year, month, day: 1 }, timeZone), wallOfLocal({ year, month: month + 1, day: 1 }, timeZone)];
}

/** A day alone begins at midnight of the place, and as an end it is meant whole. `today` is such a day. */
function timeOf(fields: Fields, name: "from" | "to", timeZone: string, nowWallMs: number): number | null {
  const value = fields[name] === "today" ? localText(nowWallMs, timeZone).slice(0, 10) : fields[name];
  if (isEmpty(value)) return null;
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value)) ?? [];
  if (year) {
    const date = { year: Number(year), month: Number(month), day: Number(day) };
    const noon = new Date(Date.UTC(date.year, date.month - 1, date.day, 12));
    if (noon.getUTCMonth() + 1 !== date.month) throw invalid(`payload.${name}`, "a day of the calendar", value);
    return wallOfLocal({ ...date, day: date.day + (name === "to" ? 1 : 0) }, timeZone);
  }
  const wallMs = value instanceof Date ? value.getTime() : typeof value === "number" ? value : parseTime(value);
  if (Math.abs(wallMs) <= 8.64e15) return wallMs;
  throw invalid(`payload.${name}`, "today, a day such as 2026-01-31 or a time such as 2026-01-31T12:00:00Z", value);
}

function parseTime(value: unknown): number {
  return typeof value === "string" ? Date.parse(value) : Number.NaN;
}

/** `2026-05` at a moment. */
export function monthName(wallMs: number, timeZone: string): string {
  const { year, month } = localTime(wallMs, timeZone);
  return `${year}-${String(month).padStart(2, "0")}`;
}

/** A text; null where there is none. @throws EvError EV_MESSAGE_INVALID naming the field */
export function textOf(fields: Fields, name: string): string | null {
  const value = fields[name];
  if (isEmpty(value)) return null;
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw invalid(`payload.${name}`, "a text", value);
}

function whole(fields: Fields, name: string, fallback: number, min: number, max: number): number {
  const value = fields[name];
  if (isEmpty(value)) return fallback;
  const number = typeof value === "string" ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= min && number <= max) return number;
  throw invalid(`payload.${name}`, `a whole number from ${min} to ${max}`, value);
}

function choice<T extends string>(fields: Fields, name: string, choices: readonly [T, ...T[]]): T {
  const value = fields[name];
  if (isEmpty(value)) return choices[0];
  if (choices.includes(value as T)) return value as T;
  throw invalid(`payload.${name}`, `one of ${choices.map((one) => JSON.stringify(one)).join(", ")}`, value);
}

/** One of these; null where there is none. @throws EvError EV_MESSAGE_INVALID naming the field */
export function chosen<T extends string>(fields: Fields, name: string, choices: readonly [T, ...T[]]): T | null {
  return isEmpty(fields[name]) ? null : choice(fields, name, choices);
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}
