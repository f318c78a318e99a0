import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { chooseSubprotocol, isBelow, listenHost, targetPath } from "./handshake.ts";
import type { StationConnection, StationDirectory } from "./port.ts";
import { Registry } from "./registry.ts";
import { SOCKET_LIMITS } from "./socket.ts";
import { type Accepted, answerRefusal, judge, type Refusal } from "./upgrade.ts";

export interface EndpointOptions {
  /** Interface to listen on; `""` = all. */
  host: string;
  /** 0 = any free one. */
  port: number;
  /** Charge points connect to `<path>/<identity>`. */
  path: string;
  /** Period of the pings; a charge point silent for two of them is gone. 0 = no pings. */
  pingS: number;
  /** Time a charge point has to answer a CALL. */
  callTimeoutS: number;
  /** Takes a charge point that offers no subprotocol as speaking ocpp1.6. */
  allowMissingSubprotocol: boolean;
  /** Charge points connected at once. */
  maxConnections: number;
  /** An upgrade request was refused: for the log and for counting failed sign-ins. */
  onRefusal?(refusal: Refusal): void;
}

/** What may change while charge points are connected. */
export type LiveOptions = Pick<
  EndpointOptions,
  "pingS" | "callTimeoutS" | "allowMissingSubprotocol" | "maxConnections"
>;

/** The WebSocket server charge points connect to. */
export interface Endpoint {
  /** Opens the own port. @throws EvError EV_PORT_IN_USE | EV_LISTEN_FAILED; may be called again after that */
  listen(): Promise<{ port: number }>;
  /** Serves upgrade requests of an existing server below `path`, which must not be its root; others are left alone.
   * @throws EvError EV_CONFIG_INVALID */
  attach(server: Server, path: string): void;
  /** Applies at once, to connected charge points too. */
  configure(options: Partial<LiveOptions>): void;
  /** Connected charge points by canonical identity. */
  connections(): ReadonlyMap<string, StationConnection>;
  /** Closes every socket with 1001, the port, and forgets attached servers; ends within about a second. */
  close(): Promise<void>;
}

const DEFAULTS: EndpointOptions = {
  host: "",
  port: 9000,
  path: "/",
  pingS: 20,
  callTimeoutS: 30,
  allowMissingSubprotocol: false,
  maxConnections: 2000,
};

/** Sockets beyond `maxConnections` that may be at their handshake. */
const HANDSHAKE_SLACK = 100;
/** Time a client has to send the head of its request, and how often that is looked at (ms). */
const HEAD_TIMEOUT_MS = 10_000;
const HEAD_CHECK_MS = 2_000;

/** An endpoint that is not open yet. What is missing in `options` takes the defaults of `ev-central-system`. */
export function createEndpoint(options: Partial<EndpointOptions>, directory: StationDirectory, clock: Clock): Endpoint {
  return new OcppEndpoint({ ...DEFAULTS, ...options }, directory, clock);
}

