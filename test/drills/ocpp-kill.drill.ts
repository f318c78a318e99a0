/** kill -9 in a loop under transaction load: nothing confirmed is lost, no id is used twice, a retry gets its first answer. */
import { strict as assert } from "node:assert";
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { seeded } from "../../lib/simulator/random.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort, until } from "../e2e/net.ts";
import { NodeRed } from "../e2e/node-red.ts";
import { tellAsStory } from "../e2e/story.ts";
import { cases } from "../full.ts";
import { peek } from "../peek.ts";
import type { Books, Progress } from "./ocpp-busy-chargers.ts";
import { pick, seed } from "./scale.ts";

const KILLS = pick(cases(2, 3), 50);
const CHARGERS = pick(8, 30);
/** Confirmations between two kills, at least, so that there is load, and a random time on top of it. */
const LOAD = pick(50, 300);
const MOST_MS = pick(100, 1500);

interface Row {
  transactionId: number;
  chargePoint: string;
  connector: number;
  idTag: string;
  startedWallMs: number;
  meterStartWh: number;
  status: string;
  meterStopWh: number | null;
  reason: string | null;
}

describe("drill: killing the central system under transaction load", function () {
  this.timeout(0);
  tellAsStory(this);
  const identities = Array.from({ length: CHARGERS }, (_, index) => `BUSY-${index + 1}`);
  let nodeRed: NodeRed;
  let chargers: ChildProcess;
  let books: Books;
  let rows: Row[];

  before(async () => {
    const port = await freePort();
    nodeRed = await NodeRed.start("5");
    await nodeRed.deploy(flow(port, identities));
    chargers = fork(join(import.meta.dirname, "ocpp-busy-chargers.ts"), [
      String(port),
      String(seed),
      identities.join(),
    ]);
    console.log(`      seed ${seed}: ${KILLS} kills, ${CHARGERS} chargers`);
  });
  after(async () => {
    chargers?.kill();
    await nodeRed?.stop();
  });

  it("comes back each time, and the chargers with it", async () => {
    const random = seeded(seed);
    let progress = 0;
    chargers.on("message", (message: Progress | Books) => {
      if ("progress" in message) progress = message.progress;
    });
    const loaded = async (): Promise<void> => {
      const from = progress;
      await until("transactions are confirmed", () => progress >= from + LOAD, 60_000);
    };
    for (let kill = 0; kill < KILLS; kill++) {
      await loaded();
      await new Promise((resolve) => setTimeout(resolve, random() * MOST_MS));
      await nodeRed.kill("SIGKILL");
      await nodeRed.restart();
    }
    await loaded();
    const told = new Promise<Books>((resolve, reject) => {
      chargers.on("message", (message: Progress | Books) => "starts" in message && resolve(message));
      chargers.on("exit", (code) => reject(new Error(`the chargers ended with ${code} before they told anything`)));
    });
    chargers.send("end");
    books = await told;
    await nodeRed.kill("SIGTERM");
    rows = readRows(join(nodeRed.userDir, "ev-charging/site/ev-charging.sqlite"));
    const { starts, stops, retries } = books;
    console.log(`      ${JSON.stringify({ starts: starts.length, stops: stops.length, retries, rows: rows.length })}`);
  });

  it("gave a start that was sent again its id and its status again, and no error to anyone", () => {
    assert.deepEqual(books.faults, []);
    assert.ok(books.retries > KILLS);
  });

  it("used no id twice, and none that is no id", () => {
    const ids = books.starts.map(({ transactionId }) => transactionId);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.every((id) => Number.isInteger(id) && id > 0 && id < 2 ** 31));
  });

  it("lost no start that was confirmed, and recorded each once", () => {
    const byId = new Map(rows.map((row) => [row.transactionId, row]));
    for (const start of books.starts) {
      const { meterStopWh: _stop, reason: _reason, ...row } = byId.get(start.transactionId) ?? ({} as Row);
      assert.deepEqual(row, start);
    }
    const contents = rows.map(({ chargePoint, meterStartWh }) => `${chargePoint} ${meterStartWh}`);
    assert.equal(new Set(contents).size, contents.length);
    assert.equal(rows.length, books.starts.length, "a start that nobody sent");
  });

  it("lost no stop that was confirmed", () => {
    const byId = new Map(rows.map((row) => [row.transactionId, row]));
    for (const { transactionId, meterStopWh, reason } of books.stops) {
      const row = byId.get(transactionId);
      assert.deepEqual([row?.meterStopWh, row?.reason], [meterStopWh, reason], `transaction ${transactionId}`);
    }
  });
});

/** What the database holds, read from its file. */
function readRows(path: string): Row[] {
  return peek(path, (database) => {
    assert.deepEqual({ ...database.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
    const sql = `SELECT charge_point AS chargePoint, connector, id_tag AS idTag, started_wall_ms AS startedWallMs,
      meter_start_wh AS meterStartWh, CAST(transaction_id AS INTEGER) AS transactionId, id_tag_status AS status,
      meter_stop_wh AS meterStopWh, stop_reason AS reason FROM transactions`;
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row })) as unknown as Row[];
  });
}

function flow(port: number, identities: readonly string[]): FlowNode[] {
  const connectors = [1, 2].map((number) => ({ number, phases: 3, rotation: "RST", maxA: 32, minA: 6 }));
  return [
    { id: "tab", type: "tab", label: "Kill" },
    { id: "site", type: "ev-site", name: "Building" },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    ...identities.map((identity) => ({
      ...{ id: `cp ${identity}`, type: "ev-charge-point", centralSystem: "cs", identity, connectors },
    })),
  ];
}
