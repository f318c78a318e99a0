/** A charge point of the OCPP benchmarks: a raw socket with prepared frames, so that the server is what is measured. */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { performance } from "node:perf_hooks";

/** Characters kept free in a frame for a number that changes with each CALL; JSON allows the spaces. */
const NUMBER_WIDTH = 10;
/** Where the id begins in an answer: `[3,"`. */
const ID_AT = 4;
const HOLE = "#".repeat(NUMBER_WIDTH);
const timestamp = "YYYY-MM-DDTHH:MM:SSZ";

/** Ten values with every attribute, as chargers write them: 1.7 kB with what is around them. */
const sampledValue = [
  ...["L1", "L2", "L3"].map((phase) => ({ value: "15.9", measurand: "Current.Import", phase, unit: "A" })),
  ...["L1-N", "L2-N", "L3-N"].map((phase) => ({ value: "231.4", measurand: "Voltage", phase, unit: "V" })),
  { value: "11000.0", measurand: "Power.Active.Import", unit: "W" },
  { value: "1234567", measurand: "Energy.Active.Import.Register", unit: "Wh" },
  { value: "16.0", measurand: "Current.Offered", unit: "A" },
  { value: "31.5", measurand: "Temperature", unit: "Celsius", location: "Body" },
].map((value) => ({ context: "Sample.Periodic", format: "Raw", location: "Outlet", ...value }));

const status = (status: string): string => `{"connectorId":1,"errorCode":"NoError","status":"${status}"}`;

/** What is sent, by name: action and payload as text, `#…#` where a number goes. */
const CALLS = {
  boot: ["BootNotification", '{"chargePointVendor":"Bench","chargePointModel":"B1"}'],
  heartbeat: ["Heartbeat", "{}"],
  authorize: ["Authorize", '{"idTag":"BENCH"}'],
  preparing: ["StatusNotification", status("Preparing")],
  charging: ["StatusNotification", status("Charging")],
  finishing: ["StatusNotification", status("Finishing")],
  available: ["StatusNotification", status("Available")],
  meter: [
    "MeterValues",
    `{"connectorId":1,"meterValue":[{"timestamp":"${timestamp}","sampledValue":${JSON.stringify(sampledValue)}}]}`,
  ],
  start: ["StartTransaction", `{"connectorId":1,"idTag":"BENCH","meterStart":${HOLE},"timestamp":"${timestamp}"}`],
  stop: ["StopTransaction", `{"meterStop":2000000000,"transactionId":${HOLE},"timestamp":"${timestamp}"}`],
} as const;

type Call = keyof typeof CALLS;

/** What a charge point sends, over and over. */
export const TRAFFIC = {
  /**
   * About an hour: one transaction, 120 meter values (each 30 s), 60 heartbeats, 18 status notifications, evenly mixed.
   */
  hour: [
    "start",
    ...Array.from({ length: 198 }, (_, index): Call => {
      const place = index % 33;
      if (place % 11 === 5) return "charging";
      return place % 3 === 1 ? "heartbeat" : "meter";
    }),
    "stop",
  ],
  /** A short session: two of its fourteen CALLs are answered only once they are durable. */
  session: [
    "authorize",
    "preparing",
    "start",
    "charging",
    ...Array.from({ length: 7 }, (): Call => "meter"),
    "stop",
    "finishing",
    "available",
  ],
} satisfies Record<string, Call[]>;

export type Traffic = keyof typeof TRAFFIC;

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

function template(call: Call): Template {
  const [action, payload] = CALLS[call];
  const { frame } = frameOf(`[2,"${HOLE}","${action}",${payload}]`);
  const idAt = frame.indexOf(HOLE);
  const numberAt = frame.indexOf(HOLE, idAt + NUMBER_WIDTH);
  const timeAt = frame.indexOf(timestamp);
  return { frame, idAt, numberAt: numberAt < 0 ? null : numberAt, timeAt: timeAt < 0 ? null : timeAt };
}

const TEMPLATES = Object.fromEntries((Object.keys(CALLS) as Call[]).map((call) => [call, template(call)])) as Record<
  Call,
  Template
>;

/** The present second, as charge points write it. */
let timeOfDay = "";
function readTheClock(): void {
  timeOfDay = `${new Date().toISOString().slice(0, 19)}Z`;
}
readTheClock();
setInterval(readTheClock, 1000).unref();

export interface ChargePointOptions {
  port: number;
  identity: string;
  traffic: Traffic;
  /** How far into its traffic it begins. */
  place: number;
  onAnswer(latencyMs: number): void;
}

