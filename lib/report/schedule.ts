import { Cron } from "croner";
import { localTime } from "../local-time.ts";

export const PERIODS = ["daily", "weekly", "monthly"] as const;
export type Period = (typeof PERIODS)[number];

/** When reports are due, by the clock of the place. An empty time zone is the machine's. */
export interface ReportPlan {
  period: Period;
  /** `00:01`. */
  at: string;
  timeZone: string;
}

const DAYS: Record<Period, string> = { daily: "* * *", weekly: "* * 1", monthly: "1 * *" };

const crons = new Map<string, Cron>();

/** Whether a text is a time of day such as `00:01`. */
export function isTimeOfDay(text: string): boolean {
  return /^([01]?\d|2[0-3]):[0-5]\d$/.test(text);
}

/**
 * The last moment, at or before this one, at which a report was due: each day, each Monday, each first of the month. A time that the
 * clock skips in spring is due when it goes on; a time that it shows twice in autumn is due once.
 */
export function lastDue(plan: ReportPlan, wallMs: number): number {
  const reference = new Date(Math.floor(wallMs / 1000) * 1000 + 1000);
  const [due] = cronOf(plan).previousRuns(1, reference);
  return due?.getTime() ?? Number.NEGATIVE_INFINITY;
}

/** The next moment after this one at which a report is due. */
export function nextDue(plan: ReportPlan, wallMs: number): number {
  return cronOf(plan).nextRun(new Date(wallMs))?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** What a report that is due then is about: `2026-05-31`, `2026-W22` or `2026-05` – the day, week or month that has just ended. */
export function periodName({ period, timeZone }: ReportPlan, dueWallMs: number): string {
  const { year, month, day } = localTime(dueWallMs, timeZone);
  const ended = new Date(Date.UTC(year, month - 1, day - 1));
  const text = ended.toISOString().slice(0, 10);
  if (period === "daily") return text;
  return period === "monthly" ? text.slice(0, 7) : weekName(ended);
}

/** The week of a Sunday by ISO 8601: it belongs to the year that its Thursday is in. */
function weekName(sunday: Date): string {
  const thursday = new Date(sunday.getTime() - 3 * 86_400_000);
  const year = thursday.getUTCFullYear();
  const week = 1 + Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000));
  return `${year}-W${String(week).padStart(2, "0")}`;
}

function cronOf({ period, at, timeZone }: ReportPlan): Cron {
  const [hour = "0", minute = "0"] = at.split(":");
  const pattern = `${Number(minute)} ${Number(hour)} ${DAYS[period]}`;
  const key = `${pattern} ${timeZone}`;
  let cron = crons.get(key);
  if (!cron) {
    cron = new Cron(pattern, { paused: true, ...(timeZone && { timezone: timeZone }) });
    crons.set(key, cron);
  }
  return cron;
}
