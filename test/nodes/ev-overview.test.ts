import { strict as assert } from "node:assert";
import type { EventEmitter } from "node:events";
import { join } from "node:path";
import testHelper from "node-red-node-test-helper";
import { OVERVIEW_TOPIC, type OverviewPage, type OverviewPush } from "../../nodes/admin/types/overview-page-types.ts";
import type { EvSiteNode } from "../../nodes/runtime/node-types.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, type FlowNode, freePort, node, redeploy, stop, until } from "./helper.ts";

const TYPES = ["ev-site", "ev-zone", "ev-central-system", "ev-charge-point", "ev-overview"];
const SITE = { id: "site", type: "ev-site", name: "House", dataDir: join(dataDir, "overview") };
const OTHER = { id: "other", type: "ev-site", name: "Barn", dataDir: join(dataDir, "other") };
const ZONE = { id: "zone", type: "ev-zone", site: "site", name: "main", limitA: [32, 32, 32] };
const CHARGER = { id: "cp", type: "ev-charge-point", centralSystem: "cs", identity: "CP1", zone: "zone" };
const centralSystem = (port: number): FlowNode => ({
  id: "cs",
  type: "ev-central-system",
  site: "site",
  host: "127.0.0.1",
  port,
});

/** An editor's socket, as Node-RED tells of it. */
class Socket {
  readonly got: OverviewPush[] = [];
  readonly #session: string;
  readonly #events = (testHelper as unknown as { _events: EventEmitter })._events;

  constructor(session: string) {
    this.#session = session;
    this.#events.on("comms", this.#heard);
  }

  readonly #heard = ({ topic, data, session }: { topic: string; data: OverviewPush; session?: string }): void => {
    if (topic !== OVERVIEW_TOPIC) return;
    assert.ok(session, "a push without a session would go to everybody");
    if (session === this.#session) this.got.push(data);
  };

  watch(ticket: unknown): void {
    this.#events.emit(`comms:message:${OVERVIEW_TOPIC}`, { session: this.#session, data: { ticket } });
  }

  close(): void {
    this.#events.emit("comms:connection-removed", { session: this.#session });
    this.#events.off("comms", this.#heard);
  }
}

async function fetchPage(site = ""): Promise<OverviewPage> {
  const { body } = await testHelper.request().get(`/ev-charging/overview?site=${site}`).expect(200);
  return body as OverviewPage;
}

