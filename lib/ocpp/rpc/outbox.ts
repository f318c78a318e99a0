import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import { CALL_PRIORITY, type CallOptions } from "../port.ts";
import { OcppCallError } from "./call-error.ts";
import { callText } from "./frame.ts";

/** More than a station has reason to queue; beyond it a flow sends faster than the charge point answers. */
const MAX_WAITING = 200;

/** After an answer, what can wait does so for this long, ms. */
const TURN_MS = 1;

interface Call {
  id: string;
  action: string;
  text: string;
  priority: number;
  timeoutMs: number | null;
  coalesceKey: string | null;
  resolve(answer: unknown): void;
  reject(error: EvError): void;
}

/**
 * The CALLs of one side of one connection: one is outstanding, the others wait by priority and then by age
 * (OCPP-J 1.6 §4.1.1).
 */
export class Outbox {
  readonly #clock: Clock;
  readonly #send: (text: string) => void;
  #waiting: Call[] = [];
  #outstanding: { call: Call; timer: Timer } | null = null;
  #ended: EvError | null = null;
  /** Runs while the next CALL is held back. */
  #pause: Timer | null = null;
  #settledAtMs = Number.NEGATIVE_INFINITY;
  /** Silence between an answer and the next CALL, ms. */
  gapMs = 0;
  /** Time an answer may take, for CALLs that name none; read when a CALL is sent. */
  timeoutMs: number;

  constructor(clock: Clock, timeoutMs: number, send: (text: string) => void) {
    this.#clock = clock;
    this.timeoutMs = timeoutMs;
    this.#send = send;
  }

  /** Of the CALL that waits for its answer; null = none does. */
  get outstandingId(): string | null {
    return this.#outstanding?.call.id ?? null;
  }

  /**
   * Resolves with the payload of the CALLRESULT, unchecked.
   * @throws EvError as StationConnection.call, except EV_OCPP_INVALID; EV_OCPP_BUSY
   */
  add(action: string, payload: unknown, options: CallOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      const id = randomUUID();
      this.#enqueue({
        id,
        action,
        text: callText(id, action, payload),
        priority: options.priority ?? CALL_PRIORITY.command,
        timeoutMs: options.timeoutMs ?? null,
        coalesceKey: options.coalesceKey ?? null,
        resolve,
        reject,
      });
      this.#next();
    });
  }

  /** A CALLRESULT came. False when no call waits for it (late, or never asked). */
  result(id: string, payload: unknown): boolean {
    const call = this.#take(id);
    call?.resolve(payload);
    this.#next();
    return call !== null;
  }

  /** A CALLERROR came. False when no call waits for it. */
  error(id: string, code: string, description: string, details: Record<string, unknown>): boolean {
    const call = this.#take(id);
    call?.reject(new OcppCallError(code, description, details));
    this.#next();
    return call !== null;
  }

  /** Rejects what is outstanding, what waits, and whatever comes later. */
  end(error: EvError): void {
    if (this.#ended) return;
    this.#ended = error;
    const calls = this.#waiting;
    this.#waiting = [];
    const outstanding = this.#outstanding;
    this.#outstanding = null;
    this.#clock.clear(outstanding?.timer);
    this.#clock.clear(this.#pause ?? undefined);
    outstanding?.call.reject(error);
    for (const call of calls) call.reject(error);
  }

  #enqueue(call: Call): void {
    if (call.coalesceKey !== null) {
      const index = this.#waiting.findIndex(({ coalesceKey }) => coalesceKey === call.coalesceKey);
      const [older] = index < 0 ? [] : this.#waiting.splice(index, 1);
      older?.reject(
        new EvError("EV_OCPP_SUPERSEDED", `A newer ${call.action} took the place of this ${older.action}.`),
      );
    }
    if (this.#waiting.length >= MAX_WAITING) {
      call.reject(new EvError("EV_OCPP_BUSY", `${MAX_WAITING} commands already wait for the charge point.`));
      return;
    }
    const behind = this.#waiting.findIndex(({ priority }) => priority > call.priority);
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, call);
  }

  #next(): void {
    if (this.#outstanding || this.#ended || this.#pause) return;
    const first = this.#waiting[0];
    if (!first) return;
    const pauseMs = this.#pauseMs(first);
    if (pauseMs !== null) {
      this.#pause = this.#clock.setTimeout(() => {
        this.#pause = null;
        this.#transmit();
      }, pauseMs);
      return;
    }
    this.#transmit();
  }

  /**
   * How long the next CALL is held back, null = not at all. What can wait lets a turn pass after an answer, because whoever got
   * that answer may have something urgent to add.
   */
  #pauseMs({ priority }: Call): number | null {
    const sinceMs = this.#clock.nowMs() - this.#settledAtMs;
    if (sinceMs < this.gapMs) return this.gapMs - sinceMs;
    return priority >= CALL_PRIORITY.setup && sinceMs < TURN_MS ? TURN_MS : null;
  }

  #transmit(): void {
    const call = this.#waiting.shift();
    if (!call) return;
    const timeoutMs = call.timeoutMs ?? this.timeoutMs;
    const timer = this.#clock.setTimeout(() => this.#expire(call.id, timeoutMs), timeoutMs);
    this.#outstanding = { call, timer };
    this.#send(call.text);
  }

  #expire(id: string, timeoutMs: number): void {
    const call = this.#take(id);
    call?.reject(new EvError("EV_OCPP_TIMEOUT", `No answer to ${call.action} within ${timeoutMs / 1000} s.`));
    this.#next();
  }

  #take(id: string): Call | null {
    const outstanding = this.#outstanding;
    if (outstanding?.call.id !== id) return null;
    this.#outstanding = null;
    this.#settledAtMs = this.#clock.nowMs();
    this.#clock.clear(outstanding.timer);
    return outstanding.call;
  }
}
