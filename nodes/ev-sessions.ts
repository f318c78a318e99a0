import type { Node, NodeAPI, NodeMessage } from "node-red";
import { inShort } from "../lib/errors.ts";
import { exportSessions, listSessions, totalSessions } from "../lib/session/sessions/session-answer.ts";
import { type SessionPayload, sessionMessage } from "../lib/session/sessions/session-payload.ts";
import { pruneSessions } from "../lib/session/sessions/session-prune.ts";
import { type ExportOrder, readSessionRequest } from "../lib/session/sessions/session-request.ts";
import { sessionRows } from "../lib/session/sessions/session-rows.ts";
import { statisticsOf } from "../lib/session/statistics/statistics.ts";
import { statisticsCsv } from "../lib/session/statistics/statistics-csv.ts";
import { readStatisticsRequest } from "../lib/session/statistics/statistics-request.ts";
import type { Site } from "../lib/site/site.ts";
import { sentence } from "../lib/words/sentence.ts";
import { permit, permitOwn, permitQuestion } from "./admin/rights.ts";
import { serveSessions } from "./admin/session-pages.ts";
import type { Send } from "./runtime/input.ts";
import type { EvSessionsNode } from "./runtime/node-types.ts";
import { registerNode } from "./runtime/register.ts";
import { reply, replyFresh, sendOut } from "./runtime/send.ts";
import { releaseSite, useSite } from "./runtime/site.ts";
import type { StatusLine } from "./runtime/status.ts";

/** Says who charged what, when: as it happens, on request, and as a table. */
export default function register(RED: NodeAPI): void {
  serveSessions(RED);
  registerNode<EvSessionsNode>(RED, "ev-sessions", {
    idle: "this node has an error in its properties and keeps nothing",
    setUp: (node, read, status) => {
      const isTalkative = read.flag("updates", true);
      const site = useSite(RED, node, "site", read.text("site"));
      node.site = site;
      const stop = watch(node, site, isTalkative, status);
      let isClosed = false;
      return {
        input: (message, send) => {
          if (message.topic === "sessions/prune") return forget(node, site, message, send);
          if (message.topic === "sessions/repeat") return repeat(node, site, message, send);
          if (message.topic === "sessions/statistics") return addUp(site, message, send, () => isClosed);
          return answer(RED, site, message, send, () => isClosed);
        },
        language: () => site.language,
        close: (removed) => {
          isClosed = true;
          stop();
          return releaseSite(site, removed);
        },
      };
    },
  });
}

/** Passes on what happens, and shows how many cars charge. */
function watch(node: Node, site: Site, isTalkative: boolean, status: StatusLine): () => void {
  const { sessions } = site;
  const show = () =>
    status.set(sessions.count > 0 ? "good" : "unknown", sentence(site.language, "line.open", { n: sessions.count }));
  show();
  return sessions.onNews((news, record) => {
    if (news !== "update") show();
    if (news !== "update" || isTalkative) sendOut(node, sessionMessage(news, record, site.names));
  });
}

/** For an admin only: there is no way back. */
function forget(node: Node, site: Site, message: NodeMessage, send: Send): void {
  permit(site, node, message, "admin", `sessions/prune ${inShort(message.payload)}`);
  const payload = pruneSessions(site.sessions.book, message.payload, site.timeZone, site.clock.wallMs());
  send(reply(message, { payload }));
}

/** Back ends get again what they refused. */
function repeat(node: Node, site: Site, message: NodeMessage, send: Send): void {
  permit(site, node, message, "operator", `sessions/repeat ${inShort(message.payload)}`);
  const repeated = site.upstreams.repeat(message.payload);
  send(reply(message, { payload: { repeated }, text: sentence(site.language, "done.repeated", { n: repeated }) }));
}

/** What was charged, by time, charger, zone or holder. Holders of badges see their own; money is for operators and for them. */
async function addUp(site: Site, message: NodeMessage, send: Send, isClosed: () => boolean): Promise<void> {
  const owner = permitOwn(site, message);
  const { timeZone, names, clock, sessions } = site;
  const request = readStatisticsRequest(message.payload, timeZone, clock.wallMs(), owner);
  const tariff = owner !== null || site.rights.may(message, "operator") ? site.tariff : null;
  const nameOf = (identity: string) => names.chargePoint(identity);
  const found = await statisticsOf(sessions.book, request, { timeZone, tariff, nameOf });
  if (isClosed()) return;
  const currency = tariff?.currency ?? null;
  const payload =
    request.format === "csv" ? statisticsCsv(found, currency, request.style) : { ...found, currency, owner };
  send(replyFresh(message, { payload, ...(request.format === "csv" && { filename: `statistics-${request.by}.csv` }) }));
}

async function answer(
  RED: NodeAPI,
  site: Site,
  message: NodeMessage,
  send: Send,
  isClosed: () => boolean,
): Promise<void> {
  permitQuestion(site, message);
  if (message.topic === "sessions/books") {
    send(reply(message, { ...site.upstreams.books(message.payload, site.timeZone) }));
    return;
  }
  if (message.topic === "sessions/compare") {
    const payload = await site.upstreams.compare(message.payload, site.timeZone);
    if (!isClosed()) send(reply(message, { payload }));
    return;
  }
  const request = readSessionRequest(message, site.timeZone, site.clock.wallMs());
  const { book } = site.sessions;
  if (request.kind === "list") send(reply(message, listSessions(book, request.query, request.most, site.names)));
  else if (request.kind === "rows") {
    const rows = sessionRows(book, request, site, site.clock.wallMs(), {
      report: request.report,
      reports: site.upstreams.reports(),
    });
    send(reply(message, { ...rows, mayRepeat: site.rights.may(message, "operator") }));
  } else if (request.kind === "totals") {
    const payload = totalSessions(
      ...([book, request.query, request.by, site.timeZone, site.clock.wallMs()] as const),
      (identity) => site.names.chargePoint(identity),
    );
    send(reply(message, { payload }));
  } else await sendParts(RED, site, message, request, send, isClosed);
}

/** One message for each page, as Split makes them; other work is done in between. */
async function sendParts(
  RED: NodeAPI,
  site: Site,
  message: NodeMessage,
  order: ExportOrder,
  send: Send,
  isClosed: () => boolean,
): Promise<void> {
  const original = RED.util.cloneMessage(message);
  const id = RED.util.generateId();
  const isText = order.format === "csv";
  const named = { ...order, style: { ...order.style, names: site.names } };
  const pages = exportSessions(site.sessions.book, named, site.upstreams.reports());
  const filename = `sessions.${order.format}`;
  let page = pages.next();
  for (let index = 0; !isClosed(); index++) {
    const payload: string | SessionPayload[] = page.done ? (isText ? "" : []) : page.value;
    page = pages.next();
    const last = page.done === true;
    // A list of more than one is joined into one list.
    const parts = {
      id,
      index,
      ...(isText ? { type: "string", ch: "" } : { type: "array", len: 2 }),
      ...(last && { count: index + 1 }),
    };
    const part = RED.util.cloneMessage(original);
    send(reply(part, { payload, filename, parts, ...(last && { complete: true }) }));
    if (last) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
