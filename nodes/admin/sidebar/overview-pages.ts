import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { systemClock } from "../../../lib/clock.ts";
import { EvError, inShort } from "../../../lib/errors.ts";
import { record } from "../../../lib/fields.ts";
import { operationOf } from "../../../lib/maintenance/operation-request.ts";
import { OverviewFeed } from "../../../lib/overview/feed.ts";
import type { DayPlan } from "../../../lib/planner/plan-types.ts";
import { OPERATION_ROLE } from "../../../lib/rights/command-roles.ts";
import { roleOf, suffices } from "../../../lib/rights/roles.ts";
import type { Site } from "../../../lib/site/site.ts";
import { refusalText } from "../../../lib/words/refusal.ts";
import { CATALOGUES, sentence } from "../../../lib/words/sentence.ts";
import { dayPlan } from "../../runtime/day-plans.ts";
import { answering, bodyOf, failurePage } from "../pages.ts";
import { needs } from "../permission.ts";
import type { OperationDone, OperationsPage } from "../types/operation-page-types.ts";
import {
  OVERVIEW_TOPIC,
  type OverviewPage,
  type OverviewPush,
  type OverviewWatch,
} from "../types/overview-page-types.ts";
import { serveDrills } from "./drill-pages.ts";
import { serveStaffFiles } from "./file-pages.ts";
import { OverviewSites } from "./overview-sites.ts";
import { serveSettings } from "./settings-pages.ts";

/**
 * Serves the sidebar: `GET /ev-charging/overview?site=<node id>` (everything, and a ticket), and with `{site, key, comment}`
 * `POST /ev-charging/overview/acknowledge` (a person takes an alarm on). What changes afterwards goes over the editor's own socket to
 * the connection that shows the ticket, and to no other: whoever may not read this page does not get it that way either.
 * `GET /ev-charging/operations?site=<node id>` tells what can be done at each connector; `{site, name, payload}` into
 * `POST /ev-charging/operations` does it, as the message `operations/<name>` would, and is answered in the language of the site. So is
 * `{site, backEnd, sessionId}` into `POST /ev-charging/overview/repeat`: a back end gets a session again that it refused.
 * `POST /ev-charging/plan` with `{site, root, payload}` plays days, as the message `plan` would.
 * @returns a function that stops it
 */
export function serveOverview(RED: NodeAPI): () => void {
  const mayRead = needs(RED, "ev-charging.read");
  const mayWrite = needs(RED, "ev-charging.write");
  const sites = new OverviewSites(RED);
  const feed = new OverviewFeed({
    clock: systemClock,
    view: (site) => sites.view(site),
    stamp: (site) => sites.stamp(site),
    send: (session, push) => tell(RED, session, push),
  });

  RED.httpAdmin.get(
    "/ev-charging/overview",
    mayRead,
    answering(({ query }): OverviewPage => {
      const site = sites.choose(String(query["site"] ?? ""));
      const overview = sites.view(site);
      if (!overview) throw new EvError("EV_CONFIG_MISSING", "this site is not deployed");
      return { site, ticket: feed.admit(site, overview), nowMs: systemClock.nowMs(), overview };
    }),
  );
  RED.httpAdmin.post(
    "/ev-charging/overview/acknowledge",
    mayWrite,
    answering((request) => acknowledge(sites, request)),
  );
  RED.httpAdmin.post(
    "/ev-charging/overview/repeat",
    mayWrite,
    answering((request) => repeat(sites, request)),
  );
  RED.httpAdmin.get(
    "/ev-charging/operations",
    mayRead,
    answering((request): OperationsPage => {
      const site = deployed(sites, request.query["site"]);
      const mayOperate = suffices(roleOf({ user: userOf(request) }, site.rights.rules), OPERATION_ROLE);
      return { ...site.operations.view(mayOperate), mayOperate, words: CATALOGUES[site.language].page };
    }),
  );
  RED.httpAdmin.post(
    "/ev-charging/operations",
    mayWrite,
    answering((request) => operate(sites, request)),
  );
  serveSettings(RED, sites);
  serveDrills(RED, sites);
  serveStaffFiles(RED, sites);
  RED.httpAdmin.post(
    "/ev-charging/plan",
    mayRead,
    answering(({ body }) => {
      const { site, root, payload } = bodyOf(body);
      return planned(deployed(sites, site), String(root), payload);
    }),
  );
  return listen(RED, feed);
}

