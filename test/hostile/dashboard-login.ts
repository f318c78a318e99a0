/** A dashboard with a login: what a proxy in front of it says in a header is made the user of each message. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NAME = "hostile-dashboard-login";

const PLUGIN = `module.exports = (RED) =>
  RED.plugins.registerPlugin("${NAME}", {
    type: "node-red-dashboard-2",
    hooks: {
      onAddConnectionCredentials(connection, message) {
        const username = connection.request.headers["x-forwarded-user"];
        if (username) message._client.user = { username };
        return message;
      },
    },
  });
`;

/** Installs the plug-in. Like many it leaves alone what a browser says where nobody has logged in. */
export function addLogin(userDir: string): void {
  const folder = join(userDir, "node_modules", NAME);
  mkdirSync(folder, { recursive: true });
  const manifest = { name: NAME, version: "1.0.0", "node-red": { plugins: { login: "login.js" } } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(folder, "login.js"), PLUGIN);
  writeFileSync(join(folder, "login.html"), "");
  const path = join(userDir, "package.json");
  const own = JSON.parse(readFileSync(path, "utf8")) as { dependencies: Record<string, string> };
  own.dependencies[NAME] = "*";
  writeFileSync(path, JSON.stringify(own));
}

/** What the proxy adds for somebody who has logged in. */
export const loggedIn = (username: string) => ({ "x-forwarded-user": username });
