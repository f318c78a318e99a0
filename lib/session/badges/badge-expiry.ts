/** Until when a badge is valid: a day of the site, or a moment. Pure. */
import { invalid } from "../../errors.ts";
import { localText, wallOfLocal } from "../../local-time.ts";

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;
const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?$/;

/** Ends of days that were looked up: a clock of a place takes microseconds, and many badges end on the same day. */
const ends = new Map<string, number>();
const MOST_ENDS = 1000;

/**
 * Reads until when a badge is valid. A day stays a day, so that it means the same when the site's clock is set right later; a time
 * becomes ISO 8601 UTC, and one without an offset is read on the clock of the site.
 * @param timeZone IANA name, empty = that of this machine
 * @throws EvError EV_MESSAGE_INVALID
 */
export function readExpiry(value: unknown, path: string, timeZone: string): string {
  const text = typeof value === "string" ? value.trim() : "";
  const [given] = text.split(/[T ]/, 1);
  if (isDay(given ?? "")) {
    if (given === text) return text;
    const wallMs = wallOfText(text, timeZone);
    if (Number.isFinite(wallMs)) return new Date(wallMs).toISOString();
  }
  throw invalid(path, "a day such as 2027-12-31, or a time such as 2027-12-31T18:00:00Z", value);
}

/** From when on a badge is not valid any more, ms since 1970: the end of its day on the clock of the site. null = it is without end. */
export function expiryWallMs(expiryDate: string | null, timeZone: string): number | null {
  if (expiryDate === null) return null;
  return DAY.test(expiryDate) ? endOfDay(expiryDate, timeZone) : Date.parse(expiryDate);
}

/** As people of the site read it: `2027-12-31`, `2027-12-31 19:00`; empty = without end. */
export function expiryText(expiryDate: string | null, timeZone: string): string {
  if (expiryDate === null) return "";
  return DAY.test(expiryDate) ? expiryDate : localText(Date.parse(expiryDate), timeZone).slice(0, 16);
}

function endOfDay(day: string, timeZone: string): number {
  const key = `${timeZone} ${day}`;
  const known = ends.get(key);
  if (known !== undefined) return known;
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const end = wallOfLocal({ year, month, day: date + 1 }, timeZone);
  if (ends.size >= MOST_ENDS) ends.clear();
  ends.set(key, end);
  return end;
}

function wallOfText(text: string, timeZone: string): number {
  if (TIME.test(text)) return Date.parse(text.replace(" ", "T"));
  const [, day = "", hour, minute, second = 0] = LOCAL_TIME.exec(text) ?? [];
  if (Number(hour) > 24 || !(Number(minute) < 60) || Number(second) > 60) return Number.NaN;
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const local = { year, month, day: date, hour: Number(hour), minute: Number(minute) };
  return wallOfLocal(local, timeZone) + Number(second) * 1000;
}

/** A day of the calendar, as ISO 8601 writes it. */
function isDay(text: string): boolean {
  const [, year, month, day] = DAY.exec(text) ?? [];
  const noon = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day), 12));
  return noon.getUTCMonth() + 1 === Number(month) && noon.getUTCDate() === Number(day);
}
