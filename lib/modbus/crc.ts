/** Bytes of the check sum at the end of a serial frame. */
export const CRC_BYTES = 2;

const TABLE = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xa001 : value >>> 1;
  return value;
});

/** CRC-16 of `bytes[start, end)` as serial frames carry it, low byte first (Modbus over Serial Line V1.02, 6.2.2). */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0xffff;
  for (let at = start; at < end; at++) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return crc;
}

/** Unit id and PDU with their check sum behind. */
export function withCrc(unitId: number, pdu: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(1 + pdu.length + CRC_BYTES);
  frame[0] = unitId;
  frame.set(pdu, 1);
  frame.writeUInt16LE(crc16(frame, 0, 1 + pdu.length), 1 + pdu.length);
  return frame;
}
