import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { WebSocket } from "ws";
import { hasBrowser, launch } from "./browser.ts";
import { exampleForTest } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { COUNT_PUSHES } from "./sidebar.ts";

/** Users of the editor's server; the guest may look at flows and statuses, not at this package's pages. */
const USERS = {
  integrator: ["*"],
  reader: ["read"],
  guest: ["flows.read", "nodes.read", "plugins.read", "settings.read", "status.read"],
};

/** Gives the editor's server users, each with the name as password, and the flow to begin with. */
function secure(flow: object[]): (userDir: string) => void {
  return (userDir) => {
    const file = join(userDir, "settings.cjs");
    const adminAuth = `{ type: "credentials",
      users: async (username) => USERS[username] ? { username, permissions: USERS[username] } : null,
      authenticate: async (username, password) => password === username && USERS[username] ? { username, permissions: USERS[username] } : null }`;
    const more = `const USERS = ${JSON.stringify(USERS)};\nmodule.exports.adminAuth = ${adminAuth};\n`;
    writeFileSync(file, readFileSync(file, "utf8") + more);
    writeFileSync(join(userDir, "flows.json"), JSON.stringify(flow));
  };
}

describe("the sidebar of an editor with users", function () {
  this.timeout(90_000);
  let nodeRed: NodeRed;
  let browser: Browser;

  before("start the car park with users", async function () {
    if (!hasBrowser()) this.skip();
    const { flow } = await exampleForTest("2 - Car park.json");
    [nodeRed, browser] = await Promise.all([NodeRed.start("5", { prepare: secure(flow) }), launch()]);
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
  });

  async function tokenOf(user: string): Promise<string> {
    const body = { client_id: "node-red-editor", grant_type: "password", scope: "", username: user, password: user };
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${nodeRed.url}/auth/token`, { method: "POST", headers, body: JSON.stringify(body) });
    return ((await answer.json()) as { access_token: string }).access_token;
  }
  const request = async (user: string | null, method = "GET", path = "") => {
    const headers = {
      "Content-Type": "application/json",
      ...(user && { Authorization: `Bearer ${await tokenOf(user)}` }),
    };
    const body = method === "POST" ? { body: JSON.stringify({ site: "e2f0000000000101", key: "none" }) } : {};
    return fetch(`${nodeRed.url}/ev-charging/overview${path}`, { method, headers, ...body });
  };

  it("is read by those who may read, and changed by those who may write", async () => {
    assert.equal((await request(null)).status, 401);
    assert.equal((await request("guest")).status, 401);
    assert.equal((await request("reader")).status, 200);
    assert.equal((await request("reader", "POST", "/acknowledge")).status, 401);
    assert.equal((await request("integrator", "POST", "/acknowledge")).status, 400, "there is no such alarm");
  });

  it("is live after logging in, and no other editor hears of it", async () => {
    const heard: string[] = [];
    const guest = new WebSocket(`${nodeRed.url.replace("http", "ws")}/comms`);
    guest.on("message", (data) => heard.push(data.toString()));
    await new Promise((resolve) => guest.once("open", resolve));
    guest.send(JSON.stringify({ auth: await tokenOf("guest") }));
    await until("the guest is let in", () => heard.some((text) => text.includes('"ok"')));
    for (const subscribe of ["ev-charging/overview", "status/#"]) guest.send(JSON.stringify({ subscribe }));

    const page = await browser.newPage({ viewport: { width: 1600, height: 1200 }, locale: "en-US" });
    await page.goto(nodeRed.url);
    await page.fill("#node-dialog-login-username", "integrator");
    await page.fill("#node-dialog-login-password", "integrator");
    await page.click("#node-dialog-login-submit");
    await page.waitForSelector("#red-ui-palette-container .red-ui-palette-node");
    await page.evaluate(COUNT_PUSHES);
    await page.evaluate('RED.sidebar.show("ev-charging")');
    await page.locator('[data-zone="Building"]').waitFor();
    await page.waitForFunction("window.pushes > 3", undefined, { timeout: 20_000 });
    await until("the guest hears of statuses", () => heard.some((text) => text.includes("status/")), 20_000);
    assert.ok(!heard.some((text) => text.includes("ev-charging/overview")), "the guest hears of the overview");
    guest.close();
    await page.close();
  });
});
