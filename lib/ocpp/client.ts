import { WebSocket } from "ws";
import { type Clock, systemClock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { USUAL_DIALECT } from "./dialects.ts";
import type { StationConnection } from "./port.ts";
import type { CallHandler } from "./rpc/rpc.ts";
import { OcppSocket, SOCKET_LIMITS } from "./server/socket.ts";

/** Time the whole handshake may take (ms). */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Whom a client trusts, and who it is. PEM texts, or one PKCS#12 file. */
export interface ClientTls {
  /** Certificates of the authorities that sign the server's; without them those of this machine count. */
  ca?: string | Buffer;
  /** Its own certificate (security profile 3). */
  cert?: string | Buffer;
  key?: string | Buffer;
  pfx?: Buffer;
  passphrase?: string;
  /** The name that the server's certificate must have; that of its address without it. */
  servername?: string;
  /** False takes any certificate. */
  rejectUnauthorized?: boolean;
}

export interface ClientOptions {
  /** `ws://host:port/path`; the identity is added as the last segment. */
  url: string;
  identity: string;
  /** Sent by Basic authentication with the identity as user name. */
  password?: string | Buffer;
  /** Answers the central system's CALLs; undefined = NotImplemented, a thrown OcppCallError = that CALLERROR. */
  onCall: CallHandler;
  /** For `wss://`. */
  tls?: ClientTls;
  /** The connection is over; called once, and never before `connectClient` has resolved. */
  onClosed?(reason: string): void;
  onFrame?(direction: "in" | "out", text: string): void;
  onDeviation?(text: string): void;
  clock?: Clock;
  callTimeoutS?: number;
  /** 0, the default = the central system's pings are relied on. */
  pingS?: number;
  subprotocols?: string[];
  /** False lets out messages that the specification does not allow, to act out a faulty charge point. */
  strictOutbound?: boolean;
}

/** A charge point's side of a connection. `terminate` is what a cut cable does. */
export type ClientConnection = StationConnection & Pick<OcppSocket, "terminate">;

/** The central system answered the upgrade request with an HTTP status. */
export class OcppRefusedError extends EvError {
  readonly httpStatus: number;

  constructor(httpStatus: number) {
    super("EV_OCPP_OFFLINE", `The central system refused the connection with HTTP ${httpStatus}.`);
    this.name = "OcppRefusedError";
    this.httpStatus = httpStatus;
  }
}

/**
 * Connects as a charge point. Connecting again after the end is the caller's business.
 * @throws OcppRefusedError; EvError EV_OCPP_OFFLINE when no WebSocket comes about for another reason
 */
export function connectClient(options: ClientOptions): Promise<ClientConnection> {
  return new Promise((resolve, reject) => {
    const target = addressOf(options);
    let webSocket: WebSocket;
    try {
      webSocket = new WebSocket(target, options.subprotocols ?? [USUAL_DIALECT.subprotocol], {
        headers: authorization(options),
        handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
        ...SOCKET_LIMITS,
        ...(options.tls && { minVersion: "TLSv1.2", ...options.tls }),
      });
    } catch (error) {
      reject(offline(error));
      return;
    }
    webSocket.on("error", (error) => reject(offline(error)));
    webSocket.on("unexpected-response", (request, response) => {
      reject(new OcppRefusedError(response.statusCode ?? 0));
      request.destroy();
    });
    webSocket.on("open", () => resolve(bind(webSocket, options)));
  });
}

/** The identity is the last part of the path; what an address asks behind a question mark stays behind it. */
function addressOf({ url, identity }: Pick<ClientOptions, "url" | "identity">): string {
  const mark = url.indexOf("?");
  const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark)];
  return `${path.replace(/(?<!\/)\/+$/, "")}/${encodeURIComponent(identity)}${query}`;
}

function bind(webSocket: WebSocket, options: ClientOptions): ClientConnection {
  return new OcppSocket(webSocket, {
    clock: options.clock ?? systemClock,
    side: "chargePoint",
    remoteAddress: options.url,
    pingMs: (options.pingS ?? 0) * 1000,
    callTimeoutMs: (options.callTimeoutS ?? 30) * 1000,
    strictOutbound: options.strictOutbound ?? true,
    handle: options.onCall,
    onFrame: options.onFrame && ((direction, text) => options.onFrame?.(direction, text)),
    onDeviation: options.onDeviation && ((text) => options.onDeviation?.(text)),
    onClosed: (reason) => options.onClosed?.(reason),
  });
}

function authorization({ identity, password }: ClientOptions): Record<string, string> {
  if (password === undefined) return {};
  const credentials = Buffer.concat([Buffer.from(`${identity}:`), Buffer.from(password)]);
  return { Authorization: `Basic ${credentials.toString("base64")}` };
}

function offline(error: unknown): EvError {
  return new EvError("EV_OCPP_OFFLINE", `No connection to the central system: ${messageOf(error)}`, { cause: error });
}
