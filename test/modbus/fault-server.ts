import { type ChildProcess, spawn } from "node:child_process";
import { createSocket, type RemoteInfo } from "node:dgram";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc16, withCrc } from "../../lib/modbus/crc.ts";
import type { LineSettings, TransportKind } from "../../lib/modbus/line.ts";
import { encodeMbap } from "../../lib/modbus/mbap.ts";
import type { ReadRequest } from "../../lib/modbus/transport.ts";
import { answerTo } from "./serial-line.ts";

const SOCAT = "/usr/bin/socat";

/** Why a transport cannot be tried on this machine, for the title of a test that is left out; empty where it can. */
export function whyNot(transport: TransportKind): string {
  if (transport !== "rtu") return "";
  if (!existsSync(SOCAT)) return " (skipped: socat is not installed, so there is no pseudo-terminal pair)";
  try {
    import.meta.resolve("serialport");
    return "";
  } catch {
    return " (skipped: the optional package serialport is not installed)";
  }
}

/** A request as it came in; `transactionId` is 0 on serial lines. */
export interface Asked extends ReadRequest {
  transactionId: number;
}

/** What a device does with a request. */
export type Act = (asked: Asked, send: (bytes: Buffer, afterMs?: number) => void, server: FaultServer) => void;

export const rightly: Act = (asked, send, server) => send(server.reply(asked));

/** Modbus devices behind one socket or one end of a pseudo-terminal pair, whose every answer the test decides. */
export class FaultServer {
  readonly kind: TransportKind;
  readonly asked: Asked[] = [];
  /** How the next requests are answered, one after the other; then all as `otherwise` says. */
  readonly acts: Act[] = [];
  otherwise: Act = rightly;
  connections = 0;
  settings: LineSettings;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closers: (() => void | Promise<void>)[] = [];

  private constructor(kind: TransportKind) {
    this.kind = kind;
    this.settings = { transport: kind, host: "127.0.0.1" };
  }

  static async start(kind: TransportKind): Promise<FaultServer> {
    const server = new FaultServer(kind);
    if (kind === "udp") await server.#startUdp();
    else if (kind === "rtu") await server.#startPty();
    else await server.#startTcp();
    return server;
  }

  get isSerial(): boolean {
    return this.kind === "rtu" || this.kind === "rtu-over-tcp";
  }

  /** A frame around this PDU as this transport carries it, by default the right answer. */
  reply(asked: Asked, pdu: Buffer = answerTo(asked)): Buffer {
    return this.isSerial ? withCrc(asked.unitId, pdu) : encodeMbap({ ...asked, pdu });
  }

  exception(asked: Asked, code: number): Buffer {
    return this.reply(asked, Buffer.from([asked.functionCode | 0x80, code]));
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    for (const close of this.#closers.reverse()) await close();
  }

  async #startTcp(): Promise<void> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      this.connections++;
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
      socket.on("data", (bytes) => this.#hear(bytes, (reply) => socket.writable && socket.write(reply)));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.settings = { ...this.settings, port: (server.address() as AddressInfo).port };
    this.#closers.push(async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    });
  }

  async #startUdp(): Promise<void> {
    const socket = createSocket("udp4");
    socket.on("message", (bytes: Buffer, { port, address }: RemoteInfo) =>
      this.#hear(bytes, (reply) => socket.send(reply, port, address)),
    );
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    this.settings = { ...this.settings, port: socket.address().port };
    this.#closers.push(() => void socket.close());
  }

  async #startPty(): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "modbus-"));
    const [near, far] = [join(folder, "near"), join(folder, "far")];
    const ends = [near, far].map((link) => `pty,raw,echo=0,link=${link}`);
    const socat: ChildProcess = spawn(SOCAT, ["-d", "-d", ...ends], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    while (!said.includes("starting data transfer loop"))
      said += String(((await once(socat.stderr as NodeJS.ReadableStream, "data")) as [Buffer])[0]);
    const { SerialPort } = await import("serialport");
    const port = new SerialPort({ path: far, baudRate: 115_200, autoOpen: false });
    port.on("error", () => {});
    port.on("data", (bytes: Buffer) => this.#hear(bytes, (reply) => port.write(reply)));
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    this.settings = { transport: "rtu", serialPort: near, baudRate: 115_200 };
    this.#closers.push(async () => {
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
      if (socat.exitCode === null && socat.kill()) await once(socat, "exit");
      rmSync(folder, { recursive: true, force: true });
    });
  }

  #rest: Buffer = Buffer.alloc(0);

  /** Takes requests apart; all have the same length. */
  #hear(bytes: Buffer, send: (reply: Buffer) => void): void {
    const [head, length] = this.isSerial ? [0, 8] : [6, 12];
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (; this.#rest.length >= length; this.#rest = this.#rest.subarray(length)) {
      const frame = this.#rest.subarray(0, length);
      if (this.isSerial && crc16(frame) !== 0) continue;
      const asked = {
        transactionId: this.isSerial ? 0 : frame.readUInt16BE(0),
        unitId: frame[head] as number,
        functionCode: frame[head + 1] as 3 | 4,
        address: frame.readUInt16BE(head + 2),
        count: frame.readUInt16BE(head + 4),
      };
      this.asked.push(asked);
      const act = this.acts.shift() ?? this.otherwise;
      act(asked, (reply, afterMs = 0) => this.#sendAfter(afterMs, () => send(reply)), this);
    }
  }

  #sendAfter(afterMs: number, send: () => void): void {
    if (afterMs === 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send();
    }, afterMs);
    this.#timers.add(timer);
  }
}
