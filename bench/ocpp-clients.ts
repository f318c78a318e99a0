/**
 * The charge points of the OCPP benchmark, in a process of their own: raw sockets with prepared frames, so that the
 * server is what is measured. Each sends its next CALL when the last one is answered.
 */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";

/** What the benchmark asks of this process. */
export type Order = { do: "connect"; port: number; count: number } | { do: "run"; port: number; forMs: number };
/** What it answers: all are connected and booted; the round is over. */
export type Outcome =
  | { done: "connect" }
  | { done: "run"; calls: number; seconds: number; p50Ms: number; p99Ms: number };

/** Characters kept free in a frame for a number that changes with each CALL; JSON allows the spaces. */
const NUMBER_WIDTH = 10;
const HOLE = "#".repeat(NUMBER_WIDTH);
const timestamp = "YYYY-MM-DDTHH:MM:SSZ";

type Action =
  | "BootNotification"
  | "Heartbeat"
  | "StatusNotification"
  | "MeterValues"
  | "StartTransaction"
  | "StopTransaction";

const sampledValue = [
  ...["L1", "L2", "L3"].map((phase) => ({ value: "15.9", measurand: "Current.Import", phase, unit: "A" })),
  ...["L1-N", "L2-N", "L3-N"].map((phase) => ({ value: "231.4", measurand: "Voltage", phase, unit: "V" })),
  { value: "11000.0", measurand: "Power.Active.Import", unit: "W" },
  { value: "1234567", measurand: "Energy.Active.Import.Register", unit: "Wh", context: "Sample.Periodic" },
  { value: "16.0", measurand: "Current.Offered", unit: "A" },
  { value: "31.5", measurand: "Temperature", unit: "Celsius", location: "Body" },
];

/** The present second, as charge points write it. */
let timeOfDay = now();

function now(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`;
}

/** Payloads as text, `#…#` where a number goes. */
const PAYLOADS: Record<Action, string> = {
  BootNotification: '{"chargePointVendor":"Bench","chargePointModel":"B1"}',
  Heartbeat: "{}",
  StatusNotification: '{"connectorId":1,"errorCode":"NoError","status":"Charging"}',
  MeterValues: `{"connectorId":1,"meterValue":[{"timestamp":"${timestamp}","sampledValue":${JSON.stringify(sampledValue)}}]}`,
  StartTransaction: `{"connectorId":1,"idTag":"BENCH","meterStart":${HOLE},"timestamp":"${timestamp}"}`,
  StopTransaction: `{"meterStop":2000000000,"transactionId":${HOLE},"timestamp":"${timestamp}"}`,
};

interface Template {
  frame: Buffer;
  idAt: number;
  numberAt: number | null;
  timeAt: number | null;
}

/** A client's text frame, masked with zeros so that its text stands in it as it is (RFC 6455 §5.3). */
function frameOf(text: string): { frame: Buffer; textAt: number } {
  const body = Buffer.from(text);
  const head =
    body.length < 126 ? [0x81, 0x80 | body.length] : [0x81, 0x80 | 126, body.length >> 8, body.length & 0xff];
  const frame = Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), body]);
  return { frame, textAt: head.length + 4 };
}

function template(action: Action): Template {
  const { frame } = frameOf(`[2,"${HOLE}","${action}",${PAYLOADS[action]}]`);
  const idAt = frame.indexOf(HOLE);
  const numberAt = frame.indexOf(HOLE, idAt + NUMBER_WIDTH);
  const timeAt = frame.indexOf(timestamp);
  return { frame, idAt, numberAt: numberAt < 0 ? null : numberAt, timeAt: timeAt < 0 ? null : timeAt };
}

const TEMPLATES = new Map<Action, Template>(
  (Object.keys(PAYLOADS) as Action[]).map((action) => [action, template(action)]),
);

/**
 * About an hour of a charge point: one transaction, 120 meter values (each 30 s), 60 heartbeats, 18 status notifications,
 * evenly mixed. Each charge point begins at another place.
 */
const CYCLE: Action[] = [
  "StartTransaction",
  ...Array.from({ length: 198 }, (_, index): Action => {
    const place = index % 33;
    if (place % 11 === 5) return "StatusNotification";
    return place % 3 === 1 ? "Heartbeat" : "MeterValues";
  }),
  "StopTransaction",
];

/** One charge point. */
class ChargePoint {
  readonly #socket: Socket;
  readonly #identity: string;
  readonly #onAnswer: (latencyMs: number) => void;
  #unread: Buffer = Buffer.alloc(0);
  #upgraded = false;
  #place: number;
  #calls = 0;
  #transactionId = "1";
  #sent: Action = "BootNotification";
  #sentAtMs = 0;
  #running = false;
  #outstanding = false;
  booted: () => void = () => undefined;

