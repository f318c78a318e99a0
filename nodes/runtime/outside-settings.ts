import { readDays, readTime } from "../../lib/dlm/inputs/outside/schedule.ts";
import type { OutsideSettings, ScheduleWindow } from "../../lib/dlm/inputs/outside/types.ts";
import { isTimeZone } from "../../lib/local-time.ts";
import type { Properties } from "./properties.ts";

const AMPS = { min: 0, max: 100_000 };
const WATTS = { min: 0, max: 1e9 };

/** The properties of an ev-limit. @throws EvError EV_CONFIG_INVALID naming property and fix */
export function readOutsideSettings(read: Properties): OutsideSettings {
  const settings: OutsideSettings = {
    kind: read.choice("kind", ["contact", "schedule", "power", "current"]),
    purpose: read.choice("purpose", ["limit", "delay", "permit"]),
    running: read.choice("running", ["continue", "stop"]),
    normallyClosed: read.flag("normallyClosed", false),
    limitA: read.optionalNumber("limitA", AMPS),
    powerW: read.optionalNumber("powerW", WATTS),
    schedule: read.list("schedule").map(readWindow),
    timeZone: read.text("timeZone"),
    staleAfterS: read.number("staleAfterS", 0, { min: 0, max: 86_400 }),
  };
  const { kind, purpose, limitA, powerW, schedule, timeZone } = settings;
  const own = limitA !== null || powerW !== null;
  if (kind === "contact" && purpose === "limit" && !own)
    throw read.wrong("limitA", "filled in, or powerW: what holds while the contact is active");
  if (kind === "schedule" && schedule.length === 0) throw read.wrong("schedule", "a list of at least one window");
  const empty = schedule.findIndex((window) => window.limitA === null && window.powerW === null);
  if (kind === "schedule" && empty >= 0 && !own)
    throw read.wrong("schedule", `a list in which each window has limitA or powerW; number ${empty + 1} has none`);
  if (!isTimeZone(timeZone)) throw read.wrong("timeZone", "empty, or a name such as Europe/Berlin");
  return settings;
}

function readWindow(row: Properties): ScheduleWindow {
  const days = readDays(row.texts("days"));
  const fromMinute = readTime(row.text("from", "00:00"));
  const toMinute = readTime(row.text("to", "24:00"));
  if (!days) throw row.wrong("days", "days such as mon-fri, sun; or daily");
  if (fromMinute === null || fromMinute === 1440) throw row.wrong("from", "a time such as 22:30");
  if (toMinute === null) throw row.wrong("to", "a time such as 06:00");
  return {
    days,
    fromMinute,
    toMinute,
    limitA: row.optionalNumber("limitA", AMPS),
    powerW: row.optionalNumber("powerW", WATTS),
  };
}
