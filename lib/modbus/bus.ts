import { type Clock, systemClock, type Timer } from "../clock.ts";
import { EvError } from "../errors.ts";
import { BackOff } from "./back-off.ts";
import { connectTcp, type TcpAddress } from "./tcp-transport.ts";
import { describe, type ModbusTransport, type ReadRequest } from "./transport.ts";

export interface BusOptions extends TcpAddress {
  clock?: Clock;
  /** Opens a connection; Modbus TCP by default. */
  connect?: (address: TcpAddress, timeoutMs: number, clock: Clock) => Promise<ModbusTransport>;
  /** Numbers from 0 up to 1, for the jitter of back-offs. */
  random?: () => number;
}

export interface ReadOptions {
  /** How long the reply may take (default 1000). Waiting in the queue does not count. */
  timeoutMs?: number;
  /** Least silence between two requests to this unit; requests to others fill it. */
  gapMs?: number;
  /** Silence that the device wants after the connection was opened. */
  connectDelayMs?: number;
}

/** Counters since the bus was made. */
export interface BusStats {
  requests: number;
  timeouts: number;
  connects: number;
  lateReplies: number;
  refused: number;
}

interface Job {
  request: ReadRequest;
  options: Required<ReadOptions>;
  resolve: (registers: number[]) => void;
  reject: (error: EvError) => void;
}

interface Unit {
  backOff: BackOff;
  readyAtMs: number;
}

const MAX_QUEUED = 64;
const CONNECT_TIMEOUT_MS = 3000;
const CONNECT_BACK_OFF = { tolerated: 0, firstMs: 500, maxMs: 10_000 };
const UNIT_BACK_OFF = { tolerated: 2, firstMs: 2000 };
/** A silent unit costs the others one time-out per probe; alone on its bus it may be asked more often. */
const UNIT_REST_SHARED_MS = 60_000;
const UNIT_REST_ALONE_MS = 10_000;
/** Time-outs in a row, of any unit, after which the connection itself is taken for dead (half-open). */
const SILENT_CONNECTION = 2;

/**
 * The one owner of a Modbus line. Requests wait in a bounded queue and go out one at a time; the connection is opened when one needs it
 * and opened again after it was lost. What keeps failing is left alone for a while: requests to it are then refused at once, with the
 * reason. It has no timers of its own while nobody asks.
 */
export class ModbusBus {
  readonly #address: TcpAddress;
  readonly #clock: Clock;
  readonly #connect: NonNullable<BusOptions["connect"]>;
  readonly #random: () => number;
  readonly #units = new Map<number, Unit>();
  readonly #queue: Job[] = [];
  readonly #connectBackOff: BackOff;
  #transport: ModbusTransport | null = null;
  #lastConnectError: EvError | null = null;
  #running: Job | null = null;
  #wakeUp: Timer | undefined;
  #silence = 0;
  #closed = false;
  #stats = { requests: 0, timeouts: 0, connects: 0, lateReplies: 0, refused: 0 };

  constructor({ host, port, clock = systemClock, connect = connectTcp, random = Math.random }: BusOptions) {
    this.#address = { host, port };
    this.#clock = clock;
    this.#connect = connect;
    this.#random = random;
    this.#connectBackOff = new BackOff(clock, random);
  }

