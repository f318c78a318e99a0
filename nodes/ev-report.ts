import { createHash } from "node:crypto";
import type { Node, NodeAPI, NodeMessage } from "node-red";
import { isoTime } from "../lib/clock.ts";
import { EvError, inShort, messageOf } from "../lib/errors.ts";
import { claimName, releaseName } from "../lib/names.ts";
import { consumptionCsv } from "../lib/overview/consumption.ts";
import type { ReportContent } from "../lib/report/content.ts";
import { type HttpTarget, place, postReport } from "../lib/report/http-post.ts";
import { type DeliveryState, type ReportEvent, ReportSender } from "../lib/report/report-sender.ts";
import { isTimeOfDay, PERIODS, type Period } from "../lib/report/schedule.ts";
import { isQuestion } from "../lib/rights/questions.ts";
import type { TableStyle } from "../lib/session/sessions/session-csv.ts";
import type { Site } from "../lib/site/site.ts";
import { sentence } from "../lib/words/sentence.ts";
import type { Language } from "../lib/words/types.ts";
import { serveReports } from "./admin/report-pages.ts";
import { permit, permitQuestion, permitUser } from "./admin/rights.ts";
import type { ReportTestPage } from "./admin/types/dialog-page-types.ts";
import { badMessage } from "./runtime/input.ts";
import type { EvReportNode, ReportCredentials } from "./runtime/node-types.ts";
import { Properties } from "./runtime/properties.ts";
import { registerNode } from "./runtime/register.ts";
import { reply, sendOut } from "./runtime/send.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import { report as showError } from "./runtime/start.ts";
import type { StatusLine } from "./runtime/status.ts";

interface Settings {
  period: Period;
  at: string;
  /** null = a wired flow delivers. */
  http: HttpTarget | null;
  table: Omit<TableStyle, "timeZone">;
  subject: string;
  /** What zones consumed is told, too. */
  consumption: boolean;
}

/** A byte order mark: people open attachments with spreadsheets. */
const BOM = "\ufeff";

/** Requests that send something. */
const SENDS: ReadonlySet<unknown> = new Set(["report/test", "report/send", "report/retry"]);

/** So many reports are listed. */
const MOST_LISTED = 100;

/** Makes reports of the sessions of a site and sees that each arrives once. */
export default function register(RED: NodeAPI): void {
  registerNode<EvReportNode>(RED, "ev-report", {
    idle: "this node has an error in its properties and sends nothing",
    credentials: { user: { type: "text" }, password: { type: "password" } },
    setUp: (node, read, status) => {
      const settings = readSettings(read, node.credentials ?? {});
      const destination = settings.http ? destinationOf(settings.http.url) : `wired ${node.id}`;
      claimName("report", destination, node.id, `ev-report "${node.name || node.id}" (${node.id})`);
      node.on("close", () => releaseName("report", destination, node.id));
      const site = useSite(RED, node, "site", read.text("site"));
      const sender = openSender(node, site, settings, destination, status);
      node.site = site;
      node.tryOut = (destination) => tryOut(node, sender, settings.http, destination);
      sender.start();
      return {
        input: (message, send) => {
          check(site, node, message);
          return answer(sender, message, (reply) => send([null, reply]));
        },
        close: (removed) => {
          sender.close();
          return releaseSite(site, removed);
        },
      };
    },
  });
  serveReports(RED);
}

/** @throws EvError EV_ROLE_DENIED */
function check(site: Site, node: Node, message: NodeMessage): void {
  const { topic, reportId } = message as { topic?: unknown; reportId?: unknown };
  if (isQuestion(node.type, topic)) permitQuestion(site, message);
  else if (SENDS.has(topic)) permit(site, node, message, "operator", String(topic));
  else permitUser(site, node, message, "operator", `acknowledge the report ${inShort(reportId)}`);
}

/** @param deployed where the report goes by itself; null = nowhere by HTTP */
async function tryOut(
  node: EvReportNode,
  sender: ReportSender,
  deployed: HttpTarget | null,
  destination: Record<string, unknown>,
): Promise<ReportTestPage> {
  const { user, password } = destination;
  const stored = node.credentials?.password ?? "";
  const { http } = readSettings(new Properties(destination), {
    user: typeof user === "string" ? user : "",
    password: typeof password === "string" ? password : stored,
  });
  // Whoever may test may not see the password; another address would be shown it.
  if (http && password === undefined && stored && http.url !== deployed?.url)
    throw new EvError(
      "EV_CONFIG_INVALID",
      "password: the stored one goes to the deployed address alone; type it in to test another one, or deploy first",
    );
  const sessions = await sender.test((id, content) =>
    http ? postReport(http, id, content).then(() => "done" as const) : handOver(node, id, content),
  );
  return { sessions, state: http ? "posted" : "wired" };
}

function openSender(node: Node, site: Site, settings: Settings, destination: string, status: StatusLine): ReportSender {
  const { period, at, http, table, subject, consumption } = settings;
  const { separator, decimal } = table;
  const book = (fromDay: string, toDay: string) => {
    const rows = site.consumption.between(fromDay, toDay);
    return { rows, csv: consumptionCsv(rows, separator, decimal) };
  };
  const sender = new ReportSender({
    reports: site.store.reports,
    sessions: site.store.sessions,
    clock: site.clock,
    destination,
    plan: () => ({ period, at, timeZone: site.timeZone }),
    style: () => ({
      table: { ...table, timeZone: site.timeZone, names: site.names },
      language: site.language,
      subject,
      consumption: consumption ? book : null,
    }),
    deliver: (id, content) => (http ? postReport(http, id, content).then(() => "done") : handOver(node, id, content)),
    tell: (event) => {
      show(sender, status, event, site.language);
      if (event.error !== null) node.warn(`${event.period}: ${event.error}`);
      sendOut(node, eventMessage(event), 1, 2);
    },
    trouble: (error) => showError(node, status, error),
  });
  status.set("unknown", "ev-report.status.waiting");
  return sender;
}

