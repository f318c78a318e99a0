import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import type { MessageLog } from "../log/message-log.ts";
import type { StationConnection, StationDirectory } from "../port.ts";
import { chooseSubprotocol, identityOf, isBelow, targetPath } from "./handshake.ts";
import { answerNoUpgrade, Listener } from "./listener.ts";
import { LoginThrottle } from "./login-throttle.ts";
import { Registry } from "./registry.ts";
import { askFirst } from "./shared-server.ts";
import { maybeSoap, soapCaller } from "./soap.ts";
import { SOCKET_LIMITS } from "./socket.ts";
import type { TlsMaterial } from "./tls.ts";
import { type AcceptedUpgrade, answerRefusal, judge, type RefusedUpgrade } from "./upgrade.ts";
import { ConnectionBudget } from "./visitors.ts";

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
  /** Of the own port; null = unencrypted. An existing server that is attached has its own. */
  tls: TlsMaterial | null;
  /** Keeps the frames. */
  log: MessageLog | null;
  /** Answers HTTP requests that are no WebSockets, or leaves them alone: those for open windows of files. */
  onRequest?(request: IncomingMessage, response: ServerResponse): boolean;
  /** An upgrade request was refused: for the log. */
  onRefusal?(refusal: RefusedUpgrade): void;
}

/** What may change while charge points are connected. */
export type LiveOptions = Pick<
  EndpointOptions,
  "pingS" | "callTimeoutS" | "allowMissingSubprotocol" | "maxConnections" | "tls"
>;

/** The WebSocket server charge points connect to. */
export interface Endpoint {
  /** Opens the own port. @throws EvError EV_PORT_IN_USE | EV_LISTEN_FAILED | EV_TLS_CERTIFICATE; may be called again after that */
  listen(): Promise<{ port: number }>;
  /** Serves upgrade requests of an existing server below `path`, which must not be its root; others are left alone.
   * @throws EvError EV_CONFIG_INVALID */
  attach(server: Server, path: string): void;
  /**
   * Applies at once, to connected charge points too. Of `tls` the certificate: open sockets stay. Whether there is TLS, and
   * whether clients need a certificate, is fixed when the port is opened.
   * @throws EvError EV_TLS_CERTIFICATE: the earlier one stays in use
   */
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
  maxConnections: 10_000,
  tls: null,
  log: null,
};

/** An endpoint that is not open yet. What is missing in `options` takes the defaults of `ev-central-system`. */
export function createEndpoint(options: Partial<EndpointOptions>, directory: StationDirectory, clock: Clock): Endpoint {
  return new OcppEndpoint({ ...DEFAULTS, ...options }, directory, clock);
}

