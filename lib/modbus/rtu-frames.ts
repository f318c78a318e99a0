import { CRC_BYTES, crc16 } from "./crc.ts";
import { EXCEPTION_FLAG, type ReadRequest } from "./transport.ts";

/** Unit, function, byte count or exception code, CRC. */
const SHORTEST = 5;
const MAX_DATA_BYTES = 250;

/** A piece of the received bytes: `[start, end)` is a whole frame with a right check sum. */
export interface Found {
  start: number;
  end: number;
}

/** What kind of answer to the request a frame is; null when it answers something else. */
export function answerKind(frame: Buffer, { unitId, functionCode, count }: ReadRequest): "data" | "exception" | null {
  if (frame[0] !== unitId) return null;
  if (frame[1] === (functionCode | EXCEPTION_FLAG)) return "exception";
  return frame[1] === functionCode && frame[2] === 2 * count ? "data" : null;
}

/**
 * The first whole reply frame in the bytes received, wherever it begins: noise and echoes may come before it.
 * `corrupt` = the reply that is waited for came with a wrong check sum; null = nothing whole yet.
 */
export function findFrame(bytes: Buffer, expected: ReadRequest | null): Found | "corrupt" | null {
  let corrupt = false;
  for (let start = 0; start + SHORTEST <= bytes.length; start++) {
    const length = frameLength(bytes, start);
    if (length === 0) continue;
    const kind = expected && answerKind(bytes.subarray(start, start + SHORTEST), expected);
    const end = start + length;
    if (end > bytes.length) {
      // What looks like a frame inside the reply that is coming in is data.
      if (kind) return null;
      continue;
    }
    if (crc16(bytes, start, end - CRC_BYTES) === bytes.readUInt16LE(end - CRC_BYTES)) return { start, end };
    corrupt ||= kind !== null;
  }
  return corrupt ? "corrupt" : null;
}

/** How long the frame is whose head stands there; 0 where no reply to a read begins. */
function frameLength(bytes: Buffer, start: number): number {
  const functionCode = bytes[start + 1] as number;
  if (functionCode === (3 | EXCEPTION_FLAG) || functionCode === (4 | EXCEPTION_FLAG)) return SHORTEST;
  if (functionCode !== 3 && functionCode !== 4) return 0;
  const dataBytes = bytes[start + 2] as number;
  return dataBytes > 0 && dataBytes <= MAX_DATA_BYTES && dataBytes % 2 === 0 ? SHORTEST + dataBytes : 0;
}
