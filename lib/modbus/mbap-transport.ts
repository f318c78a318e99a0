import { EvError } from "../errors.ts";
import { Codec } from "./codec.ts";
import { CRC_BYTES, withCrc } from "./crc.ts";
import { encodeMbap, type MbapFrame } from "./mbap.ts";
import {
  coilEcho,
  dataBytes,
  describe,
  EXCEPTION_FLAG,
  type Exchange,
  type ModbusTransport,
  type ReadOutcome,
  type ReadRequest,
  readsBits,
} from "./transport.ts";

/** What Modbus TCP frames travel on: a TCP connection, or a UDP socket. */
export interface FrameLine {
  /** Where it leads, for messages. */
  place: string;
  /** Whether it can still be written to; ends are told by `ended` besides. */
  isOpen(): boolean;
  write(frame: Buffer): void;
  end(): void;
}

interface Pending {
  codec: Codec;
  request: ReadRequest;
  settle: (outcome: ReadOutcome) => void;
  /** What came under its transaction id and does not answer it. */
  wrong: EvError | null;
}

const TRANSACTION_IDS = 0x1_0000;
/** So many ids given up and never answered; a fresh connection is cheaper than keeping them all. */
const MAX_ABANDONED = 1000;
const FUNCTION_BYTES = 2;

/**
 * Modbus TCP, also in UDP datagrams. Frames are matched to requests by transaction id, unit, function and byte count; everything else
 * is dropped and counted. The id of a request that was given up is not used again while its reply may still come.
 */
export class MbapTransport implements ModbusTransport {
  /** A host that was restarted, or has moved to another address, looks like one that is silent. */
  readonly canBeHalfOpen = true;
  readonly restMs = 0;
  readonly crcErrors = 0;
  readonly #line: FrameLine;
  readonly #pending = new Map<number, Pending>();
  readonly #abandoned = new Set<number>();
  readonly #idleCodecs: Codec[] = [];
  #lastId = 0;
  #lateFrames = 0;
  #endReason: EvError | null = null;

  constructor(line: FrameLine) {
    this.#line = line;
  }

  get isOpen(): boolean {
    return !this.#endReason && this.#abandoned.size < MAX_ABANDONED && this.#line.isOpen();
  }

  get lateFrames(): number {
    return this.#lateFrames;
  }

  start(request: ReadRequest, settle: (outcome: ReadOutcome) => void): Exchange {
    const transactionId = this.#nextId();
    const codec = this.#idleCodecs.pop() ?? new Codec();
    const pending: Pending = { codec, request, settle, wrong: null };
    this.#pending.set(transactionId, pending);
    const pdu = codec.encode(request).subarray(1, -CRC_BYTES);
    this.#line.write(encodeMbap({ transactionId, unitId: request.unitId, pdu }));
    return { abandon: () => this.#abandon(transactionId, pending) };
  }

  /** Takes a frame that came in. */
  received(frame: MbapFrame): void {
    const { transactionId, unitId, pdu } = frame;
    const pending = this.#pending.get(transactionId);
    const mismatch = pending && mismatchOf(pending.request, frame);
    if (!pending || mismatch) {
      this.#lateFrames++;
      this.#abandoned.delete(transactionId);
      if (pending)
        pending.wrong = new EvError("EV_MODBUS_FRAME", `${this.#describe(pending.request)}: was answered ${mismatch}`);
      return;
    }
    this.#release(transactionId, pending);
    pending.settle(pending.codec.decode(withCrc(unitId, pdu), this.#describe(pending.request)));
  }

  /** Bytes came in that are no frame. */
  foreign(): void {
    this.#lateFrames++;
  }

  /** The line has ended: settles everything that is pending. */
  ended(reason: EvError): void {
    if (this.#endReason) return;
    this.#endReason = reason;
    this.#line.end();
    for (const [id, pending] of [...this.#pending]) {
      this.#release(id, pending);
      pending.settle(reason);
    }
  }

  destroy(): void {
    this.ended(new EvError("EV_MODBUS_CONNECT", `${this.#line.place}: the connection was closed`));
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

  #describe(request: ReadRequest): string {
    return `${this.#line.place}: ${describe(request)}`;
  }
}

/** In which way a frame does not answer the request; null when it does. */
function mismatchOf(request: ReadRequest, frame: MbapFrame): string | null {
  const { unitId, functionCode, count } = request;
  const { pdu } = frame;
  if (frame.unitId !== unitId) return `by unit ${frame.unitId}`;
  if (pdu[0] === (functionCode | EXCEPTION_FLAG)) return pdu.length === FUNCTION_BYTES ? null : "by a broken exception";
  if (pdu[0] !== functionCode) return `by function ${pdu[0]}`;
  if (functionCode === 5) return coilEcho(request).equals(pdu.subarray(1)) ? null : "for another coil or state";
  const bytes = dataBytes(request);
  if (pdu[1] === bytes && pdu.length === FUNCTION_BYTES + bytes) return null;
  if (readsBits(request)) return `with ${pdu.length - FUNCTION_BYTES} bytes instead of ${bytes}`;
  return `with ${(pdu.length - FUNCTION_BYTES) / 2} registers instead of ${count}`;
}
