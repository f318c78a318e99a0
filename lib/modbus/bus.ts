import { type Clock, systemClock, type Timer } from "../clock.ts";
import { EvError } from "../errors.ts";
import { BusRecord } from "./bus-record.ts";
import { ReadJob, type ReadOptions } from "./job.ts";
import { type Connect, Link } from "./link.ts";
import { PollSchedule } from "./poll-schedule.ts";
import { RequestQueue } from "./queue.ts";
import type { BusStatistics } from "./statistics.ts";
import { describe, type Exchange, keyOf, ModbusException, type ReadOutcome, type ReadRequest } from "./transport.ts";
import { Units } from "./units.ts";
import { type LineFormat, wireTimeMs } from "./wire-time.ts";

export type { ReadOptions } from "./job.ts";

export interface BusOptions {
  /** Where the line leads, for messages: host:port or a serial port. */
  place: string;
  connect: Connect;
  /** Of a serial line; null (default) where frames do not travel one character at a time. */
  format?: LineFormat | null;
  /** How long a reply may take at most, where a read does not say (default 1000). */
  timeoutMs?: number;
  /** Requests on their way at the same time (default 1, at most 4): only for Modbus TCP to devices that can. */
  inFlight?: number;
  /** Of this line's polls among other lines', 0 (default) to 1. */
  phase?: number;
  clock?: Clock;
  /** Numbers from 0 up to 1, for the jitter of back-offs. */
  random?: () => number;
}

interface Running {
  job: ReadJob;
  startedMs: number;
  timeoutMs: number;
  exchange: Exchange | null;
  timer: Timer | undefined;
  /** Nobody looked when its answer came: what it took tells nothing of the unit. */
  wasHeldUp: boolean;
}

const MAX_QUEUED = 64;
const MAX_IN_FLIGHT = 4;
/** A timer that comes this much too late tells that the process was held up. */
const HELD_UP_MS = 10;

/**
 * The one owner of a Modbus line. Requests wait in a bounded queue, the important ones first, and go out one at a time. The connection
 * is opened when a request needs it, and opened again after it was lost. Requests to a unit that keeps failing are refused at once for a
 * while, with the reason. No timer runs without requests.
 */
export class ModbusBus {
  /** When each device on this line is polled. */
  readonly schedule: PollSchedule;
  /** The serial line's format; null where frames do not travel one character at a time, so that merging reads always pays. */
  readonly format: LineFormat | null;
  readonly #place: string;
  readonly #clock: Clock;
  readonly #defaultTimeoutMs: number;
  readonly #inFlight: number;
  readonly #link: Link;
  readonly #queue = new RequestQueue<ReadJob>(MAX_QUEUED);
  readonly #running = new Set<Running>();
  readonly #units: Units;
  readonly #record: BusRecord;
  #wakeUp: Timer | undefined;
  #closed = false;

  constructor(options: BusOptions) {
    const { clock = systemClock, random = Math.random } = options;
    this.#place = options.place;
    this.format = options.format ?? null;
    this.#clock = clock;
    this.#defaultTimeoutMs = options.timeoutMs ?? 1000;
    this.#inFlight = Math.min(MAX_IN_FLIGHT, Math.max(1, options.inFlight ?? 1));
    this.#link = new Link(options.connect, clock, random);
    this.#units = new Units(clock, random);
    this.#record = new BusRecord(clock, this.format);
    this.schedule = new PollSchedule(clock, options.phase);
  }

  /** Whether the line is connected now. */
  get isConnected(): boolean {
    return this.#link.open !== null;
  }

  /** How often it was connected. */
  get connects(): number {
    return this.#link.counts.connects;
  }

  /** How long the unit takes before it begins to answer, ms, wire time taken off; null while it is not known. */
  turnaroundMs(unitId: number): number | null {
    return this.#units.find(unitId)?.turnaroundMs ?? null;
  }

  statistics(): BusStatistics {
    return {
      ...this.#record.statistics(),
      ...this.#link.counts,
      isConnected: this.isConnected,
      queued: this.#queue.length,
      skipped: this.schedule.skipped,
      units: this.#units.statistics(),
    };
  }

