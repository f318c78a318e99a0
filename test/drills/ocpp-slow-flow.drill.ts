/** A flow that cannot keep up with what it is told, in a real Node-RED: chargers wait for it, memory does not. */
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { WebSocket } from "ws";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort, until } from "../e2e/net.ts";
import { NodeRed } from "../e2e/node-red.ts";
import { pick } from "./scale.ts";

/** Time the function node takes for each message; with as many chargers it is far too slow for them. */
const BUSY_MS = 3;
const POLITE = 10;
const PIPELINING = 10;
/** CALLs that a pipelining charger keeps unanswered. */
const AHEAD = 40;

const SLOW = `const endMs = Date.now() + ${BUSY_MS};
while (Date.now() < endMs);
const seen = context.get('seen') || { count: 0, oldestMs: 0, toldMs: 0 };
seen.count += 1;
if (msg.chargePoint.startsWith('POLITE')) seen.oldestMs = Math.max(seen.oldestMs, Date.now() - Date.parse(msg.ocpp.ts));
const isDue = Date.now() - seen.toldMs > 250;
if (isDue) seen.toldMs = Date.now();
context.set('seen', seen);
return isDue ? { payload: seen } : null;`;

const flow = (port: number): FlowNode[] => [
  { id: "tab", type: "tab", label: "slow" },
  { id: "site", type: "ev-site" },
  { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, unknownChargePoints: "accept" },
  { id: "event", type: "ev-event", z: "tab", x: 100, y: 100, events: ["meter"], wires: [["slow"]] },
  { id: "slow", type: "function", z: "tab", x: 250, y: 100, func: SLOW, outputs: 1, wires: [["debug"]] },
  { id: "debug", type: "debug", z: "tab", x: 400, y: 100, active: true, complete: "true" },
];

/** Keeps so many meter values unanswered, and measures how long each waits. */
class Sender {
  readonly latenciesMs: number[] = [];
  readonly #socket: WebSocket;
  readonly #sentMs: number[] = [];
  #calls = 0;
  #answers = 0;

  constructor(port: number, identity: string, ahead: number) {
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/${identity}`, "ocpp1.6");
    this.#socket.on("open", () => {
      for (let call = 0; call < ahead; call++) this.#send();
    });
    this.#socket.on("message", (data) => this.#read(JSON.parse(data.toString()) as [number, string]));
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    if (this.#socket.readyState !== WebSocket.CLOSED) await once(this.#socket, "close");
  }

  #send(): void {
    const sampledValue = [{ value: "7", measurand: "Current.Import", unit: "A" }];
    const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
    this.#sentMs.push(performance.now());
    this.#socket.send(JSON.stringify([2, String(this.#calls++), "MeterValues", { connectorId: 1, meterValue }]));
  }

  #read([type, id]: [number, string]): void {
    if (type === 2) this.#socket.send(JSON.stringify([4, id, "NotSupported", "", {}]));
    if (type === 2) return;
    assert.equal(id, String(this.#answers), "answers come in order, none is lost");
    this.latenciesMs.push(performance.now() - (this.#sentMs[this.#answers] ?? 0));
    this.#answers += 1;
    this.#send();
  }
}

interface Seen {
  payload: { count: number; oldestMs: number };
}

describe("drill of a slow flow", function () {
  this.timeout(0);

  let nodeRed: NodeRed;
  let senders: Sender[] = [];
  before(async () => {
    nodeRed = await NodeRed.start("5");
  });
  after(async () => {
    for (const sender of senders) await sender.close();
    await nodeRed?.stop();
  });

  const residentMB = (): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${nodeRed.pid}/status`, "utf8"))?.[1]) / 1000;

  it("sees each message before its charger's next one is answered, so that nothing piles up", async () => {
    const port = await freePort();
    await nodeRed.deploy(flow(port));
    const feed = await nodeRed.feed();
    const seconds = pick(4, 120);
    const polite = Array.from({ length: POLITE }, (_, index) => new Sender(port, `POLITE${index}`, 1));
    senders = [...polite, ...Array.from({ length: PIPELINING }, (_, index) => new Sender(port, `FAST${index}`, AHEAD))];
    const startMs = Date.now();
    await until("the flow is at work", () => feed.of("debug", startMs).length > 2, 20_000);
    const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    // Half way logs are full and the process has its size.
    await pass(seconds * 500);
    const middleMB = residentMB();
    await pass(seconds * 500);
    const { count, oldestMs } = feed.of<Seen>("debug", startMs).at(-1)!.message.payload;
    assert.ok(count > seconds * 20, `${count} messages`);
    // A turn of the event loop brings each charger one message at most.
    const turnMs = (POLITE + PIPELINING) * BUSY_MS;
    // What piles up waits longer and longer: for most of the time in the end.
    const mostMs = pick(10 * turnMs, 5000);
    assert.ok(oldestMs < mostMs, `a message waited ${oldestMs} ms for the flow`);
    const waitedMs = polite.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
    const p99Ms = waitedMs[Math.floor(0.99 * (waitedMs.length - 1))] ?? Number.POSITIVE_INFINITY;
    assert.ok(p99Ms < mostMs, `1 of 100 polite CALLs waited ${p99Ms} ms and more`);
    assert.ok(residentMB() - middleMB < 100, `${middleMB} MB became ${residentMB()} MB`);
  });
});
