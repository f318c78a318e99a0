import type { Clock } from "../../lib/clock.ts";
import { crc16, withCrc } from "../../lib/modbus/crc.ts";
import { RtuTransport } from "../../lib/modbus/rtu-transport.ts";
import type { ModbusTransport, ReadRequest } from "../../lib/modbus/transport.ts";
import { characterMs, type LineFormat, silenceMs } from "../../lib/modbus/wire-time.ts";

/** What a register holds, so that no two places hold the same. */
export function wordOf(unitId: number, functionCode: number, address: number): number {
  return (unitId * 7919 + functionCode * 104_729 + address * 31) & 0xffff;
}

export function wordsOf({ unitId, functionCode, address, count }: ReadRequest): number[] {
  return Array.from({ length: count }, (_, index) => wordOf(unitId, functionCode, address + index));
}

/** The PDU of a right answer. */
export function answerTo(request: ReadRequest): Buffer {
  const pdu = Buffer.alloc(2 + 2 * request.count);
  pdu[0] = request.functionCode;
  pdu[1] = 2 * request.count;
  for (const [index, word] of wordsOf(request).entries()) pdu.writeUInt16BE(word, 2 + 2 * index);
  return pdu;
}

/** One device on the line. */
export interface Slave {
  turnaroundMs: number;
  /** The most registers it gives at once; more are refused. */
  most?: number;
  /** Whether later requests may be answered before earlier ones, as through a gateway. */
  overtakes?: boolean;
  /** The serial frames it answers a request with and when, ms after the turnaround; without it the right one at once. */
  answer?: (request: ReadRequest) => { frame: Buffer; afterMs: number }[];
}

/** Bytes handed on together, as adapters do. */
const CHUNK = 8;

/**
 * A serial line with any number of devices, byte by byte in time. Two that send at once spoil each other's bytes; a device answers in the
 * order it was asked, and only requests that reach it whole.
 */
export class SerialLine {
  readonly slaves = new Map<number, Slave>();
  readonly requests: ReadRequest[] = [];
  readonly #clock: Clock;
  readonly #format: LineFormat;
  readonly #freeAtMs = new Map<number, number>();
  #transport: RtuTransport | null = null;
  #sendingUntilMs = 0;
  #collisions = 0;

  constructor(clock: Clock, format: LineFormat) {
    this.#clock = clock;
    this.#format = format;
  }

  /** Frames that were spoilt because two sent at once. */
  get collisions(): number {
    return this.#collisions;
  }

  connect = (): Promise<ModbusTransport> => {
    const quietMs = silenceMs(this.#format);
    const write = (bytes: Buffer): void =>
      this.#send(bytes, (whole) => {
        if (whole) this.#hear(whole);
      });
    const line = { place: "simulated", write, end: () => {}, canBeHalfOpen: false, silenceMs: quietMs };
    this.#transport = new RtuTransport(line, this.#clock);
    return Promise.resolve(this.#transport);
  };

  /** Bytes on the line; `done` is told them when the last has passed, null when they were spoilt. */
  #send(bytes: Buffer, done: (whole: Buffer | null) => void, onChunk: (chunk: Buffer) => void = () => {}): void {
    const startMs = this.#clock.nowMs();
    const spoilt = startMs < this.#sendingUntilMs;
    if (spoilt) this.#collisions++;
    const perByteMs = characterMs(this.#format);
    this.#sendingUntilMs = Math.max(this.#sendingUntilMs, startMs + bytes.length * perByteMs);
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const chunk = Buffer.from(bytes.subarray(at, at + CHUNK));
      if (spoilt) chunk[0] = (chunk[0] as number) ^ 0x55;
      this.#clock.setTimeout(() => onChunk(chunk), (at + chunk.length) * perByteMs);
    }
    this.#clock.setTimeout(() => done(spoilt ? null : bytes), bytes.length * perByteMs);
  }

  #hear(frame: Buffer): void {
    const unitId = frame[0] as number;
    const slave = this.slaves.get(unitId);
    if (frame.length !== 8 || crc16(frame) !== 0) return;
    const functionCode = frame[1] as 3 | 4;
    const request = { unitId, functionCode, address: frame.readUInt16BE(2), count: frame.readUInt16BE(4) };
    this.requests.push(request);
    if (!slave) return;
    if (request.count > (slave.most ?? 125)) {
      this.#answer(unitId, withCrc(unitId, Buffer.from([functionCode | 0x80, 3])), slave.turnaroundMs, slave);
      return;
    }
    const answers = slave.answer?.(request) ?? [{ frame: withCrc(unitId, answerTo(request)), afterMs: 0 }];
    for (const { frame: reply, afterMs } of answers) this.#answer(unitId, reply, slave.turnaroundMs + afterMs, slave);
  }

  /** A device waits for the silence that ends the request before it begins. */
  #answer(unitId: number, reply: Buffer, delayMs: number, { overtakes }: Slave): void {
    const nowMs = this.#clock.nowMs();
    const freeAtMs = overtakes ? 0 : (this.#freeAtMs.get(unitId) ?? 0);
    const atMs = Math.max(nowMs + silenceMs(this.#format) + delayMs, freeAtMs);
    this.#freeAtMs.set(unitId, atMs + reply.length * characterMs(this.#format));
    this.#clock.setTimeout(
      () =>
        this.#send(
          reply,
          () => {},
          (chunk) => this.#transport?.received(chunk),
        ),
      atMs - nowMs,
    );
  }
}
