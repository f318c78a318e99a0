import type { ScheduleWindow } from "./types.ts";

const DAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"];
const ALL_DAYS = [0, 1, 2, 3, 4, 5, 6];
const DAY_MINUTES = 1440;

/**
 * Days of the week from a text (`mon-fri, sun`, `daily`) or a list of names; 0 = Monday.
 * @returns null when a word is no day
 */
export function readDays(given: unknown): number[] | null {
  const words = (Array.isArray(given) ? given : String(given ?? "").split(/[,;\s]+/)).map((word) =>
    String(word).trim().toLowerCase(),
  );
  const found = new Set<number>();
  for (const word of words.filter(Boolean)) {
    const days = ["all", "daily", "*"].includes(word) ? ALL_DAYS : readRange(word);
    if (!days) return null;
    for (const day of days) found.add(day);
  }
  return found.size ? [...found].sort() : ALL_DAYS;
}

/** `sat-mon` runs over the end of the week. */
function readRange(word: string): number[] | null {
  const [first, last = first, ...rest] = word.split(/[-–]/).map((name) => DAYS.indexOf(name.slice(0, 2)));
  if (first === undefined || last === undefined || first < 0 || last < 0 || rest.length) return null;
  return ALL_DAYS.slice(0, ((last - first + 7) % 7) + 1).map((step) => (first + step) % 7);
}

/** Minute of the day of `22:30`; null for anything else. `24:00` is the end of the day. */
export function readTime(given: unknown): number | null {
  const match = /^(\d{1,2}):(\d{2})$/.exec(String(given ?? "").trim());
  if (!match) return null;
  const minute = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minute <= DAY_MINUTES ? minute : null;
}

/** The windows that hold at a moment, judged by the local clock of the time zone: a change of the clocks shifts nothing. */
export function windowsAt(windows: readonly ScheduleWindow[], wallMs: number, timeZone: string): ScheduleWindow[] {
  const { day, minute } = localTime(wallMs, timeZone);
  const before = (day + 6) % 7;
  return windows.filter(({ days, fromMinute, toMinute }) => {
    if (toMinute > fromMinute) return days.includes(day) && minute >= fromMinute && minute < toMinute;
    return (days.includes(day) && minute >= fromMinute) || (days.includes(before) && minute < toMinute);
  });
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Day of the week (0 = Monday) and minute of the day as the clocks of the time zone show them; empty = that of this machine. */
export function localTime(wallMs: number, timeZone: string): { day: number; minute: number } {
  let format = formats.get(timeZone);
  if (!format) {
    const fields = { weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
    format = new Intl.DateTimeFormat("en-US", { ...fields, ...(timeZone && { timeZone }) });
    formats.set(timeZone, format);
  }
  const parts = new Map(format.formatToParts(wallMs).map(({ type, value }) => [type, value]));
  const day = DAYS.indexOf(parts.get("weekday")!.slice(0, 2).toLowerCase());
  return { day, minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}
