import { fromHex, toWords } from "../../lib/metering/codec.ts";
import type { SunSpec, SunSpecPoint } from "../../lib/metering/profile-schema.ts";
import type { MbapFrame } from "../../lib/modbus/mbap.ts";
import { ModbusException } from "../../lib/modbus/transport.ts";
import { MeterServer, replyTo } from "../../lib/simulator/meter/meter-server.ts";

const NOT_IMPLEMENTED_SF = 0x8000;

/** A SunSpec device in memory: the marker, models one behind the other, and an exception for everything outside. */
export class SunSpecImage {
  readonly words = new Map<number, number>();
  #next: number;
  requests = 0;

  constructor(base = 40_000) {
    this.words.set(base, 0x5375);
    this.words.set(base + 1, 0x6e53);
    this.#next = base + 2;
  }

  /** Appends a model full of zeros. @returns its address */
  add(id: number, length: number): number {
    const address = this.#next;
    for (let offset = 0; offset < length + 2; offset++) this.words.set(address + offset, 0);
    this.words.set(address, id);
    this.words.set(address + 1, length);
    this.#next = address + 2 + length;
    return address;
  }

  end(): this {
    this.words.set(this.#next, 0xffff);
    this.words.set(this.#next + 1, 0);
    return this;
  }

  /** Writes a point of a model at `address` as value × 10^−exponent, and the exponent beside it; null = not implemented. */
  set(address: number, point: SunSpecPoint, value: number | null, exponent = 0): void {
    const { offset, type, scale = 1, scaleFactorOffset, notAvailable = [] } = point;
    const raw = value === null ? fromHex(notAvailable[0] ?? "") : toWords(value / scale / 10 ** exponent, type);
    for (const [index, word] of raw.entries()) this.words.set(address + offset + index, word);
    if (scaleFactorOffset !== undefined) this.words.set(address + scaleFactorOffset, exponent & 0xffff);
  }

  breakScaleFactor(address: number, { scaleFactorOffset = 0 }: SunSpecPoint): void {
    this.words.set(address + scaleFactorOffset, NOT_IMPLEMENTED_SF);
  }

  read = async ({ address, count }: { address: number; count: number }): Promise<number[]> => {
    this.requests++;
    const words = Array.from({ length: count }, (_, index) => this.words.get(address + index));
    if (words.includes(undefined)) throw new ModbusException(2, `registers ${address}`);
    return words as number[];
  };

  /** Serves the image to Modbus TCP clients as this unit. */
  server(unitId: number, port = 0): MeterServer {
    return new MeterServer({ host: "127.0.0.1", port, respond: (frame) => this.#respond(frame, unitId) });
  }

  #respond(frame: MbapFrame, unitId: number): Buffer {
    const functionCode = frame.pdu.readUInt8(0);
    const address = frame.pdu.readUInt16BE(1);
    const count = frame.pdu.readUInt16BE(3);
    this.requests++;
    const words = Array.from({ length: count }, (_, index) => this.words.get(address + index));
    if (frame.unitId !== unitId || words.includes(undefined))
      return replyTo(frame, Buffer.from([functionCode | 0x80, frame.unitId === unitId ? 2 : 11]));
    const reply = Buffer.alloc(2 + 2 * count);
    reply.writeUInt8(functionCode, 0);
    reply.writeUInt8(2 * count, 1);
    for (const [index, word] of (words as number[]).entries()) reply.writeUInt16BE(word, 2 + 2 * index);
    return replyTo(frame, reply);
  }
}

/** The points of a model of a profile. */
export function pointsOf(sunspec: SunSpec | undefined, id: number): Record<string, SunSpecPoint> {
  return sunspec?.models[String(id)]?.points ?? {};
}
