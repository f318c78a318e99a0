import { record, text } from "../fields.ts";

/** Most connections that are remembered; the connection that was silent for longest makes room. */
const MOST_CONNECTIONS = 1000;

/** A connection to the dashboard, as its server knows it (a socket of Socket.IO). */
export interface DashboardConnection {
  id: string;
  handshake?: { auth?: unknown } & Record<string, unknown>;
  request?: unknown;
}

/** What a plug-in of the dashboard does to each message that a browser sends: it adds who is logged in as `_client.user`. */
export type AddsUser = (connection: DashboardConnection, message: object) => unknown;

/**
 * Who is logged in on which connection to the dashboard. The name in a message (`_client.user`) proves nothing: a browser may send one,
 * and the dashboard only adds to it. What it always sets itself is `_client.socketId`. So the name is looked up under that, and is what
 * the plug-ins say of a connection when they are asked about an empty message.
 */
export class DashboardVisitors {
  readonly #users = new Map<string, string | null>();

  /** Notes who is logged in on a connection that a message has just come from. @param plugins of the dashboard that know users */
  seen(connection: DashboardConnection, plugins: readonly AddsUser[]): void {
    const { id } = connection;
    const user = userOn(connection, plugins);
    this.#users.delete(id);
    this.#users.set(id, user);
    if (this.#users.size <= MOST_CONNECTIONS) return;
    const [oldest] = this.#users.keys();
    this.#users.delete(oldest!);
  }

  /** Who is logged in there; null = nobody, or the connection is unknown. */
  userOf(socketId: string): string | null {
    return this.#users.get(socketId) ?? null;
  }
}

/** All visitors of the dashboard of this process. */
export const visitors = new DashboardVisitors();

/** The first name that a plug-in gives, else that of the server's own session. */
function userOn(connection: DashboardConnection, plugins: readonly AddsUser[]): string | null {
  const asked = withoutClaims(connection);
  for (const plugin of plugins) {
    const user = nameOf(askedOf(plugin, asked));
    if (user !== null) return user;
  }
  return nameOf(sessionUser(connection));
}

/** Of the session that the server keeps for the connection, where it keeps any. */
function sessionUser({ request }: DashboardConnection): unknown {
  try {
    return record(record(request)["session"])["user"];
  } catch {
    return null;
  }
}

function askedOf(plugin: AddsUser, connection: DashboardConnection): unknown {
  const blank = { _client: {} };
  try {
    const answer = plugin(connection, blank);
    return record(record(answer ?? blank)["_client"])["user"];
  } catch {
    // The plug-in knows no user then. What it does to the message itself concerns the dashboard alone.
    return null;
  }
}

/** Members of the handshake's `auth` in which a browser says who it is. A token stays: a plug-in may check it. */
const CLAIMS: ReadonlySet<string> = new Set(["user", "username", "userId", "name", "email"]);

/** The connection without what the browser itself said of its user when it connected: some plug-ins repeat it unchecked. */
function withoutClaims(connection: DashboardConnection): DashboardConnection {
  const { handshake } = connection;
  const auth = Object.fromEntries(Object.entries(record(handshake?.auth)).filter(([name]) => !CLAIMS.has(name)));
  return Object.create(connection, { handshake: { value: { ...handshake, auth } } }) as DashboardConnection;
}

/** A user as an object or a text; its name is what people chose, else what identifies them. */
function nameOf(user: unknown): string | null {
  if (typeof user === "string") return text(user);
  const { username, userId, email, name } = record(user);
  return text(username) ?? text(userId) ?? text(email) ?? text(name);
}
