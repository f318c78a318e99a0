/** People who have to log in to an editor, as `adminAuth` of settings.js names them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What each may do, by name; the name is the password, too. */
export type Users = Readonly<Record<string, readonly string[]>>;

/** Gives the editor's server users, and nobody else a way in. Done before its first start. */
export function addUsers(userDir: string, users: Users): void {
  const file = join(userDir, "settings.cjs");
  const adminAuth = `{ type: "credentials",
    users: async (username) => USERS[username] ? { username, permissions: USERS[username] } : null,
    authenticate: async (username, password) => password === username && USERS[username] ? { username, permissions: USERS[username] } : null }`;
  const more = `const USERS = ${JSON.stringify(users)};\nmodule.exports.adminAuth = ${adminAuth};\n`;
  writeFileSync(file, readFileSync(file, "utf8") + more);
}

/** Logs somebody in. @returns what shows it in later requests, as `Authorization: Bearer …` */
export async function tokenOf(url: string, user: string): Promise<string> {
  const body = { client_id: "node-red-editor", grant_type: "password", scope: "", username: user, password: user };
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${url}/auth/token`, { method: "POST", headers, body: JSON.stringify(body) });
  return ((await answer.json()) as { access_token: string }).access_token;
}