describe("ev-overview", () => {
  const sockets: Socket[] = [];
  const open = (session: string): Socket => {
    const socket = new Socket(session);
    sockets.push(socket);
    return socket;
  };
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.close();
    await stop();
  });

  it("gives the asked site, or the first, and says which ones there are", async () => {
    await deploy(TYPES, [SITE, OTHER, ZONE]);
    const page = await fetchPage();
    assert.equal(page.site, "site");
    assert.deepEqual(page.overview.sites, [
      { id: "site", name: "House" },
      { id: "other", name: "Barn" },
    ]);
    assert.deepEqual(
      page.overview.zones.map(({ id, nodeId }) => [id, nodeId]),
      [["main", "zone"]],
    );
    assert.equal((await fetchPage("other")).overview.zones.length, 0);
    assert.equal((await fetchPage("gone")).site, "site");
  });

  it("shows nothing where there is nothing, and tells when a site comes", async () => {
    await deploy(TYPES, []);
    const page = await fetchPage();
    assert.equal(page.site, "");
    const socket = open("editor");
    socket.watch(page.ticket);
    await redeploy([SITE]);
    await until("it is told", () => socket.got.length > 0);
    assert.equal(socket.got[0]!.delta, null);
  });

  it("tells a charger that dials to the one editor that shows a ticket, with the model it looks like", async () => {
    const port = await freePort();
    await deploy(TYPES, [SITE, ZONE, centralSystem(port)]);
    const [mine, foreign] = [open("mine"), open("foreign")];
    mine.watch((await fetchPage()).ticket);
    foreign.watch("guessed");
    const charger = new Charger("NEW<b>1");
    await charger.connect(port, undefined, { chargePointVendor: "Alfen BV", chargePointModel: "NG910-60023" });
    for (const connectorId of [1, 2])
      await charger.say("StatusNotification", { connectorId, errorCode: "NoError", status: "Available" });
    await until("it is told", () => mine.got.some(({ delta }) => delta?.parked?.set?.length));
    const { parked } = (await fetchPage()).overview;
    assert.equal(parked[0]!.id, "NEW<b>1");
    assert.equal(parked[0]!.centralSystem, "cs");
    assert.match(parked[0]!.suggested!.name, /Alfen/);
    assert.deepEqual(parked[0]!.connectors, [1, 2]);
    assert.deepEqual(foreign.got, []);
    charger.close();
  });

  it("does nothing more for an editor that closes the sidebar, or is gone", async () => {
    await deploy(TYPES, [SITE, ZONE]);
    const socket = open("editor");
    socket.watch((await fetchPage()).ticket);
    socket.watch("");
    node<EvSiteNode>("site")
      .site!.alarms.list.source("test")
      .raise({ key: "a/1", severity: "alarm", text: "hot", action: "Cool it." });
    const other = open("other");
    other.watch((await fetchPage()).ticket);
    node<EvSiteNode>("site").site!.alarms.list.source("test").clear("a/1");
    await until("the other one is told", () => other.got.length > 0);
    assert.deepEqual(socket.got, []);
  });

  it("lets a person take an alarm on, and notes who it was", async () => {
    await deploy(TYPES, [SITE, ZONE]);
    const site = node<EvSiteNode>("site").site!;
    site.alarms.list.source("test").raise({ key: "a/1", severity: "alarm", text: "hot", action: "Cool it." });
    const post = (body: object) => testHelper.request().post("/ev-charging/overview/acknowledge").send(body);
    await post({ site: "site", key: "a/1" }).expect(200, { key: "a/1" });
    assert.deepEqual((await fetchPage()).overview.alarms[0]!.acknowledged, { by: "the editor", comment: "" });
    await post({ site: "site", key: "b/1" }).expect(400);
    await post({ site: "nowhere", key: "a/1" }).expect(400);
    await testHelper.request().post("/ev-charging/overview/acknowledge").type("form").send("key=a/1").expect(400);
    const [entry] = await site.rights.entries({ fromWallMs: 0, toWallMs: Date.now() + 1000, most: 5 });
    assert.match(entry!.what, /acknowledge the alarm/);
  });

  it("lets a person act on a charger, tells what was done or why not, and notes who it was", async () => {
    const port = await freePort();
    await deploy(TYPES, [{ ...SITE, language: "de" }, ZONE, centralSystem(port), { ...CHARGER, name: "Platz 1" }]);
    const charger = new Charger("CP1");
    await charger.connect(port);
    await charger.status("Available");
    const { body: page } = await testHelper.request().get("/ev-charging/operations?site=site").expect(200);
    assert.deepEqual([page.mayOperate, page.rows[0].charger, page.words.startIt], [true, "Platz 1", "Starten"]);
    assert.ok(page.rows[0].can.includes("outOfService"));
    const post = async (name: string, payload: object) => {
      const { body } = await testHelper.request().post("/ev-charging/operations").send({ site: "site", name, payload });
      return body as { ok: boolean; text: string };
    };
    const target = "CP1/1";
    assert.deepEqual(await post("outOfService", { target }), { ok: true, text: "Platz 1 (CP1/1) ist außer Betrieb." });
    assert.deepEqual(await post("stop", { target }), {
      ...{ ok: false, code: "EV_MAINTENANCE_REFUSED" },
      text: "Dort lädt kein Auto.",
    });
    await testHelper.request().post("/ev-charging/operations").send({ site: "site", name: "explode" }).expect(400);
    const log = await node<EvSiteNode>("site").site!.rights.entries({
      fromWallMs: 0,
      toWallMs: Date.now() + 9,
      most: 5,
    });
    assert.ok(log.some(({ what, by }) => what === "outOfService CP1/1" && by === "the editor"));
    charger.close();
  });

  it("tells the settings of a charger, and changes one in the name of whoever is at the editor", async () => {
    const port = await freePort();
    await deploy(TYPES, [SITE, ZONE, centralSystem(port), CHARGER]);
    const charger = new Charger("CP1");
    charger.configuration = [{ key: "ConnectionTimeOut", value: "60", readonly: false }];
    await charger.connect(port);
    const post = async (path: string, name: string, payload: object = { chargePoint: "CP1" }) => {
      const { body } = await testHelper.request().post(`/ev-charging/${path}`).send({ site: "site", name, payload });
      return body as {
        ok: boolean;
        text: string;
        mayChange: boolean;
        payload: { keys: { key: string; value: string }[] };
      };
    };
    const read = await post("settings/ask", "read");
    assert.deepEqual([read.ok, read.mayChange], [true, true]);
    assert.deepEqual(
      read.payload.keys.map(({ key, value }) => [key, value]),
      [["ConnectionTimeOut", "60"]],
    );
    const sent = charger.next("ChangeConfiguration");
    const change = { chargePoint: "CP1", key: "ConnectionTimeOut", value: "90" };
    assert.equal((await post("settings", "change", change)).ok, true);
    assert.deepEqual(await sent, { key: "ConnectionTimeOut", value: "90" });
    assert.match((await post("settings", "change", { ...change, value: "soon" })).text, /cannot have this value/);
    await testHelper.request().post("/ev-charging/settings/ask").send({ site: "site", name: "change" }).expect(400);
    const log = await node<EvSiteNode>("site").site!.rights.entries({
      fromWallMs: 0,
      toWallMs: Date.now() + 9,
      most: 9,
    });
    assert.ok(log.some(({ what, by }) => what.includes('ConnectionTimeOut "60" → "90"') && by === "the editor"));
    charger.close();
  });

  it("plays days for the sidebar, and refuses what cannot be played with the reason", async () => {
    await deploy(TYPES, [SITE, ZONE, centralSystem(await freePort()), CHARGER]);
    const { overview } = await fetchPage();
    const root = overview.zones[0]!.id;
    const post = (payload: object) =>
      testHelper.request().post("/ev-charging/plan").send({ site: "site", root, payload });
    const { body } = await post({ scene: "home", days: 7 }).expect(200);
    assert.equal(body.visits, 7);
    assert.equal(body.hours.length, 24);
    const { body: refused } = await post({ cars: -1 }).expect(400);
    assert.equal(refused.message, "Cars a day must be a whole number from 1 to 2000.");
    const { body: wrong } = await post({ table: "7:45;16:30;12\n9:00;noon;5" }).expect(400);
    assert.equal(wrong.message, 'Line 2, departure: "noon" is no time of day. Write it like 16:30.');
  });

  it("shows a described charger as not connected, and as free once it is", async () => {
    const port = await freePort();
    await deploy(TYPES, [SITE, ZONE, centralSystem(port), CHARGER]);
    const kind = async () => (await fetchPage()).overview.chargers[0]!.kind;
    assert.equal(await kind(), "offline");
    const charger = new Charger("CP1");
    await charger.connect(port);
    await charger.status("Available");
    assert.equal(await kind(), "free");
    charger.close();
  });
});
