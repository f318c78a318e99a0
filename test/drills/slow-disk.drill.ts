import { strict as assert } from "node:assert";
import { WebSocket } from "ws";
import { SlowDisk } from "../slow-disk.ts";
import { FairWatch } from "../starvation.ts";
import { compareBooks } from "./books.ts";
import { drill } from "./drill.ts";
import type { Park, ParkOptions } from "./park.ts";
import { chargerNode, type ParkPlan } from "./plan.ts";
import { pick } from "./scale.ts";

/** From the sample that shows it to the wire, and the cars' way down. */
const ANSWER_S = 3;
const CARS_FOLLOW_S = 3;
/** What a charger waits for an answer at most, and how often it asks, ms. */
const HEARTBEAT_MS = 50;
const EVERY_MS = 100;
/** How long cars come and go on the slow disk, s. */
const BUSY_S = pick(20, 300);

/** The disk of the case that runs. */
let disk: SlowDisk;

const plan = (): ParkPlan => ({
  zones: [
    { name: "main", limitA: 63, loadA: [10, 10, 10], meter: true },
    { name: "yard", parent: "main", limitA: 32 },
  ],
  chargers: ["CP1", "CP2", "CP3", "CP4"].map((identity) => ({ identity, zone: "main", meterIntervalS: 1 })),
});

function options(): ParkOptions {
  disk = new SlowDisk();
  return {
    pace: 1,
    run: { env: disk.env },
    // Nobody's car is at this one: it does nothing but ask for the time.
    flow: (flow) => [...flow, chargerNode({ identity: "WATCH", zone: "yard" })],
    closing: () => disk.remove(),
  };
}

/** A charger that sends a Heartbeat every 100 ms, and how long each answer takes the product. */
class HeartbeatWatch {
  readonly tookMs: number[] = [];
  readonly #socket: WebSocket;
  readonly #watch: FairWatch;
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(park: Park) {
    this.#watch = new FairWatch(park.nodeRed.pid!);
    this.#socket = new WebSocket(`ws://127.0.0.1:${park.ports.ocpp}/WATCH`, "ocpp1.6");
    this.#socket.on("open", () => {
      this.#send("BootNotification", { chargePointVendor: "Drill", chargePointModel: "Watch" });
      this.#send("StatusNotification", { connectorId: 1, status: "Available", errorCode: "NoError" });
    });
    this.#socket.on("message", (data) => this.#read(JSON.parse(data.toString()) as [number, string]));
    this.#socket.on("error", () => {});
  }

  start(): void {
    this.#ask();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#socket.terminate();
  }

  #ask(): void {
    this.#watch.start();
    this.#send("Heartbeat", {});
  }

  #send(action: string, payload: object): void {
    this.#sent += 1;
    this.#socket.send(JSON.stringify([2, `${action} ${this.#sent}`, action, payload]));
  }

  #read([kind, id]: [number, string]): void {
    if (kind === 2)
      this.#socket.send(JSON.stringify([3, id, { status: "Accepted", configurationKey: [], unknownKey: [] }]));
    if (!id.startsWith("Heartbeat")) return;
    this.tookMs.push(this.#watch.tookMs());
    this.#timer = setTimeout(() => this.#ask(), EVERY_MS);
  }
}

/** Cars come and go: transactions, sessions, limits and learnt facts are written all the time. */
async function busy(park: Park, seconds: number): Promise<void> {
  const cars = ["CP3", "CP4"];
  for (let passedS = 0; passedS < seconds; passedS += 5) {
    const identity = cars[(passedS / 5) % cars.length]!;
    await park.car(identity, { plugged: false });
    await park.pass(2.5);
    await park.car(identity, { plugged: true });
    await park.pass(2.5);
  }
}

async function slow(park: Park): Promise<void> {
  // Some 9 A are there for each, and one may stay a little below the others.
  await park.charging(8);
  const watch = new HeartbeatWatch(park);
  try {
    await park.pass(3);
    disk.makeSlow();
    await park.pass(2);
    await park.forget();
    watch.start();
    await busy(park, BUSY_S);
    await park.load("main", [50, 50, 50]);
    await park.until("the cars fit", () => park.breaker("main").currentA.every((currentA) => currentA <= 63.5), 10);
    await park.pass(5);
    await park.heldWithin(ANSWER_S + CARS_FOLLOW_S);
    // Few things are waited for: transactions, and limits that a restart would reserve too little for.
    assert.ok(disk.waits.other > 5, `the disk was waited for: ${JSON.stringify(disk.waits)}`);
    assert.equal(disk.waits.main, 0, "the event loop waited for the disk");
    const slowest = Math.max(...watch.tookMs);
    assert.ok(watch.tookMs.length > BUSY_S * 3, `${watch.tookMs.length} Heartbeats were answered`);
    assert.ok(slowest <= HEARTBEAT_MS, `a Heartbeat took ${slowest.toFixed(0)} ms`);
    await settle(park);
  } finally {
    watch.stop();
  }
}

/** Everything the chargers have told is confirmed and kept, once. */
async function settle(park: Park): Promise<void> {
  const told = async () => Object.values(await park.simulator.books()).every(({ waiting }) => waiting === 0);
  await park.until("every message about a transaction is confirmed", told, 60);
  const path = `${park.nodeRed.userDir}/ev-charging/site/ev-charging.sqlite`;
  const { lost, doubled } = compareBooks(await park.simulator.books(), path);
  assert.deepEqual({ lost, doubled }, { lost: [], doubled: [] });
}

drill("the disk answers in 500 ms", {
  plan,
  missing: () => SlowDisk.missing(),
  options,
  without: "diskBeside",
  cases: [
    {
      title: "limits leave as ever, Heartbeats are answered within 50 ms, and no transaction is lost",
      full: true,
      run: slow,
      quick: true,
    },
  ],
});