class OcppEndpoint implements Endpoint {
  readonly #options: EndpointOptions;
  readonly #directory: StationDirectory;
  readonly #registry: Registry;
  readonly #handshake = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: (offers) => chooseSubprotocol([...offers]) ?? false,
    ...SOCKET_LIMITS,
  });
  readonly #webSockets = new Set<WebSocket>();
  /** Sockets of the own server that are no WebSockets (yet). */
  readonly #plainSockets = new Set<Socket>();
  readonly #detachers: (() => void)[] = [];
  #server: Server | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: EndpointOptions, directory: StationDirectory, clock: Clock) {
    this.#options = options;
    this.#directory = directory;
    this.#registry = new Registry(options, clock);
  }

  async listen(): Promise<{ port: number }> {
    const { host, port, maxConnections } = this.#options;
    if (this.#closing || this.#server) {
      throw new EvError("EV_LISTEN_FAILED", `The endpoint is ${this.#closing ? "closed" : "open already"}.`);
    }
    const server = this.#createServer();
    server.maxConnections = maxConnections + HANDSHAKE_SLACK;
    this.#server = server;
    try {
      return { port: await opened(server, host, port) };
    } catch (error) {
      this.#server = null;
      throw error;
    }
  }

  attach(server: Server, path: string): void {
    if (isBelow(path, "/")) {
      throw new EvError("EV_CONFIG_INVALID", `The path "${path}" would take every WebSocket of the server: name one.`);
    }
    const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
      if (isBelow(path, targetPath(request.url ?? ""))) this.#upgrade(request, socket, head, path);
    };
    server.on("upgrade", upgrade);
    this.#detachers.push(() => server.off("upgrade", upgrade));
  }

  configure(options: Partial<LiveOptions>): void {
    Object.assign(this.#options, options);
    if (this.#server) this.#server.maxConnections = this.#options.maxConnections + HANDSHAKE_SLACK;
    this.#registry.configure();
  }

  connections(): ReadonlyMap<string, StationConnection> {
    return this.#registry.connections;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    for (const detach of this.#detachers) detach();
    const closed = [...this.#webSockets].map(
      (socket) => new Promise<void>((done) => socket.once("close", () => done())),
    );
    this.#registry.closeAll(1001, "The central system is going away");
    for (const socket of this.#plainSockets) socket.destroy();
    const server = this.#server;
    if (server?.listening) closed.push(new Promise((done) => server.close(() => done())));
    await Promise.all(closed);
  }

  #createServer(): Server {
    const server = createServer(
      { headersTimeout: HEAD_TIMEOUT_MS, requestTimeout: HEAD_TIMEOUT_MS, connectionsCheckingInterval: HEAD_CHECK_MS },
      (_request, response) => {
        response.writeHead(426, { "Content-Type": "text/plain", Connection: "close", Upgrade: "websocket" });
        response.end("Charge points connect here by WebSocket, subprotocol ocpp1.6\n");
      },
    );
    server.on("connection", (socket) => {
      this.#plainSockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => this.#plainSockets.delete(socket));
    });
    server.on("clientError", (_error, socket) => {
      answerRefusal(socket, { httpStatus: 400, reason: "This is not HTTP" });
    });
    server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head, this.#options.path));
    return server;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): void {
    socket.on("error", () => socket.destroy());
    const { allowMissingSubprotocol } = this.#options;
    judge(request, { path, allowMissingSubprotocol, directory: this.#directory })
      .then(async (verdict) => {
        const refusal = "httpStatus" in verdict ? verdict : await this.#reasonAgainst(verdict);
        if (refusal) this.#refuse(socket, refusal);
        else this.#complete(request, socket, head, verdict as Accepted);
      })
      .catch(() => socket.destroy());
  }

  async #reasonAgainst(accepted: Accepted): Promise<Refusal | null> {
    const { identity, remoteAddress } = accepted;
    if (this.#closing) return { httpStatus: 503, reason: "The central system is going away", identity, remoteAddress };
    if (accepted.foreign) return null;
    const denial = await this.#registry.makeRoom(accepted.admission, remoteAddress);
    return denial && { ...denial, identity, remoteAddress };
  }

  #refuse(socket: Duplex, refusal: Refusal): void {
    answerRefusal(socket, refusal);
    this.#options.onRefusal?.(refusal);
  }

  #complete(request: IncomingMessage, socket: Duplex, head: Buffer, accepted: Accepted): void {
    this.#handshake.handleUpgrade(request, socket, head, (webSocket) => {
      this.#plainSockets.delete(socket as Socket);
      this.#webSockets.add(webSocket);
      webSocket.on("close", () => this.#webSockets.delete(webSocket));
      webSocket.on("error", () => undefined);
      if (this.#closing) webSocket.close(1001);
      else if (accepted.foreign) webSocket.close(1002, "ocpp1.6 is spoken here");
      else this.#registry.add(webSocket, accepted.admission.station, accepted.remoteAddress);
    });
  }
}

async function opened(server: Server, host: string, port: number): Promise<number> {
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
    throw new EvError(inUse ? "EV_PORT_IN_USE" : "EV_LISTEN_FAILED", `${where}: ${messageOf(error)}`, { cause: error });
  }
  server.on("error", () => undefined);
  const address = server.address();
  return typeof address === "object" && address ? address.port : port;
}
