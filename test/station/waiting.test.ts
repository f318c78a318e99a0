/** A charge point that waits to be added: on a real socket, with a real database. */
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { WebSocket } from "ws";
import { systemClock } from "../../lib/clock.ts";
import { createEndpoint, type Endpoint } from "../../lib/ocpp/server/endpoint.ts";
import { answerBadges } from "../../lib/session/badges/badge-messages.ts";
import { Site } from "../../lib/site/site.ts";
import { createDirectory } from "../../lib/station/connection/central-system.ts";
import { definition } from "./fake-charge-point.ts";

/** What is billed from, and what is shown of badges. */
const BOOKS = ["transactions", "stray_stops", "sessions", "authorizations"];

const BOX = { chargePointVendor: "Maker", chargePointModel: "Box" };

describe("Charge point that waits to be added", () => {
  let folder: string;
  let site: Site;
  let endpoint: Endpoint;
  let socket: WebSocket;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-waiting-"));
    site = new Site({ key: "test", dataDir: folder });
    const policy = {
      unknownChargePoints: "park",
      sharedPassword: null,
      requirePassword: false,
      allowMissingSubprotocol: false,
      heartbeatS: 60,
    } as const;
    const directory = createDirectory(site.stations, () => policy, "cs");
    endpoint = createEndpoint({ host: "127.0.0.1", port: 0 }, directory, systemClock);
    const { port } = await endpoint.listen();
    socket = new WebSocket(`ws://127.0.0.1:${port}/CP1`, "ocpp1.6");
    await once(socket, "open");
  });

  afterEach(async () => {
    socket.terminate();
    await endpoint.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends one CALL and gives what comes back, CALLRESULT or CALLERROR; CALLs of the central system are taken. */
  const say = (id: string, action: string, payload: object): Promise<unknown[]> =>
    new Promise((resolve) => {
      const hear = (data: Buffer): void => {
        const frame = JSON.parse(data.toString()) as [number, string, ...unknown[]];
        if (frame[0] === 2) socket.send(JSON.stringify([3, frame[1], { status: "Accepted", configurationKey: [] }]));
        else if (frame[1] === id) {
          socket.off("message", hear);
          resolve(frame);
        }
      };
      socket.on("message", hear);
      socket.send(JSON.stringify([2, id, action, payload]));
    });
  const rows = (): Record<string, number> => {
    const database = new DatabaseSync(join(folder, "ev-charging.sqlite"), { readOnly: true });
    const count = (table: string) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
    const found = Object.fromEntries(BOOKS.map((table) => [table, count(table)]));
    database.close();
    return found;
  };

  const began = new Date(Date.now() - 3_600_000).toISOString();
  const ended = new Date(Date.now() - 60_000).toISOString();
  const start = { connectorId: 1, idTag: "KNOWN", meterStart: 1000, timestamp: began };
  const stop = (transactionId: number) => ({ transactionId, meterStop: 8000, timestamp: ended });
  const meter = (transactionId?: number) => ({
    connectorId: 1,
    ...(transactionId !== undefined && { transactionId }),
    meterValue: [{ timestamp: ended, sampledValue: [{ value: "4000" }] }],
  });
  const refusal = ([type, , code]: unknown[]) => [type, code];

  it("writes nothing to the books: what belongs to a transaction is refused, so that it is kept and sent again", async () => {
    const { authorizer, localLists } = site.badges;
    const handlers = { authorizer, localLists, nowWallMs: () => Date.now() };
    await answerBadges(handlers, "add", { payload: { idTag: "KNOWN" } });
    assert.equal(((await say("b", "BootNotification", BOX))[2] as { status: string }).status, "Pending");
    assert.deepEqual(refusal(await say("1", "StartTransaction", start)), [4, "SecurityError"]);
    assert.deepEqual(refusal(await say("2", "MeterValues", meter(7))), [4, "SecurityError"]);
    assert.deepEqual(refusal(await say("3", "StopTransaction", stop(7))), [4, "SecurityError"]);
    assert.deepEqual((await say("4", "Authorize", { idTag: "KNOWN" }))[2], { idTagInfo: { status: "Invalid" } });
    const available = { connectorId: 1, status: "Available", errorCode: "NoError" };
    assert.deepEqual(await say("5", "StatusNotification", available), [3, "5", {}]);
    assert.equal((await say("6", "Heartbeat", {}))[0], 3);
    assert.deepEqual(await say("7", "MeterValues", meter()), [3, "7", {}]);
    // Answers to badges wait for a moment before they are written; a question writes them.
    await answerBadges(handlers, "trace", {});
    assert.deepEqual(rows(), { transactions: 0, stray_stops: 0, sessions: 0, authorizations: 0 });
  });

  it("has what it kept counted once it is adopted, in the same words and with its own times", async () => {
    await say("b", "BootNotification", BOX);
    assert.deepEqual(refusal(await say("1", "StartTransaction", start)), [4, "SecurityError"]);
    site.stations.configure(definition());
    assert.equal(((await say("b2", "BootNotification", BOX))[2] as { status: string }).status, "Accepted");
    const [type, , confirmed] = await say("1", "StartTransaction", start);
    assert.equal(type, 3);
    const { transactionId } = confirmed as { transactionId: number };
    assert.equal((await say("3", "StopTransaction", stop(transactionId)))[0], 3);
    const record = site.store.transaction("CP1", String(transactionId));
    assert.equal(record?.startedWallMs, Date.parse(began));
    assert.equal(record?.stoppedWallMs, Date.parse(ended));
    assert.equal(rows()["sessions"], 1);
    assert.equal(rows()["stray_stops"], 0);
  });
});
