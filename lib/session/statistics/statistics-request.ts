import { invalid } from "../../errors.ts";
import { record } from "../../fields.ts";
import type { ShareQuery } from "../../store/books/session-types.ts";
import type { TableStyle } from "../sessions/session-csv.ts";
import { chosen, readQuery, readStyle, textOf } from "../sessions/session-request.ts";
import { SPANS, type Span, spanStart } from "./periods.ts";

/** What rows there are: one for each day, month, year, charge point, zone or holder of a badge. */
export const GROUPS = [...SPANS, "chargePoint", "zone", "holder"] as const;
export type Group = (typeof GROUPS)[number];

/** What is asked of the statistics. */
export interface StatisticsRequest {
  by: Group;
  /** Between two times; the first is null for all that there ever was. */
  query: ShareQuery & { toWallMs: number };
  format: "json" | "csv";
  style: Pick<TableStyle, "separator" | "decimal">;
}

/** What is shown where no time is asked for: what people look at first. */
const USUAL: Readonly<Record<Group, Span | null>> = {
  day: "month",
  month: "year",
  year: null,
  chargePoint: "month",
  zone: "month",
  holder: "month",
};

/**
 * Reads `sessions/statistics`. All fields are optional. @param owner see `ShareQuery`
 * @throws EvError EV_MESSAGE_INVALID naming the field
 */
export function readStatisticsRequest(
  payload: unknown,
  timeZone: string,
  nowWallMs: number,
  owner: string | null,
): StatisticsRequest {
  const fields = record(payload);
  const by = chosen(fields, "by", GROUPS) ?? "day";
  const { state: _, ...asked } = readQuery(yearAsSpan(fields), timeZone, nowWallMs);
  const zone = textOf(fields, "zone");
  const usual = USUAL[by];
  const isTimeless = asked.fromWallMs === null && asked.toWallMs === null;
  const fromWallMs = isTimeless && usual ? spanStart(nowWallMs, usual, timeZone) : asked.fromWallMs;
  // Days that are still to come are no rows.
  const toWallMs = Math.min(asked.toWallMs ?? Number.POSITIVE_INFINITY, spanStart(nowWallMs, "day", timeZone, 1));
  const { separator, decimal } = readStyle(fields);
  return {
    by,
    query: { ...asked, fromWallMs, toWallMs, zone, owner },
    format: chosen(fields, "format", ["json", "csv"]) ?? "json",
    style: { separator, decimal },
  };
}

/** `year: 2026` is the same as its first and last day. */
function yearAsSpan(fields: Record<string, unknown>): Record<string, unknown> {
  const { year } = fields;
  if (year === undefined || year === null || year === "") return fields;
  if (!/^\d{4}$/.test(String(year))) throw invalid("payload.year", "a year such as 2026", year);
  return { ...fields, from: `${String(year)}-01-01`, to: `${String(year)}-12-31` };
}
