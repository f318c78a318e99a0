import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket } from "ws";
import type { Clock, Timer } from "../clock.ts";
import { EvError } from "../errors.ts";
import type { CallOptions, ConnectionPace, StationConnection } from "./port.ts";
import { Rpc, type RpcOptions, type Transport } from "./rpc.ts";
import { writeText } from "./text-frame.ts";

/** Longest message taken in (bytes); OCPP 1.6 needs a fraction of it. */
const MAX_PAYLOAD = 256 * 1024;

/** Time a peer has to answer the closing handshake (ms). */
const CLOSE_TIMEOUT_MS = 1000;

/** Options of `ws` for both sides. A longer message closes the socket with 1009. */
export const SOCKET_LIMITS = { maxPayload: MAX_PAYLOAD, perMessageDeflate: false, closeTimeout: CLOSE_TIMEOUT_MS };

/** Bytes that may wait to be read by the peer. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** Pings in a row without any sign of life after which the peer is gone. */
const MISSED_PINGS = 2;

export interface OcppSocketOptions extends RpcOptions {
  readonly remoteAddress: string;
  /** What the WebSocket of a server runs on: messages are written to it in one piece. */
  readonly stream?: Duplex;
  /** 0 = never. */
  readonly pingMs: number;
  /** The connection is over, for whatever reason; called once. */
  onClosed(reason: string): void;
}

/** An open WebSocket that speaks OCPP-J 1.6, for either side. Owns the socket, its pings and its calls. */
export class OcppSocket implements StationConnection, Transport {
  readonly id: string = randomUUID();
  readonly remoteAddress: string;
  readonly #webSocket: WebSocket;
  readonly #clock: Clock;
  readonly #rpc: Rpc;
  readonly #options: OcppSocketOptions;
  #open = true;
  #lastSeenMs: number;
  #heard = true;
  #missed = 0;
  /** How long a peer may be silent that answers no pings; null = pings decide. */
  #silenceMs: number | null = null;
  #pingTimer: Timer | undefined;
  #fault: string | null = null;
  /** Who waits for a sign of life; null = nobody. */
  #probes: Set<(alive: boolean) => void> | null = null;

  constructor(webSocket: WebSocket, options: OcppSocketOptions) {
    this.#webSocket = webSocket;
    this.#clock = options.clock;
    this.#options = options;
    this.remoteAddress = options.remoteAddress;
    this.#lastSeenMs = options.clock.nowMs();
    this.#rpc = new Rpc(options, this);
    this.pingMs = options.pingMs;
    webSocket.on("message", (data, isBinary) => this.#message(data, isBinary));
    webSocket.on("ping", () => this.#seen());
    webSocket.on("pong", () => this.#seen());
    webSocket.on("error", (error) => {
      this.#fault = error.message;
    });
    webSocket.on("close", (code) => this.#end(this.#fault ?? `The socket was closed (${code})`));
  }

  get open(): boolean {
    return this.#open;
  }

  get lastSeenMs(): number {
    return this.#lastSeenMs;
  }

  /** Sets the period of the pings; 0 ends them. */
  set pingMs(pingMs: number) {
    this.#clock.clear(this.#pingTimer);
    this.#pingTimer = undefined;
    if (pingMs > 0 && this.#open) this.#pingTimer = this.#clock.setInterval(() => this.#checkAlive(), pingMs);
  }

  set callTimeoutMs(timeoutMs: number) {
    this.#rpc.callTimeoutMs = timeoutMs;
  }

  call(action: string, payload: unknown, options?: CallOptions): Promise<Record<string, unknown>> {
    return this.#rpc.call(action, payload, options);
  }

  pace({ callGapMs, silenceMs }: ConnectionPace): void {
    this.#rpc.callGapMs = callGapMs;
    this.#silenceMs = silenceMs;
  }

  send(text: string): void {
    const webSocket = this.#webSocket;
    if (webSocket.readyState !== WebSocket.OPEN) return;
    const { stream } = this.#options;
    const unreadBytes = stream?.writableLength ?? webSocket.bufferedAmount;
    if (unreadBytes > MAX_UNREAD_BYTES) this.terminate("The peer does not read what it is sent");
    else if (stream) writeText(stream, text);
    else webSocket.send(text);
  }

  pauseReading(): void {
    this.#webSocket.pause();
  }

  resumeReading(): void {
    this.#webSocket.resume();
  }

  close(code: number, reason: string, error?: EvError): void {
    if (!this.#open) return;
    this.#end(reason, error);
    try {
      // The peer's part of the closing handshake must be read.
      this.#webSocket.resume();
      this.#webSocket.close(code, reason.slice(0, 120));
    } catch {
      this.#webSocket.terminate();
    }
  }

  /** Ends the connection without a closing handshake, as a cut cable does. */
  terminate(reason: string): void {
    this.#end(reason);
    this.#webSocket.terminate();
  }

  /** Pings the peer: true at its first sign of life, false after `withinMs` of silence. */
  probe(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      if (!this.#open) return resolve(false);
      const settle = (alive: boolean): void => {
        this.#clock.clear(timer);
        this.#probes?.delete(settle);
        resolve(alive);
      };
      const timer = this.#clock.setTimeout(() => settle(false), withinMs);
      this.#probes ??= new Set();
      this.#probes.add(settle);
      this.#webSocket.ping();
    });
  }

  #message(data: RawData, isBinary: boolean): void {
    this.#seen();
    if (!this.#open) return;
    if (isBinary) this.close(1003, "OCPP-J is text");
    else this.#rpc.receive(data.toString());
  }

  #seen(): void {
    this.#lastSeenMs = this.#clock.nowMs();
    this.#heard = true;
    if (this.#probes) this.#settleProbes(true);
  }

  #settleProbes(alive: boolean): void {
    const probes = this.#probes ?? [];
    this.#probes = null;
    for (const settle of probes) settle(alive);
  }

  #checkAlive(): void {
    this.#missed = this.#heard ? 0 : this.#missed + 1;
    this.#heard = false;
    const silentMs = this.#clock.nowMs() - this.#lastSeenMs;
    const tooLong = this.#silenceMs === null ? this.#missed >= MISSED_PINGS : silentMs > this.#silenceMs;
    if (!tooLong) this.#webSocket.ping();
    else
      this.terminate(
        this.#silenceMs === null ? `No answer to ${MISSED_PINGS} pings` : `Silent for ${silentMs / 1000} s`,
      );
  }

  #end(reason: string, error = new EvError("EV_OCPP_OFFLINE", `The connection ended: ${reason}.`)): void {
    if (!this.#open) return;
    this.#open = false;
    this.pingMs = 0;
    this.#settleProbes(false);
    this.#rpc.end(error);
    this.#options.onClosed(reason);
  }
}
