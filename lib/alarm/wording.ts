/** Alarms as messages: for flows and dashboards, and shaped for an e-mail node. */
import { isoTime } from "../clock.ts";
import type { AlarmRecord } from "../store/alarms.ts";
import type { Notice } from "./notices.ts";
import type { Alarm, AlarmSeverity } from "./types.ts";

/** An alarm as `ev-alarms` gives it. */
export interface AlarmView {
  key: string;
  state: "raised" | "cleared";
  severity: AlarmSeverity;
  /** ISO 8601 UTC. */
  since: string;
  clearedAt: string | null;
  text: string;
  action: string;
  location: string | null;
  times: number;
  flapping: boolean;
  acknowledged: { by: string; comment: string; ts: string } | null;
}

export interface AlarmNoticeMessage {
  /** `alarm/<kind>/<subject>`, or `alarm/<kind>` for many of one kind. */
  topic: string;
  payload: Omit<AlarmView, "key" | "state"> & {
    key: string;
    state: Notice["state"];
    /** Each alarm that the notice stands for. */
    alarms: AlarmView[];
  };
}

export interface EmailMessage {
  /** The subject, as the e-mail node takes it. */
  topic: string;
  /** The body, plain text. */
  payload: string;
  /** The same as data. */
  alarm: AlarmNoticeMessage["payload"];
}

/** So many are named in a notice of many; the rest is counted. */
const MOST_NAMED = 10;

export function alarmView(alarm: Readonly<Alarm> & Partial<Pick<AlarmRecord, "clearedWallMs">>): AlarmView {
  const { key, severity, text, action, location, times, flapping, acknowledged, clearedWallMs = null } = alarm;
  return {
    key,
    state: clearedWallMs === null ? "raised" : "cleared",
    severity,
    since: isoTime(alarm.sinceWallMs),
    clearedAt: clearedWallMs === null ? null : isoTime(clearedWallMs),
    text,
    action,
    location,
    times,
    flapping,
    acknowledged: acknowledged && {
      by: acknowledged.by,
      comment: acknowledged.comment,
      ts: isoTime(acknowledged.wallMs),
    },
  };
}

/** A notice as a message. */
export function noticeMessage({ state, kind, severity, alarms }: Notice): AlarmNoticeMessage {
  const views = alarms.map(alarmView);
  const [first] = views;
  if (!first) throw new RangeError("a notice without an alarm");
  if (kind === null) return { topic: `alarm/${first.key}`, payload: { ...first, severity, state, alarms: views } };
  const location = views.every((one) => one.location === first.location) ? first.location : null;
  const text = state === "cleared" ? `all alarms of kind ${kind} are over` : many(views);
  return { topic: `alarm/${kind}`, payload: { ...first, key: kind, location, severity, state, text, alarms: views } };
}

/** @param site name for the subject; @param timeZone IANA name, empty = that of this machine */
export function emailMessage(notice: Notice, site: string, timeZone: string): EmailMessage {
  const { payload } = noticeMessage(notice);
  const mark = payload.state === "cleared" ? "resolved" : payload.state === "acknowledged" ? "seen" : payload.severity;
  const headline = payload.text.split("\n", 1)[0] ?? "";
  const topic = `[${mark}] ${[site, payload.location].filter(Boolean).join(", ")}: ${headline}`;
  const time = (iso: string): string => localTime(iso, timeZone);
  const lines = [
    payload.text,
    "",
    payload.location && `Where: ${payload.location}`,
    `Since: ${time(payload.since)}`,
    payload.clearedAt && `Resolved: ${time(payload.clearedAt)}`,
    payload.acknowledged && `Seen by ${payload.acknowledged.by}: ${payload.acknowledged.comment || "no comment"}`,
    payload.state !== "cleared" && `What to do: ${payload.action}`,
    payload.flapping && "It comes and goes; you are told once, and when it has been quiet for five minutes.",
  ];
  return {
    topic: oneLine(topic),
    payload: lines.filter((line) => line !== null && line !== false).join("\n"),
    alarm: payload,
  };
}

function many(views: readonly AlarmView[]): string {
  const named = views.slice(0, MOST_NAMED).map(({ text }) => `- ${text}`);
  const more = views.length > MOST_NAMED ? [`- and ${views.length - MOST_NAMED} more`] : [];
  return [`${views.length} alarms at once: ${views[0]?.text ?? ""}, and others`, ...named, ...more].join("\n");
}

/** A line break in a subject would let a text add headers to a mail. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ").slice(0, 200);
}

function localTime(iso: string, timeZone: string): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    dateStyle: "medium",
    timeStyle: "medium",
    ...(timeZone && { timeZone }),
  });
  return format.format(new Date(iso));
}
