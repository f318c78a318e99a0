import { EvError } from "../errors.ts";
import { record, text } from "../fields.ts";
import { type DashboardVisitors, visitors as everybody } from "./visitors.ts";

/**
 * What a user may do: see the statistics of their own badges; look; run the site; set it up and say who may charge. Each role may do
 * what the roles before it may.
 */
export const ROLES = ["none", "holder", "viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who may do what at a site. */
export interface RoleRules {
  /** By user name, as the dashboard or the editor's server knows it; letter case ignored. */
  users: ReadonlyMap<string, Role>;
  /** A user who is in no list, and every user of a dashboard without a login. */
  otherUsers: Role;
  /** A message that no user sent: a flow that an integrator wired. */
  flows: Role;
}

/** Every user may do everything: a site without a choice of roles. */
export const OPEN_RULES: RoleRules = { users: new Map(), otherUsers: "admin", flows: "admin" };

/** Who it is that a role is asked for. */
export interface Who {
  /** Name of who is logged in to the dashboard or the editor's server; null = nobody is. */
  user: string | null;
  /** Address of the browser that it came from by way of a dashboard, or "a browser"; null = from elsewhere. */
  browser?: string | null;
}

/** Who sends a message, as far as it says. */
export interface Sender extends Required<Who> {
  /** Who did it, in the sender's words. */
  by: string | null;
  /** Why, in the sender's words. */
  reason: string | null;
}

/** What the dashboards of Node-RED put into messages from a browser: FlowFuse Dashboard, Dashboard 1, uibuilder. */
const FROM_BROWSERS = ["_client", "socketid", "_socketId", "_uib"] as const;

/**
 * Who sent a message. The user is whom the dashboard's server knows on the connection it came by (`Visitors`); a name in the message
 * itself gives no rights. A name that is written into `msg.by` says who did it, not who may.
 */
export function senderOf(message: unknown, visitors: DashboardVisitors = everybody): Sender {
  const fields = record(message);
  const { _client, by, reason, payload } = fields;
  const inner = record(payload);
  const { socketId, socketIp } = record(_client);
  const isFromBrowser = FROM_BROWSERS.some((name) => fields[name] !== undefined);
  return {
    user: typeof socketId === "string" ? visitors.userOf(socketId) : null,
    browser: isFromBrowser ? (text(socketIp) ?? "a browser") : null,
    by: text(by) ?? text(inner["by"]),
    reason: text(reason) ?? text(inner["reason"]) ?? text(inner["comment"]),
  };
}

/** The role of a user; of others where nobody is logged in at the browser; of flows where there is none. */
export function roleOf({ user, browser = null }: Who, { users, otherUsers, flows }: RoleRules): Role {
  if (user !== null) return users.get(user.toLowerCase()) ?? otherUsers;
  return browser === null ? flows : otherUsers;
}

/** Whether a role is enough. */
export function suffices(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** @throws EvError EV_ROLE_DENIED naming the user, what was asked and the role it takes */
export function demand({ user, browser = null }: Who, role: Role, needed: Role, what: string): void {
  if (suffices(role, needed)) return;
  const nobody = browser === null ? "a flow without a user" : "somebody without a login";
  const who = user === null ? nobody : `user ${user}`;
  throw new EvError("EV_ROLE_DENIED", `${what}: ${who} has the role ${role}; it takes ${needed}`);
}
