import { localText, localTime, wallOfLocal } from "../../local-time.ts";

export const SPANS = ["day", "month", "year"] as const;
export type Span = (typeof SPANS)[number];

/** Days, months or years of a place, one after another. */
export interface Periods {
  /** `2026-05-01`, `2026-05` or `2026`. */
  keys: string[];
  /** Where each begins, and behind the last where it ends: one more than keys. Wall times. */
  boundsMs: number[];
}

const LENGTH: Readonly<Record<Span, number>> = { day: 10, month: 7, year: 4 };

/** The first moment of the day, month or year of that place which lies so many from the one a moment is in. */
export function spanStart(wallMs: number, span: Span, timeZone: string, on = 0): number {
  const { year, month, day } = localTime(wallMs, timeZone);
  if (span === "year") return wallOfLocal({ year: year + on, month: 1, day: 1 }, timeZone);
  if (span === "month") return wallOfLocal({ year, month: month + on, day: 1 }, timeZone);
  return wallOfLocal({ year, month, day: day + on }, timeZone);
}

/** What the day, month or year of that place is called that a moment is in. */
export function spanKey(wallMs: number, span: Span, timeZone: string): string {
  return localText(wallMs, timeZone).slice(0, LENGTH[span]);
}

/** Most days have 24 hours: that is seen with one look at the clock. */
function nextStart(wallMs: number, span: Span, timeZone: string): number {
  const usualMs = wallMs + 86_400_000;
  const isUsual = span === "day" && localText(usualMs, timeZone).endsWith(" 00:00:00") && wallMs % 1000 === 0;
  return isUsual ? usualMs : spanStart(wallMs, span, timeZone, 1);
}

/** Those that lie between two times; the first and the last may be parts. @param most they end after so many */
export function periodsOf(fromMs: number, toMs: number, span: Span, timeZone: string, most: number): Periods {
  const [keys, boundsMs]: [string[], number[]] = [[], [fromMs]];
  for (let atMs = fromMs; atMs < toMs && keys.length < most; atMs = boundsMs.at(-1)!) {
    keys.push(spanKey(atMs, span, timeZone));
    boundsMs.push(Math.min(toMs, nextStart(atMs, span, timeZone)));
  }
  return { keys, boundsMs };
}