  constructor(port: number, index: number, onAnswer: (latencyMs: number) => void) {
    this.#identity = `BENCH${index}`;
    this.#place = (index * 7) % CYCLE.length;
    this.#onAnswer = onAnswer;
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setNoDelay(true);
    this.#socket.write(
      `GET /${this.#identity} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n` +
        "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n",
    );
    this.#socket.on("data", (chunk) => this.#read(chunk));
  }

  run(running: boolean): void {
    this.#running = running;
    if (running && !this.#outstanding) this.#next();
  }

  #next(): void {
    this.#send(CYCLE[this.#place] as Action);
    this.#place = (this.#place + 1) % CYCLE.length;
  }

  #send(action: Action): void {
    const { frame, idAt, numberAt, timeAt } = TEMPLATES.get(action) as Template;
    const copy = Buffer.from(frame);
    this.#calls += 1;
    copy.write(String(this.#calls).padStart(NUMBER_WIDTH, "0"), idAt, "latin1");
    const number = action === "StartTransaction" ? String(this.#calls) : this.#transactionId;
    if (numberAt !== null) copy.write(number.padStart(NUMBER_WIDTH, " "), numberAt, "latin1");
    if (timeAt !== null) copy.write(timeOfDay, timeAt, "latin1");
    this.#sent = action;
    this.#outstanding = true;
    this.#sentAtMs = performance.now();
    this.#socket.write(copy);
  }

  #read(chunk: Buffer): void {
    let data = this.#unread.length > 0 ? Buffer.concat([this.#unread, chunk]) : chunk;
    if (!this.#upgraded) {
      const end = data.indexOf("\r\n\r\n");
      if (end < 0) throw new Error("the answer to the upgrade request is incomplete");
      if (!data.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101"))) throw new Error(data.toString("latin1"));
      this.#upgraded = true;
      data = data.subarray(end + 4);
      this.#send("BootNotification");
    }
    let at = 0;
    for (;;) {
      const frame = frameAt(data, at);
      if (!frame) break;
      at = frame.endsAt;
      this.#frame(frame.opcode, data.subarray(frame.startsAt, frame.endsAt));
    }
    this.#unread = data.subarray(at);
  }

  #frame(opcode: number, body: Buffer): void {
    if (opcode === 9) this.#socket.write(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    if (opcode !== 1) return;
    if (body[1] === 0x32) this.#answer(body);
    else if (body[1] === 0x33) this.#answered(body);
    else throw new Error(`${this.#sent} was answered ${body}`);
  }

  /** A CALL of the central system's set-up. */
  #answer(body: Buffer): void {
    const [, id, action] = JSON.parse(body.toString()) as [number, string, string];
    const payload = action === "GetConfiguration" ? { configurationKey: [] } : { status: "Rejected" };
    this.#socket.write(frameOf(JSON.stringify([3, id, payload])).frame);
  }

  #answered(body: Buffer): void {
    this.#outstanding = false;
    if (this.#sent === "BootNotification") {
      this.booted();
      return;
    }
    this.#onAnswer(performance.now() - this.#sentAtMs);
    if (this.#sent === "StartTransaction") {
      const [, , confirmation] = JSON.parse(body.toString()) as [number, string, { transactionId: number }];
      this.#transactionId = String(confirmation.transactionId);
    }
    if (this.#running) this.#next();
  }
}

/** The unmasked frame of a server that begins at `at`, once all of it is there. */
function frameAt(data: Buffer, at: number): { opcode: number; startsAt: number; endsAt: number } | null {
  if (data.length < at + 2) return null;
  const short = (data[at + 1] as number) & 0x7f;
  if (short === 126 && data.length < at + 4) return null;
  const length = short === 126 ? data.readUInt16BE(at + 2) : short;
  const startsAt = at + (short === 126 ? 4 : 2);
  return data.length < startsAt + length
    ? null
    : { opcode: (data[at] as number) & 0x0f, startsAt, endsAt: startsAt + length };
}

class Fleet {
  #latencies: number[] = [];
  #chargePoints: ChargePoint[] = [];

  async connect(port: number, count: number): Promise<void> {
    const booted: Promise<void>[] = [];
    for (let index = 0; index < count; index++) {
      const chargePoint = new ChargePoint(port, index, (latencyMs) => this.#latencies.push(latencyMs));
      booted.push(
        new Promise((resolve) => {
          chargePoint.booted = resolve;
        }),
      );
      this.#chargePoints.push(chargePoint);
      if (index % 50 === 49) await Promise.all(booted);
    }
    await Promise.all(booted);
  }

  async run(forMs: number): Promise<Outcome> {
    this.#latencies = [];
    const startMs = performance.now();
    for (const chargePoint of this.#chargePoints) chargePoint.run(true);
    await new Promise((resolve) => setTimeout(resolve, forMs));
    const calls = this.#latencies.length;
    const seconds = (performance.now() - startMs) / 1000;
    const sorted = this.#latencies.sort((a, b) => a - b);
    for (const chargePoint of this.#chargePoints) chargePoint.run(false);
    const at = (share: number): number => sorted[Math.floor(share * (calls - 1))] ?? 0;
    return { done: "run", calls, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
  }
}

function serveOrders(): void {
  const fleets = new Map<number, Fleet>();
  setInterval(() => {
    timeOfDay = now();
  }, 1000);
  const answer = (outcome: Outcome): void => void process.send?.(outcome);
  process.on("message", (order: Order) => {
    if (order.do === "connect") {
      const fleet = new Fleet();
      fleets.set(order.port, fleet);
      void fleet.connect(order.port, order.count).then(() => answer({ done: "connect" }));
    } else {
      void fleets.get(order.port)?.run(order.forMs).then(answer);
    }
  });
  process.on("disconnect", () => process.exit());
}

if (process.argv[1] === import.meta.filename) serveOrders();