class OcppEndpoint implements Endpoint {
  readonly #options: EndpointOptions;
  readonly #directory: StationDirectory;
  readonly #registry: Registry;
  readonly #visitors: ConnectionBudget;
  readonly #handshake = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    handleProtocols: (offers) => chooseSubprotocol([...offers]) ?? false,
    ...SOCKET_LIMITS,
    // A socket answers them itself: once for all that come together.
    autoPong: false,
  });
  readonly #webSockets = new Set<WebSocket>();
  readonly #guesses: LoginThrottle;
  readonly #clock: Clock;
  readonly #detachers: (() => void)[] = [];
  #listener: Listener | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: EndpointOptions, directory: StationDirectory, clock: Clock) {
    this.#options = options;
    this.#directory = directory;
    this.#clock = clock;
    this.#visitors = new ConnectionBudget(clock);
    this.#registry = new Registry(options, this.#visitors, clock);
    this.#guesses = new LoginThrottle(clock);
  }

  async listen(): Promise<{ port: number }> {
    const { host, port, maxConnections, tls } = this.#options;
    if (this.#closing || this.#listener) {
      throw new EvError("EV_LISTEN_FAILED", `The endpoint is ${this.#closing ? "closed" : "open already"}.`);
    }
    const listener = new Listener({
      maxConnections,
      tls,
      onUpgrade: (request, socket, head) => this.#upgrade(request, socket, head, this.#options.path),
      onRequest: (request, response) => this.#options.onRequest?.(request, response) ?? false,
      onRefusal: (refusal) => this.#options.onRefusal?.(refusal),
      beforeRefusal: (request) => this.#lookForSoap(request, this.#options.path),
    });
    this.#listener = listener;
    try {
      return { port: await listener.open(host, port) };
    } catch (error) {
      this.#listener = null;
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
    const { onRequest } = this.#options;
    if (onRequest) this.#detachers.push(askFirst(server, onRequest));
    const refuseSoap = (request: IncomingMessage, response: ServerResponse): boolean => {
      if (!maybeSoap(request) || !isBelow(path, targetPath(request.url ?? ""))) return false;
      void this.#lookForSoap(request, path).then(() => answerNoUpgrade(response));
      return true;
    };
    this.#detachers.push(askFirst(server, refuseSoap));
  }

  configure(options: Partial<LiveOptions>): void {
    const { tls } = options;
    if (tls && this.#options.tls) this.#listener?.exchangeCertificate(tls);
    Object.assign(this.#options, options);
    if (this.#listener) this.#listener.maxConnections = this.#options.maxConnections;
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
    this.#visitors.close();
    if (this.#listener) closed.push(this.#listener.close());
    await Promise.all(closed);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, path: string): void {
    socket.on("error", () => socket.destroy());
    const { allowMissingSubprotocol } = this.#options;
    const [directory, guesses, visitors] = [this.#directory, this.#guesses, this.#visitors];
    judge(request, { path, allowMissingSubprotocol, directory, guesses, visitors })
      .then(async (verdict) => {
        if ("foreign" in verdict) return this.#complete(request, socket, head, null);
        const refusal = "httpStatus" in verdict ? verdict : await this.#reasonAgainst(verdict);
        if (refusal) this.#refuse(socket, refusal);
        else this.#complete(request, socket, head, verdict as AcceptedUpgrade);
      })
      .catch(() => socket.destroy());
  }

  /** Tells of a charge point that speaks OCPP by SOAP. Never rejects. */
  async #lookForSoap(request: IncomingMessage, path: string): Promise<void> {
    if (!maybeSoap(request)) return;
    const caller = await soapCaller(request, this.#clock);
    if (!caller) return;
    const { identity, protocol, remoteAddress } = caller;
    const target = request.url ?? "";
    const named = identityOf(identity === null ? target : `${path}/${encodeURIComponent(identity)}`, path, null);
    if ("identity" in named && isBelow(path, targetPath(target)))
      this.#directory.calledBySoap?.(named.identity, protocol, remoteAddress);
  }

  async #reasonAgainst(accepted: AcceptedUpgrade): Promise<RefusedUpgrade | null> {
    const { identity, remoteAddress } = accepted;
    if (this.#closing) return { httpStatus: 503, reason: "The central system is going away", identity, remoteAddress };
    const denial = await this.#registry.makeRoom(accepted.admission, remoteAddress);
    return denial && { ...denial, identity, remoteAddress };
  }

  #refuse(socket: Duplex, refusal: RefusedUpgrade): void {
    answerRefusal(socket, refusal);
    this.#options.onRefusal?.(refusal);
  }

  /** @param accepted null = only foreign subprotocols were offered */
  #complete(request: IncomingMessage, socket: Duplex, head: Buffer, accepted: AcceptedUpgrade | null): void {
    this.#handshake.handleUpgrade(request, socket, head, (webSocket) => {
      this.#listener?.handOver(socket);
      this.#webSockets.add(webSocket);
      webSocket.on("close", () => this.#webSockets.delete(webSocket));
      webSocket.on("error", () => undefined);
      if (this.#closing) webSocket.close(1001);
      else if (!accepted) webSocket.close(1002, "ocpp1.6 is spoken here");
      else this.#registry.add(webSocket, socket, accepted.admission.station, accepted);
    });
  }
}