  get stats(): BusStats {
    return { ...this.#stats, lateReplies: this.#stats.lateReplies + (this.#transport?.lateReplies ?? 0) };
  }

  /** Whether the line is connected now. */
  get isConnected(): boolean {
    return this.#transport?.isOpen ?? false;
  }

  /**
   * Reads registers; resolves with exactly `count` words. Rejects with EvError EV_MODBUS_CONNECT, EV_MODBUS_TIMEOUT,
   * EV_MODBUS_EXCEPTION (a `ModbusException`), EV_MODBUS_FRAME or EV_MODBUS_BUSY.
   */
  read(request: ReadRequest, { timeoutMs = 1000, gapMs = 0, connectDelayMs = 0 }: ReadOptions = {}): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const refusal = this.#refusal(request) ?? (this.#queue.length >= MAX_QUEUED ? this.#busy() : null);
      if (refusal) {
        this.#stats.refused++;
        reject(refusal);
        return;
      }
      this.#unit(request.unitId);
      this.#queue.push({ request, options: { timeoutMs, gapMs, connectDelayMs }, resolve, reject });
      this.#pump();
    });
  }

  /** Ends the connection and rejects what waits. Safe to call twice. */
  close(): void {
    this.#closed = true;
    this.#clock.clear(this.#wakeUp);
    for (const job of this.#queue.splice(0)) job.reject(this.#closedError());
    this.#running?.reject(this.#closedError());
    this.#dropTransport();
  }

  #pump(): void {
    this.#clock.clear(this.#wakeUp);
    if (this.#running || this.#closed || this.#queue.length === 0) return;
    const nowMs = this.#clock.nowMs();
    const index = this.#queue.findIndex(({ request }) => this.#unit(request.unitId).readyAtMs <= nowMs);
    if (index < 0) {
      const readyAtMs = Math.min(...this.#queue.map(({ request }) => this.#unit(request.unitId).readyAtMs));
      this.#wakeUp = this.#clock.setTimeout(() => this.#pump(), readyAtMs - nowMs);
      return;
    }
    const [job] = this.#queue.splice(index, 1) as [Job];
    this.#running = job;
    void this.#run(job)
      .then(job.resolve, job.reject)
      .finally(() => this.#next(job));
  }

  #next(job: Job): void {
    this.#running = null;
    this.#unit(job.request.unitId).readyAtMs = this.#clock.nowMs() + job.options.gapMs;
    this.#pump();
  }

  async #run(job: Job): Promise<number[]> {
    const refusal = this.#refusal(job.request);
    if (refusal) throw refusal;
    const transport = await this.#connected(job);
    this.#stats.requests++;
    const { backOff } = this.#unit(job.request.unitId);
    try {
      const registers = await this.#timed(transport.read(job.request), job);
      this.#heard(backOff);
      return registers;
    } catch (error) {
      const code = error instanceof EvError ? error.code : null;
      if (code === "EV_MODBUS_EXCEPTION") this.#heard(backOff);
      else if (code === "EV_MODBUS_TIMEOUT") this.#unheard(transport, backOff);
      else this.#lost(error);
      throw error;
    }
  }

  async #connected({ options }: Job): Promise<ModbusTransport> {
    if (this.#transport?.isOpen) return this.#transport;
    this.#dropTransport();
    try {
      const transport = await this.#connect(this.#address, CONNECT_TIMEOUT_MS, this.#clock);
      this.#stats.connects++;
      this.#silence = 0;
      if (options.connectDelayMs > 0)
        await new Promise<void>((resolve) => this.#clock.setTimeout(resolve, options.connectDelayMs));
      if (this.#closed) {
        transport.destroy();
        throw this.#closedError();
      }
      this.#transport = transport;
      return transport;
    } catch (error) {
      this.#lost(error);
      throw error;
    }
  }

  #timed(reply: Promise<number[]>, { request, options }: Job): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimeout(() => {
        this.#stats.timeouts++;
        reject(
          new EvError(
            "EV_MODBUS_TIMEOUT",
            `${this.#place}: ${describe(request)}: no answer within ${options.timeoutMs} ms`,
          ),
        );
      }, options.timeoutMs);
      reply.then(resolve, reject).finally(() => this.#clock.clear(timer));
    });
  }

  #heard(unit: BackOff): void {
    unit.succeeded();
    this.#connectBackOff.succeeded();
    this.#silence = 0;
  }

  #unheard(transport: ModbusTransport, unit: BackOff): void {
    transport.abandon();
    unit.failed({ ...UNIT_BACK_OFF, maxMs: this.#units.size > 1 ? UNIT_REST_SHARED_MS : UNIT_REST_ALONE_MS });
    this.#silence++;
    if (this.#silence >= SILENT_CONNECTION) this.#dropTransport();
  }

  #lost(error: unknown): void {
    this.#dropTransport();
    if (!(error instanceof EvError) || this.#closed) return;
    this.#lastConnectError = error;
    this.#connectBackOff.failed(CONNECT_BACK_OFF);
  }

  #dropTransport(): void {
    this.#stats.lateReplies += this.#transport?.lateReplies ?? 0;
    this.#transport?.destroy();
    this.#transport = null;
  }

  /** Why a request is not even tried now. */
  #refusal({ unitId }: ReadRequest): EvError | null {
    if (this.#closed) return this.#closedError();
    const connectRestMs = this.#connectBackOff.restMs;
    if (connectRestMs > 0 && this.#lastConnectError) return this.#lastConnectError;
    const unit = this.#units.get(unitId)?.backOff;
    if (!unit || unit.restMs === 0) return null;
    const seconds = Math.ceil(unit.restMs / 1000);
    return new EvError(
      "EV_MODBUS_TIMEOUT",
      `${this.#place}: unit ${unitId} left ${unit.failures} requests unanswered; asked again in ${seconds} s`,
    );
  }

  #unit(unitId: number): Unit {
    const unit = this.#units.get(unitId) ?? {
      backOff: new BackOff(this.#clock, this.#random),
      readyAtMs: Number.NEGATIVE_INFINITY,
    };
    this.#units.set(unitId, unit);
    return unit;
  }

  get #place(): string {
    return `${this.#address.host}:${this.#address.port}`;
  }

  #busy(): EvError {
    return new EvError("EV_MODBUS_BUSY", `${this.#place}: ${MAX_QUEUED} requests wait already`);
  }

  #closedError(): EvError {
    return new EvError("EV_MODBUS_CONNECT", `${this.#place}: the connection was closed`);
  }
}
