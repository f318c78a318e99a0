import { EvError, messageOf } from "../errors.ts";
import { Codec } from "./codec.ts";
import { CRC_BYTES, withCrc } from "./crc.ts";
import { encodeMbap, type MbapFrame } from "./mbap.ts";
import { describe, type Exchange, ModbusException, type Outcome, type ReadRequest } from "./transport.ts";

interface Pending {
  codec: Codec;
  request: ReadRequest;
  settle: (outcome: Outcome) => void;
  /** What came under its transaction id and does not answer it. */
  wrong: EvError | null;
}

const TRANSACTION_IDS = 0x1_0000;
/** So many ids given up and never answered; a fresh connection is cheaper than keeping them all. */
const MAX_ABANDONED = 1000;
const FUNCTION_BYTES = 2;
const EXCEPTION_FLAG = 0x80;

/**
 * Matches Modbus TCP frames (also in UDP datagrams) to requests by transaction id, unit, function and byte count. Everything else is
 * dropped and counted. The id of a request that was given up is not used again while its reply may still come.
 */
export class MbapExchanges {
  readonly #place: string;
  readonly #send: (frame: Buffer) => void;
  readonly #pending = new Map<number, Pending>();
  readonly #abandoned = new Set<number>();
  readonly #idleCodecs: Codec[] = [];
  #lastId = 0;
  #lateFrames = 0;

  constructor(place: string, send: (frame: Buffer) => void) {
    this.#place = place;
    this.#send = send;
  }

  get lateFrames(): number {
    return this.#lateFrames;
  }

  /** Whether ids run out, so that a fresh connection is due. */
  get isWornOut(): boolean {
    return this.#abandoned.size >= MAX_ABANDONED;
  }

  start(request: ReadRequest, settle: (outcome: Outcome) => void): Exchange {
    const id = this.#nextId();
    const pending: Pending = { codec: this.#idleCodecs.pop() ?? new Codec(), request, settle, wrong: null };
    this.#pending.set(id, pending);
    const frame = pending.codec.encode(request);
    this.#send(
      encodeMbap({ transactionId: id, unitId: request.unitId, pdu: frame.subarray(1, frame.length - CRC_BYTES) }),
    );
    return { abandon: () => this.#abandon(id, pending) };
  }

  /** Takes a frame that came in. */
  received(frame: MbapFrame): void {
    const { transactionId, unitId, pdu } = frame;
    const pending = this.#pending.get(transactionId);
    const mismatch = pending && mismatchOf(pending.request, frame);
    if (!pending || mismatch) {
      this.#lateFrames++;
      this.#abandoned.delete(transactionId);
      if (pending) pending.wrong = this.#frameError(pending.request, `was answered ${mismatch}`);
      return;
    }
    this.#release(transactionId, pending);
    pending.settle(this.#decoded(pending, withCrc(unitId, pdu)));
  }

  /** A frame that cannot even be attributed came in. */
  foreign(): void {
    this.#lateFrames++;
  }

  /** Settles everything that is pending. */
  fail(error: EvError): void {
    for (const [id, pending] of [...this.#pending]) {
      this.#release(id, pending);
      pending.settle(error);
    }
  }

  #decoded({ codec, request }: Pending, frame: Buffer): Outcome {
    try {
      const reply = codec.decode(frame);
      if ("registers" in reply) return reply.registers;
      return new ModbusException(reply.exceptionCode, `${this.#place}: ${describe(request)}`);
    } catch (error) {
      return this.#frameError(request, messageOf(error));
    }
  }

  #abandon(id: number, pending: Pending): EvError | null {
    if (this.#pending.get(id) === pending) {
      this.#release(id, pending);
      this.#abandoned.add(id);
    }
    return pending.wrong;
  }

  #release(id: number, { codec }: Pending): void {
    this.#pending.delete(id);
    this.#idleCodecs.push(codec);
  }

  #nextId(): number {
    do this.#lastId = (this.#lastId + 1) % TRANSACTION_IDS;
    while (this.#pending.has(this.#lastId) || this.#abandoned.has(this.#lastId));
    return this.#lastId;
  }

  #frameError(request: ReadRequest, what: string): EvError {
    return new EvError("EV_MODBUS_FRAME", `${this.#place}: ${describe(request)}: ${what}`);
  }
}

/** In which way a frame does not answer the request; null when it does. */
function mismatchOf({ unitId, functionCode, count }: ReadRequest, frame: MbapFrame): string | null {
  const { pdu } = frame;
  if (frame.unitId !== unitId) return `by unit ${frame.unitId}`;
  if (pdu[0] === (functionCode | EXCEPTION_FLAG)) return pdu.length === FUNCTION_BYTES ? null : "by a broken exception";
  if (pdu[0] !== functionCode) return `by function ${pdu[0]}`;
  if (pdu[1] !== 2 * count || pdu.length !== FUNCTION_BYTES + 2 * count)
    return `with ${(pdu.length - FUNCTION_BYTES) / 2} registers instead of ${count}`;
  return null;
}
