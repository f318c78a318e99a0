import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from "node:http";
import { createServer as createSecureServer, type Server as SecureServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { EvError, messageOf } from "../../errors.ts";
import { listenHost } from "./handshake.ts";
import { checkTls, contextOptions, serverOptions, type TlsMaterial } from "./tls.ts";
import { answerRefusal, type RefusedUpgrade } from "./upgrade.ts";

/** Sockets beyond the charge points that may be at their handshake. */
const HANDSHAKE_SLACK = 100;
/** Sockets that are no WebSockets yet; beyond, the oldest that is not being answered makes room. */
const MOST_PLAIN = 500;
/** Time a client has to send the head of its request, and how often that is looked at (ms). */
const HEAD_TIMEOUT_MS = 10_000;
const HEAD_CHECK_MS = 2_000;
/** Header lines of a request that are read; a charge point sends ten. */
const MOST_HEADERS = 100;

const LIMITS: ServerOptions = {
  headersTimeout: HEAD_TIMEOUT_MS,
  requestTimeout: HEAD_TIMEOUT_MS,
  connectionsCheckingInterval: HEAD_CHECK_MS,
};

export interface ListenerOptions {
  maxConnections: number;
  /** null = unencrypted. */
  tls: TlsMaterial | null;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers a request that is no upgrade, or leaves it alone. @returns whether it is answered */
  onRequest(request: IncomingMessage, response: ServerResponse): boolean;
  /** Looks at a request that is about to be refused. Never rejects. */
  beforeRefusal?(request: IncomingMessage): Promise<void>;
  /** A client that did not get as far as a request: no HTTP, or no TLS. */
  onRefusal(refusal: RefusedUpgrade): void;
}

/** The own port: an HTTP or HTTPS server that serves nothing but upgrades to WebSocket. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  /** Sockets that are no WebSockets (yet), by their peer: TLS wraps a socket in another one of the same peer. */
  readonly #plain = new Map<string, Socket>();
  /** Those among them that send or fetch a file. */
  readonly #transfers = new Set<string>();

  /** @throws EvError EV_TLS_CERTIFICATE */
  constructor(options: ListenerOptions) {
    this.#options = options;
    const { tls } = options;
    if (tls) checkTls(tls);
    const server: Server = tls
      ? (createSecureServer({ ...LIMITS, ...serverOptions(tls) }) as unknown as Server)
      : createServer(LIMITS);
    this.#server = server;
    server.maxHeadersCount = MOST_HEADERS;
    this.maxConnections = options.maxConnections;
    server.on("request", (request, response) => {
      if (options.onRequest(request, response)) {
        this.#letTakeItsTime(request, response);
        return;
      }
      const looked = options.beforeRefusal?.(request) ?? Promise.resolve();
      void looked.then(() => answerNoUpgrade(response));
    });
    server.on("connection", (socket) => this.#watch(socket));
    server.on("secureConnection", (socket: Socket) => this.#watch(socket));
    server.on("clientError", (error, socket) => this.#fault(error, socket));
    server.on("upgrade", (request, socket, head) => options.onUpgrade(request, socket, head));
  }

  set maxConnections(count: number) {
    this.#server.maxConnections = count + HANDSHAKE_SLACK;
  }

  /** New connections get this certificate; open ones stay. @throws EvError EV_TLS_CERTIFICATE: the earlier one stays in use */
  exchangeCertificate(tls: TlsMaterial): void {
    checkTls(tls);
    (this.#server as SecureServer).setSecureContext(contextOptions(tls));
  }

  /** @throws EvError EV_PORT_IN_USE | EV_LISTEN_FAILED */
  async open(host: string, port: number): Promise<number> {
    const server = this.#server;
    const where = `${host.trim() || "all interfaces"}, port ${port}`;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen({ port, host: listenHost(host) }, () => {
          server.off("error", reject);
          resolve();
        });
      });
    } catch (error) {
      const inUse = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      const code = inUse ? "EV_PORT_IN_USE" : "EV_LISTEN_FAILED";
      throw new EvError(code, `${where}: ${messageOf(error)}`, { cause: error });
    }
    server.on("error", () => undefined);
    const address = server.address();
    return typeof address === "object" && address ? address.port : port;
  }

  /** A socket became a WebSocket: the endpoint ends it. */
  handOver(socket: Duplex): void {
    this.#plain.delete(peerOf(socket as Socket));
  }

  /** Destroys what is no WebSocket, and resolves when the port is free and all sockets are gone. */
  close(): Promise<void> {
    for (const socket of this.#plain.values()) socket.destroy();
    return this.#server.listening ? new Promise((done) => this.#server.close(() => done())) : Promise.resolve();
  }

  /** A file may come slowly; whoever answers the request watches over it. */
  #letTakeItsTime({ socket }: IncomingMessage, response: ServerResponse): void {
    const peer = peerOf(socket);
    this.#transfers.add(peer);
    this.#server.requestTimeout = 0;
    response.once("close", () => {
      this.#transfers.delete(peer);
      if (this.#transfers.size === 0) this.#server.requestTimeout = HEAD_TIMEOUT_MS;
    });
  }

  #watch(socket: Socket): void {
    const peer = peerOf(socket);
    this.#plain.set(peer, socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (this.#plain.get(peer) === socket) this.#plain.delete(peer);
    });
    if (this.#plain.size > MOST_PLAIN) this.#endOldest();
  }

  /** Each costs memory before anybody knows who it is. */
  #endOldest(): void {
    for (const [peer, socket] of this.#plain) {
      if (this.#transfers.has(peer)) continue;
      this.#plain.delete(peer);
      socket.destroy();
      return;
    }
  }

  #fault(error: Error & { code?: string }, socket: Duplex): void {
    const isHttp = /^(HPE_|ERR_HTTP)/.test(error.code ?? "");
    const reason = isHttp ? "This is not HTTP" : `No TLS: ${messageOf(error)}`;
    const remoteAddress = (socket as Socket).remoteAddress ?? "";
    if (isHttp) answerRefusal(socket, { httpStatus: 400, reason });
    else socket.destroy();
    const lostOnTheWay = error.code === "ECONNRESET" || error.code === "EPIPE";
    if (this.#options.tls && !lostOnTheWay)
      this.#options.onRefusal({ httpStatus: 400, reason, identity: null, remoteAddress });
  }
}

/** To whoever comes by plain HTTP. */
export function answerNoUpgrade(response: ServerResponse): void {
  response.writeHead(426, { "Content-Type": "text/plain", Connection: "close", Upgrade: "websocket" });
  response.end("Charge points connect here by WebSocket, subprotocol ocpp1.6\n");
}

const peerOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress}:${remotePort}`;
