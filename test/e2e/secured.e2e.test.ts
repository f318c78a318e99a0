import { strict as assert } from "node:assert";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import WebSocket from "ws";
import { adminRoutes } from "../admin-routes.ts";
import { Authority } from "../certificates.ts";
import { NodeRed, STORY_MAJORS } from "./node-red.ts";

interface Answer {
  status: number;
  text: string;
}

const PASSWORD = "0123456789abcdef";
const authority = new Authority("Secured");
const server = authority.issue("localhost", ["localhost", "127.0.0.1"]);

/** Node-RED as its own guide secures it: https, a password for the editor, another one for its pages. */
async function secure(userDir: string): Promise<void> {
  writeFileSync(join(userDir, "server.pem"), server.cert);
  writeFileSync(join(userDir, "server.key"), server.key);
  const path = join(userDir, "settings.cjs");
  const plain = readFileSync(path, "utf8");
  writeFileSync(
    path,
    `${plain}
const { readFileSync } = require("fs");
const people = { admin: "*", reader: ["ev-charging.read"], stranger: ["flows.read"] };
Object.assign(module.exports, {
  https: { key: readFileSync(${JSON.stringify(join(userDir, "server.key"))}), cert: readFileSync(${JSON.stringify(join(userDir, "server.pem"))}) },
  requireHttps: true,
  httpNodeAuth: { user: "visitor", pass: "$2b$08$rQi2DosG.PYvlAefbp0h7eGJ5z/Ktia2ZVn0WafUo8Js0cwQXVq3e" },
  adminAuth: {
    type: "credentials",
    users: async (username) => people[username] ? { username, permissions: people[username] } : null,
    authenticate: async (username, password) => people[username] && password === "secret" ? { username, permissions: people[username] } : null,
  },
});
`,
  );
}

for (const major of STORY_MAJORS) {
  describe(`a secured Node-RED ${major}`, () => {
    let nodeRed: NodeRed;
    let port: number;
    const sockets: WebSocket[] = [];

    const ask = (method: string, path: string, headers: Record<string, string> = {}, body = ""): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const options = { host: "localhost", port, path, method, headers, ca: authority.cert, agent: false };
        const asking = request(options, (response) => {
          let text = "";
          response.on("data", (chunk: Buffer) => {
            text += chunk.toString();
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
        });
        asking.on("error", reject).end(body);
      });
    const json = { "Content-Type": "application/json" };
    const logIn = async (username: string): Promise<Record<string, string>> => {
      const credentials = {
        client_id: "node-red-admin",
        grant_type: "password",
        scope: "",
        username,
        password: "secret",
      };
      const { text } = await ask("POST", "/auth/token", json, JSON.stringify(credentials));
      return { ...json, Authorization: `Bearer ${(JSON.parse(text) as { access_token: string }).access_token}` };
    };
    const dial = async (password: string, path = "/ocpp/CP1"): Promise<WebSocket> => {
      const headers = { Authorization: `Basic ${Buffer.from(`CP1:${password}`).toString("base64")}` };
      const socket = new WebSocket(`wss://localhost:${port}${path}`, "ocpp1.6", { ca: authority.cert, headers });
      sockets.push(socket);
      socket.on("message", (data) => answer(socket, String(data)));
      const open = once(socket, "open");
      const refused = once(socket, "unexpected-response").then(([, response]) => {
        throw new Error(`HTTP ${(response as { statusCode: number }).statusCode}`);
      });
      await Promise.race([open, refused]);
      return socket;
    };
    /** A charger that takes every command. */
    const answer = (socket: WebSocket, text: string): void => {
      const [type, id, action, payload] = JSON.parse(text) as [number, string, string, Record<string, unknown>];
      if (type !== 2) return;
      const result = action === "GetDiagnostics" ? { fileName: "log.txt" } : { status: "Accepted" };
      socket.send(JSON.stringify([3, id, action === "GetConfiguration" ? { configurationKey: [] } : result]));
      socket.emit(`asked ${action}`, payload);
    };

    before(async () => {
      nodeRed = await NodeRed.start(major, { prepare: secure });
      port = Number(new URL(nodeRed.url).port);
      const flow = [
        { id: "tab", type: "tab", label: "Chargers" },
        { id: "site", type: "ev-site", name: "Building", dataDir: "" },
        { id: "cs", type: "ev-central-system", site: "site", port: "", path: "/ocpp", requirePassword: true },
        {
          id: "cp",
          type: "ev-charge-point",
          centralSystem: "cs",
          identity: "CP1",
          credentials: { password: PASSWORD },
        },
        {
          id: "command",
          type: "ev-command",
          z: "tab",
          x: 1,
          y: 1,
          chargePoint: "CP1",
          action: "GetDiagnostics",
          payload: "{}",
          payloadType: "json",
          wires: [[]],
        },
        { id: "press", type: "inject", z: "tab", x: 1, y: 2, props: [], wires: [["command"]] },
      ];
      const headers = { ...(await logIn("admin")), "Node-RED-API-Version": "v2" };
      await nodeRed.deployedBy(() => ask("POST", "/flows", headers, JSON.stringify({ flows: flow })));
    });
    after(async () => {
      for (const socket of sockets) socket.terminate();
      await nodeRed?.stop();
    });

    it("shows nothing of ours to who has not logged in, and changes nothing for who may only read", async () => {
      const [reader, stranger, admin] = [await logIn("reader"), await logIn("stranger"), await logIn("admin")];
      for (const { method, path, permission } of await adminRoutes()) {
        const place = path.replace(/:\w+/g, "nobody");
        const status = async (headers: Record<string, string>) => (await ask(method, place, headers, "")).status;
        const what = `${method} ${place}`;
        assert.equal(await status({}), 401, what);
        assert.equal(await status(stranger), 403, what);
        const read = await status(reader);
        if (permission === "ev-charging.read") assert.ok(read !== 401 && read !== 403, `${what}: ${read}`);
        else assert.equal(read, 403, what);
        const all = await status(admin);
        assert.ok(all !== 401 && all !== 403, `${what}: ${all}`);
      }
    });

    it("lets chargers in below a path of its own server with their passwords, whatever its pages demand", async () => {
      await assert.rejects(dial("wrong"), /HTTP 401/);
      const socket = await dial(PASSWORD);
      socket.send(
        JSON.stringify([2, "1", "BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" }]),
      );
      const [data] = (await once(socket, "message")) as [Buffer];
      assert.match(String(data), /"status":"Accepted"/);
      assert.equal((await ask("GET", "/some-page")).status, 401);
      const page = await ask("GET", "/ev-charging/central-systems/cs", await logIn("reader"));
      assert.deepEqual((JSON.parse(page.text) as { profiles: unknown }).profiles, [{ identity: "CP1", highest: 2 }]);
    });

    it("takes a charger's file by https while it is asked for, without a password of its pages", async () => {
      const socket = await dial(PASSWORD);
      const asked = once(socket, "asked GetDiagnostics");
      await ask("POST", "/inject/press", await logIn("admin"), "{}");
      const [{ location }] = (await asked) as [{ location: string }];
      assert.ok(location.startsWith(`https://localhost:${port}/ocpp/ev-files/`), location);
      const { pathname } = new URL(location);
      assert.equal((await ask("PUT", `${pathname}log.txt`, {}, "content")).status, 201);
      assert.equal((await ask("PUT", `${pathname}log.txt`, {}, "again")).status, 401);
      const { text } = await ask("GET", "/ev-charging/files", await logIn("reader"));
      assert.match(text, /_log\.txt/);
    });
  });
}
