import type { Request, RequestHandler, Response } from "express";
import type { NodeAPI } from "node-red";
import type { FailurePage } from "./types/meter-page-types.ts";

/** To look, and to change or do something; `adminAuth` in settings.js gives them, as part of `read` and `*` or by name. */
export type Permission = "ev-charging.read" | "ev-charging.write";

/**
 * The first handler of each endpoint: whoever has not logged in is refused by Node-RED with 401, as everywhere; whoever has, and may
 * not, with 403 and why not in words (`FailurePage`), for which Node-RED itself has 401 without a word. What changes or does something
 * is taken from our own pages alone, in a form that no foreign page's form can send.
 */
export function needs(RED: NodeAPI, permission: Permission): RequestHandler {
  const check = RED.auth.needsPermission(permission);
  return (request, response, next) => {
    const status = response.status;
    // Node-RED says `status(401).end()` only of users whom it knows.
    response.status = (code) => {
      response.status = status;
      return code === 401 ? refuse(request, response, permission) : response.status(code);
    };
    check(request, response, (error?: unknown) => {
      response.status = status;
      const failure = error ? null : foreignness(request);
      if (failure) response.status(failure.status).json(failure.page);
      else next(error);
    });
  };
}

/** Media types in which a request may bring its body; a form on a web page can send none of them. */
const TAKEN: Readonly<Record<string, RegExp>> = {
  POST: /^application\/json\b/i,
  PUT: /^application\/(?:json|octet-stream)\b/i,
  PATCH: /^application\/json\b/i,
};

/** Why a request that changes or does something is not taken: another site's page may have sent it. null = it is. */
function foreignness(request: Request): { status: number; page: FailurePage } | null {
  const { method, headers } = request;
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return null;
  if (isForeign(headers)) {
    const message = "this request comes from a page of another site; open the editor itself";
    return { status: 403, page: { code: "EV_ROLE_DENIED", message } };
  }
  const taken = TAKEN[method];
  if (!taken || taken.test(headers["content-type"] ?? "")) return null;
  const message = `the body must be ${method === "PUT" ? "application/octet-stream" : "JSON"}`;
  return { status: 400, page: { code: "EV_CONFIG_INVALID", message } };
}

/** Browsers say where a request comes from, and let no page change that. A proxy may have changed the name that was dialled. */
function isForeign(headers: Request["headers"]): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site !== "same-origin" && site !== "none";
  const { origin } = headers;
  if (origin === undefined) return false;
  const forwarded = String(headers["x-forwarded-host"] ?? "")
    .split(",", 1)[0]
    ?.trim();
  const from = URL.parse(origin)?.hostname;
  return !from || ![headers.host, forwarded].some((name) => name && URL.parse(`http://${name}`)?.hostname === from);
}

function refuse(request: Request, response: Response, permission: Permission): Response {
  const name = (request as { user?: { username?: string } }).user?.username ?? "this user";
  const message = `${name} may not do this: it takes the permission ${permission}. Whoever looks after Node-RED can give it (adminAuth in settings.js).`;
  response.status(403).json({ code: "EV_ROLE_DENIED", message } satisfies FailurePage);
  // What Node-RED still wants to end has ended.
  return Object.assign(Object.create(response) as Response, { end: () => response });
}
