import type { Clock, Timer } from "../clock.ts";
import { type ClientConnection, type ClientOptions, connectClient } from "../ocpp/client.ts";
import type { CallOptions } from "../ocpp/port.ts";
import type { CallHandler } from "../ocpp/rpc/rpc.ts";
import type { BootNotificationRequest } from "../ocpp/v16/boot-notification.ts";
import { sentence } from "../words/sentence.ts";
import type { Language } from "../words/types.ts";
import { connectFailure } from "./connect-failure.ts";

/** Time until the connection, or a message, is tried again: twice as long each time, up to the longest. */
export const FIRST_RETRY_MS = 5_000;
export const LONGEST_RETRY_MS = 300_000;
/** A back end that names no interval, or an absurd one, gets heartbeats this often, s. */
const USUAL_HEARTBEAT_S = 300;
const SHORTEST_HEARTBEAT_S = 10;
const LONGEST_HEARTBEAT_S = 86_400;
/** How often it is looked whether the back end is still there, s: two pings without an answer end the connection. */
const PING_S = 30;
const CALL_TIMEOUT_S = 30;

export interface LinkOptions extends Pick<ClientOptions, "url" | "identity" | "password" | "tls"> {
  clock: Clock;
  /** Of whoever reads why it is not connected. */
  language(): Language;
  /** What it says of itself. */
  boot(): BootNotificationRequest;
  onCall: CallHandler;
  /** It takes reports from now on, does not any more, or why it does not has changed. */
  onChange(): void;
}

/** A charge point's connection to a back end: comes back by itself, boots, and sends heartbeats. Nothing here throws. */
export class Link {
  readonly #options: LinkOptions;
  readonly #clock: Clock;
  #connection: ClientConnection | null = null;
  #timer: Timer | undefined;
  #heartbeat: Timer | undefined;
  #tries = 0;
  #isAccepted = false;
  #failure: string | null = null;
  #isClosed = false;
  #heartbeatS = USUAL_HEARTBEAT_S;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#clock = options.clock;
    void this.#connect();
  }

  /** The back end has accepted it and takes reports. */
  get accepted(): boolean {
    return this.#isAccepted;
  }

  /** Why it is not accepted; null = it is, or is about to be. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Sends a message. @throws EvError as StationConnection.call */
  call(action: string, payload: object, options?: CallOptions): Promise<Record<string, unknown>> | null {
    return this.#isAccepted && this.#connection?.open ? this.#connection.call(action, payload, options) : null;
  }

  /** How often it sends heartbeats, s. */
  get heartbeatS(): number {
    return this.#heartbeatS;
  }

  set heartbeatS(heartbeatS: number) {
    this.#heartbeatS = heartbeatS;
    this.#clock.clear(this.#heartbeat);
    this.#heartbeat = this.#isAccepted ? this.#clock.setInterval(() => this.beat(), heartbeatS * 1000) : undefined;
  }

  /** Boots again, as if it had started anew. */
  reboot(): void {
    if (this.#connection?.open) void this.#boot(this.#connection);
  }

  beat(): void {
    void this.call("Heartbeat", {})?.catch(() => undefined);
  }

  close(): void {
    this.#isClosed = true;
    this.#clock.clear(this.#timer);
    this.#leave(null);
    this.#connection?.close(1000, "No longer reported");
    this.#connection = null;
  }

  async #connect(): Promise<void> {
    const { url, identity, password, tls, clock, onCall } = this.#options;
    try {
      const connection = await connectClient({
        ...{ url, identity, clock, onCall, pingS: PING_S, callTimeoutS: CALL_TIMEOUT_S },
        ...(password !== undefined && { password }),
        ...(tls !== undefined && { tls }),
        onClosed: (reason) => this.#lost(reason),
      });
      this.#connection = connection;
      if (this.#isClosed) connection.close(1000, "No longer reported");
      else await this.#boot(connection);
    } catch (error) {
      this.#lost(connectFailure(error, this.#options.language()));
    }
  }

  async #boot(connection: ClientConnection): Promise<void> {
    this.#clock.clear(this.#timer);
    try {
      const answer = await connection.call("BootNotification", this.#options.boot());
      if (this.#isClosed || connection !== this.#connection) return;
      const { status, interval } = answer as { status: string; interval: number };
      if (status === "Accepted") this.#accept(interval);
      else this.#waitToBoot(connection, status, interval);
    } catch (error) {
      connection.terminate(connectFailure(error, this.#options.language()));
    }
  }

  #accept(intervalS: number): void {
    this.#tries = 0;
    this.#failure = null;
    this.#isAccepted = true;
    this.heartbeatS = intervalS > 0 ? within(intervalS, SHORTEST_HEARTBEAT_S, LONGEST_HEARTBEAT_S) : USUAL_HEARTBEAT_S;
    this.#options.onChange();
  }

  /** Rejected or Pending: it asks again after the interval that it is given (OCPP 1.6 §4.2). */
  #waitToBoot(connection: ClientConnection, status: string, intervalS: number): void {
    this.#leave(sentence(this.#options.language(), "backEnd.boot", { status }));
    const waitMs = intervalS > 0 ? within(intervalS * 1000, FIRST_RETRY_MS, LONGEST_RETRY_MS) : FIRST_RETRY_MS;
    this.#timer = this.#clock.setTimeout(() => void this.#boot(connection), waitMs);
  }

  #lost(reason: string): void {
    this.#connection = null;
    if (this.#isClosed) return;
    this.#leave(reason);
    this.#clock.clear(this.#timer);
    this.#timer = this.#clock.setTimeout(() => void this.#connect(), retryMs(this.#tries++));
  }

  #leave(failure: string | null): void {
    this.#clock.clear(this.#heartbeat);
    this.#isAccepted = false;
    this.#failure = failure;
    if (failure !== null) this.#options.onChange();
  }
}

/** How long to wait after so many tries: up to a fifth less, so that many do not come back at once. */
export function retryMs(tries: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(tries, 10)) * (1 - 0.2 * Math.random());
}

function within(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
