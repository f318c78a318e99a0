import { connect, type Socket } from "node:net";
import ModbusRTU from "modbus-serial";
import type { Clock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { MbapFramer } from "./mbap.ts";
import { describe, ModbusException, type ModbusTransport, type ReadRequest } from "./transport.ts";

export interface TcpAddress {
  host: string;
  port: number;
}

/** modbus-serial counts its transaction ids from 0 to 255 and forgets none, so that an id means one request for this long only. */
const TRANSACTION_IDS = 256;
const KEEP_ALIVE_MS = 10_000;

/**
 * Opens a Modbus TCP connection.
 * Rejects with EvError EV_MODBUS_CONNECT when it is not open after `timeoutMs`.
 */
export function connectTcp({ host, port }: TcpAddress, timeoutMs: number, clock: Clock): Promise<ModbusTransport> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    const timer = clock.setTimeout(() => socket.destroy(new Error(`no connection after ${timeoutMs} ms`)), timeoutMs);
    const refuse = (reason: unknown): void => {
      clock.clear(timer);
      reject(new EvError("EV_MODBUS_CONNECT", `${host}:${port}: ${reasonOf(reason)}`, { cause: reason }));
    };
    socket.once("error", refuse);
    socket.once("connect", () => {
      clock.clear(timer);
      socket.off("error", refuse);
      resolve(new TcpTransport(socket, `${host}:${port}`));
    });
  });
}

/**
 * modbus-serial codes the frames; this class guards what it leaves open. It watches the framing (garbage would park the library's
 * parser for good), rejects what is pending when the connection ends, and gives a connection up before a transaction id of a request
 * that was never answered comes round again, so that a reply is never taken for that of another request.
 */
class TcpTransport implements ModbusTransport {
  readonly #socket: Socket;
  readonly #place: string;
  readonly #client = new ModbusRTU();
  readonly #framer = new MbapFramer();
  #rejectPending: ((error: EvError) => void) | null = null;
  #endReason: EvError;
  #requests = 0;
  #waiting = false;
  /** Number of the first request that was given up. */
  #firstAbandoned: number | null = null;
  #lateReplies = 0;

  constructor(socket: Socket, place: string) {
    this.#socket = socket;
    this.#place = place;
    this.#endReason = new EvError("EV_MODBUS_CONNECT", `${place}: the connection was closed by the device`);
    socket.on("data", (chunk: Buffer) => this.#inspect(chunk));
    socket.on("error", (error) => {
      this.#endReason = new EvError("EV_MODBUS_CONNECT", `${place}: ${reasonOf(error)}`, { cause: error });
    });
    socket.once("close", () => this.#rejectPending?.(this.#endReason));
    this.#client.linkTCP(socket, { port: socket.remotePort ?? 0 }, () => {});
  }

  get isOpen(): boolean {
    const wrapsSoon = this.#firstAbandoned !== null && this.#requests - this.#firstAbandoned >= TRANSACTION_IDS - 1;
    return this.#socket.readyState === "open" && !wrapsSoon;
  }

  get lateReplies(): number {
    return this.#lateReplies;
  }

  read(request: ReadRequest): Promise<number[]> {
    if (!this.isOpen) return Promise.reject(this.#endReason);
    this.#requests++;
    this.#waiting = true;
    const number = this.#requests;
    return new Promise((resolve, reject) => {
      this.#rejectPending = reject;
      const { unitId, functionCode, address, count } = request;
      const settle = (error: unknown, result: { data: number[] } | undefined): void => {
        if (number !== this.#requests || !this.#waiting) return;
        this.#waiting = false;
        if (error) reject(this.#toEvError(error, request));
        else if (result?.data.length === count) resolve(result.data);
        else reject(this.#broken(`${describe(request)} was answered with ${result?.data.length ?? 0} registers`));
      };
      // Their named-argument forms: setID would be state shared by all requests.
      if (functionCode === 3) this.#client.writeFC3(unitId, address, count, settle);
      else this.#client.writeFC4(unitId, address, count, settle);
    });
  }

  abandon(): void {
    if (this.#waiting) this.#firstAbandoned ??= this.#requests;
    this.#waiting = false;
  }

  destroy(): void {
    this.#rejectPending?.(new EvError("EV_MODBUS_CONNECT", `${this.#place}: the connection was closed`));
    this.#socket.destroy();
  }

  #inspect(chunk: Buffer): void {
    try {
      for (const { transactionId } of this.#framer.feed(chunk)) {
        if (!this.#waiting || transactionId !== this.#requests % TRANSACTION_IDS) this.#lateReplies++;
      }
    } catch (error) {
      this.#broken(messageOf(error));
    }
  }

  #toEvError(error: unknown, request: ReadRequest): EvError {
    const code = (error as { modbusCode?: unknown }).modbusCode;
    if (typeof code === "number") return new ModbusException(code, `${this.#place}: ${describe(request)}`);
    return this.#broken(`${describe(request)}: ${messageOf(error)}`);
  }

  /** A peer that breaks the protocol loses the connection: what follows on it could not be told apart. */
  #broken(what: string): EvError {
    const error = new EvError("EV_MODBUS_FRAME", `${this.#place}: ${what}`);
    this.#endReason = error;
    this.#rejectPending?.(error);
    this.#socket.destroy();
    return error;
  }
}

const REASONS: Record<string, string> = {
  ECONNREFUSED: "connection refused; nothing listens there",
  ECONNRESET: "the device cut the connection",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ENOTFOUND: "the host name is not known",
  ETIMEDOUT: "the host does not answer",
};

function reasonOf(reason: unknown): string {
  const { code } = reason as { code?: string };
  return (code && REASONS[code]) || messageOf(reason) || String(code);
}
