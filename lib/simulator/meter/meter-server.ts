import { createServer, type Server, type Socket } from "node:net";
import { EvError, messageOf } from "../../errors.ts";
import type { MbapFrame } from "../../modbus/mbap.ts";
import { type MeterTransport, replyBytes, requestFramer } from "./meter-wire.ts";

export interface MeterServerOptions {
  host: string;
  /** 0: any free one. */
  port: number;
  /** The reply to a frame; null = silence. Bytes that are no frame may be returned to act out a fault. */
  respond: (frame: MbapFrame) => Buffer | null;
  /** How requests are framed (default tcp). */
  transport?: MeterTransport;
}

/** A peer that asks and never reads is cut off here, bytes. */
const MAX_UNREAD = 65_536;

/** A Modbus server on TCP for any number of clients. A client that sends anything but frames loses its connection; nobody else notices. */
export class MeterServer {
  readonly #options: MeterServerOptions;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;

  constructor(options: MeterServerOptions) {
    this.#options = options;
  }

  /** Connections that are open now. */
  get clients(): number {
    return this.#sockets.size;
  }

  /** Resolves with the port. Rejects with EvError EV_PORT_IN_USE or EV_LISTEN_FAILED. */
  listen(): Promise<number> {
    const { host, port } = this.#options;
    const server = createServer((socket) => this.#serve(socket));
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.on("error", (error: NodeJS.ErrnoException) => {
        if (this.#server === server) this.#server = null;
        reject(listenError(this.#options, error));
      });
      server.listen({ host, port }, () => {
        const address = server.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  }

  /** Stops listening and drops every connection; resolves when the port is free. */
  close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      if (server?.listening) server.close(() => resolve());
      else resolve();
    });
  }

  #serve(socket: Socket): void {
    const framer = requestFramer(this.#options.transport ?? "tcp");
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const frame of framer.feed(chunk)) this.#reply(socket, frame);
      } catch {
        socket.destroy();
      }
    });
  }

  #reply(socket: Socket, frame: MbapFrame): void {
    const reply = this.#options.respond(frame);
    if (reply && socket.writable) socket.write(reply);
    if (socket.writableLength > MAX_UNREAD) socket.destroy();
  }
}

/** The frame that answers another in Modbus TCP. */
export function replyTo(frame: MbapFrame, pdu: Buffer): Buffer {
  return replyBytes("tcp", frame, pdu);
}

/** Why a server could not begin to listen. */
export function listenError({ host, port }: MeterServerOptions, error: NodeJS.ErrnoException): EvError {
  const inUse = error.code === "EADDRINUSE";
  const reason = inUse ? `port ${port} is in use already` : `cannot listen on ${host}:${port}: ${messageOf(error)}`;
  return new EvError(inUse ? "EV_PORT_IN_USE" : "EV_LISTEN_FAILED", reason, { cause: error });
}
