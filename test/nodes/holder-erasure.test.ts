import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { NodeMessage } from "node-red";
import type { Site } from "../../lib/site/site.ts";
import { listCopies } from "../../lib/store/disk/copies.ts";
import { Charger } from "./charger.ts";
import { dataDir, deploy, type FlowNode, freePort, lastStatus, nextMessage, node, stop, until } from "./helper.ts";

const TYPES = ["ev-site", "ev-central-system", "ev-charge-point", "ev-authorization", "ev-sessions"];
const NAME = "Änne Bergström";
const LONGER = `${NAME}-Holm`;

const ALL = { fromWallMs: null, toWallMs: null, chargePoint: null, connector: null, user: null, state: null } as const;

type Fields = Record<string, unknown>;

describe("Erasing a holder", () => {
  let charger: Charger;
  let site: Site;
  let port: number;

  const flow = (): FlowNode[] => [
    { id: "site", type: "ev-site", dataDir, flows: "admin" },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, authorization: "list" },
    { id: "cp1", type: "ev-charge-point", centralSystem: "cs", identity: "CP1" },
    { id: "auth", type: "ev-authorization", site: "site", wires: [[], ["out"]] },
    { id: "sessions", type: "ev-sessions", site: "site", wires: [["table"]] },
    { id: "out", type: "helper" },
    { id: "table", type: "helper" },
  ];

  beforeEach(async () => {
    port = await freePort();
    await deploy(TYPES, flow());
    await until("the port is open", () => lastStatus("cs")?.text === "ev-central-system.status.open");
    site = (node("auth") as unknown as { site: Site }).site;
    charger = new Charger();
    await charger.connect(port);
  });

  afterEach(async () => {
    charger.close();
    await stop();
  });

  const ask = async (verb: string, payload?: unknown, more: Fields = {}): Promise<Fields & { payload: Fields }> => {
    const topic = `badges/${verb}`;
    const answer = nextMessage<NodeMessage & Fields>("out", (message) => message["topic"] === topic);
    node("auth").receive({ topic, payload, ...more } as NodeMessage);
    return (await answer) as never;
  };
  const erase = (payload: Fields) => ask("eraseHolder", { holder: NAME, ...payload });
  const table = async (): Promise<string> => {
    let text = "";
    const last = nextMessage<NodeMessage & Fields>("table", ({ topic, payload, complete }) => {
      if (topic === "sessions/export") text += String(payload);
      return complete === true;
    });
    node("sessions").receive({ topic: "sessions/export", payload: { format: "csv" } } as NodeMessage);
    await last;
    return text;
  };
  const begin = async (idTag: string, connectorId = 1): Promise<number> => {
    const start = { connectorId, idTag, meterStart: 0, timestamp: new Date().toISOString() };
    return (await charger.say("StartTransaction", start))["transactionId"] as number;
  };
  const end = (transactionId: number) =>
    charger.say("StopTransaction", { transactionId, meterStop: 7000, timestamp: new Date().toISOString() });

  /** Files below the site's folder with the name in their bytes, whatever follows it. */
  const filesWithName = (): string[] => {
    const entries = readdirSync(site.dataDir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.filter((file) => readFileSync(file).includes(Buffer.from(NAME)));
  };

  /** Charges, answers, changes, a correction, a book of a back end, an entry of the log and a copy with the name. */
  const live = async (): Promise<void> => {
    await ask("add", [
      { idTag: "A1", comment: NAME },
      { idTag: "A2", comment: NAME },
      { idTag: "B1", comment: "Ben" },
    ]);
    await ask("edit", { idTag: "A2", type: "vip" });
    await ask("remove", "A2", { reason: `asked for by ${NAME}` });
    await charger.say("Authorize", { idTag: "A1" });
    await end(await begin("A1"));
    await end(await begin("B1"));
    const [record] = site.store.sessions.page({ ...ALL, user: NAME, state: "closed" }, null, 9);
    assert.equal(record?.user, NAME);
    site.store.sessions.save([{ record: { ...record, meterStopWh: 7001, energyWh: 7001 }, memory: null }]);
    const start = { connectorId: 1, idTag: "A1", meterStart: 0, timestamp: "2026-01-01T00:00:00.000Z" };
    const { upstreams } = site.store;
    const stop = { meterStop: 7000, timestamp: "2026-01-01T01:00:00.000Z", reason: "Local", idTag: "A1" };
    for (const backEnd of ["billing", "told"]) {
      const book = {
        ...{
          backEnd,
          state: "waiting" as const,
          session: record.id,
          chargePoint: "CP1",
          connector: 1,
          startedWallMs: 1,
        },
        ...{ endedWallMs: null, perhapsTwice: false, transactionId: null, start, stop: null, energyWh: null },
        ...{ reason: null, changedWallMs: 1 },
      };
      upstreams.begin(book, record.number);
      upstreams.finish({ ...book, stop, endedWallMs: 2, energyWh: 7000 });
    }
    for (let message = upstreams.next("told", "CP1"); message; message = upstreams.next("told", "CP1"))
      upstreams.confirm(message, 5, 3);
    const fromWallMs = Date.now() + 7_200_000;
    await site.reservations.make(
      {
        ...{ ref: null, target: "CP1/1", zone: null, idTag: "B1", isNow: false },
        ...{ fromWallMs, untilWallMs: fromWallMs + 3_600_000, freeWallMs: fromWallMs + 900_000 },
      },
      { by: "Ben", comment: `for ${NAME}` },
    );
    await site.store.settled();
    await site.copies.look();
    const [copy] = listCopies(join(site.dataDir, "ev-charging.sqlite"));
    renameSync(copy!.path, join(dirname(copy!.path), "2026-01-01T00-00-00.sqlite"));
  };

  it("counts first, and changes nothing", async () => {
    await live();
    const { payload, text } = await erase({});
    assert.equal(payload["applied"], false);
    assert.deepEqual([payload["badges"], payload["sessions"]], [1, 1]);
    assert.match(String(text), /^1 badge, 1 session and \d+ other entries have this name\. Nothing was erased\.$/);
    assert.equal(site.badges.authorizer.list.all.size, 2);
  });

  it("leaves no byte of the name in the database, its log and its copies; energy, times and a running charge stay", async () => {
    await live();
    const before = site.store.sessions.totals(ALL);
    const running = await begin("A1");
    const { payload, text } = await erase({ apply: true });
    assert.deepEqual(
      { ...payload, entries: 0 },
      { badges: 1, sessions: 2, entries: 0, applied: true, droppedCopies: 1, left: [] },
    );
    assert.match(String(text), /^The name is erased from 1 badge, 2 sessions/);
    assert.deepEqual(filesWithName(), []);
    assert.equal(listCopies(join(site.dataDir, "ev-charging.sqlite")).length, 1);
    assert.deepEqual([...site.badges.authorizer.list.all.keys()], ["B1"]);

    assert.deepEqual(site.store.sessions.totals(ALL), before);
    assert.equal(site.sessions.count, 1);
    await end(running);
    const csv = await table();
    assert.ok(!csv.includes("Bergstr"));
    assert.equal(csv.match(/A1/g)?.length, 2);
    assert.match(csv, /Ben/);

    const log = await site.rights.entries({ fromWallMs: 0, toWallMs: Date.now() + 1000, most: 99 });
    assert.ok(log.some(({ what }) => what === "holder erased, 1 badges, 2 sessions"));
    assert.ok(log.some(({ reason }) => reason === "asked for by (erased)"));
    assert.equal(site.reservations.coming[0]?.comment, "for (erased)");
    await ask("undo");
    assert.equal(site.badges.authorizer.list.all.has("A2"), false);
    assert.deepEqual(filesWithName(), []);
  });

  it("replaces numbers on request, but not in what a back end still waits for", async () => {
    await live();
    await erase({ apply: true, pseudonyms: true });
    const csv = await table();
    assert.match(csv, /erased-[0-9a-f]{8}/);
    assert.ok(!/\bA1\b/.test(csv));
    const [session] = site.store.sessions.closedPage(0, 1, 1);
    assert.match(String(session?.idTag), /^erased-/);
    const books = site.store.upstreams.ofSession(session!.id);
    const tagOf = (backEnd: string) => books.find((book) => book.backEnd === backEnd)?.start.idTag;
    assert.equal(tagOf("billing"), "A1");
    assert.match(String(tagOf("told")), /^erased-/);
  });

  it("leaves somebody else alone whose name begins alike, and says that the name is still in the database", async () => {
    await live();
    await ask("add", { idTag: "C1", comment: LONGER });
    await end(await begin("C1"));
    const { payload, text } = await erase({ apply: true });
    assert.equal(site.badges.authorizer.list.all.get("C1")?.comment, LONGER);
    assert.match(await table(), new RegExp(LONGER));
    assert.ok((payload["left"] as string[]).includes("ev-charging.sqlite"));
    assert.match(String(text), /The name is still in: .*ev-charging\.sqlite/);
  });

  it("takes the holder of a badge, and refuses one without", async () => {
    await live();
    assert.equal((await ask("eraseHolder", { idTag: "a1" })).payload["sessions"], 1);
    await assert.rejects(
      import("../../lib/site/site-erasure.ts").then(({ eraseHolder }) => eraseHolder(site, { idTag: "NONE" })),
      /payload\.idTag/,
    );
  });

  it("keeps what is written while the file is written anew", async () => {
    await live();
    const erasing = erase({ apply: true });
    const transactions: number[] = [];
    for (let count = 0; count < 20; count++) {
      const transactionId = await begin("B1");
      transactions.push(transactionId);
      await end(transactionId);
    }
    await erasing;
    for (const transactionId of transactions)
      assert.notEqual(site.store.transaction("CP1", String(transactionId))?.stoppedWallMs, null, String(transactionId));
    assert.deepEqual(filesWithName(), []);
  });
});
