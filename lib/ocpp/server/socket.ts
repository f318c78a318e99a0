import { randomUUID } from "node:crypto";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket } from "ws";
import type { Clock, Timer } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import type { Dialect } from "../dialect.ts";
import { USUAL_DIALECT } from "../dialects.ts";
import type { CallOptions, ConnectionPace, StationConnection } from "../port.ts";
import { Rpc, type RpcOptions, type Transport } from "../rpc/rpc.ts";
import type { Allowance } from "./fair-queue.ts";
import { gatherText, writeGathered } from "./gathered-writes.ts";
import { LONGEST_FRAME } from "./visitors.ts";

/** Time a peer has to answer the closing handshake (ms). */
const CLOSE_TIMEOUT_MS = 1000;

/** Pieces of one message: each costs memory of its own, however short it is. More end the connection with 1008. */
const MOST_FRAGMENTS = 1024;
const MOST_CHUNKS = 2048;

/** Options of `ws` for both sides. A longer message closes the socket with 1009. */
export const SOCKET_LIMITS = {
  maxPayload: LONGEST_FRAME,
  maxFragments: MOST_FRAGMENTS,
  maxBufferedChunks: MOST_CHUNKS,
  perMessageDeflate: false,
  closeTimeout: CLOSE_TIMEOUT_MS,
};

/** Pings and pongs of a peer in one turn of the event loop; after more it is not read from until the next turn. */
const CONTROLS_PER_TURN = 32;
/** What a ping or pong takes on the wire beside its own data, bytes. */
const CONTROL_HEAD_BYTES = 6;

/** Reasons not to read from a peer: frames of it wait, it sent too many pings in this turn, it used up what a stranger may send. */
const PAUSED = { waiting: 1, controls: 2, allowance: 4 } as const;

/** Pings in a row without any sign of life after which the peer is gone. */
const MISSED_PINGS = 2;

export interface OcppSocketOptions extends RpcOptions {
  readonly remoteAddress: string;
  /** What the WebSocket of a server runs on: messages are written to it in one piece, with those of others. */
  readonly stream?: Duplex;
  /** How much the peer may send while it is a stranger; absent = it never is one. */
  readonly allowance?: Allowance | undefined;
  /** 0 = never. */
  readonly pingMs: number;
  /** The connection is over, for whatever reason; called once. */
  onClosed(reason: string): void;
}

/** An open WebSocket that speaks OCPP-J, for either side. Owns the socket, its pings and its calls. */
export class OcppSocket implements StationConnection, Transport {
  readonly id: string = randomUUID();
  readonly remoteAddress: string;
  readonly dialect: Dialect;
  readonly #webSocket: WebSocket;
  readonly #clock: Clock;
  readonly #rpc: Rpc;
  readonly #options: OcppSocketOptions;
  #open = true;
  #lastSeenMs: number;
  #heard = true;
  #missed = 0;
  /** How long a peer that answers no pings may be silent, ms; null = pings decide. */
  #silenceMs: number | null = null;
  #pingTimer: Timer | undefined;
  #fault: string | null = null;
  /** Reasons not to read from the peer, as a sum of `PAUSED`; 0 = it is read from. */
  #pauses = 0;
  /** Data of the last ping, which the pong repeats; null = no pong is due. */
  #pongDue: Buffer | null = null;
  #controls = 0;
  #controlsEndDue = false;
  /** Bytes that an unknown charge point sent since its last message ended. */
  #unfinishedBytes = 0;
  #messageEnded = false;
  /** Bytes of pings and pongs in the chunk that was read last. */
  #controlBytes = 0;
  #allowanceTimer: Timer | undefined;
  /** Callbacks that wait for a sign of life; null = there are none. */
  #probes: Set<(alive: boolean) => void> | null = null;