/** Shaped for the e-mail node as it is. */
async function handOver(node: Node, reportId: string, content: ReportContent): Promise<DeliveryState> {
  const { subject, text, filename, csv, name, sessions, energyWh, consumption } = content;
  const attachments = (consumption ? [content, consumption] : [content]).map((table) => ({
    ...{ filename: table.filename, content: `${BOM}${table.csv}`, contentType: "text/csv; charset=utf-8" },
  }));
  const report = { period: name, sessions, energyWh };
  const message = {
    ...{ topic: subject, payload: text, attachments, filename, csv, reportId, report },
    ...(consumption && { consumption: consumption.rows }),
  };
  sendOut(node, message, 0, 2);
  return "handedOver";
}

async function answer(sender: ReportSender, message: NodeMessage, send: (reply: NodeMessage) => void): Promise<void> {
  const { topic, reportId } = message as { topic?: unknown; reportId?: unknown };
  const isRequest = typeof topic === "string" && topic.startsWith("report/") && topic !== "report/ack";
  if (!isRequest) return acknowledge(sender, message, reportId);
  switch (topic) {
    case "report/test":
      await sender.test();
      return;
    case "report/send":
      return sender.sendNow();
    case "report/retry":
      return sender.look(true);
    case "report/list":
      return send(reply(message, { payload: listOf(sender) }));
    default:
      throw badMessage("topic", "report/test, report/send, report/retry, report/list or report/ack", topic);
  }
}

/** By a Complete node, which passes the message on, or a Catch node, which adds what went wrong. */
function acknowledge(sender: ReportSender, message: NodeMessage, reportId: unknown): void {
  if (typeof reportId !== "string" || !reportId)
    throw badMessage("reportId", "that of a report which this node has sent, with its acknowledgement", reportId);
  const { error, payload } = message as { error?: unknown; payload?: unknown };
  if (!sender.acknowledge(reportId, failureIn(error) ?? failureIn(payload)))
    throw badMessage("reportId", "that of a report which this node has sent", reportId);
}

/** Why it did not arrive: `{ok: false}`, `{error: …}` or what a Catch node says; null = it did. */
function failureIn(told: unknown): string | null {
  if (typeof told !== "object" || told === null) return null;
  const { ok, error, message } = told as { ok?: unknown; error?: unknown; message?: unknown };
  if (typeof error === "string" && error) return error;
  if (typeof error === "object" && error !== null)
    return messageOf((error as { message?: unknown }).message ?? "failed");
  if (typeof message === "string" && message) return message;
  return ok === false ? "it was not delivered" : null;
}

function listOf(sender: ReportSender): object[] {
  return sender.newest(MOST_LISTED).map((report) => ({
    reportId: report.id,
    state: report.state,
    from: isoTime(report.fromWallMs),
    to: isoTime(report.toWallMs),
    created: isoTime(report.createdWallMs),
    done: report.doneWallMs === null ? null : isoTime(report.doneWallMs),
    tries: report.tries,
    nextTry: report.nextWallMs === null ? null : isoTime(report.nextWallMs),
    error: report.error,
  }));
}

function eventMessage({ event, ...payload }: ReportEvent): NodeMessage {
  return { topic: `report/${event}`, event, reportId: payload.reportId, payload } as NodeMessage;
}

function show(
  sender: ReportSender,
  status: StatusLine,
  { event, period, error }: ReportEvent,
  language: Language,
): void {
  const waiting = sender.waiting.length;
  if (event === "givenUp") status.set("wrong", `${period}: ${error}`.slice(0, 60));
  else if (error !== null) status.set("degraded", `${period}: ${error}`.slice(0, 60));
  else if (waiting > 0) status.set("working", sentence(language, "line.waiting", { n: waiting }));
  else status.set("good", sentence(language, "line.sent", { period }));
}

/** Names an address for ever, without the secrets that its query may hold. */
function destinationOf(url: string): string {
  const query = URL.parse(url)?.search ?? "";
  const mark = query ? ` ${createHash("sha256").update(query).digest("hex").slice(0, 8)}` : "";
  return `http ${place(url)}${mark}`;
}

function readSettings(read: Properties, { user = "", password = "" }: ReportCredentials): Settings {
  const at = read.text("at", "00:01") || "00:01";
  if (!isTimeOfDay(at)) throw read.wrong("at", "a time of day such as 00:01");
  const isHttp = read.choice("destination", ["http", "wired"]) === "http";
  const url = read.text("url");
  const protocol = URL.parse(url)?.protocol;
  if (isHttp && protocol !== "http:" && protocol !== "https:") throw read.wrong("url", "an address with http or https");
  const timeoutMs = read.number("timeoutS", 30, { min: 1, max: 600 }) * 1000;
  return {
    period: read.choice("period", [...PERIODS]),
    at,
    http: isHttp ? { url, user, password, fieldName: read.text("fieldName"), timeoutMs } : null,
    table: {
      separator: read.choice("separator", [";", ",", "\t"]),
      decimal: read.choice("decimal", [",", "."]),
      columns: read.choice("columns", ["all", "evlink"]),
    },
    subject: read.text("subject"),
    consumption: read.flag("consumption", false),
  };
}
