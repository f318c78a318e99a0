/** kill -9 in the middle of 50 sessions leaves 50 correct records: one each, with the energy that the charger counted. */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { type ClientConnection, connectClient } from "../../lib/ocpp/client.ts";
import { seeded } from "../../lib/simulator/random.ts";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort, until } from "../e2e/net.ts";
import { NodeRed } from "../e2e/node-red.ts";
import { tellAsStory } from "../e2e/story.ts";
import { peek } from "../peek.ts";
import { pick, seed } from "./scale.ts";

const SESSIONS = 50;
/** Of them without transactions. */
const FREE = 10;
const KILLS = pick(1, 20);
const REDIAL_MS = 50;
/** So much fits through a cable between two moments of a session that lasts for seconds. */
const MOST_WH = 10;
/** What was said this long before a kill is on disk, also where no confirmation says so. */
const WRITTEN_MS = 1000;

interface Expected {
  idTag: string | null;
  energyWh: number;
  meterStartWh: number | null;
  stopReason: string;
}

/** A charger that goes on charging while the central system is dead, and tells what it owes once it is back. */
class DrillCharger {
  readonly identity: string;
  readonly isFree: boolean;
  readonly done: Expected[] = [];
  readonly #url: string;
  readonly #random: () => number;
  #connection: ClientConnection | null = null;
  #registerWh: number;
  #session: { startWh: number; idTag: string; startedAt: string; transactionId: number | null } | null = null;
  #owed: { transactionId: number; meterStop: number; timestamp: string; reason: string } | null = null;

  constructor(identity: string, isFree: boolean, url: string, random: () => number) {
    this.identity = identity;
    this.isFree = isFree;
    this.#url = url;
    this.#random = random;
    this.#registerWh = Math.floor(random() * 1_000_000);
  }

