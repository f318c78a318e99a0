import type { Request } from "express";
import type { Node, NodeMessage } from "node-red";
import { inShort } from "../../lib/errors.ts";
import { type Role, senderOf } from "../../lib/rights/roles.ts";
import type { Site } from "../../lib/site.ts";

/**
 * Lets a message that changes something pass, and notes who sent it, or refuses it.
 * @throws EvError EV_ROLE_DENIED
 */
export function permit(site: Site, node: Node, message: NodeMessage, needed: Role, what: string): void {
  site.rights.check(message, needed, what, `${node.type} "${node.name || node.id}"`);
}

/** Topics of `ev-dlm` that people use to change something; measurements and states of chargers are none. */
const CONTROLS = /^(clear|mode|priority|limit|price|tariff|override)(\/|$)/;

/**
 * Checks what changes how a zone is controlled. Limits and prices come from flows all the time: of those only users are noted. Of an
 * override it is kept who decided it.
 */
export function permitControl(site: Site, node: Node, message: NodeMessage): void {
  const topic = typeof message.topic === "string" ? message.topic : "";
  const [, control] = CONTROLS.exec(topic) ?? [];
  if (control === undefined) {
    permitQuestion(site, message);
    return;
  }
  const check = control === "clear" || control === "override" ? permit : permitUser;
  check(site, node, message, "operator", `${topic} ${inShort(message.payload)}`);
  const { user } = senderOf(message);
  if (control === "override" && user !== null) Object.assign(message, { by: user });
}

/** As `permit`, for what flows send all the time: only users are checked and noted. @throws EvError EV_ROLE_DENIED */
export function permitUser(site: Site, node: Node, message: NodeMessage, needed: Role, what: string): void {
  if (senderOf(message).user !== null) permit(site, node, message, needed, what);
}

/** Notes what a dialog of the editor is about to change. Who may is for Node-RED to say: `adminAuth` lets the request pass or not. */
export function noteEditor(site: Site, request: Request, what: string): void {
  const user = (request as { user?: { username?: string } }).user?.username ?? null;
  site.rights.note({ user, by: user === null ? "the editor" : null, reason: null }, what);
}

/** Lets a user ask something who may look. @throws EvError EV_ROLE_DENIED */
export function permitQuestion(site: Site, message: NodeMessage, what = String(message.topic)): void {
  site.rights.checkQuestion(message, what);
}
