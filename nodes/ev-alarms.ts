import type { Node, NodeAPI, NodeMessage } from "node-red";
import type { AlarmSource } from "../lib/alarm/alarm-list.ts";
import { Notices } from "../lib/alarm/notices.ts";
import { type AlarmView, alarmView, emailMessage, noticeMessage } from "../lib/alarm/wording.ts";
import { type AlarmSeverity, SEVERITY_RANK } from "../lib/alarm-types.ts";
import { isoTime, systemClock } from "../lib/clock.ts";
import { text as inOneLine, record } from "../lib/fields.ts";
import type { Health } from "../lib/overview/health.ts";
import { isQuestion } from "../lib/rights/questions.ts";
import { senderOf } from "../lib/rights/roles.ts";
import { readSpan } from "../lib/session/sessions/session-request.ts";
import type { Site } from "../lib/site/site.ts";
import { sentence } from "../lib/words/sentence.ts";
import { siteHealth } from "./admin/health-pages.ts";
import { permit, permitQuestion, permitUser } from "./admin/rights.ts";
import { badMessage, type Send } from "./runtime/input.ts";
import { registerNode } from "./runtime/register.ts";
import { reply, sendOut } from "./runtime/send.ts";
import { releaseSite, sitesInUse, useSite } from "./runtime/site.ts";
import type { StatusLine } from "./runtime/status.ts";

const SEVERITIES = ["warning", "info", "alarm"] as const;
const DAY_MS = 86_400_000;
/** How long a test alarm lasts. */
const TEST_MS = 3_000;
/** Most entries of an answer. */
const MOST = 5000;

interface Settings {
  minSeverity: AlarmSeverity;
  /** `alarm`: data for flows and dashboards; `email`: subject and text. */
  format: "alarm" | "email";
  siteName: string;
}

type Request = NodeMessage & { key?: unknown; by?: unknown; comment?: unknown };

/** Tells what is wrong at a site, answers what is and was, takes acknowledgements and alarms of other flows. */
export default function register(RED: NodeAPI): void {
  registerNode(RED, "ev-alarms", {
    idle: "this node has an error in its properties and takes no messages",
    setUp: (node, read, status) => {
      const settings: Settings = {
        minSeverity: read.choice("minSeverity", [...SEVERITIES]),
        format: read.choice("format", ["alarm", "email"]),
        siteName: read.text("siteName"),
      };
      const site = useSite(RED, node, "site", read.text("site"));
      const health = () => siteHealth(RED, nodeIdOf(site), site);
      const messages = new AlarmMessages(node, site, settings, status, health);
      return {
        input: (message, send) => messages.input(message, send),
        language: () => site.language,
        close: (removed) => {
          messages.close();
          return releaseSite(site, removed);
        },
      };
    },
  });
}

const nodeIdOf = (wanted: Site): string => sitesInUse().find(({ site }) => site === wanted)?.nodeId ?? "";

/** Stands between the site's list of alarms and the flow. */
class AlarmMessages {
  readonly #node: Node;
  readonly #site: Site;
  readonly #status: StatusLine;
  readonly #notices: Notices;
  /** Alarms that flows raised through this node. */
  readonly #flow: AlarmSource;
  readonly #stop: () => void;
  readonly #health: () => Promise<Health>;

