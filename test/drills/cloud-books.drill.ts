/** Outages of a back end, kill -9 of Node-RED and a full disk, under transaction load: both books are equal, doubled only where marked. */
import { strict as assert } from "node:assert";
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { seeded } from "../../lib/simulator/random.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort, until } from "../e2e/net.ts";
import { NodeRed } from "../e2e/node-red.ts";
import { tellAsStory } from "../e2e/story.ts";
import { peek } from "../peek.ts";
import { ForeignBackEnd } from "../upstream/back-end.ts";
import type { Books, Progress } from "./ocpp-busy-chargers.ts";
import { pick, seed } from "./scale.ts";
import { SmallDisk } from "./small-disk.ts";

const ROUNDS = pick(4, 30);
const CHARGERS = pick(3, 10);
/** Confirmations in each round, at least. */
const LOAD = pick(12, 40);
/** Room for what the charges write. */
const DISK_MB = pick(48, 256);
/** Between two tries of a connection that was lost, and of a message, there are up to so many. */
const PATIENCE_MS = 180_000;

/** A session as it stands in our book, beside what the back end's book says of it. */
interface Row {
  session: string;
  chargePoint: string;
  startedWallMs: number;
  endedWallMs: number | null;
  energyWh: number | null;
  state: string | null;
  perhapsTwice: number | null;
  transactionId: number | null;
}

