import { isoTime } from "../../clock.ts";
import { invalid } from "../../errors.ts";
import { record } from "../../fields.ts";
import { wallOfLocal } from "../../local-time.ts";
import type { SessionBook } from "../../store/books/session-types.ts";

/** What is younger may still be in a report that waits: a month, and a week of tries. */
const YOUNGEST_MS = 40 * 86_400_000;

/** What was forgotten, or would be. */
export interface PruneAnswer {
  before: string;
  sessions: number;
  applied: boolean;
}

/**
 * Forgets the sessions that ended before a day, as far as `apply` is true; else says how many they are. There is no way back.
 * @param payload `{before, apply?}`; `before` is a day of the site's time zone, or a time
 * @throws EvError EV_MESSAGE_INVALID naming the field, and nothing was forgotten; of the store
 */
export function pruneSessions(book: SessionBook, payload: unknown, timeZone: string, nowWallMs: number): PruneAnswer {
  const { before, apply = false } = record(payload);
  const beforeWallMs = readDay(before, timeZone);
  if (!(beforeWallMs <= nowWallMs - YOUNGEST_MS))
    throw invalid("payload.before", "a day such as 2026-01-31, at least 40 days ago", before);
  if (typeof apply !== "boolean") throw invalid("payload.apply", "true or false", apply);
  const sessions = apply ? book.prune(beforeWallMs) : book.endedBefore(beforeWallMs);
  return { before: isoTime(beforeWallMs), sessions, applied: apply };
}

function readDay(value: unknown, timeZone: string): number {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(value)) ?? [];
  if (year === undefined) return typeof value === "string" ? Date.parse(value) : Number.NaN;
  return wallOfLocal({ year: Number(year), month: Number(month), day: Number(day) }, timeZone);
}