  constructor(node: Node, site: Site, settings: Settings, status: StatusLine, health: () => Promise<Health>) {
    this.#health = health;
    this.#node = node;
    this.#site = site;
    this.#status = status;
    const { list } = site.alarms;
    this.#flow = list.source(`flow ${node.id}`);
    this.#notices = new Notices(systemClock, settings.minSeverity, (notice) => {
      const { format, siteName } = settings;
      const { language, timeZone } = site;
      const isMail = format === "email";
      sendOut(node, isMail ? emailMessage(notice, siteName, timeZone, language) : noticeMessage(notice, language));
    });
    this.#notices.assume(list.list());
    this.#stop = list.onChange((change, alarm) => {
      this.#notices.take(change, alarm);
      this.#show();
    });
    this.#show();
  }

  async input(message: NodeMessage, send: Send): Promise<void> {
    const topic = typeof message.topic === "string" ? message.topic : "";
    if (isQuestion(this.#node.type, topic)) permitQuestion(this.#site, message);
    if (topic === "alarms/list") send(reply(message, { payload: this.#list() }));
    else if (topic === "alarms/history") send(reply(message, { payload: this.#history(message.payload) }));
    else if (topic === "alarms/ack") this.#acknowledge(message, send);
    else if (topic === "alarms/test") this.#test(message);
    else if (topic === "audit/list") send(reply(message, { payload: await this.#audit(message.payload) }));
    else if (topic === "health") send(reply(message, { payload: await this.#health() }));
    else if (topic.startsWith("alarm/")) this.#take(topic.slice("alarm/".length), message);
    else
      throw badMessage(
        "topic",
        "alarms/list, alarms/history, alarms/ack, alarms/test, audit/list, health or alarm/<kind>/<subject>",
        message.topic,
      );
  }

  close(): void {
    this.#stop();
    this.#notices.close();
  }

  #list(): object[] {
    return this.#site.alarms.list.list().map(alarmView);
  }

  #history(payload: unknown): object[] {
    const { most, ...span } = readRange(payload, this.#site.timeZone);
    const isWanted = alarmFilter(payload, this.#site);
    const all = this.#site.alarms.list.history({ ...span, most: MOST });
    return all.map(alarmView).filter(isWanted).slice(0, most);
  }

  /** Who did what, and why. @throws EvError of the store */
  async #audit(payload: unknown): Promise<object[]> {
    const entries = await this.#site.rights.entries(readRange(payload, this.#site.timeZone));
    return entries.map(({ wallMs, ...entry }) => ({ ts: isoTime(wallMs), ...entry }));
  }

  #acknowledge(message: Request, send: Send): void {
    const payload = (typeof message.payload === "object" && message.payload !== null ? message.payload : {}) as Request;
    const key = payload.key ?? message.key;
    const { user, browser } = senderOf(message);
    const by = user ?? payload.by ?? message.by ?? (browser === null ? undefined : "dashboard");
    const comment = payload.comment ?? message.comment ?? "";
    if (typeof key !== "string" || !key) throw badMessage("payload.key", "the key of an alarm", key);
    if (typeof by !== "string" || !by) throw badMessage("payload.by", "the name of who takes it on", by);
    if (typeof comment !== "string") throw badMessage("payload.comment", "a text", comment);
    permit(this.#site, this.#node, message, "operator", `acknowledge the alarm ${key}`);
    const alarm = this.#site.alarms.list.acknowledge(key, by, comment);
    if (!alarm) throw badMessage("payload.key", "the key of an alarm that is raised", key);
    this.#node.log(`alarm ${key} acknowledged by ${inOneLine(by)}${comment ? `: ${inOneLine(comment)}` : ""}`);
    const text = sentence(this.#site.language, "done.seen", { name: inOneLine(by) ?? "" });
    send(reply(message, { payload: alarmView(alarm), text }));
  }

  /** One pair, so that the way to people can be tried. */
  #test(message: NodeMessage): void {
    permit(this.#site, this.#node, message, "operator", "test the alarm messages");
    const key = `test/${this.#node.id}`;
    const text = sentence(this.#site.language, "alarm.test");
    const action = sentence(this.#site.language, "alarm.testAction");
    this.#flow.raise({ key, severity: "alarm", text, action });
    systemClock.setTimeout(() => this.#flow.clear(key), TEST_MS);
  }

  /** An alarm that a flow raises or clears. */
  #take(key: string, message: NodeMessage): void {
    const { payload } = message;
    const { state, severity = "warning", text, action = "" } = (payload ?? {}) as Record<string, unknown>;
    if (state !== "raised" && state !== "cleared") throw badMessage("payload.state", "raised or cleared", state);
    permitUser(this.#site, this.#node, message, "operator", `alarm/${key} ${state}`);
    if (state === "cleared") {
      this.#flow.clear(key);
      return;
    }
    if (typeof severity !== "string" || !(severity in SEVERITY_RANK))
      throw badMessage("payload.severity", "info, warning or alarm", severity);
    if (typeof text !== "string" || !text) throw badMessage("payload.text", "what is wrong, in words", text);
    if (typeof action !== "string") throw badMessage("payload.action", "a text", action);
    this.#flow.raise({ key, severity: severity as AlarmSeverity, text, action });
  }

  #show(): void {
    const alarms = this.#site.alarms.list.list();
    const count = (severity: AlarmSeverity): number => alarms.filter((alarm) => alarm.severity === severity).length;
    const [severe, warnings] = [count("alarm"), count("warning")];
    const { language } = this.#site;
    const words = [
      ...(severe ? [sentence(language, "line.alarms", { n: severe })] : []),
      ...(warnings ? [sentence(language, "line.warnings", { n: warnings })] : []),
    ];
    if (severe) this.#status.set("wrong", words.join(" · "));
    else if (warnings) this.#status.set("degraded", words.join(" · "));
    else this.#status.set("good", "ev-alarms.status.none");
  }
}

/** `severity`, `chargePoint` and `search` (in text and place) of a question for alarms. @throws EvError EV_MESSAGE_INVALID naming the field */
function alarmFilter(payload: unknown, site: Site): (alarm: AlarmView) => boolean {
  const { severity, chargePoint, search } = record(payload);
  const weight = isGiven(severity) ? String(severity) : null;
  if (weight !== null && !Object.hasOwn(SEVERITY_RANK, weight))
    throw badMessage("payload.severity", "info, warning or alarm", severity);
  const identity = isGiven(chargePoint) ? String(chargePoint) : null;
  const name = identity === null ? "" : site.names.called(identity);
  const words = isGiven(search) ? String(search).trim().toLowerCase() : "";
  const isOf = ({ key, location }: AlarmView) =>
    key.split("/")[1] === identity || (location ?? "").split(", ").includes(name);
  return (alarm) =>
    (weight === null || alarm.severity === weight) &&
    (identity === null || isOf(alarm)) &&
    (words === "" || `${alarm.text} ${alarm.action} ${alarm.location ?? ""}`.toLowerCase().includes(words));
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** A day alone is one of the place, and as an end it is meant whole. */
function readRange(payload: unknown, timeZone: string): { fromWallMs: number; toWallMs: number; most: number } {
  const fields = record(payload);
  const { most } = fields;
  const nowMs = systemClock.wallMs();
  const { fromWallMs, toWallMs } = readSpan({ from: fields["from"], to: fields["to"] }, timeZone, nowMs);
  const range = {
    fromWallMs: fromWallMs ?? nowMs - 7 * DAY_MS,
    toWallMs: toWallMs ?? nowMs,
    most: most === undefined ? 500 : Number(most),
  };
  if (!Number.isInteger(range.most) || range.most < 1 || range.most > MOST)
    throw badMessage("payload.most", `a whole number from 1 to ${MOST}`, most);
  return range;
}