/** What is wrong with a request is said in the words of the site. */
async function planned(site: Site, root: string, payload: unknown): Promise<DayPlan> {
  try {
    return await dayPlan(site, root, payload);
  } catch (error) {
    if (!(error instanceof EvError) || error.code !== "EV_MESSAGE_INVALID") throw error;
    throw new EvError(error.code, refusalText(site.language, error), { cause: error });
  }
}

/** @throws EvError EV_ROLE_DENIED | EV_MESSAGE_INVALID */
function acknowledge(sites: OverviewSites, request: Request): { key: string } {
  const { site: id, key, comment = "" } = bodyOf(request.body);
  const site = deployed(sites, id);
  if (typeof key !== "string" || typeof comment !== "string")
    throw new EvError("EV_MESSAGE_INVALID", "key must be that of an alarm, comment a text");
  const user = userOf(request);
  const by = user ?? "the editor";
  site.rights.checkUser({ user, by, reason: comment || null }, "operator", `acknowledge the alarm ${key}`);
  if (!site.alarms.list.acknowledge(key, by, comment))
    throw new EvError("EV_MESSAGE_INVALID", `the alarm ${key} is over`);
  return { key };
}

/** As `sessions/repeat`. What is refused is answered in words. @throws EvError EV_CONFIG_MISSING */
function repeat(sites: OverviewSites, request: Request): OperationDone {
  const { site: id, backEnd, sessionId } = bodyOf(request.body);
  const site = deployed(sites, id);
  const user = userOf(request);
  const payload = { backEnd, sessionId };
  try {
    if (typeof sessionId !== "string" || sessionId === "")
      throw new EvError("EV_MESSAGE_INVALID", "sessionId must be that of a session");
    const doer = { user, by: user ?? "the editor", reason: null };
    site.rights.checkUser(doer, "operator", `sessions/repeat ${inShort(payload)}`);
    return { ok: true, text: sentence(site.language, "done.repeated", { n: site.upstreams.repeat(payload) }) };
  } catch (error) {
    return { ok: false, code: failurePage(error).code, text: refusalText(site.language, error) };
  }
}

/** Carries an operation out. What is refused is answered in words, too: the sidebar shows them where it shows what was done. */
async function operate(sites: OverviewSites, request: Request): Promise<OperationDone> {
  const { site: id, name, payload } = bodyOf(request.body);
  const site = deployed(sites, id);
  const operation = operationOf(`operations/${String(name)}`);
  if (!operation) throw new EvError("EV_MESSAGE_INVALID", "name must be an operation");
  const user = userOf(request);
  const by = user ?? "the editor";
  const { reason } = record(payload);
  const doer = { user, by, reason: typeof reason === "string" && reason ? reason : null };
  try {
    const { text } = await site.operations.ask(operation, payload, by, (what) =>
      site.rights.checkUser(doer, OPERATION_ROLE, what),
    );
    return { ok: true, text };
  } catch (error) {
    return { ok: false, code: failurePage(error).code, text: refusalText(site.language, error) };
  }
}

/** @throws EvError EV_CONFIG_MISSING */
function deployed(sites: OverviewSites, id: unknown): Site {
  const site = sites.find(String(id));
  if (!site) throw new EvError("EV_CONFIG_MISSING", "this site is not deployed");
  return site;
}

/** Who is logged in to the editor; null = nobody, or there is no login. */
function userOf(request: Request): string | null {
  return (request as { user?: { username?: string } }).user?.username ?? null;
}

/** As `RED.comms.publish`, but to one connection. */
function tell(RED: NodeAPI, session: string, data: OverviewPush): void {
  RED.events.emit("comms", { topic: OVERVIEW_TOPIC, data, retain: false, session });
}

interface Said {
  session: string;
  data?: Partial<OverviewWatch>;
}

/** Hears what editors say on their socket, and that one is gone. */
function listen(RED: NodeAPI, feed: OverviewFeed): () => void {
  const heard = ({ session, data }: Said): void => {
    const ticket = data?.ticket;
    if (typeof ticket === "string" && ticket) feed.watch(session, ticket);
    else feed.leave(session);
  };
  const gone = ({ session }: Said): void => feed.leave(session);
  RED.events.on(`comms:message:${OVERVIEW_TOPIC}`, heard);
  RED.events.on("comms:connection-removed", gone);
  return () => {
    RED.events.off(`comms:message:${OVERVIEW_TOPIC}`, heard);
    RED.events.off("comms:connection-removed", gone);
    feed.close();
  };
}
