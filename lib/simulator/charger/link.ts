import { WebSocket } from "ws";
import type { Clock, Timer } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import { USUAL_DIALECT } from "../../ocpp/dialects.ts";
import { OcppSocket, SOCKET_LIMITS } from "../../ocpp/server/socket.ts";

export interface LineOptions {
  url: string;
  identity: string;
  /** Asked at each connection; null = none is shown. */
  password(): Buffer | null;
  clock: Clock;
  /** 0 ≤ x < 1, for the jitter of the back-off. */
  random: () => number;
  /** Answers a CALL of the central system. */
  handle(action: string, payload: Record<string, unknown>): object;
  /** Whether the answer to this CALL stays unsent. */
  mute(action: string, payload: Record<string, unknown>): boolean;
  /** Whether pings are answered, and sent. */
  pongs(): boolean;
  opened(): void;
  closed(): void;
}

/** A charge point's line to its central system. */
export interface ChargerLine {
  readonly connected: boolean;
  /** Keeps a connection from now on; harmless when it does already. */
  up(): void;
  /** Hangs up and stays away. */
  down(): void;
  /** As `down`; resolves when nothing is left of it. */
  close(): Promise<void>;
  /** @throws EvError as StationConnection.call */
  call(action: string, payload: unknown): Promise<Record<string, unknown>>;
}

const HANDSHAKE_MS = 10_000;
const PING_MS = 30_000;
const FIRST_WAIT_S = 1;
const LONGEST_WAIT_S = 30;
const JITTER = 0.25;
/** A connection that lasted this long ends the growth of the waits. */
const STABLE_MS = 10_000;

/**
 * The charge point's line to its central system: connects, and connects again after 1 s to 30 s, for ever, until told not to.
 * It makes its own WebSocket because it must be able to swallow an answer, which no good client does.
 */
export class WebSocketLine implements ChargerLine {
  #options: LineOptions;
  #wanted = false;
  #webSocket: WebSocket | null = null;
  #socket: OcppSocket | null = null;
  #retry: Timer | undefined;
  #failures = 0;
  #openedAtMs = 0;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#socket?.open ?? false;
  }

  up(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#failures = 0;
    this.#connect();
  }

  down(): void {
    this.#wanted = false;
    this.#options.clock.clear(this.#retry);
    const webSocket = this.#webSocket;
    this.#webSocket = null;
    if (this.#socket?.open) this.#socket.close(1000, "The charge point goes offline");
    else webSocket?.terminate();
  }

  /** Takes about a second at most. */
  async close(): Promise<void> {
    const webSocket = this.#webSocket;
    this.down();
    if (!webSocket || webSocket.readyState === WebSocket.CLOSED) return;
    await new Promise<void>((resolve) => webSocket.once("close", () => resolve()));
  }

  async call(action: string, payload: unknown): Promise<Record<string, unknown>> {
    if (!this.#socket?.open) throw new EvError("EV_OCPP_OFFLINE", "The simulated charge point is not connected.");
    return await this.#socket.call(action, payload);
  }

  #connect(): void {
    const { url, identity } = this.#options;
    const password = this.#options.password();
    const credentials = Buffer.concat([Buffer.from(`${identity}:`), password ?? Buffer.alloc(0)]).toString("base64");
    const webSocket = new WebSocket(
      `${url.replace(/(?<!\/)\/+$/, "")}/${encodeURIComponent(identity)}`,
      [USUAL_DIALECT.subprotocol],
      {
        headers: password === null ? {} : { Authorization: `Basic ${credentials}` },
        handshakeTimeout: HANDSHAKE_MS,
        autoPong: false,
        ...SOCKET_LIMITS,
      },
    );
    this.#webSocket = webSocket;
    webSocket.on("error", () => {}); // a "close" follows every error
    webSocket.on("ping", (data) => this.#options.pongs() && webSocket.pong(data));
    webSocket.on("open", () => this.#open(webSocket));
    webSocket.on("close", () => this.#lost(webSocket));
  }

  #open(webSocket: WebSocket): void {
    const { clock, url, handle, mute, pongs, opened, closed } = this.#options;
    const muted = new Set<string>();
    const send = webSocket.send.bind(webSocket) as (text: string) => void;
    webSocket.send = (frame: unknown) => {
      if (!isMuted(String(frame), muted)) send(String(frame));
    };
    this.#openedAtMs = clock.nowMs();
    this.#socket = new OcppSocket(webSocket, {
      clock,
      side: "chargePoint",
      remoteAddress: url,
      pingMs: pongs() ? PING_MS : 0,
      callTimeoutMs: 30_000,
      handle: (action, payload, { messageId }) => {
        if (mute(action, payload)) muted.add(messageId);
        return handle(action, payload);
      },
      onClosed: () => closed(),
    });
    opened();
  }

  #lost(webSocket: WebSocket): void {
    if (this.#webSocket !== webSocket || !this.#wanted) return;
    const { clock, random } = this.#options;
    const lasted = this.#socket !== null && clock.nowMs() - this.#openedAtMs >= STABLE_MS;
    this.#socket = null;
    this.#failures = lasted ? 0 : this.#failures;
    const waitS = Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** this.#failures++ * (1 + JITTER * random()));
    this.#retry = clock.setTimeout(() => this.#connect(), waitS * 1000);
  }
}

/** Whether a frame answers one of the CALLs named, which is then forgotten. */
export function isMuted(text: string, muted: Set<string>): boolean {
  const id = [...muted].find(
    (messageId) => /^\[[34],/.test(text) && text.startsWith(`${JSON.stringify(messageId)},`, 3),
  );
  return id !== undefined && muted.delete(id);
}