  async connect(): Promise<void> {
    const { identity } = this;
    const onCall = (action: string) =>
      action === "GetConfiguration" ? { configurationKey: [] } : { status: "Accepted" };
    while (!this.#connection) {
      this.#connection = await connectClient({ url: this.#url, identity, onCall }).catch(() => null);
      // It does not listen yet.
      if (!this.#connection) await new Promise((resolve) => setTimeout(resolve, REDIAL_MS));
    }
    await this.#say("BootNotification", { chargePointVendor: "Maker", chargePointModel: "Box" });
  }

  async begin(): Promise<void> {
    const idTag = `TAG${Math.floor(this.#random() * 1e6)}`;
    this.#session = { startWh: this.#registerWh, idTag, startedAt: new Date().toISOString(), transactionId: null };
    if (!this.isFree) await this.#start();
    await this.#status("Charging");
    await this.#meter();
  }

  /** Charges some more. */
  async go(): Promise<void> {
    this.#registerWh += 1 + Math.floor(this.#random() * MOST_WH);
    await this.#meter();
  }

  /** What happens while nobody listens. */
  away(): void {
    this.#connection?.terminate("killed");
    this.#connection = null;
    this.#registerWh += Math.floor(this.#random() * MOST_WH);
    // Some cars leave meanwhile.
    if (this.#random() < 0.3 && this.#session?.transactionId) this.#leave();
  }

  async end(): Promise<void> {
    const { startWh } = this.#session!;
    if (this.isFree) {
      await this.go();
      const energyWh = this.#registerWh - startWh;
      this.done.push({ idTag: null, energyWh, meterStartWh: null, stopReason: "EVDisconnected" });
      await this.#status("Available");
    } else {
      if (!this.#owed) this.#leave();
      await this.#say("StopTransaction", this.#owed!);
      await this.#status("Available");
    }
    this.#owed = null;
    this.#session = null;
  }

  close(): void {
    this.#connection?.terminate("over");
  }

  #leave(): void {
    const { transactionId, startWh, idTag } = this.#session!;
    const meterStop = this.#registerWh;
    const reason = "EVDisconnected";
    this.#owed = { transactionId: transactionId!, meterStop, timestamp: new Date().toISOString(), reason };
    this.done.push({ idTag, energyWh: meterStop - startWh, meterStartWh: startWh, stopReason: reason });
  }

  async #start(): Promise<void> {
    const { startWh: meterStart, idTag, startedAt: timestamp } = this.#session!;
    const answer = await this.#say("StartTransaction", { connectorId: 1, idTag, meterStart, timestamp });
    this.#session!.transactionId = answer["transactionId"] as number;
  }

  async #meter(): Promise<void> {
    const transactionId = this.#session?.transactionId;
    const timestamp = new Date().toISOString();
    const sampledValue = [{ value: String(this.#registerWh) }, { value: "16", measurand: "Current.Import", unit: "A" }];
    const meterValue = [{ timestamp, sampledValue }];
    await this.#say("MeterValues", { connectorId: 1, ...(transactionId && { transactionId }), meterValue });
  }

  async #status(status: string): Promise<void> {
    await this.#say("StatusNotification", { connectorId: 1, errorCode: "NoError", status });
  }

  #say(action: string, payload: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.#connection!.call(action, payload);
  }
}

interface Row extends Expected {
  chargePoint: string;
  closedNumber: number | null;
}

describe("drill: killing the central system in the middle of 50 sessions", function () {
  this.timeout(0);
  tellAsStory(this);
  const random = seeded(seed);
  let nodeRed: NodeRed;
  let chargers: DrillCharger[];
  let rows: Row[];
  const all = (action: (charger: DrillCharger) => Promise<void>) => Promise.all(chargers.map(action));

  before(async () => {
    const port = await freePort();
    const url = `ws://127.0.0.1:${port}`;
    chargers = Array.from({ length: SESSIONS }, (_, index) => {
      return new DrillCharger(`S${index + 1}`, index < FREE, url, random);
    });
    nodeRed = await NodeRed.start("5");
    await nodeRed.deploy(flow(port, chargers));
  });
  after(async () => {
    for (const charger of chargers ?? []) charger.close();
    await nodeRed?.stop();
  });

  it("lets every charger finish what it began", async () => {
    await all((charger) => charger.connect());
    for (let kill = 0; kill < KILLS; kill++) {
      await all((charger) => charger.begin());
      await new Promise((resolve) => setTimeout(resolve, WRITTEN_MS + random() * 500));
      const killed = nodeRed.kill("SIGKILL");
      // In the middle of their messages.
      await Promise.allSettled(chargers.filter((charger) => !charger.isFree).map((charger) => charger.go()));
      await killed;
      for (const charger of chargers) charger.away();
      await nodeRed.restart();
      await all((charger) => charger.connect());
      await all((charger) => charger.end());
    }
    const path = join(nodeRed.userDir, "ev-charging/site/ev-charging.sqlite");
    await until("all sessions have ended", () => readRows(path).every(({ closedNumber }) => closedNumber !== null));
    await nodeRed.kill("SIGTERM");
    rows = readRows(path);
  });

  it("leaves one record for each session, and no other", () => {
    assert.equal(rows.length, SESSIONS * KILLS);
    assert.equal(new Set(rows.map(({ closedNumber }) => closedNumber)).size, SESSIONS * KILLS);
  });

  it("leaves what the chargers counted", () => {
    for (const { identity, done } of chargers) {
      const found = rows.filter(({ chargePoint }) => chargePoint === identity);
      const plain = found.map(({ chargePoint: _, closedNumber: __, ...row }) => row);
      assert.deepEqual(plain, done, identity);
    }
  });
});

/** What the database holds, read from its file. */
function readRows(path: string): Row[] {
  return peek(path, (database) => {
    assert.deepEqual({ ...database.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
    const sql = `SELECT charge_point AS chargePoint, closed_number AS closedNumber, id_tag AS idTag,
      energy_wh AS energyWh, meter_start_wh AS meterStartWh, stop_reason AS stopReason FROM sessions ORDER BY number`;
    return database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row })) as unknown as Row[];
  });
}

function flow(port: number, chargers: readonly DrillCharger[]): FlowNode[] {
  const free = { overrides: { "transaction.withoutTransactions": true } };
  return [
    { id: "tab", type: "tab", label: "Sessions" },
    { id: "site", type: "ev-site", name: "Building" },
    { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port },
    ...chargers.map(({ identity, isFree }) => ({
      ...{ id: `cp ${identity}`, type: "ev-charge-point", centralSystem: "cs", identity, ...(isFree && free) },
    })),
  ];
}
