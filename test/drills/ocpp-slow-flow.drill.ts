/** A flow that cannot keep up with what it is told, in a real Node-RED: chargers wait for it, memory does not. */
import { strict as assert } from "node:assert";
import { once } from "node:events";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WebSocket } from "ws";
import type { FlowNode } from "../e2e/flows.ts";
import { freePort, until } from "../e2e/net.ts";
import { NodeRed } from "../e2e/node-red.ts";
import { FairWatch } from "../starvation.ts";
import { pick } from "./scale.ts";

/** Time the function node takes for each message; with as many chargers it is far too slow for them. */
const BUSY_MS = 3;
const POLITE = 10;
const PIPELINING = 10;
/** CALLs that a pipelining charger keeps unanswered. */
const AHEAD = 40;
const REDIAL_MS = 50;
/** So many messages later code is compiled and logs are full: what comes on top of that would pile up. */
const WARM = 1000;

/** What a function node cannot read by itself: how long the machine has let Node-RED wait for a processor, as in `starvedMs`. */
const STARVED = `module.exports.functionGlobalContext = { starvedMs: () => {
  try { return Number(require("node:fs").readFileSync("/proc/self/schedstat", "latin1").split(" ")[1]) / 1e6; }
  catch { return 0; }
} };\n`;

/** For how long moments are remembered at which the machine had let Node-RED wait for so long. */
const MOMENTS = 2000;

const SLOW = `const endMs = Date.now() + ${BUSY_MS};
while (Date.now() < endMs);
const seen = context.get('seen') || { count: 0, oldestMs: 0, toldMs: 0, moments: [] };
seen.count += 1;
const now = { ms: Date.now(), starvedMs: global.get('starvedMs')() };
seen.moments.push(now);
if (seen.moments.length > ${MOMENTS}) seen.moments.shift();
if (msg.chargePoint.startsWith('POLITE')) {
  const cameMs = Date.parse(msg.ocpp.ts);
  const then = seen.moments.findLast(({ ms }) => ms <= cameMs) || seen.moments[0];
  seen.oldestMs = Math.max(seen.oldestMs, now.ms - cameMs - (now.starvedMs - then.starvedMs));
}
const isDue = Date.now() - seen.toldMs > 250;
if (isDue) seen.toldMs = Date.now();
context.set('seen', seen);
return isDue ? { payload: { count: seen.count, oldestMs: seen.oldestMs } } : null;`;

const flow = (port: number): FlowNode[] => [
  { id: "tab", type: "tab", label: "slow" },
  { id: "site", type: "ev-site" },
  { id: "cs", type: "ev-central-system", site: "site", host: "127.0.0.1", port, unknownChargePoints: "accept" },
  { id: "event", type: "ev-event", z: "tab", x: 100, y: 100, events: ["meter"], wires: [["slow"]] },
  { id: "slow", type: "function", z: "tab", x: 250, y: 100, func: SLOW, outputs: 1, wires: [["debug"]] },
  { id: "debug", type: "debug", z: "tab", x: 400, y: 100, active: true, complete: "true" },
];

/** Keeps so many meter values unanswered, and measures how long each waits, less what the machine has no time for. */
class Sender {
  readonly latenciesMs: number[] = [];
  readonly #socket: WebSocket;
  readonly #watches: FairWatch[] = [];
  readonly #pid: number;
  #calls = 0;
  #answers = 0;

  private constructor(port: number, pid: number, identity: string) {
    this.#pid = pid;
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/${identity}`, "ocpp1.6");
    this.#socket.on("message", (data) => this.#read(JSON.parse(data.toString()) as [number, string]));
  }

  /** Dials until it is let in: the port may open a moment after the flows have started. @param pid of Node-RED */
  static async dial(port: number, pid: number, identity: string): Promise<Sender> {
    for (;;) {
      const sender = new Sender(port, pid, identity);
      const isOpen = await once(sender.#socket, "open").then(
        () => true,
        () => false,
      );
      if (isOpen) return sender;
      await new Promise((resolve) => setTimeout(resolve, REDIAL_MS));
    }
  }

  start(ahead: number): void {
    for (let call = 0; call < ahead; call++) this.#send();
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    if (this.#socket.readyState !== WebSocket.CLOSED) await once(this.#socket, "close");
  }

  #send(): void {
    const sampledValue = [{ value: "7", measurand: "Current.Import", unit: "A" }];
    const meterValue = [{ timestamp: new Date().toISOString(), sampledValue }];
    this.#watches.push(new FairWatch(this.#pid));
    this.#socket.send(JSON.stringify([2, String(this.#calls++), "MeterValues", { connectorId: 1, meterValue }]));
  }

  #read([type, id]: [number, string]): void {
    if (type === 2) this.#socket.send(JSON.stringify([4, id, "NotSupported", "", {}]));
    if (type === 2) return;
    assert.equal(id, String(this.#answers), "answers come in order, none is lost");
    this.latenciesMs.push(this.#watches.shift()!.tookMs());
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
    const prepare = (userDir: string) => appendFileSync(join(userDir, "settings.cjs"), STARVED);
    nodeRed = await NodeRed.start("5", { prepare });
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
    const dial = (count: number, name: string) =>
      Promise.all(Array.from({ length: count }, (_, index) => Sender.dial(port, nodeRed.pid!, `${name}${index}`)));
    const [polite, pipelining] = [await dial(POLITE, "POLITE"), await dial(PIPELINING, "FAST")];
    senders = [...polite, ...pipelining];
    for (const sender of polite) sender.start(1);
    for (const sender of pipelining) sender.start(AHEAD);
    const startMs = Date.now();
    const last = () => feed.of<Seen>("debug", startMs).at(-1)?.message.payload ?? { count: 0, oldestMs: 0 };
    await until("the flow is at work", () => last().count > WARM, 120_000);
    const beforeMB = residentMB();
    const watch = new FairWatch(nodeRed.pid!);
    await until("time is up", () => watch.tookMs() > seconds * 1000, Number.POSITIVE_INFINITY);
    const { count, oldestMs } = last();
    assert.ok(count > WARM + seconds * 20, `${count} messages`);
    // A turn of the event loop brings each charger one message at most.
    const turnMs = (POLITE + PIPELINING) * BUSY_MS;
    assert.ok(oldestMs < 10 * turnMs, `a message waited ${oldestMs} ms for the flow`);
    const waitedMs = polite.flatMap(({ latenciesMs }) => latenciesMs).sort((a, b) => a - b);
    const p99Ms = waitedMs[Math.floor(0.99 * (waitedMs.length - 1))] ?? Number.POSITIVE_INFINITY;
    assert.ok(p99Ms < 10 * turnMs, `1 of 100 polite CALLs waited ${p99Ms} ms and more`);
    const [endMB, grownMB] = [residentMB(), residentMB() - beforeMB];
    console.log(`      ${JSON.stringify({ count, oldestMs, p99Ms: Math.round(p99Ms), beforeMB, endMB })}`);
    assert.ok(grownMB < 100, `${beforeMB} MB became ${endMB} MB`);
  });
});