  /**
   * Reads registers; resolves with exactly `count` words. The same read asked twice goes out once. After a time-out or a wrong check sum
   * the request is sent once more, if the unit did not fail before; not to a unit that never answered on a line with other units.
   * Rejects with EvError EV_MODBUS_CONNECT, EV_MODBUS_SERIAL, EV_MODBUS_TIMEOUT, EV_MODBUS_EXCEPTION (a `ModbusException`),
   * EV_MODBUS_FRAME or EV_MODBUS_BUSY.
   */
  read(request: ReadRequest, options: ReadOptions = {}): Promise<number[]> {
    return new Promise((resolve, reject) => {
      const key = keyOf(request);
      const same = [...this.#running].find(({ job }) => job.key === key)?.job ?? this.#queue.find(key);
      if (same) {
        this.#record.counts.coalesced++;
        same.join(resolve, reject);
        if (options.priority === "fast") same.priority = options.priority;
        return;
      }
      const unit = this.#units.asked(request.unitId, options.priority === "probe");
      const timeoutMs = options.timeoutMs ?? this.#defaultTimeoutMs;
      const job = new ReadJob(request, { ...options, timeoutMs }, unit, this.#clock.nowMs());
      job.join(resolve, reject);
      this.#add(job);
    });
  }

  /** Switches one coil; resolves when the device has confirmed it. Sent and refused as a read is. */
  async writeCoil(
    { unitId, address, value }: { unitId: number; address: number; value: boolean },
    options: ReadOptions = {},
  ): Promise<void> {
    await this.read({ unitId, functionCode: 5, address, count: 1, value }, options);
  }

  /** Ends the connection and rejects what waits. Safe to call twice. */
  close(): void {
    this.#closed = true;
    this.schedule.stop();
    this.#clock.clear(this.#wakeUp);
    for (const job of this.#queue.drain()) job.reject(this.#closedError());
    for (const running of [...this.#running]) this.#finish(running, this.#closedError());
    this.#link.close();
  }

  #add(job: ReadJob): void {
    const refusal = this.#refusal(job);
    if (refusal) {
      this.#refuse(job, refusal);
      return;
    }
    const dropped = this.#queue.add(job);
    if (dropped) {
      this.#record.counts.drops++;
      dropped.reject(new EvError("EV_MODBUS_BUSY", `${this.#place}: ${MAX_QUEUED} requests wait already`));
    }
    this.#pump();
  }

  #pump(): void {
    this.#clock.clear(this.#wakeUp);
    while (!this.#closed && this.#queue.length > 0 && this.#running.size < this.#inFlight) {
      if (!this.#link.open) {
        this.#connect();
        return;
      }
      const nowMs = this.#clock.nowMs();
      const job = this.#link.restMs > 0 ? null : this.#queue.take(nowMs, ({ unit }) => unit.readyAtMs <= nowMs);
      if (!job) {
        this.#pumpLater(nowMs);
        return;
      }
      const refusal = this.#refusal(job);
      if (refusal) this.#refuse(job, refusal);
      else this.#start(job, nowMs);
    }
  }

  #pumpLater(nowMs: number): void {
    const unitsReadyMs = Math.min(...this.#queue.map(({ unit }) => unit.readyAtMs)) - nowMs;
    const delayMs = Math.max(this.#link.restMs, unitsReadyMs);
    // Otherwise a request to the unit is under way; its end sends the next one.
    if (delayMs < Number.POSITIVE_INFINITY)
      this.#wakeUp = this.#clock.setTimeout(() => this.#pump(), Math.ceil(delayMs));
  }

  #connect(): void {
    const { refusal } = this.#link;
    if (refusal) {
      for (const job of this.#queue.drain()) this.#refuse(job, refusal);
      return;
    }
    const delayMs = Math.max(0, ...this.#queue.map(({ connectDelayMs }) => connectDelayMs));
    this.#link.connect(delayMs, (error) => {
      if (error) for (const job of this.#queue.drain()) job.reject(error);
      this.#pump();
    });
  }

  #start(job: ReadJob, nowMs: number): void {
    const { request, unit, gapMs } = job;
    const onWireMs = this.format ? wireTimeMs(request.count, this.format) : 0;
    const capMs = job.timeoutMs + onWireMs;
    const timeoutMs = job.isProbe ? capMs : unit.timeoutMs(capMs, this.#record.latencyP99Ms);
    const running: Running = { job, startedMs: nowMs, timeoutMs, exchange: null, timer: undefined, wasHeldUp: false };
    this.#running.add(running);
    this.#record.started();
    // A unit that wants silence gets one request at a time; other units may be asked meanwhile.
    if (gapMs > 0) unit.readyAtMs = Number.POSITIVE_INFINITY;
    running.timer = this.#clock.setTimeout(() => this.#due(running), timeoutMs);
    running.exchange = this.#link.open?.start(request, (outcome) => this.#finish(running, outcome)) ?? null;
  }

  /** Timers come before sockets: where the process was held up, the answer may have lain there in time and is read first. */
  #due(running: Running): void {
    const { startedMs, timeoutMs } = running;
    if (this.#clock.nowMs() - startedMs < timeoutMs + HELD_UP_MS) this.#timedOut(running);
    else {
      running.wasHeldUp = true;
      running.timer = this.#clock.setTimeout(() => this.#timedOut(running), 1);
    }
  }

  #timedOut(running: Running): void {
    const instead = running.exchange?.abandon();
    if (!instead) this.#record.counts.timeouts++;
    const { request } = running.job;
    const what = `${describe(request)}: no answer within ${Math.round(running.timeoutMs)} ms`;
    this.#finish(running, instead ?? new EvError("EV_MODBUS_TIMEOUT", `${this.#place}: ${what}`));
  }

  #finish(running: Running, outcome: ReadOutcome): void {
    if (!this.#running.delete(running)) return;
    const { job, startedMs } = running;
    const nowMs = this.#clock.nowMs();
    this.#clock.clear(running.timer);
    job.unit.readyAtMs = nowMs + job.gapMs;
    this.#record.ended();
    if (outcome instanceof EvError) this.#failed(job, outcome);
    else {
      this.#link.heard();
      if (Array.isArray(outcome)) {
        const latencyMs = running.wasHeldUp ? null : nowMs - startedMs;
        this.#record.answered(job.unit, job.key, job.request.count, latencyMs);
        job.resolve(outcome);
      } else {
        job.unit.readyAtMs += outcome.againInMs;
        this.#queue.putBack(job);
      }
    }
    this.#pump();
  }

  #failed(job: ReadJob, error: EvError): void {
    if (error instanceof ModbusException) this.#excepted(job, error);
    else if (this.isConnected || error.code === "EV_MODBUS_TIMEOUT") this.#unanswered(job, error);
    else {
      if (!this.#closed) this.#link.lost(error);
      job.reject(error);
    }
  }

  #excepted(job: ReadJob, error: ModbusException): void {
    this.#record.counts.exceptions++;
    this.#link.heard();
    if (error.isFromGateway) job.unit.failed(this.#units.count === 1);
    else job.unit.refused();
    job.reject(error);
  }

  #unanswered(job: ReadJob, error: EvError): void {
    const { unit } = job;
    const { isHealthy: wasHealthy, isAnswering: wasAnswering } = unit;
    // Asking a unit again that never answered would only delay the other units.
    const isInVain = error.code === "EV_MODBUS_TIMEOUT" && !wasAnswering && this.#units.count > 1;
    unit.failed(this.#units.count === 1);
    // The silence of a unit that only a scan has asked says nothing about the connection.
    if (this.#units.count === 0 || this.#units.has(unit))
      this.#link.unheard(unit.unitId, wasAnswering, this.#units.count);
    if (!wasHealthy || isInVain || job.isRetry || job.isProbe || this.#closed) {
      job.reject(error);
      return;
    }
    job.isRetry = true;
    this.#record.counts.retries++;
    this.#queue.putBack(job);
  }

  #refuse(job: ReadJob, reason: EvError): void {
    this.#record.counts.refused++;
    job.reject(reason);
  }

  /** Why a request is not sent now; null when it may be. */
  #refusal({ unit, isProbe }: ReadJob): EvError | null {
    if (this.#closed) return this.#closedError();
    if (!this.isConnected && this.#link.refusal) return this.#link.refusal;
    if (unit.restMs === 0 || isProbe) return null;
    const seconds = Math.ceil(unit.restMs / 1000);
    const what = `unit ${unit.unitId} left ${unit.failures} requests unanswered; asked again in ${seconds} s`;
    return new EvError("EV_MODBUS_TIMEOUT", `${this.#place}: ${what}`);
  }

  #closedError(): EvError {
    return new EvError("EV_MODBUS_CONNECT", `${this.#place}: the connection was closed`);
  }
}
