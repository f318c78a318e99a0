import { CRC_BYTES, crc16 } from "./crc.ts";
import { coilEcho, dataBytes, EXCEPTION_FLAG, type ReadRequest } from "./transport.ts";

/** Unit, function, byte count or exception code, CRC. */
const SHORTEST = 5;
const MAX_DATA_BYTES = 250;
/** A written coil is answered by its address and state. */
const ECHO_END = 6;
const ECHO_LENGTH = 8;

/** A piece of the received bytes: `[start, end)` is a whole frame with a right check sum. */
export interface Found {
  start: number;
  end: number;
}

/** What kind of answer to the request a frame is; null when it answers something else. */
export function answerKind(frame: Buffer, request: ReadRequest): "data" | "exception" | null {
  const { unitId, functionCode } = request;
  if (frame[0] !== unitId) return null;
  if (frame[1] === (functionCode | EXCEPTION_FLAG)) return "exception";
  if (frame[1] !== functionCode) return null;
  if (functionCode !== 5) return frame[2] === dataBytes(request) ? "data" : null;
  const told = frame.subarray(2, ECHO_END);
  return told.equals(coilEcho(request).subarray(0, told.length)) ? "data" : null;
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

/** How long the frame is whose head stands there; 0 where no reply of ours begins. */
function frameLength(bytes: Buffer, start: number): number {
  const functionCode = bytes[start + 1] as number;
  const isException = (functionCode & EXCEPTION_FLAG) !== 0;
  const asked = functionCode & ~EXCEPTION_FLAG;
  if (asked < 1 || asked > 5) return 0;
  if (isException) return SHORTEST;
  if (asked === 5) return ECHO_LENGTH;
  const given = bytes[start + 2] as number;
  const isWhole = asked < 3 || given % 2 === 0;
  return given > 0 && given <= MAX_DATA_BYTES && isWhole ? SHORTEST + given : 0;
}
