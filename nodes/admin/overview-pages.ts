import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import { OverviewFeed } from "../../lib/overview/feed.ts";
import { OverviewSites } from "./overview-sites.ts";
import { answering, bodyOf } from "./pages.ts";
import { needs } from "./permission.ts";
import {
  OVERVIEW_TOPIC,
  type OverviewPage,
  type OverviewPush,
  type OverviewWatch,
} from "./types/overview-page-types.ts";

/**
 * Serves the sidebar: `GET /ev-charging/overview?site=<node id>` (everything, and a ticket), and with `{site, key, comment}`
 * `POST /ev-charging/overview/acknowledge` (a person takes an alarm on). What changes afterwards goes over the editor's own socket to
 * the connection that shows the ticket, and to no other: whoever may not read this page does not get it that way either.
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
  return listen(RED, feed);
}

/** @throws EvError EV_ROLE_DENIED | EV_MESSAGE_INVALID */
function acknowledge(sites: OverviewSites, request: Request): { key: string } {
  const { site: id, key, comment = "" } = bodyOf(request.body);
  const site = sites.find(String(id));
  if (!site) throw new EvError("EV_CONFIG_MISSING", "this site is not deployed");
  if (typeof key !== "string" || typeof comment !== "string")
    throw new EvError("EV_MESSAGE_INVALID", "key must be that of an alarm, comment a text");
  const user = (request as { user?: { username?: string } }).user?.username ?? null;
  const by = user ?? "the editor";
  site.rights.checkUser({ user, by, reason: comment || null }, "operator", `acknowledge the alarm ${key}`);
  if (!site.alarms.list.acknowledge(key, by, comment))
    throw new EvError("EV_MESSAGE_INVALID", `the alarm ${key} is over`);
  return { key };
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
