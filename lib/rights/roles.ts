import { EvError } from "../errors.ts";

/** What somebody may do: look; run the site day by day; change how it is set up and who may charge. Each may what those before may. */
export const ROLES = ["none", "viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who may do what at a site. */
export interface RoleRules {
  /** By user name, as the dashboard or the editor's server knows it; letter case ignored. */
  users: ReadonlyMap<string, Role>;
  /** A user who is in no list. */
  otherUsers: Role;
  /** A message that no user sent: a flow that an integrator wired. */
  flows: Role;
}

/** Everything is allowed to everybody: a site where nobody chose otherwise. */
export const OPEN_RULES: RoleRules = { users: new Map(), otherUsers: "admin", flows: "admin" };

/** Who sends a message, as far as it says. */
export interface Sender {
  /** Null for a flow without a user. */
  user: string | null;
  /** Why, in the sender's words. */
  reason: string | null;
}

/**
 * Who sent a message: the dashboard's user (`msg._client.user`), else none. A name that a flow writes into `msg.by` says who did it,
 * not who may.
 */
export function senderOf(message: unknown): Sender & { by: string | null } {
  const { _client, by, reason, payload } = record(message);
  const inner = record(payload);
  return {
    user: userOf(record(_client)["user"]),
    by: text(by) ?? text(inner["by"]),
    reason: text(reason) ?? text(inner["reason"]) ?? text(inner["comment"]),
  };
}

/** The role of a user, or of a flow where there is none. */
export function roleOf(user: string | null, { users, otherUsers, flows }: RoleRules): Role {
  if (user === null) return flows;
  return users.get(user.toLowerCase()) ?? otherUsers;
}

/** Whether a role is enough. */
export function suffices(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** @throws EvError EV_ROLE_DENIED naming the user, what was asked and the role it takes */
export function demand(user: string | null, role: Role, needed: Role, what: string): void {
  if (suffices(role, needed)) return;
  const who = user === null ? "a flow without a user" : `user ${user}`;
  throw new EvError("EV_ROLE_DENIED", `${what}: ${who} has the role ${role}; it takes ${needed}`);
}

/** The dashboard gives a user as an object; its name is what people chose, else what identifies them. */
function userOf(user: unknown): string | null {
  if (user === undefined || user === null) return null;
  if (typeof user === "string") return user || null;
  const { username, userId, email, name } = record(user);
  return text(username) ?? text(userId) ?? text(email) ?? text(name) ?? "unknown";
}

function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value.trim().slice(0, 200) : null;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
