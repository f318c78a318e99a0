/** Alarms as messages: for flows and dashboards, and shaped for an e-mail node. */

import type { Alarm, AlarmReport } from "../alarm-types.ts";
import { isoTime } from "../clock.ts";
import type { AlarmRecord } from "../store/books/alarms.ts";
import { sentence, sentenceOr } from "../words/sentence.ts";
import type { CodeOf, Language, Values } from "../words/types.ts";
import type { Notice } from "./notices.ts";

/** An alarm as `ev-alarms` gives it. */
export interface AlarmView extends AlarmReport, Pick<Alarm, "location" | "times" | "flapping"> {
  state: "raised" | "cleared";
  /** ISO 8601 UTC. */
  since: string;
  clearedAt: string | null;
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

/** A notice of many alarms names this many; the rest is counted. */
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

/** A notice as a message; `language` is that of what is said of many at once. */
export function noticeMessage(
  { state, kind, severity, alarms }: Notice,
  language: Language = "en-US",
): AlarmNoticeMessage {
  const views = alarms.map(alarmView);
  const [first] = views;
  if (!first) throw new RangeError("a notice without an alarm");
  if (kind === null) return { topic: `alarm/${first.key}`, payload: { ...first, severity, state, alarms: views } };
  const location = views.every((one) => one.location === first.location) ? first.location : null;
  const text =
    state === "cleared"
      ? sentence(language, "alarm.over", { kind: sentenceOr(language, `kind.${kind}`, kind) })
      : many(views, language);
  return { topic: `alarm/${kind}`, payload: { ...first, key: kind, location, severity, state, text, alarms: views } };
}

/** @param site name for the subject; @param timeZone IANA name, empty = that of this machine */
export function emailMessage(
  notice: Notice,
  site: string,
  timeZone: string,
  language: Language = "en-US",
): EmailMessage {
  const { payload } = noticeMessage(notice, language);
  const { state, severity, location, acknowledged, clearedAt } = payload;
  const mark = state === "cleared" ? "resolved" : state === "acknowledged" ? "seen" : severity;
  const headline = payload.text.split("\n", 1)[0] ?? "";
  const mail = (code: CodeOf<"mail">, values: Values = {}) => sentence(language, code, values);
  const topic = `[${mail(`mail.${mark}`)}] ${[site, location].filter(Boolean).join(", ")}: ${headline}`;
  const time = (iso: string): string => localTime(iso, timeZone, language);
  const lines = [
    payload.text,
    "",
    location && mail("mail.where", { place: location }),
    mail("mail.since", { time: time(payload.since) }),
    clearedAt && mail("mail.resolvedAt", { time: time(clearedAt) }),
    acknowledged &&
      mail("mail.seenBy", { by: acknowledged.by, comment: acknowledged.comment || mail("mail.noComment") }),
    state !== "cleared" && mail("mail.action", { action: payload.action }),
    payload.flapping && mail("mail.flapping"),
  ];
  return {
    topic: oneLine(topic),
    payload: lines.filter((line) => line !== null && line !== false).join("\n"),
    alarm: payload,
  };
}

function many(views: readonly AlarmView[], language: Language): string {
  const named = views.slice(0, MOST_NAMED).map(({ text }) => `- ${text}`);
  const rest = views.length - MOST_NAMED;
  const more = rest > 0 ? [`- ${sentence(language, "alarm.more", { count: rest })}`] : [];
  const head = sentence(language, "alarm.many", { count: views.length, first: views[0]?.text ?? "" });
  return [head, ...named, ...more].join("\n");
}

/** A line break in a subject would let a text add headers to a mail. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, " ").slice(0, 200);
}

/** Day and month are written as each language does. English names the month, so that day and month are not mixed up. */
const LOCALES: Readonly<Record<Language, string>> = { "en-US": "en-GB", de: "de-DE", fr: "fr-FR", nl: "nl-NL" };

function localTime(iso: string, timeZone: string, language: Language): string {
  const format = new Intl.DateTimeFormat(LOCALES[language], {
    dateStyle: "medium",
    timeStyle: "medium",
    ...(timeZone && { timeZone }),
  });
  return format.format(new Date(iso));
}