/** Sends one CALL at a time, as OCPP-J §4.1.1 has it, unless it floods. */
export class ChargePoint {
  readonly #socket: Socket;
  readonly #options: ChargePointOptions;
  readonly #cycle: readonly Call[];
  #unread: Buffer = Buffer.alloc(0);
  #upgraded = false;
  #place: number;
  #calls = 0;
  #transactionId = "1";
  #sent: Call = "boot";
  #sentAtMs = 0;
  #running = false;
  #flooding = false;
  #outstanding = false;
  #onIdle: () => void = () => undefined;
  /** Its transaction began before its place in the traffic: that is made up for after the boot. */
  #owesStart: boolean;
  #isBeginning = false;
  #boot: { resolve(): void; reject(error: Error): void } = { resolve: () => undefined, reject: () => undefined };
  /** Resolves when its boot was answered, and the start of the transaction it is in. */
  readonly booted = new Promise<void>((resolve, reject) => {
    this.#boot = { resolve, reject };
  });

  constructor(options: ChargePointOptions) {
    const { port, identity, traffic, place } = options;
    this.#options = options;
    this.#cycle = TRAFFIC[traffic];
    this.#place = place % this.#cycle.length;
    this.#owesStart = this.#cycle.slice(0, this.#place).findLast((call) => /^st(art|op)$/.test(call)) === "start";
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setNoDelay(true);
    this.#socket.write(
      `GET /${identity} HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n` +
        "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n",
    );
    this.#socket.on("data", (chunk) => this.#read(chunk));
    this.#socket.on("error", (error) => this.#boot.reject(error));
  }

  /** Sends its next CALL whenever the last one was answered, until it is told to stop. */
  run(running: boolean): void {
    this.#running = running;
    if (running) this.sendOne();
  }

  /** Sends its next CALL if none is outstanding. */
  sendOne(): void {
    if (this.#outstanding) return;
    const call = this.#cycle[this.#place] as Call;
    this.#place = (this.#place + 1) % this.#cycle.length;
    this.#send(call);
  }

  /** Resolves once no CALL is outstanding. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#outstanding) this.#onIdle = resolve;
      else resolve();
    });
  }

  /** Sends meter values as fast as the socket takes them, without waiting for answers, until it is told to stop. */
  flood(flooding: boolean): void {
    this.#flooding = flooding;
    if (!flooding) return;
    this.#socket.on("drain", () => this.#pour());
    this.#pour();
  }

  /** Sends so many meter values and reads nothing any more, as a device whose program hangs. */
  freeze(calls: number): void {
    this.#socket.pause();
    for (let sent = 0; sent < calls; sent++) this.#send("meter");
  }

  leave(): void {
    this.#socket.destroy();
  }

  #pour(): void {
    let free = true;
    while (this.#flooding && free && !this.#socket.destroyed) free = this.#send("meter");
  }

  /** False while the socket takes no more. */
  #send(call: Call): boolean {
    const { frame, idAt, numberAt, timeAt } = TEMPLATES[call];
    const copy = Buffer.from(frame);
    this.#calls += 1;
    copy.write(String(this.#calls).padStart(NUMBER_WIDTH, "0"), idAt, "latin1");
    const number = call === "start" ? String(this.#calls) : this.#transactionId;
    if (numberAt !== null) copy.write(number.padStart(NUMBER_WIDTH, " "), numberAt, "latin1");
    if (timeAt !== null) copy.write(timeOfDay, timeAt, "latin1");
    this.#sent = call;
    this.#outstanding = true;
    this.#sentAtMs = performance.now();
    return this.#socket.write(copy);
  }

  #read(chunk: Buffer): void {
    let data = this.#unread.length > 0 ? Buffer.concat([this.#unread, chunk]) : chunk;
    if (!this.#upgraded) {
      const end = data.indexOf("\r\n\r\n");
      if (end < 0) throw new Error("the answer to the upgrade request is incomplete");
      if (!data.subarray(0, 12).equals(Buffer.from("HTTP/1.1 101"))) {
        this.#refused(data.toString("latin1"));
        return;
      }
      this.#upgraded = true;
      data = data.subarray(end + 4);
      this.#send("boot");
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

  #refused(answer: string): void {
    this.leave();
    this.#boot.reject(new Error(answer));
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
    if (this.#flooding) return;
    const id = body.toString("latin1", ID_AT, ID_AT + NUMBER_WIDTH);
    if (Number(id) !== this.#calls) throw new Error(`CALL ${this.#calls} of ${this.#sent} was answered ${body}`);
    this.#outstanding = false;
    if (this.#sent === "start") {
      const [, , confirmation] = JSON.parse(body.toString()) as [number, string, { transactionId: number }];
      this.#transactionId = String(confirmation.transactionId);
    }
    if (this.#sent !== "boot" && !this.#isBeginning) this.#options.onAnswer(performance.now() - this.#sentAtMs);
    else this.#begin();
    if (this.#running) this.sendOne();
    else this.#onIdle();
  }

  #begin(): void {
    this.#isBeginning = this.#owesStart;
    this.#owesStart = false;
    if (this.#isBeginning) this.#send("start");
    else this.#boot.resolve();
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