describe("drill: a back end that comes and goes, while Node-RED is killed and the disk is full", function () {
  this.timeout(0);
  tellAsStory(this);
  const identities = Array.from({ length: CHARGERS }, (_, index) => `BUSY-${index + 1}`);
  const random = seeded(seed);
  const cloud = new ForeignBackEnd();
  const disk = SmallDisk.missing() === null ? new SmallDisk(DISK_MB) : null;
  let nodeRed: NodeRed;
  let chargers: ChildProcess;
  let progress = 0;
  let rows: Row[];

  before(async () => {
    await cloud.open();
    const port = await freePort();
    nodeRed = await NodeRed.start("5");
    await nodeRed.deploy(flow(port, identities, cloud.url, disk?.data ?? ""));
    const path = join(import.meta.dirname, "ocpp-busy-chargers.ts");
    chargers = fork(path, [String(port), String(seed), identities.join()]);
    chargers.on("message", (message: Progress | Books) => {
      if ("progress" in message) progress = message.progress;
    });
    console.log(
      `      seed ${seed}: ${ROUNDS} rounds, ${CHARGERS} chargers, ${disk ? "a disk that fills" : "no disk of its own"}`,
    );
  });
  after(async () => {
    chargers?.kill();
    await nodeRed?.stop();
    await cloud.close();
    disk?.remove();
  });

  const loaded = async (): Promise<void> => {
    const from = progress;
    await until("transactions are confirmed", () => progress >= from + LOAD, PATIENCE_MS);
  };
  const database = () => join(disk?.data ?? join(nodeRed.userDir, "ev-charging/site"), "ev-charging.sqlite");

  it("goes on after each of them, and everything is reported in the end", async () => {
    const troubles = [kill, outage, lostAnswer, ...(disk ? [fullDisk] : [])];
    for (let round = 0; round < ROUNDS; round++) {
      await loaded();
      await new Promise((resolve) => setTimeout(resolve, random() * 300));
      await troubles[round % troubles.length]!();
    }
    await loaded();
    const ended = new Promise<Books>((resolve) => {
      chargers.on("message", (message: Progress | Books) => "starts" in message && resolve(message));
    });
    chargers.send("end");
    await ended;
    await until(
      "nothing waits",
      () => read<{ n: number }>("SELECT count(*) AS n FROM upstream_queue")[0]?.n === 0,
      PATIENCE_MS,
    );
    await nodeRed.kill("SIGTERM");
    rows = read<Row>(`SELECT sessions.id AS session, sessions.charge_point AS chargePoint,
      sessions.started_wall_ms AS startedWallMs, sessions.ended_wall_ms AS endedWallMs, sessions.energy_wh AS energyWh,
      books.state AS state, books.perhaps_twice AS perhapsTwice, books.transaction_id AS transactionId
      FROM sessions LEFT JOIN upstream_books AS books ON books.session = sessions.id`);
    const marked = rows.filter(({ perhapsTwice }) => perhapsTwice).length;
    console.log(`      ${JSON.stringify({ sessions: rows.length, there: cloud.transactions.size, marked })}`);
    assert.ok(rows.length >= ROUNDS);
  });

  it("has each session that ended in both books, with the same energy and times", () => {
    for (const { session, chargePoint, startedWallMs, endedWallMs, energyWh, state, transactionId } of rows) {
      const their = cloud.transactions.get(transactionId ?? -1);
      assert.ok(their, `${session} is not in the back end's book`);
      assert.equal(their.identity, chargePoint);
      assert.equal(Date.parse(String(their.start["timestamp"])), startedWallMs, session);
      if (endedWallMs === null) continue;
      assert.equal(state, "reported", session);
      const wh = Number(their.stop?.["meterStop"]) - Number(their.start["meterStart"]);
      assert.deepEqual(
        [wh, Date.parse(String(their.stop?.["timestamp"]))],
        [Math.round(energyWh ?? 0), endedWallMs],
        session,
      );
    }
  });

  it("has nothing in the back end's book twice that is not marked, and no end but of the one that is ours", () => {
    const ours = new Set(rows.map(({ transactionId }) => transactionId));
    const startOf = (chargePoint: string, wallMs: number) => `${chargePoint} ${wallMs}`;
    const marked = new Set(
      rows.flatMap((row) => (row.perhapsTwice ? [startOf(row.chargePoint, row.startedWallMs)] : [])),
    );
    for (const [id, { identity, start, stop }] of cloud.transactions) {
      if (ours.has(id)) continue;
      const key = startOf(identity, Date.parse(String(start["timestamp"])));
      assert.ok(marked.has(key), `transaction ${id} of ${key} is there twice, and not marked`);
      assert.equal(stop, null, key);
    }
    assert.deepEqual(cloud.faults, []);
  });

  async function kill(): Promise<void> {
    await nodeRed.kill("SIGKILL");
    await nodeRed.restart();
  }

  async function outage(): Promise<void> {
    await cloud.close();
    await loaded();
    await cloud.open();
  }

  /** The back end has a start, and we do not know; every other time the process dies with it. */
  async function lostAnswer(): Promise<void> {
    const isLost = new Promise<void>((resolve) => {
      cloud.after = ({ action }) => {
        if (action !== "StartTransaction") return;
        cloud.after = () => {};
        cloud.cut();
        resolve();
      };
    });
    await isLost;
    if (random() < 0.5) await kill();
  }

  async function fullDisk(): Promise<void> {
    disk!.fill();
    await new Promise((resolve) => setTimeout(resolve, 500 + random() * 1500));
    disk!.clean();
  }

  function read<T>(sql: string): T[] {
    return peek(database(), (opened) => opened.prepare(sql).all() as T[]);
  }
});

function flow(port: number, identities: readonly string[], url: string, dataDir: string): FlowNode[] {
  const connectors = [1, 2].map((number) => ({ number, phases: 3, rotation: "RST", maxA: 32, minA: 6 }));
  return [
    { id: "tab", type: "tab", label: "Books" },
    { id: "site", type: "ev-site", name: "Building", dataDir },
    {
      id: "cloud",
      type: "ev-back-end",
      site: "site",
      name: "Operator",
      url,
      identity: "{identity}",
      role: "reporting",
    },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, backEnds: ["cloud"] },
    ...identities.map((identity) => ({
      ...{ id: `cp ${identity}`, type: "ev-charge-point", centralSystem: "cs", identity, connectors },
    })),
  ];
}
