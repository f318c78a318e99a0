import type { Clock } from "../clock.ts";
import { EvError } from "../errors.ts";
import { Codec } from "./codec.ts";
import { answerKind, findFrame } from "./rtu-frames.ts";
import {
  describe,
  type Exchange,
  ModbusException,
  type ModbusTransport,
  type ReadOutcome,
  type ReadRequest,
} from "./transport.ts";
import { Unanswered } from "./unanswered.ts";

/** A stream of bytes that serial frames travel on. */
export interface ByteLine {
  /** Where it leads, for messages. */
  place: string;
  write(bytes: Buffer): void;
  end(): void;
  canBeHalfOpen: boolean;
  /** Silence between frames, ms. */
  silenceMs: number;
}

interface Pending {
  /** As it was sent: with another count than wanted while a late reply could pass for the right one. */
  sent: ReadRequest;
  wanted: ReadRequest;
  settle: (outcome: ReadOutcome) => void;
  /** An exception that may be the late answer to an earlier request. */
  heldBack: ReadOutcome | null;
}

/** After a request that was given up: its reply may come in pieces, as USB adapters and gateways hand them on. */
const QUARANTINE_MS = 20;
/** More than two of the longest frames. */
const MAX_BUFFERED = 600;
const LATE_REPLY_MAY_COME = "too many late replies may still come";

/** Modbus RTU: one request at a time, matched by unit, function, byte count and check sum; the line rests between frames. */
export class RtuTransport implements ModbusTransport {
  readonly #line: ByteLine;
  readonly #clock: Clock;
  readonly #codec = new Codec();
  readonly #unanswered: Unanswered;
  #pending: Pending | null = null;
  #received: Buffer = Buffer.alloc(0);
  #quietFromMs = Number.NEGATIVE_INFINITY;
  #endReason: EvError | null = null;
  #lateFrames = 0;
  #crcErrors = 0;

  constructor(line: ByteLine, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
    this.#unanswered = new Unanswered(clock);
  }

  get canBeHalfOpen(): boolean {
    return this.#line.canBeHalfOpen;
  }

  get isOpen(): boolean {
    return this.#endReason === null;
  }

  get restMs(): number {
    return Math.max(0, this.#quietFromMs - this.#clock.nowMs());
  }

  get lateFrames(): number {
    return this.#lateFrames;
  }

  get crcErrors(): number {
    return this.#crcErrors;
  }

  start(wanted: ReadRequest, settle: (outcome: ReadOutcome) => void): Exchange {
    const count = this.#unanswered.safeCount(wanted);
    if (count === null || this.#endReason) {
      settle(this.#endReason ?? this.#frameError(wanted, LATE_REPLY_MAY_COME));
      return { abandon: () => null };
    }
    const pending: Pending = { sent: { ...wanted, count }, wanted, settle, heldBack: null };
    this.#pending = pending;
    this.#received = Buffer.alloc(0);
    this.#line.write(this.#codec.encode(pending.sent));
    return { abandon: () => this.#abandon(pending) };
  }

  /** Takes bytes that came in. */
  received(chunk: Buffer): void {
    this.#quiet(this.#line.silenceMs);
    this.#received = Buffer.concat([this.#received, chunk]).subarray(-MAX_BUFFERED);
    for (;;) {
      const found = findFrame(this.#received, this.#pending?.sent ?? null);
      if (found === null) return;
      if (found === "corrupt") {
        this.#corrupt();
        return;
      }
      const frame = this.#received.subarray(found.start, found.end);
      this.#received = this.#received.subarray(found.end);
      this.#frame(frame);
    }
  }

  /** The line has ended. */
  ended(reason: EvError): void {
    if (this.#endReason) return;
    this.#endReason = reason;
    this.#line.end();
    this.#settle(reason);
  }

  destroy(): void {
    this.ended(new EvError("EV_MODBUS_CONNECT", `${this.#line.place}: the connection was closed`));
  }

  #frame(frame: Buffer): void {
    const pending = this.#pending;
    const kind = pending && answerKind(frame, pending.sent);
    if (!pending || !kind) {
      this.#late(frame);
      return;
    }
    const outcome = this.#outcome(pending, frame);
    // It may answer an earlier request; if so, the answer to this one follows.
    if (kind === "exception" && !pending.heldBack && this.#unanswered.has(pending.sent.unitId))
      pending.heldBack = outcome;
    else this.#settle(outcome);
  }

  #outcome({ sent, wanted }: Pending, frame: Buffer): ReadOutcome {
    // Whatever was answered, it was not what is wanted; but the device has come to what was asked last.
    if (sent.count < wanted.count) return { againInMs: this.#unanswered.overtaken(wanted.unitId) };
    const reply = this.#codec.decode(frame, this.#describe(wanted));
    const isMore = sent.count > wanted.count;
    if (isMore && reply instanceof ModbusException) {
      this.#unanswered.triedMore(wanted, "refused");
      return { againInMs: 0 };
    }
    if (isMore && Array.isArray(reply)) this.#unanswered.triedMore(wanted, "given");
    return Array.isArray(reply) ? reply.slice(0, wanted.count) : reply;
  }

  #late(frame: Buffer): void {
    this.#lateFrames++;
    this.#unanswered.answered(frame[0] as number, frame[1] as number, frame[2] as number);
  }

  #corrupt(): void {
    const pending = this.#pending as Pending;
    this.#crcErrors++;
    this.#received = Buffer.alloc(0);
    this.#quiet(QUARANTINE_MS);
    this.#settle(this.#frameError(pending.wanted, "the check sum of the reply is wrong"));
  }

  #abandon(pending: Pending): ReadOutcome | null {
    if (this.#pending !== pending) return null;
    this.#pending = null;
    this.#unanswered.add(pending.sent);
    if (pending.sent.count > pending.wanted.count) this.#unanswered.triedMore(pending.wanted, "silence");
    this.#quiet(QUARANTINE_MS);
    return pending.heldBack;
  }

  #settle(outcome: ReadOutcome): void {
    const pending = this.#pending;
    this.#pending = null;
    pending?.settle(outcome);
  }

  #quiet(forMs: number): void {
    this.#quietFromMs = Math.max(this.#quietFromMs, this.#clock.nowMs() + Math.max(forMs, this.#line.silenceMs));
  }

  #frameError(request: ReadRequest, what: string): EvError {
    return new EvError("EV_MODBUS_FRAME", `${this.#describe(request)}: ${what}`);
  }

  #describe(request: ReadRequest): string {
    return `${this.#line.place}: ${describe(request)}`;
  }
}