  constructor(webSocket: WebSocket, options: OcppSocketOptions) {
    this.#webSocket = webSocket;
    this.#clock = options.clock;
    this.#options = options;
    this.remoteAddress = options.remoteAddress;
    this.dialect = options.dialect ?? USUAL_DIALECT;
    this.#lastSeenMs = options.clock.nowMs();
    this.#rpc = new Rpc(options, this);
    this.pingMs = options.pingMs;
    webSocket.on("message", (data, isBinary) => this.#message(data, isBinary));
    webSocket.on("ping", (data) => {
      if (options.stream) this.#pongSoon(data);
      this.#control(data.length);
    });
    webSocket.on("pong", (data) => this.#control(data.length));
    if (options.allowance) options.stream?.on("data", this.#readFromStranger);
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
    if (unreadBytes > this.#rpc.visitor().limits.mostUnreadBytes)
      this.terminate("The peer does not read what it is sent");
    else if (stream) gatherText(stream, text);
    else webSocket.send(text);
  }

  pauseReading(): void {
    this.#pause(PAUSED.waiting);
  }

  resumeReading(): void {
    this.#resume(PAUSED.waiting);
  }

  close(code: number, reason: string, error?: EvError): void {
    if (!this.#open) return;
    this.#end(reason, error);
    try {
      // The peer's part of the closing handshake must be read; a stranger that has too much to say is not waited for.
      if (!this.#rpc.visitor().isStranger) this.#webSocket.resume();
      this.#webSocket.close(code, reason.slice(0, 120));
    } catch {
      this.#webSocket.terminate();
    }
    // At the end of the process there is no later moment: the close frame must not wait behind a gathered message.
    writeGathered();
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
    const nowMs = this.#seen();
    this.#messageEnded = true;
    if (!this.#open) return;
    const bytes = data as Buffer;
    if (isBinary) this.close(1003, "OCPP-J is text");
    else if (bytes.length > this.#rpc.visitor().limits.longestFrame) this.close(1009, "The message is too long");
    else this.#rpc.receive(bytes, nowMs);
  }

  /** One pong for all pings of a turn: it answers the last of them (RFC 6455 §5.5.3). */
  #pongSoon(data: Buffer): void {
    if (this.#pongDue === null) {
      setImmediate(() => {
        const last = this.#pongDue;
        this.#pongDue = null;
        if (this.#open && last) this.#webSocket.pong(last);
      });
    }
    this.#pongDue = data;
  }

  #control(bytes: number): void {
    this.#seen();
    this.#controlBytes += bytes + CONTROL_HEAD_BYTES;
    this.#controls += 1;
    if (this.#controls < CONTROLS_PER_TURN || this.#controlsEndDue) return;
    this.#pause(PAUSED.controls);
    this.#controlsEndDue = true;
    setImmediate(() => {
      this.#controls = 0;
      this.#controlsEndDue = false;
      this.#resume(PAUSED.controls);
    });
  }

  /** After what came was read: a stranger sends no more than it may, and holds no memory with a message that never ends. */
  readonly #readFromStranger = (chunk: Buffer): void => {
    const { limits, isStranger } = this.#rpc.visitor();
    const { stream, allowance, clock } = this.#options;
    if (!isStranger || !allowance) {
      stream?.off("data", this.#readFromStranger);
      return;
    }
    const messageBytes = Math.max(0, chunk.length - this.#controlBytes);
    this.#unfinishedBytes = this.#messageEnded ? 0 : this.#unfinishedBytes + messageBytes;
    this.#messageEnded = false;
    this.#controlBytes = 0;
    // Fragments have heads of their own.
    if (this.#unfinishedBytes > 2 * limits.longestFrame) this.close(1009, "The message is too long");
    allowance.take(chunk.length);
    const waitMs = allowance.waitMs(1);
    if (waitMs === 0) return;
    this.#pause(PAUSED.allowance);
    if (this.#open) this.#allowanceTimer = clock.setTimeout(() => this.#resume(PAUSED.allowance), waitMs);
  };

  #pause(why: number): void {
    this.#pauses |= why;
    this.#webSocket.pause();
  }

  #resume(why: number): void {
    if ((this.#pauses & why) === 0) return;
    this.#pauses &= ~why;
    if (this.#pauses === 0) this.#webSocket.resume();
  }

  /** A sign of life came. @returns when, monotonic */
  #seen(): number {
    const nowMs = this.#clock.nowMs();
    this.#lastSeenMs = nowMs;
    this.#heard = true;
    if (this.#probes) this.#settleProbes(true);
    return nowMs;
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
    this.#clock.clear(this.#allowanceTimer);
    this.#settleProbes(false);
    this.#rpc.end(error);
    this.#options.onClosed(reason);
  }
}
