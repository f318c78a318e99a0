import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { MbapFramer } from "./mbap.ts";
import { MbapExchanges } from "./mbap-exchanges.ts";
import { type HostAddress, onSocketEnd, openSocket } from "./tcp-socket.ts";
import type { Exchange, ModbusTransport, Outcome, ReadRequest } from "./transport.ts";

/** Opens a Modbus TCP connection. Rejects with EvError EV_MODBUS_CONNECT when it is not open after `timeoutMs`. */
export async function connectTcp(address: HostAddress, timeoutMs: number, clock: Clock): Promise<ModbusTransport> {
  return new TcpTransport(await openSocket(address, timeoutMs, clock), `${address.host}:${address.port}`);
}

/** Modbus TCP. A peer that breaks the framing loses the connection: what follows on it could not be told apart. */
class TcpTransport implements ModbusTransport {
  readonly canBeHalfOpen = true;
  readonly restMs = 0;
  readonly crcErrors = 0;
  readonly #socket: Socket;
  readonly #place: string;
  readonly #framer = new MbapFramer();
  readonly #exchanges: MbapExchanges;
  #endReason: EvError | null = null;

  constructor(socket: Socket, place: string) {
    this.#socket = socket;
    this.#place = place;
    this.#exchanges = new MbapExchanges(place, (frame) => socket.write(frame));
    socket.on("data", (chunk: Buffer) => this.#received(chunk));
    onSocketEnd(socket, place, (reason) => this.#end(reason));
  }

  get isOpen(): boolean {
    return this.#socket.readyState === "open" && !this.#endReason && !this.#exchanges.isWornOut;
  }

  get lateFrames(): number {
    return this.#exchanges.lateFrames;
  }

  start(request: ReadRequest, settle: (outcome: Outcome) => void): Exchange {
    return this.#exchanges.start(request, settle);
  }

  destroy(): void {
    this.#end(new EvError("EV_MODBUS_CONNECT", `${this.#place}: the connection was closed`));
  }

  #received(chunk: Buffer): void {
    if (this.#endReason) return;
    try {
      for (const frame of this.#framer.feed(chunk)) this.#exchanges.received(frame);
    } catch (error) {
      this.#end(new EvError("EV_MODBUS_FRAME", `${this.#place}: ${messageOf(error)}`));
    }
  }

  #end(reason: EvError): void {
    if (this.#endReason) return;
    this.#endReason = reason;
    this.#socket.destroy();
    this.#exchanges.fail(reason);
  }
}
