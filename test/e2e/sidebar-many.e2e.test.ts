import { strict as assert } from "node:assert";
import type { Browser, Page, WebSocketRoute } from "playwright-core";
import type { Delta } from "../../lib/overview/delta.ts";
import {
  type BackEndItem,
  type ChargerItem,
  EMPTY_OVERVIEW,
  type Overview,
  type ZoneItem,
} from "../../lib/overview/types.ts";
import { launch, needsBrowser, still } from "./browser.ts";
import { NodeRed } from "./node-red.ts";

const CHARGERS = 500;
const ZONES = 10;

const zone = (id: string, parent: string | null): ZoneItem => ({
  id,
  nodeId: id,
  parent,
  limitA: [400, 400, 400],
  loadA: [100, 120, 140],
  chargersA: [80, 90, 100],
  promisedA: [200, 200, 200],
  binding: { kind: "limit", code: "ZONE", phase: 1, cars: 40 },
  outside: null,
  meters: [],
});
const charger = (index: number): ChargerItem => ({
  id: `CP${index}/1`,
  chargePoint: `CP${index}`,
  connector: 1,
  name: "",
  pointName: "",
  place: "",
  zone: `deck ${index % ZONES}`,
  kind: "charging",
  state: "Charging.",
  setpointA: 10,
  maxA: 32,
  measuredA: 9.8,
  why: "L1 of zone deck is full (400 A), shared by 50 cars",
  lease: { acceptedA: 10, until: "2026-06-01T12:00:00.000Z", verified: "measured", status: "accepted", way: null },
  hint: "",
});
const building = (): Overview => ({
  ...EMPTY_OVERVIEW,
  sites: [{ id: "site", name: "Big" }],
  plant: [{ id: "plant", tree: "controlled", surplusW: null }],
  zones: [zone("main", null), ...Array.from({ length: ZONES }, (_, i) => zone(`deck ${i}`, "main"))],
  chargers: Array.from({ length: CHARGERS }, (_, i) => charger(i)),
});

/** Begins to count the elements that change. */
const WATCH = `(() => { window.touched = new Set();
  new MutationObserver((all) => { for (const { target } of all) window.touched.add(target.nodeType === 3 ? target.parentNode : target); })
    .observe(document.querySelector(".ev-ov"), { subtree: true, childList: true, characterData: true, attributes: true }); })()`;

describe(`the sidebar of a building with ${CHARGERS} chargers`, function () {
  needsBrowser(this);
  let nodeRed: NodeRed;
  let browser: Browser;
  let page: Page;
  let socket: WebSocketRoute;
  let seq = 0;

  before("open an editor whose runtime is played by the test", async () => {
    [nodeRed, browser] = await Promise.all([NodeRed.start("5"), launch()]);
    page = await browser.newPage({ viewport: { width: 1600, height: 1200 }, locale: "en-US" });
    await page.routeWebSocket(/\/comms$/, (route) => {
      route.connectToServer();
      socket = route;
    });
    const answer = { site: "site", ticket: "t", nowMs: 0, overview: building() };
    await page.route("**/ev-charging/overview?*", (route) => route.fulfill({ json: answer }));
    await page.goto(nodeRed.url);
    await page.waitForSelector("#red-ui-palette-container .red-ui-palette-node");
    await still(page);
    await page.evaluate('RED.sidebar.show("ev-charging")');
    await page
      .locator(".ev-ov-row")
      .nth(CHARGERS - 1)
      .waitFor({ state: "attached" });
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
  });

  const push = (delta: Delta) => {
    const data = { site: "site", ticket: "t", seq: ++seq, nowMs: seq * 1000, delta };
    socket.send(JSON.stringify([{ topic: "ev-charging/overview", data }]));
  };

  it("draws them all, and has one stop of the Tab key for them in the tree and one in the list", async () => {
    assert.equal(await page.locator("svg[role=tree] [data-charger]").count(), CHARGERS);
    assert.equal(await page.locator("svg[role=tree] [tabindex='0']").count(), 1);
    assert.equal(await page.locator(".ev-ov-all-chargers .ev-ov-go[tabindex='0']").count(), 1);
  });

  it("touches nothing but the charger that changed", async () => {
    await page.evaluate(WATCH);
    push({ chargers: { set: [{ id: "CP123/1", measuredA: 12.3 } as ChargerItem] } });
    await page.locator(".ev-ov-row", { hasText: "12.3 / 10 A" }).waitFor({ state: "attached" });
    const touched = (await page.evaluate("[...window.touched].map((one) => one.outerHTML.slice(0, 60))")) as string[];
    assert.ok(touched.length <= 6, touched.join("\n"));
  });

  it("takes in a push that changes all of them, again and again", async () => {
    for (let round = 1; round <= 5; round++) {
      const set = building().chargers.map(({ id }) => ({ id, measuredA: 9 + round / 10 }) as ChargerItem);
      push({ chargers: { set } });
      await page.waitForFunction(
        `[...document.querySelectorAll(".ev-ov-amps")].every((one) => one.textContent.startsWith("9.${round} "))`,
      );
    }
  });

  it("says what each back end has, and which sessions want a look", async () => {
    const start = "2026-06-01T12:00:00.000Z";
    const refused = {
      session: "s1",
      chargePoint: "CP1",
      connector: 1,
      start,
      state: "refused",
      reason: "tag <b>x</b>",
    } as const;
    const counts = { chargePoints: 2, connected: 1, reported: 5, waiting: 0, refused: 1, perhapsTwice: 0 };
    const item: BackEndItem = { id: "be", name: "Operator", failure: "CP2: refused", ...counts, sessions: [refused] };
    push({ backEnds: { set: [item] } });
    const row = page.locator(".ev-ov-back-ends .ev-ov-row", { hasText: "1 of 2 connected" });
    await row.waitFor({ state: "attached" });
    assert.match(
      (await row.textContent()) ?? "",
      /Operator.*5 reported · 1 refused.*CP1\/1, .*: refused: tag <b>x<\/b>/s,
    );
    let asked: unknown = null;
    await page.route("**/ev-charging/overview/repeat", (route) => {
      asked = route.request().postDataJSON();
      return route.fulfill({ json: { ok: true, text: "1 session is reported again." } });
    });
    await row.locator("button", { hasText: "Report again" }).dispatchEvent("click");
    await row.getByText("1 session is reported again.").waitFor({ state: "attached" });
    const { site: _site, ...rest } = asked as { site: string };
    assert.deepEqual(rest, { backEnd: "be", sessionId: "s1" });
    push({ backEnds: { gone: ["be"] } });
    await row.waitFor({ state: "detached" });
  });

  it("finds some of them by what is known of them", async () => {
    await page.locator(".ev-ov-find").fill("cp12");
    await page.locator(".ev-ov-row").nth(11).waitFor({ state: "detached" });
    assert.equal(await page.locator(".ev-ov-all-chargers .ev-ov-row").count(), 11);
  });
});
