import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Budget } from "../guests.ts";
import { ListeningPort } from "../port.ts";
import { plainAddress } from "../writers.ts";
import { MOST_REQUEST_BYTES } from "./control.ts";

/** What is answered. */
export interface Answer {
  status: number;
  /** XML; empty = none. */
  body?: string;
}

/** What answers the requests of one port. */
export interface RequestHandler {
  /** @param server at which the client reached it, such as `http://192.168.1.10:8899` */
  get(path: string, query: URLSearchParams, peer: string, server: string): Answer;
  post(path: string, body: string, peer: string): Answer;
  /** Whether this peer keeps its place when strangers want it. */
  isKnown(peer: string): boolean;
}

const LIMITS = {
  maxHeaderSize: 8192,
  headersTimeout: 5000,
  requestTimeout: 10_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 1000,
} as const;
/** Only the path of an address counts. */
const ANY = "http://semp";
/**
 * So many requests are answered in a second, those of all writers and of all others; beyond it a client loses its connection. A manager
 * asks once a minute; one that writes may speak of each device by itself.
 */
const MOST_PER_SECOND = { writers: 300, strangers: 60 } as const;

/** One listening port. A client that floods, dawdles or sends what is no HTTP loses its connection; nobody else notices. */
export class SempServer {
  readonly #handler: RequestHandler;
  readonly #port: ListeningPort;
  readonly #budgets = {
    writers: new Budget(MOST_PER_SECOND.writers),
    strangers: new Budget(MOST_PER_SECOND.strangers),
  };

  constructor(handler: RequestHandler) {
    this.#handler = handler;
    this.#port = new ListeningPort((peer) => handler.isKnown(peer));
  }

  /** Connections that are open now. */
  get clients(): number {
    return this.#port.guests.count;
  }

  /** Resolves with the port. Rejects with EvError EV_PORT_IN_USE or EV_LISTEN_FAILED. @param host empty = every address */
  listen(host: string, port: number): Promise<number> {
    const server = createServer(LIMITS, (request, response) => this.#serve(request, response));
    const [speakHttp] = server.listeners("connection");
    server.removeAllListeners("connection");
    server.on("connection", (socket: Socket) => this.#welcome(socket, () => speakHttp?.call(server, socket)));
    return this.#port.listen(server, host, port);
  }

  /** Stops listening and drops every connection; resolves when the port is free. */
  close(): Promise<void> {
    return this.#port.close();
  }

  /**
   * Who comes while there is nothing to give waits unread until there is. It costs next to nothing then: a request that was begun and
   * is broken off is dear, for each makes an error of its own.
   */
  #welcome(socket: Socket, speakHttp: () => void): void {
    const peer = this.#port.admit(socket);
    if (peer === null) return;
    const budget = this.#budgetOf(peer);
    // A timer may end a moment early, and others wait as well.
    const speak = (): void => {
      if (socket.destroyed) return;
      if (budget.isSpent) setTimeout(speak, budget.waitMs).unref();
      else speakHttp();
    };
    speak();
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const { socket, method, url = "/", headers } = request;
    this.#port.guests.heard(socket);
    request.on("error", () => socket.destroy());
    if (this.#floods(socket)) {
      socket.destroy();
      return;
    }
    const target = URL.canParse(url, ANY) ? new URL(url, ANY) : null;
    const peer = plainAddress(socket.remoteAddress);
    if (target === null) answer(response, { status: 400 });
    // Pages in somebody's browser are no manager, and they alone say where they come from.
    else if (headers.origin !== undefined) answer(response, { status: 403 });
    else if (method === "GET" || method === "HEAD")
      answer(response, this.#handler.get(target.pathname, target.searchParams, peer, serverOf(socket)));
    else if (method === "POST")
      read(request, (body) => {
        if (response.writableEnded || socket.destroyed) return;
        answer(response, body === null ? { status: 413 } : this.#handler.post(target.pathname, body, peer));
        if (body === null) socket.end();
      });
    else answer(response, { status: 405 });
  }

  /** Whether it asks more than there is to give now. */
  #floods(socket: Socket): boolean {
    return !this.#budgetOf(plainAddress(socket.remoteAddress)).take();
  }

  #budgetOf(peer: string): Budget {
    return this.#budgets[this.#handler.isKnown(peer) ? "writers" : "strangers"];
  }
}

/** Gives the whole body, once; null for one that is too long, of which the rest is not kept. */
function read(request: IncomingMessage, done: (body: string | null) => void): void {
  const parts: Buffer[] = [];
  let bytes = 0;
  request.on("data", (part: Buffer) => {
    const isLonger = bytes + part.length > MOST_REQUEST_BYTES;
    if (isLonger && bytes <= MOST_REQUEST_BYTES) {
      parts.length = 0;
      request.pause();
      done(null);
    }
    bytes += part.length;
    if (!isLonger) parts.push(part);
  });
  request.on("end", () => bytes <= MOST_REQUEST_BYTES && done(Buffer.concat(parts).toString("utf8")));
}

function answer(response: ServerResponse, { status, body = "" }: Answer): void {
  response.statusCode = status;
  if (status === 405) response.setHeader("Allow", "GET, HEAD, POST");
  if (status === 413) response.setHeader("Connection", "close");
  if (body !== "") response.setHeader("Content-Type", "application/xml");
  response.setHeader("Cache-Control", "no-store");
  response.setHeader("Content-Length", Buffer.byteLength(body));
  response.end(body);
}

/** How this machine is reached over a connection; a `Host` is anybody's word. */
function serverOf(socket: Socket): string {
  const { address, family, port } = socket.address() as AddressInfo;
  const plain = plainAddress(address);
  return `http://${family === "IPv6" && plain === address ? `[${plain}]` : plain}:${port}`;
}
