import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { EvError } from "../errors.ts";
import { MbapFramer } from "./mbap.ts";
import { MbapExchanges } from "./mbap-exchanges.ts";
import { connectError, type HostAddress } from "./tcp-socket.ts";
import type { Exchange, ModbusTransport, Outcome, ReadRequest } from "./transport.ts";

/** Opens a Modbus UDP socket that hears this peer only. Rejects with EvError EV_MODBUS_CONNECT when the host has no address. */
export function connectUdp({ host, port }: HostAddress): Promise<ModbusTransport> {
  const place = `${host}:${port}`;
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    const refuse = (reason: unknown): void => {
      socket.close();
      reject(connectError(place, reason));
    };
    socket.once("error", refuse);
    socket.connect(port, host, () => {
      socket.off("error", refuse);
      resolve(new UdpTransport(socket, place));
    });
  });
}

/** Modbus in datagrams: each is one frame with the header of Modbus TCP. One that is broken is dropped alone. */
class UdpTransport implements ModbusTransport {
  /** The host may have moved to another address. */
  readonly canBeHalfOpen = true;
  readonly restMs = 0;
  readonly crcErrors = 0;
  readonly #socket: Socket;
  readonly #place: string;
  readonly #exchanges: MbapExchanges;
  #ended = false;

  constructor(socket: Socket, place: string) {
    this.#socket = socket;
    this.#place = place;
    this.#exchanges = new MbapExchanges(place, (frame) => socket.send(frame, (error) => error && this.#failed(error)));
    socket.on("message", (datagram: Buffer) => this.#received(datagram));
    socket.on("error", (error) => this.#failed(error));
    socket.unref();
  }

  get isOpen(): boolean {
    return !this.#ended && !this.#exchanges.isWornOut;
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

  #received(datagram: Buffer): void {
    if (this.#ended) return;
    try {
      const frames = new MbapFramer().feed(datagram);
      if (frames.length === 0) this.#exchanges.foreign();
      for (const frame of frames) this.#exchanges.received(frame);
    } catch {
      this.#exchanges.foreign();
    }
  }

  #failed(error: Error): void {
    this.#end(connectError(this.#place, error));
  }

  #end(reason: EvError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.close();
    this.#exchanges.fail(reason);
  }
}
