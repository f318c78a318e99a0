import { EvError } from "../errors.ts";

/** One frame of Modbus TCP: the transaction id, the unit and what follows it. */
export interface MbapFrame {
  transactionId: number;
  unitId: number;
  pdu: Buffer;
}

const HEADER_BYTES = 6;
/** Unit id and function code at least; 253 bytes of PDU and the unit id at most (Modbus Messaging on TCP/IP V1.0b, 3.1). */
const MIN_LENGTH = 2;
const MAX_LENGTH = 254;

/** Cuts a stream of bytes into Modbus TCP frames, however the network splits them. Holds less than one frame. */
export class MbapFramer {
  #rest: Buffer = Buffer.alloc(0);

  /**
   * The frames that these bytes complete.
   * @throws EvError EV_MODBUS_FRAME at a header that no frame can have; the stream is then lost and must be closed
   */
  feed(chunk: Buffer): MbapFrame[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: MbapFrame[] = [];
    while (this.#rest.length >= HEADER_BYTES) {
      const length = checkedLength(this.#rest);
      const end = HEADER_BYTES + length;
      if (this.#rest.length < end) break;
      const transactionId = this.#rest.readUInt16BE(0);
      frames.push({ transactionId, unitId: this.#rest.readUInt8(6), pdu: this.#rest.subarray(7, end) });
      this.#rest = this.#rest.subarray(end);
    }
    return frames;
  }
}

/** A frame as it travels. */
export function encodeMbap({ transactionId, unitId, pdu }: MbapFrame): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + 1 + pdu.length);
  frame.writeUInt16BE(transactionId, 0);
  frame.writeUInt16BE(pdu.length + 1, 4);
  frame[HEADER_BYTES] = unitId;
  frame.set(pdu, HEADER_BYTES + 1);
  return frame;
}

function checkedLength(bytes: Buffer): number {
  const protocol = bytes.readUInt16BE(2);
  const length = bytes.readUInt16BE(4);
  if (protocol !== 0 || length < MIN_LENGTH || length > MAX_LENGTH) {
    throw new EvError(
      "EV_MODBUS_FRAME",
      `the bytes received are no Modbus TCP frame (protocol ${protocol}, length ${length})`,
    );
  }
  return length;
}
