/** Days, months and clock times of a place. An empty time zone is the machine's. */

/** A moment as a clock on the wall shows it. Months count from 1. */
export interface LocalTime {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

const FIELDS = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
} as const;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    // Swedes write times as ISO 8601 does: 2026-06-01 12:00:00.
    format = new Intl.DateTimeFormat("sv-SE", { ...FIELDS, ...(timeZone && { timeZone }) });
    formats.set(timeZone, format);
  }
  return format;
}

/** `2026-06-01 12:00:00` on the clock of that place. */
export function localText(wallMs: number, timeZone: string): string {
  return formatOf(timeZone).format(wallMs);
}

/** For people who look at it now: `12:00` on the same day, else `2026-06-01 12:00`. */
export function shortText(wallMs: number, nowWallMs: number, timeZone: string): string {
  const [day = "", time = ""] = localText(wallMs, timeZone).slice(0, 16).split(" ");
  return day === localText(nowWallMs, timeZone).slice(0, 10) ? time : `${day} ${time}`;
}

/** The clock of that place at a moment. */
export function localTime(wallMs: number, timeZone: string): LocalTime {
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = localText(wallMs, timeZone)
    .split(/[- :]/)
    .map(Number);
  return { year, month, day, hour, minute, second };
}

/**
 * The moment at which the clock of that place shows this. A time that the clock skips in spring is as much later; of one that it
 * shows twice in autumn, the first. Days and months beyond the end run on into the next.
 */
export function wallOfLocal(
  { year, month, day, hour = 0, minute = 0 }: Pick<LocalTime, "year" | "month" | "day"> & Partial<LocalTime>,
  timeZone: string,
): number {
  const shownMs = Date.UTC(year, month - 1, day, hour, minute);
  const behindMs = [-86_400_000, 86_400_000].map((asideMs) => offsetMs(shownMs + asideMs, timeZone));
  const candidates = behindMs.map((offset) => shownMs - offset).sort((a, b) => a - b);
  const exact = candidates.find((wallMs) => wallMs + offsetMs(wallMs, timeZone) === shownMs);
  // In the gap, the offset that held before it.
  return exact ?? shownMs - behindMs[0]!;
}

/** The first moment of the month of that place which lies so many months from the one a moment is in. */
export function monthStart(wallMs: number, timeZone: string, monthsOn = 0): number {
  const { year, month } = localTime(wallMs, timeZone);
  return wallOfLocal({ year, month: month + monthsOn, day: 1 }, timeZone);
}

/** How far its clock is ahead of UTC. */
function offsetMs(wallMs: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = localTime(wallMs, timeZone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(wallMs / 1000) * 1000;
}

/** Whether this machine knows a time zone by that name; the empty name is the zone of the machine. */
export function isTimeZone(name: string): boolean {
  if (!name) return true;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
