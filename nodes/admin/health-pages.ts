import { createHash, timingSafeEqual } from "node:crypto";
import { statfs } from "node:fs/promises";
import type { Request, RequestHandler, Response } from "express";
import type { NodeAPI } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import { EvError } from "../../lib/errors.ts";
import { LoginThrottle } from "../../lib/ocpp/server/login-throttle.ts";
import { type Health, healthOf } from "../../lib/overview/health.ts";
import type { Site } from "../../lib/site/site.ts";
import type { EvCentralSystemNode, EvSiteNode } from "../runtime/node-types.ts";
import { sitesInUse } from "../runtime/site.ts";
import { exposed } from "./exposure.ts";
import { clockIsSet } from "./host-clock.ts";
import { failurePage } from "./pages.ts";
import { needs } from "./permission.ts";
import { OverviewSites } from "./sidebar/overview-sites.ts";

const MB = 1_000_000;
const DAY_MS = 86_400_000;
/** A shorter token could be guessed. */
export const SHORTEST_TOKEN = 16;
/** An answer holds for so long, ms: whoever asks more often gets the same. */
const HOLDS_MS = 1_000;

/**
 * Serves `GET /ev-charging/health?site=<node id>&token=`: whether the site is well, part by part, with 200 or 503. It takes the
 * permission `ev-charging.read`, or the token of the site's credential `healthToken`. Without `site`: the only one there is, or the one
 * of the token. 401 for a wrong token, 429 for who guesses.
 */
export function serveHealth(RED: NodeAPI): void {
  const guesses = new LoginThrottle(systemClock);
  const mayRead = needs(RED, "ev-charging.read");
  const known = new Map<string, { health: Promise<Health>; atMs: number }>();
  const look = (nodeId: string, site: Site): Promise<Health> => {
    const atMs = systemClock.nowMs();
    const last = known.get(nodeId);
    if (last && atMs - last.atMs < HOLDS_MS) return last.health;
    const health = siteHealth(RED, nodeId, site);
    known.set(nodeId, { health, atMs });
    return health;
  };
  const enter: RequestHandler = (request, response, next) => {
    const token = request.query?.["token"];
    if (token === undefined) {
      mayRead(request, response, next);
      return;
    }
    const from = request.socket.remoteAddress ?? "";
    const waitS = guesses.waitS(from, "health");
    if (waitS > 0) {
      response.setHeader("Retry-After", String(waitS));
      response.status(429).json(failurePage(new EvError("EV_ROLE_DENIED", "too many wrong tokens")));
      return;
    }
    const nodeId = siteOfToken(RED, String(token), request.query["site"]);
    if (nodeId === null) {
      guesses.failed(from, "health");
      response.status(401).json(failurePage(new EvError("EV_ROLE_DENIED", "no site has this token")));
      return;
    }
    guesses.succeeded(from, "health");
    response.locals["site"] = nodeId;
    next();
  };
  RED.httpAdmin.get("/ev-charging/health", enter, (request: Request, response: Response) => {
    response.setHeader("Cache-Control", "no-store");
    Promise.resolve()
      .then(() => chosen(response.locals["site"] ?? request.query["site"]))
      .then(({ nodeId, site }) => look(nodeId, site))
      .then((health) => void response.status(health.ok ? 200 : 503).json(health))
      .catch((error: unknown) => void response.status(400).json(failurePage(error)))
      .catch(() => {});
  });
}

/** Every token is compared, each in constant time. null = none fits. */
function siteOfToken(RED: NodeAPI, token: string, wanted: unknown): string | null {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  const given = hash(token);
  const fitting = sitesInUse().filter(({ nodeId }) => {
    const own = (RED.nodes.getNode(nodeId) as EvSiteNode | null)?.credentials?.healthToken ?? "";
    return timingSafeEqual(hash(own), given) && own.length >= SHORTEST_TOKEN;
  });
  const [found] = wanted === undefined ? fitting : fitting.filter(({ nodeId }) => nodeId === wanted);
  return found?.nodeId ?? null;
}

/** @throws EvError EV_CONFIG_MISSING */
function chosen(wanted: unknown): { nodeId: string; site: Site } {
  const sites = sitesInUse();
  const found = wanted === undefined ? sites : sites.filter(({ nodeId }) => nodeId === wanted);
  if (found.length === 1 && found[0]) return found[0];
  const names = sites.map(({ nodeId }) => nodeId).join(", ");
  throw new EvError("EV_CONFIG_MISSING", `site: name one of ${names || "(none is deployed)"}`);
}

/** Whether a site is well, part by part. */
export async function siteHealth(RED: NodeAPI, nodeId: string, site: Site): Promise<Health> {
  const { meters = [], chargers = [], backEnds = [] } = new OverviewSites(RED).view(nodeId) ?? {};
  const servers = centralSystemsOf(RED, site);
  const open = exposed(RED, site).map(({ id }) => id);
  return healthOf(
    {
      database: { failure: site.store.failure?.message ?? null, copyFailure: site.copies.failure },
      meters,
      chargers,
      deafServers: servers.flatMap(({ name, system: { state } }) =>
        state.kind === "failed" ? [{ name, why: state.error.message }] : [],
      ),
      backEnds,
      clockIsSet: await clockIsSet(systemClock),
      freeMB: await statfs(site.dataDir).then(
        ({ bavail, bsize }) => Math.floor((bavail * bsize) / MB),
        () => null,
      ),
      certificates: [
        ...servers.flatMap(({ name, system: { certificateEndMs: endMs } }) => {
          if (endMs === undefined) return [];
          return [{ name, daysLeft: endMs === null ? null : (endMs - systemClock.wallMs()) / DAY_MS }];
        }),
        ...site.certificates
          .daysLeft()
          .map(({ identity, days }) => ({ name: site.names.called(identity), daysLeft: days })),
      ],
      open: { editor: open.includes("editor"), dashboard: open.includes("dashboard") },
    },
    site.language,
  );
}

/** The OCPP servers of a site with their names. */
export function centralSystemsOf(RED: NodeAPI, site: Site) {
  const found: { name: string; system: NonNullable<EvCentralSystemNode["centralSystem"]> }[] = [];
  RED.nodes.eachNode(({ id, type }) => {
    if (type !== "ev-central-system") return;
    const node = RED.nodes.getNode(id) as EvCentralSystemNode | null;
    if (node?.site === site && node.centralSystem) found.push({ name: node.name || id, system: node.centralSystem });
  });
  return found;
}
