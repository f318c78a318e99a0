import { visitors } from "../../lib/rights/visitors.ts";

/** What the dashboard puts into messages of a browser at which this user is logged in. */
export function signedIn(username: string): { _client: { socketId: string; socketIp: string; user: object } } {
  const id = `socket of ${username}`;
  const user = { username };
  visitors.seen({ id }, [() => ({ _client: { user } })]);
  return { _client: { socketId: id, socketIp: "192.0.2.9", user } };
}
