import { CRC_BYTES, crc16, withCrc } from "../../modbus/crc.ts";
import { encodeMbap, type MbapFrame, MbapFramer } from "../../modbus/mbap.ts";

/** The ways in which a simulated meter can be reached. */
export const METER_TRANSPORTS = ["tcp", "rtu-over-tcp", "udp"] as const;
export type MeterTransport = (typeof METER_TRANSPORTS)[number];

/** Cuts what a client sends into requests. */
export interface RequestFramer {
  /** Throws when the stream is lost and must be closed. */
  feed(chunk: Buffer): MbapFrame[];
}

/** The framer for one client. */
export function requestFramer(transport: MeterTransport): RequestFramer {
  return transport === "rtu-over-tcp" ? new RtuRequestFramer() : new MbapFramer();
}

/** The bytes that answer a request. */
export function replyBytes(transport: MeterTransport, { transactionId, unitId }: MbapFrame, pdu: Buffer): Buffer {
  return transport === "rtu-over-tcp" ? withCrc(unitId, pdu) : encodeMbap({ transactionId, unitId, pdu });
}

/** Unit, function, address, count, CRC: all that a meter understands. */
const READ_BYTES = 8;

/** Finds read requests in a serial stream; what is none is passed over in silence, as devices on a line do. */
class RtuRequestFramer implements RequestFramer {
  #rest: Buffer = Buffer.alloc(0);

  feed(chunk: Buffer): MbapFrame[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames: MbapFrame[] = [];
    let at = 0;
    while (at + READ_BYTES <= this.#rest.length) {
      const end = at + READ_BYTES;
      if (crc16(this.#rest, at, end - CRC_BYTES) === this.#rest.readUInt16LE(end - CRC_BYTES)) {
        const pdu = this.#rest.subarray(at + 1, end - CRC_BYTES);
        frames.push({ transactionId: 0, unitId: this.#rest.readUInt8(at), pdu });
        at = end;
      } else at++;
    }
    this.#rest = this.#rest.subarray(at);
    return frames;
  }
}
