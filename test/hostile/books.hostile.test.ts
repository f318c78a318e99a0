import { strict as assert } from "node:assert";
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { adminRoutes } from "../admin-routes.ts";
import { tokenOf } from "../e2e/users.ts";
import { HostileSite, PASSWORD } from "./bench.ts";
import { actOut } from "./row.ts";
import { BOOKS } from "./rows/books.ts";

describe("hostile visitors in the editor's dialogs", () => {
  let site: HostileSite;

  before(async () => {
    process.env["EV_TEST_SECRET"] = "the secret of this machine";
    site = await HostileSite.start();
  });
  afterEach(() => site.assertAlive());
  after(async () => {
    delete process.env["EV_TEST_SECRET"];
    await site?.stop();
  });

  const tryOut = async (mapping: string, message: object = {}): Promise<string> => {
    const body = { mapping, messages: [message] };
    return (await site.ask("writer", "POST", "/ev-charging/meter-mapping-trials", body)).text();
  };

  actOut(BOOKS, {
    async foreignForms() {
      const token = await tokenOf(site.nodeRed.url, "owner");
      const changes = (await adminRoutes()).filter(({ method }) => method !== "GET");
      assert.ok(changes.length >= 15, `${changes.length} endpoints`);
      const send = async (method: string, path: string, headers: Record<string, string>, body?: string) => {
        const place = `${site.nodeRed.url}${path.replace(/:\w+/g, "nobody")}`;
        const sent = { Authorization: `Bearer ${token}`, ...headers };
        return fetch(place, { method, headers: sent, ...(body !== undefined && { body }) });
      };
      for (const { method, path } of changes) {
        const what = `${method} ${path}`;
        for (const origin of ["http://evil.example", "null"]) {
          const foreign = await send(method, path, { Origin: origin, "Content-Type": "application/json" }, "{}");
          assert.equal(foreign.status, 403, `${what} from ${origin}`);
        }
        if (method === "DELETE") continue;
        for (const type of ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]) {
          const form = await send(method, path, { "Content-Type": type }, '{"a":"="}');
          assert.equal(form.status, 400, `${what} as ${type}`);
          assert.match(await form.text(), /the body must be/, what);
        }
        const empty = await send(method, path, {});
        assert.match(await empty.text(), /the body must be/, `${what} without a body`);
      }
      const own = { Origin: site.nodeRed.url, "Content-Type": "application/json" };
      const page = await send("POST", "/ev-charging/meter-mapping-trials", own, '{"mapping":"{}","messages":[]}');
      assert.equal(page.status, 200);
    },

    async trialSecrets() {
      const expressions = ['$env("EV_TEST_SECRET")', '$flowContext("x")', '$globalContext("x")', '$env("HOME")'];
      for (const expression of expressions) {
        const said = await tryOut(`{"powerW": ${expression}}`);
        assert.match(said, /trials see neither the environment nor the context/, expression);
        assert.ok(!said.includes("secret of this machine"), said);
      }
    },

    async trialTime() {
      const safe = await site.charger("SAFE", PASSWORD);
      const slow = { payload: `${"a".repeat(200)}!` };
      for (const mapping of [
        '$match(payload, /^(a+)+$/) ? {"powerW": 1}',
        "($f := function($x) { $f($x + 1) }; $f(1))",
      ]) {
        const trial = tryOut(mapping, slow);
        let over = false;
        void trial.finally(() => {
          over = true;
        });
        let worstMs = 0;
        do {
          const askedMs = performance.now();
          assert.equal((await safe.call("Heartbeat", {}))[0], 3);
          worstMs = Math.max(worstMs, performance.now() - askedMs);
        } while (!over);
        assert.match(await trial, /takes longer than 200 ms; make it simpler/);
        assert.ok(worstMs < 1000, `a Heartbeat took ${Math.round(worstMs)} ms`);
      }
      assert.match(await tryOut('{"powerW": payload.p}', { payload: { p: 5 } }), /"powerW":5/);
      safe.close();
    },

    async trialFiles() {
      const { userDir } = site.nodeRed;
      writeFileSync(
        join(userDir, "meter.json"),
        JSON.stringify({ registers: { power: { address: 1, type: "int16" } } }),
      );
      writeFileSync(join(userDir, "notes.json"), "the secret of this house");
      const check = async (customProfile: string): Promise<string> =>
        (await site.ask("writer", "POST", "/ev-charging/meter-profile-checks", { customProfile })).text();
      for (const path of ["/etc/passwd", "../../../../etc/passwd", "settings.cjs", "flows.json", "flows_cred.json"])
        assert.match(await check(path), /only where it lies in Node-RED's user folder/, path);
      const notes = await check("notes.json");
      assert.match(notes, /the file is not JSON/);
      assert.ok(!notes.includes("secret"), notes);
      assert.match(await check("meter.json"), /"ok":true/);
    },

    async unreadableKeys() {
      const { nodeRed } = site;
      const open = await site.charger("OPEN");
      await open.call("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
      const page = "/ev-charging/central-systems/cs/rotate-key";
      const rotated = await site.ask("owner", "POST", page, { chargePoint: "OPEN" });
      assert.equal(rotated.status, 200, await rotated.text());
      const database = join(nodeRed.userDir, "ev-charging/site/ev-charging.sqlite");
      await nodeRed.kill("SIGKILL");
      const aside = readdirSync(dirname(database)).filter((name) => name.startsWith("ev-charging.sqlite"));
      for (const name of aside) renameSync(join(dirname(database), name), join(dirname(database), `aside-${name}`));
      mkdirSync(database);
      await site.restart();
      for (const password of [undefined, "a guess"]) await assert.rejects(site.charger("OPEN", password), /HTTP 503/);
      (await site.charger("SAFE", PASSWORD)).close();
      await nodeRed.kill("SIGKILL");
      for (const name of readdirSync(dirname(database)))
        if (name.startsWith("ev-charging.sqlite")) rmSync(join(dirname(database), name), { recursive: true });
      for (const name of aside) renameSync(join(dirname(database), `aside-${name}`), join(dirname(database), name));
      await site.restart();
      await assert.rejects(site.charger("OPEN"), /HTTP 401/);
    },
  });
});
