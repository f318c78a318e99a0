import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { MbapFramer } from "../../modbus/mbap.ts";
import { listenError, type MeterServerOptions } from "./meter-server.ts";

/** A Modbus UDP server: every datagram is one frame; what is none is ignored. */
export class UdpMeterServer {
  /** Datagrams have no connections. */
  readonly clients = 0;
  readonly #options: MeterServerOptions;
  #socket: Socket | null = null;

  constructor(options: MeterServerOptions) {
    this.#options = options;
  }

  /** Resolves with the port. Rejects with EvError EV_PORT_IN_USE or EV_LISTEN_FAILED. */
  listen(): Promise<number> {
    const { host, port } = this.#options;
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    this.#socket = socket;
    socket.on("message", (datagram, peer) => this.#received(socket, datagram, peer));
    return new Promise((resolve, reject) => {
      socket.on("error", (error) => {
        if (this.#socket === socket) void this.close();
        reject(listenError(this.#options, error));
      });
      socket.bind(port, host, () => resolve(socket.address().port));
    });
  }

  /** Resolves when the port is free. */
  close(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    return new Promise((resolve) => {
      if (socket) socket.close(() => resolve());
      else resolve();
    });
  }

  #received(socket: Socket, datagram: Buffer, { port, address }: RemoteInfo): void {
    try {
      for (const frame of new MbapFramer().feed(datagram)) {
        const reply = this.#options.respond(frame);
        // A client that is gone already is no trouble of the meter's.
        if (reply && this.#socket === socket) socket.send(reply, port, address, () => {});
      }
    } catch {
      // Not Modbus: a datagram that no meter would answer.
    }
  }
}
