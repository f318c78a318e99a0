/**
 * What the wire needs from the rest of the product. `lib/ocpp` declares it, `lib/station` implements it;
 * nothing in `lib/ocpp` knows what a zone, a limit or a database is.
 */
import type { Dialect } from "./dialect.ts";
import type { StationFacts } from "./facts.ts";
import type { OrderName, StationOrders } from "./orders.ts";

/** An upgrade request before it is answered. */
export interface ConnectRequest {
  /** Percent-decoded last path segment. */
  identity: string;
  remoteAddress: string;
  /** Basic credentials as bytes, when the request carries any. */
  basic: { user: Buffer; password: Buffer } | null;
  origin: string | null;
  /** The Host header: which of our own names was dialled. */
  host?: string | null;
  /** The connection is protected by TLS. */
  encrypted?: boolean;
  /** Common name of the client certificate that TLS has verified. */
  certificateName?: string | null;
  /** SHA-256 of that certificate, hexadecimal. */
  certificateFingerprint?: string | null;
  /** The subprotocols it offers, in its order. */
  offers?: readonly string[];
}

export type Admission =
  | {
      admitted: true;
      station: StationPort;
      allowMissingSubprotocol?: boolean;
      /** A password or a certificate was demanded and was right: this connection may take the place of an earlier one at once. */
      authenticated?: boolean;
    }
  /**
   * 400 it offers none of the subprotocols that are spoken here, 401 wrong or missing password, 403 foreign origin, 404 unknown identity, 409 identity in use, 503 the password that counts cannot be
   * read now.
   */
  | { admitted: false; httpStatus: 400 | 401 | 403 | 404 | 409 | 503; reason: string };

/** Who may connect. Asked once per upgrade, before the 101. Must not throw; a throw is answered 500. */
export interface StationDirectory {
  admit(request: ConnectRequest): Admission | Promise<Admission>;
  /** Whether an identity is unknown: only so many unknown charge points are let in each second. */
  isStranger?(identity: string): boolean;
  /** A charge point called by SOAP, which is not spoken here. */
  calledBySoap?(identity: string, protocol: string, remoteAddress: string): void;
}

/** One charge point as the wire sees it. */
export interface StationPort extends StationFacts {
  /** Canonical identity: an alias or another letter case maps to it. */
  readonly identity: string;
  /** False for an unknown charge point, whose messages have no effect. It may change while connected. */
  readonly served?: boolean;
  /**
   * A socket is open. The earlier connection of this identity, if any, is already closed and reported by `detached`.
   * `httpBase`: the address under which the charge point reaches this server by HTTP, with the path it dials below.
   */
  attached(connection: StationConnection, httpBase?: string): void;
  /** The socket is gone; not called for a connection that was never attached. */
  detached(connection: StationConnection, reason: string): void;

  /** A frame crossed the wire, for the raw event and the log. Must be cheap. */
  frame?(direction: "in" | "out", text: string): void;
  /** A second charge point without a password claimed this identity while the connected one answers; it got 409. */
  conflict?(remoteAddress: string): void;
  /** Content that deviates from the specification but was processed, or a frame that was dropped. */
  deviation?(text: string): void;
}

/** Smaller goes first. One CALL is outstanding per charge point; the rest wait in this order (OCPP-J §4.1.1). */
export const CALL_PRIORITY = { decrease: 0, lease: 1, command: 2, setup: 3, poll: 4 } as const;

export interface CallOptions {
  priority?: number;
  /** Default: the endpoint's callTimeoutS. */
  timeoutMs?: number;
  /** A waiting call with the same key is rejected EV_OCPP_SUPERSEDED and this one takes its place. */
  coalesceKey?: string;
}

/** What a charge point can keep up with. */
export interface ConnectionPace {
  /** Silence between an answer and the next CALL, ms. */
  callGapMs: number;
  /** For a charge point that answers no pings: its connection ends after so long without a message, ms. null = pings decide. */
  silenceMs: number | null;
}

/** A charge point's socket. */
export interface StationConnection {
  readonly id: string;
  readonly remoteAddress: string;
  /** What is spoken on it. */
  readonly dialect: Dialect;
  /** False from the moment the socket closes. */
  readonly open: boolean;
  /** Monotonic time of the last frame or pong. */
  readonly lastSeenMs: number;
  /**
   * Sends a CALL and resolves with the CALLRESULT's payload.
   * @throws EvError EV_OCPP_INVALID before sending, when the payload does not match the schema; EV_OCPP_TIMEOUT;
   *   EV_OCPP_CALL_ERROR (an `OcppCallError` with code and description); EV_OCPP_SUPERSEDED; EV_OCPP_OFFLINE when the socket closed
   */
  call(action: string, payload: unknown, options?: CallOptions): Promise<Record<string, unknown>>;
  /** Adapts to the charge point; full pace without it. */
  pace?(pace: ConnectionPace): void;
  /** Closes the socket; waiting calls reject. */
  close(code: number, reason: string): void;
}

/** Gives an order in the words of whatever dialect is spoken. @throws EvError as StationConnection.call */
export type Order = <Name extends OrderName>(
  order: Name,
  given: StationOrders[Name],
  options?: CallOptions,
) => Promise<Record<string, unknown>>;
