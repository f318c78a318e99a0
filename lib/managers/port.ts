import type { Server, Socket } from "node:net";
import { EvError, messageOf } from "../errors.ts";
import { Guests } from "./guests.ts";
import { plainAddress } from "./writers.ts";

/** One listening port with its guests, whatever is spoken there. */
export class ListeningPort {
  readonly guests: Guests;
  #server: Server | null = null;

  /** @param isKnown whether a peer keeps its place when strangers want it */
  constructor(isKnown: (peer: string) => boolean) {
    this.guests = new Guests(isKnown);
  }

  /** @returns who dialled; null = there is no room, and the connection is closed */
  admit(socket: Socket): string | null {
    const peer = plainAddress(socket.remoteAddress);
    socket.on("error", () => socket.destroy());
    return this.guests.admit(socket, peer) ? peer : null;
  }

  /** Resolves with the port. Rejects with EvError EV_PORT_IN_USE or EV_LISTEN_FAILED. @param host empty = every address */
  listen(server: Server, host: string, port: number): Promise<number> {
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.on("error", (error: NodeJS.ErrnoException) => {
        if (this.#server === server) this.#server = null;
        reject(listenError(host, port, error));
      });
      server.listen({ port, ...(host && { host }) }, () => {
        const address = server.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  }

  /** Stops listening and drops every connection; resolves when the port is free. */
  close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    this.guests.dismiss();
    return new Promise((resolve) => {
      if (server?.listening) server.close(() => resolve());
      else resolve();
    });
  }
}

/** Why a port cannot be listened on. @param host empty = every address */
function listenError(host: string, port: number, error: NodeJS.ErrnoException): EvError {
  const inUse = error.code === "EADDRINUSE";
  const text = inUse
    ? `port ${port} is in use already`
    : `cannot listen on ${host || "every address"}, port ${port}: ${messageOf(error)}`;
  return new EvError(inUse ? "EV_PORT_IN_USE" : "EV_LISTEN_FAILED", text, { cause: error });
}
