import { once } from "node:events";
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { EvError } from "../../lib/errors.ts";
import { exportSessions } from "../../lib/session/sessions/session-answer.ts";
import { readExport } from "../../lib/session/sessions/session-request.ts";
import type { EvSessionsNode } from "../runtime/node-types.ts";
import { failurePage } from "./pages.ts";
import { needs } from "./permission.ts";

/**
 * Serves the sessions of an ev-sessions node as a file: `GET /ev-charging/sessions/:id?format=csv|json&from=&to=&month=&chargePoint=
 * &user=&report=&separator=&decimal=&columns=&bom=`. Page by page, as fast as it is taken.
 */
export function serveSessions(RED: NodeAPI): void {
  const mayRead = needs(RED, "ev-charging.read");
  RED.httpAdmin.get("/ev-charging/sessions/:id", mayRead, (request, response) => {
    stream(RED, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else response.status(isAskedWrong(error) ? 400 : 502).json(failurePage(error));
    });
  });
}

async function stream(RED: NodeAPI, request: Request, response: Response): Promise<void> {
  const node = RED.nodes.getNode(String(request.params["id"])) as Partial<EvSessionsNode> | null;
  if (!node?.site) throw new EvError("EV_CONFIG_MISSING", "this node is not deployed");
  const order = readExport(request.query, node.site.timeZone, node.site.clock.wallMs());
  const named = { ...order, style: { ...order.style, names: node.site.names } };
  const pages = exportSessions(node.site.sessions.book, named, node.site.upstreams.reports());
  const first = pages.next();
  response.attachment(`sessions.${order.format}`);
  response.type(order.format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8");
  const closed = once(response, "close");
  let isFirst = true;
  for (let page = first; !page.done; page = pages.next()) {
    const text = typeof page.value === "string" ? page.value : listText(page.value, isFirst);
    isFirst = false;
    if (!response.write(text)) await Promise.race([once(response, "drain"), closed]);
    if (response.destroyed) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end(order.format === "json" ? (isFirst ? "[]" : "]") : "");
}

/** A page as part of one long list. */
function listText(rows: readonly unknown[], isFirst: boolean): string {
  return rows.map((row, index) => `${isFirst && index === 0 ? "[" : ",\n"}${JSON.stringify(row)}`).join("");
}

function isAskedWrong(error: unknown): boolean {
  return error instanceof EvError && ["EV_MESSAGE_INVALID", "EV_CONFIG_MISSING"].includes(error.code);
}
