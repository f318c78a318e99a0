import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { WebSocket } from "ws";
import { launch, needsBrowser, still } from "./browser.ts";
import { exampleForTest, type FlowNode, theNode } from "./flows.ts";
import { until } from "./net.ts";
import { NodeRed } from "./node-red.ts";
import { sharedFolder } from "./package.ts";
import { COUNT_PUSHES } from "./sidebar.ts";
import { inTurn } from "./turns.ts";
import { addUsers, tokenOf } from "./users.ts";

/** Users of the editor's server; the guest may look at flows and statuses, not at this package's pages. */
const USERS = {
  integrator: ["*"],
  reader: ["read"],
  guest: ["flows.read", "nodes.read", "plugins.read", "settings.read", "status.read"],
};

/** Gives the editor's server users, and the flow to begin with. */
const secure = (flow: object[]) => (userDir: string) => {
  addUsers(userDir, USERS);
  writeFileSync(join(userDir, "flows.json"), JSON.stringify(flow));
};

describe("the sidebar of an editor with users", function () {
  needsBrowser(this);
  let nodeRed: NodeRed;
  let browser: Browser;
  let flow: FlowNode[];

  before("start the car park with users", async () => {
    ({ flow } = await exampleForTest("2 - Car park.json"));
    [nodeRed, browser] = await Promise.all([NodeRed.start("5", { prepare: secure(flow) }), launch()]);
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
  });

  const request = async (user: string | null, method = "GET", path = "") => {
    const headers = {
      "Content-Type": "application/json",
      ...(user && { Authorization: `Bearer ${await tokenOf(nodeRed.url, user)}` }),
    };
    const body = method === "POST" ? { body: JSON.stringify({ site: "e2f0000000000101", key: "none" }) } : {};
    return fetch(`${nodeRed.url}/ev-charging/overview${path}`, { method, headers, ...body });
  };

  const opened = new Map<string, Page>();
  /** One page for each user. */
  const openAs = async (user: string): Promise<Page> => {
    const before = opened.get(user);
    if (before) return before;
    const page = await browser.newPage({ viewport: { width: 1600, height: 1200 }, locale: "en-US" });
    page.setDefaultTimeout(60_000);
    await inTurn(sharedFolder(), async () => {
      await page.goto(nodeRed.url);
      await page.fill("#node-dialog-login-username", user);
      await page.fill("#node-dialog-login-password", user);
      await page.click("#node-dialog-login-submit");
      await page.waitForSelector("#red-ui-palette-container .red-ui-palette-node");
      await page.waitForSelector("#red-ui-loading-progress", { state: "hidden" });
    });
    await still(page);
    opened.set(user, page);
    return page;
  };
  afterEach("a page left by a failure must not fail the next test", async function () {
    if (this.currentTest?.state !== "failed") return;
    for (const page of opened.values()) await page.close();
    opened.clear();
  });

  it("is read by those who may read, and changed by those who may write", async () => {
    assert.equal((await request(null)).status, 401);
    assert.equal((await request("guest")).status, 403);
    assert.equal((await request("reader")).status, 200);
    const refused = await request("reader", "POST", "/acknowledge");
    assert.equal(refused.status, 403);
    const { code, message } = (await refused.json()) as { code: string; message: string };
    assert.equal(code, "EV_ROLE_DENIED");
    assert.match(message, /^reader may not do this: it takes the permission ev-charging.write/);
    assert.equal((await request("integrator", "POST", "/acknowledge")).status, 400, "there is no such alarm");
  });

  it("is live after logging in, and no other editor hears of it", async () => {
    const heard: string[] = [];
    const guest = new WebSocket(`${nodeRed.url.replace("http", "ws")}/comms`);
    guest.on("message", (data) => heard.push(data.toString()));
    await new Promise((resolve) => guest.once("open", resolve));
    guest.send(JSON.stringify({ auth: await tokenOf(nodeRed.url, "guest") }));
    await until("the guest is let in", () => heard.some((text) => text.includes('"ok"')));
    for (const subscribe of ["ev-charging/overview", "status/#"]) guest.send(JSON.stringify({ subscribe }));

    const page = await openAs("integrator");
    await page.evaluate(COUNT_PUSHES);
    await page.evaluate('RED.sidebar.show("ev-charging")');
    await page.locator('[data-zone="Building"]').waitFor();
    await page.waitForFunction("window.pushes > 3", undefined, { timeout: 20_000 });
    await until("the guest hears of statuses", () => heard.some((text) => text.includes("status/")), 20_000);
    assert.ok(!heard.some((text) => text.includes("ev-charging/overview")), "the guest hears of the overview");
    guest.close();
  });

  const RESULT = {
    ...{ started: "2026-06-01T12:00:00.000Z", text: "wrong", rotation: "STR" },
    configured: { phases: 3, rotation: "RST", maxA: 32 },
    findings: [{ aspect: "rotation", verdict: "wrong", meter: "grid", text: "STR it is.", cure: "Apply sets STR." }],
  };

  /** A charger in the open sidebar whose proof of the wiring says that it is STR. */
  const provenCharger = async (page: Page) => {
    await page.route("**/ev-charging/commissioning?*", async (route) => {
      const { words } = (await (await route.fetch()).json()) as { words: object };
      await route.fulfill({ json: { running: null, result: RESULT, words } });
    });
    await page.evaluate('RED.sidebar.show("ev-charging")');
    const row = page.locator(".ev-ov-row", { hasText: "G1/1" }).first();
    await row.locator(".ev-ov-proof > summary").click();
    await row.getByText("✗ STR it is.").waitFor();
    return row;
  };

  it("takes a proven rotation over into the node, as a change that can be undone", async () => {
    const page = await openAs("integrator");
    const row = await provenCharger(page);
    const node = flow.find(({ type, identity }) => type === "ev-charge-point" && identity === "G1")!.id;
    const rotation = () => page.evaluate(`RED.nodes.node("${node}").connectors[0].rotation`);
    await row.getByRole("button", { name: "Apply STR" }).click();
    await row.getByText("Set; deploy to put it into force.").waitFor();
    assert.deepEqual([await rotation(), await page.evaluate("RED.nodes.dirty()")], ["STR", true]);
    await page.evaluate("RED.history.pop()");
    assert.deepEqual([await rotation(), await page.evaluate("RED.nodes.dirty()")], ["RST", false]);
  });

  it("offers nothing to press to who may only read: acts, wiring, settings", async () => {
    const page = await openAs("reader");
    const row = await provenCharger(page);
    assert.equal(await row.getByRole("button", { name: "Apply STR" }).count(), 0);
    assert.equal(await row.getByRole("button", { name: "Start" }).isDisabled(), true);
    assert.equal(await row.locator(".ev-ov-acts").first().isHidden(), true);
    await row.locator(".ev-ov-settings > summary").click();
    await row.getByText("Changing settings takes the role admin.").waitFor();
    assert.equal(await row.locator(".ev-ov-keys input:not([type=checkbox])").count(), 0);
    assert.equal(await row.locator(".ev-ov-keys input:enabled").count(), 0);
  });

  it("shows everything to who may only read, and says why a button that does something does nothing", async () => {
    const page = await openAs("reader");
    await page.evaluate('RED.sidebar.show("ev-charging")');
    await page.locator('[data-zone="Garage"]').waitFor();
    await page.locator(".ev-ov-row", { hasText: "G1/1" }).first().waitFor();
    await page.evaluate(`RED.editor.edit(RED.nodes.node(${JSON.stringify(theNode(flow, "ev-meter").id)}))`);
    await page.getByRole("button", { name: "Read now" }).click();
    await page.getByText("reader may not do this: it takes the permission ev-charging.write").waitFor();
  });
});
