import type { Clock } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { BackOff } from "./back-off.ts";
import { SilenceWatch } from "./silence-watch.ts";
import type { LinkCounts } from "./statistics.ts";
import type { ModbusTransport } from "./transport.ts";

/** Opens a connection; rejects with EvError after `timeoutMs` at the latest. */
export type Connect = (timeoutMs: number, clock: Clock) => Promise<ModbusTransport>;

const CONNECT_TIMEOUT_MS = 3000;
const BACK_OFF = { tolerated: 0, firstMs: 500, maxMs: 30_000 };

/** The connection of a bus: opened when it is needed, one attempt at a time, less and less often while it fails. */
export class Link {
  readonly #connect: Connect;
  readonly #clock: Clock;
  readonly #backOff: BackOff;
  readonly #watch = new SilenceWatch();
  #transport: ModbusTransport | null = null;
  #opening = false;
  #closed = false;
  #lastError: EvError | null = null;
  #readyAtMs = Number.NEGATIVE_INFINITY;
  #past: LinkCounts = { connects: 0, lateFrames: 0, crcErrors: 0 };

  constructor(connect: Connect, clock: Clock, random: () => number) {
    this.#connect = connect;
    this.#clock = clock;
    this.#backOff = new BackOff(clock, random);
  }

  /** The open connection; null while there is none. */
  get open(): ModbusTransport | null {
    return this.#transport?.isOpen ? this.#transport : null;
  }

  /** Silence that the connection still needs before the next request, ms. */
  get restMs(): number {
    return Math.max(this.open?.restMs ?? 0, this.#readyAtMs - this.#clock.nowMs());
  }

  /** Why no connection is tried now; null when one may be. */
  get refusal(): EvError | null {
    return this.#backOff.restMs > 0 ? this.#lastError : null;
  }

  get counts(): LinkCounts {
    const { connects, lateFrames, crcErrors } = this.#past;
    return {
      connects,
      lateFrames: lateFrames + (this.#transport?.lateFrames ?? 0),
      crcErrors: crcErrors + (this.#transport?.crcErrors ?? 0),
    };
  }

  /** Connects; `done` is told the error, or null when it is open. @param delayMs silence that the device wants afterwards */
  connect(delayMs: number, done: (error: EvError | null) => void): void {
    if (this.#opening) return;
    this.drop();
    this.#opening = true;
    this.#connect(CONNECT_TIMEOUT_MS, this.#clock).then(
      (transport) => {
        this.#opening = false;
        if (this.#closed) return transport.destroy();
        this.#past.connects++;
        this.#transport = transport;
        this.#watch.reset();
        this.#readyAtMs = this.#clock.nowMs() + delayMs;
        done(null);
      },
      (thrown: unknown) => {
        this.#opening = false;
        const error = thrown instanceof EvError ? thrown : new EvError("EV_MODBUS_CONNECT", messageOf(thrown));
        this.lost(error);
        if (!this.#closed) done(error);
      },
    );
  }

  /** A unit answered. */
  heard(): void {
    this.#backOff.succeeded();
    this.#watch.heard();
  }

  /** A unit did not answer. Closes the connection when the connection seems to be at fault. */
  unheard(unitId: number, answeredBefore: boolean, unitCount: number): void {
    const isDead = this.#watch.unheard(unitId, answeredBefore, unitCount);
    if (isDead && this.#transport?.canBeHalfOpen) this.drop();
  }

  /** The connection failed. Several requests may report the same failure. */
  lost(error: EvError): void {
    if (error === this.#lastError) return;
    this.drop();
    this.#lastError = error;
    this.#backOff.failed(BACK_OFF);
  }

  drop(): void {
    const transport = this.#transport;
    if (!transport) return;
    this.#past = this.counts;
    this.#transport = null;
    transport.destroy();
  }

  close(): void {
    this.#closed = true;
    this.drop();
  }
}
