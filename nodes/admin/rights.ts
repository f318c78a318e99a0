import type { Request } from "express";
import type { Node, NodeMessage } from "node-red";
import { inShort } from "../../lib/errors.ts";
import { text } from "../../lib/fields.ts";
import { PROOF_ROLE } from "../../lib/rights/command-roles.ts";
import { isQuestion, roleToAsk } from "../../lib/rights/questions.ts";
import { type Role, senderOf } from "../../lib/rights/roles.ts";
import type { Site } from "../../lib/site/site.ts";
import { type ErasureAnswer, erasureNote } from "../../lib/site/site-erasure.ts";
import { sitesInUse } from "../runtime/site.ts";

/**
 * Lets a message that changes something pass, and notes who sent it, or refuses it.
 * @throws EvError EV_ROLE_DENIED
 */
export function permit(site: Site, node: Node, message: NodeMessage, needed: Role, what: string): void {
  site.rights.check(message, needed, what, `${node.type} "${node.name || node.id}"`);
}

/** As `permit`, for what flows send all the time: only what comes from people is checked and noted. @throws EvError EV_ROLE_DENIED */
export function permitUser(site: Site, node: Node, message: NodeMessage, needed: Role, what: string): void {
  if (isFromPeople(message)) permit(site, node, message, needed, what);
}

/**
 * As `permitUser`, at a node that belongs to no site: at every site there is, because what it says may be wired into any of them.
 * @throws EvError EV_ROLE_DENIED
 */
export function permitUserEverywhere(node: Node, message: NodeMessage): void {
  if (!isFromPeople(message)) return;
  const what = `message into ${node.type} "${node.name || node.id}": ${inShort(message.payload)}`;
  for (const { site } of sitesInUse()) permit(site, node, message, "operator", what);
}

/** What flows send to `ev-dlm` now and then to change something, on behalf of somebody; limits, prices and readings come all the time. */
const NOTED_OF_FLOWS = /^(clear|override)(\/|$)/;

/**
 * Checks a message to `ev-dlm`. Whatever is no question changes how a zone is controlled, readings of meters and states of chargers as
 * well; of those that flows send only a few are noted. Of an override it is kept who decided it.
 * @throws EvError EV_ROLE_DENIED
 */
export function permitControl(site: Site, node: Node, message: NodeMessage): void {
  const { topic, payload } = message;
  if (isQuestion(node.type, topic)) {
    permitQuestion(site, message);
    return;
  }
  const name = topicOf(message);
  if (/^(commissioning|drill)\//.test(name)) {
    permit(site, node, message, PROOF_ROLE, `${name} ${inShort(payload)}`);
    return;
  }
  const check = NOTED_OF_FLOWS.test(name) ? permit : permitUser;
  check(site, node, message, "operator", payload === undefined ? name : `${name} ${inShort(payload)}`);
  const { user, by } = senderOf(message);
  if (user !== null && name.startsWith("override")) Object.assign(message, { by: user });
  if (name.startsWith("mode") && isFromPeople(message)) Object.assign(message, { by: user ?? by ?? "dashboard" });
}

/** Who does something, as far as a message says; empty = a flow that does not. */
export function doerOf(message: NodeMessage): string {
  const { user, by, browser } = senderOf(message);
  return user ?? by ?? (browser === null ? "" : "dashboard");
}

/** Notes what a dialog of the editor is about to change. Who may is for Node-RED to say: `adminAuth` lets the request pass or not. */
export function noteEditor(site: Site, request: Request, what: string): void {
  const user = (request as { user?: { username?: string } }).user?.username ?? null;
  site.rights.note({ user, by: user === null ? "the editor" : null, reason: null }, what);
}

/** Notes that a holder was erased, by whom, and nothing that names the holder: no reason is kept. */
export function noteErasure(site: Site, message: NodeMessage, answer: ErasureAnswer): void {
  const { user, browser } = senderOf(message);
  site.rights.note({ user, browser, by: null, reason: null }, erasureNote(answer));
}

/** Lets somebody ask something who may look. @throws EvError EV_ROLE_DENIED */
export function permitQuestion(site: Site, message: NodeMessage, what = topicOf(message)): void {
  site.rights.checkQuestion(message, what, roleToAsk(message.topic));
}

/** As `permitQuestion`. @returns the name of whoever may see their own figures alone; null = everybody's @throws EvError EV_ROLE_DENIED */
export function permitOwn(site: Site, message: NodeMessage): string | null {
  return site.rights.checkOwn(message, topicOf(message));
}

/** For the log and for people. */
function topicOf({ topic }: NodeMessage): string {
  return text(topic) ?? (topic === undefined || topic === "" ? "a message without a topic" : inShort(topic));
}

/** A person sent it, by way of a dashboard, with a login or without. */
export function isFromPeople(message: NodeMessage): boolean {
  const { user, browser } = senderOf(message);
  return user !== null || browser !== null;
}
