/**
 * Charge points in a process of their own, busy with transactions: they live on when the central system is killed, dial again, and send
 * again what was not confirmed, as OCPP 1.6 §3.7.1 has it. To be forked; takes `"end"` (finish what is begun) and tells `Progress`
 * all the time, and `Books` at the end. Arguments: port, seed, identities.
 */
import { once } from "node:events";
import { WebSocket } from "ws";
import { seeded } from "../../lib/simulator/random.ts";

/** A start as it was confirmed. */
export interface ConfirmedStart {
  chargePoint: string;
  connector: number;
  idTag: string;
  startedWallMs: number;
  meterStartWh: number;
  transactionId: number;
  status: string;
}

/** A stop as it was confirmed. */
export interface ConfirmedStop {
  chargePoint: string;
  transactionId: number;
  meterStopWh: number;
  reason: string;
}

export interface Progress {
  progress: number;
}

export interface Books {
  starts: ConfirmedStart[];
  stops: ConfirmedStop[];
  /** Starts sent again, those that had been confirmed included, and got their first answer. */
  retries: number;
  /** What no central system may do. */
  faults: string[];
}

type Payload = Record<string, unknown>;

const REDIAL_MS = 30;
const [port, seed, identities] = process.argv.slice(2) as [string, string, string];
const books: Books = { starts: [], stops: [], retries: 0, faults: [] };
let progress = 0;
let ending = false;

class BusyCharger {
  readonly #identity: string;
  readonly #random: () => number;
  #socket: WebSocket | null = null;
  #messages = 0;
  #registerWh = 0;

  constructor(identity: string, random: () => number) {
    this.#identity = identity;
    this.#random = random;
  }

  /** Charges car after car until it is told to end. */
  async run(): Promise<void> {
    while (!ending) await this.#session();
    this.#socket?.terminate();
  }

  async #session(): Promise<void> {
    const connector = 1 + Math.floor(this.#random() * 2);
    const meterStart = ++this.#registerWh;
    const idTag = `TAG-${this.#identity}`;
    const startedWallMs = Math.floor(Date.now() / 1000) * 1000;
    const request = { connectorId: connector, idTag, meterStart, timestamp: new Date(startedWallMs).toISOString() };
    const { transactionId, status } = await this.#start(request);
    books.starts.push({
      ...{ chargePoint: this.#identity, connector, idTag, startedWallMs, meterStartWh: meterStart },
      ...{ transactionId, status },
    });
    if (this.#random() < 0.3) await this.#repeat(request, transactionId, status);
    // Some are never stopped: the next one on the connector takes their place.
    if (this.#random() < 0.1) return;
    const stop = {
      transactionId,
      meterStop: ++this.#registerWh,
      reason: "EVDisconnected",
      timestamp: request.timestamp,
    };
    await this.#confirmed("StopTransaction", stop);
    books.stops.push({ chargePoint: this.#identity, transactionId, meterStopWh: stop.meterStop, reason: stop.reason });
  }

  async #start(request: Payload): Promise<{ transactionId: number; status: string }> {
    const { transactionId, idTagInfo } = await this.#confirmed("StartTransaction", request);
    return { transactionId: transactionId as number, status: (idTagInfo as { status: string }).status };
  }

  /** As if the confirmation had been lost on the way. */
  async #repeat(request: Payload, transactionId: number, status: string): Promise<void> {
    if (this.#random() < 0.3) this.#socket?.terminate();
    const again = await this.#start(request);
    books.retries += 1;
    if (again.transactionId !== transactionId || again.status !== status)
      books.faults.push(`${transactionId} ${status} became ${JSON.stringify(again)}: ${JSON.stringify(request)}`);
  }

  /** Sends a CALL until it is confirmed: on the next connection, under the same id or a new one, when the answer was lost. */
  async #confirmed(action: string, payload: Payload): Promise<Payload> {
    let id = this.#nextId();
    for (;;) {
      const answer = await this.#ask(await this.#connected(), id, action, payload);
      if (answer?.[0] === 3) {
        progress += 1;
        return answer[2] as Payload;
      }
      if (answer) books.faults.push(`${action} was answered with ${JSON.stringify(answer)}`);
      if (this.#random() < 0.5) id = this.#nextId();
    }
  }

  #nextId(): string {
    this.#messages += 1;
    return `${this.#identity}-${this.#messages}`;
  }

  /** @returns the answer; null when the connection was lost before it came */
  async #ask(socket: WebSocket, id: string, action: string, payload: Payload): Promise<unknown[] | null> {
    return new Promise((resolve) => {
      const settle = (answer: unknown[] | null): void => {
        socket.off("message", hear).off("close", lose);
        resolve(answer);
      };
      const lose = (): void => settle(null);
      const hear = (data: unknown): void => {
        const frame = JSON.parse(String(data)) as unknown[];
        if (frame[0] !== 2 && frame[1] === id) settle(frame);
      };
      socket.on("message", hear).on("close", lose);
      socket.send(JSON.stringify([2, id, action, payload]));
    });
  }

  /** An open connection; dials until somebody is there. */
  async #connected(): Promise<WebSocket> {
    while (this.#socket?.readyState !== WebSocket.OPEN) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/${this.#identity}`, "ocpp1.6");
      this.#socket = socket;
      socket.on("error", () => undefined);
      socket.on("message", (data) => answerCall(socket, JSON.parse(data.toString()) as unknown[]));
      const isOpen = await Promise.race([
        once(socket, "open").then(
          () => true,
          () => false,
        ),
        once(socket, "close").then(() => false),
      ]);
      if (!isOpen) await new Promise((resolve) => setTimeout(resolve, REDIAL_MS));
      // Only some boot: a reconnect is none.
      else if (this.#random() < 0.3)
        await this.#ask(socket, this.#nextId(), "BootNotification", {
          chargePointVendor: "Maker",
          chargePointModel: "Box",
        });
    }
    return this.#socket;
  }
}

function answerCall(socket: WebSocket, frame: unknown[]): void {
  if (frame[0] !== 2 || socket.readyState !== WebSocket.OPEN) return;
  const answer = frame[2] === "GetConfiguration" ? { configurationKey: [], unknownKey: [] } : { status: "Accepted" };
  socket.send(JSON.stringify([3, frame[1], answer]));
}

process.on("message", (message) => {
  ending ||= message === "end";
});
const ticking = setInterval(() => process.send?.({ progress } satisfies Progress), 20);
const chargers = identities.split(",").map((id, index) => new BusyCharger(id, seeded(Number(seed) + index)));
await Promise.all(chargers.map((charger) => charger.run()));
clearInterval(ticking);
// Gone before it has left, it would not arrive.
process.send?.(books, () => process.disconnect());
