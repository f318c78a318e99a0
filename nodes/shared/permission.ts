import type { Request, RequestHandler, Response } from "express";
import type { NodeAPI } from "node-red";
import type { FailurePage } from "./meter-page-types.ts";

/** To look, and to change or do something; `adminAuth` in settings.js gives them, as part of `read` and `*` or by name. */
export type Permission = "ev-charging.read" | "ev-charging.write";

/**
 * The first handler of each endpoint: whoever has not logged in is refused by Node-RED with 401, as everywhere; whoever has, and may
 * not, with 403 and why not in words (`FailurePage`), for which Node-RED itself has 401 without a word.
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
      next(error);
    });
  };
}

function refuse(request: Request, response: Response, permission: Permission): Response {
  const name = (request as { user?: { username?: string } }).user?.username ?? "this user";
  const message = `${name} may not do this: it takes the permission ${permission}. Whoever looks after Node-RED can give it (adminAuth in settings.js).`;
  response.status(403).json({ code: "EV_ROLE_DENIED", message } satisfies FailurePage);
  // What Node-RED still wants to end has ended.
  return Object.assign(Object.create(response) as Response, { end: () => response });
}
