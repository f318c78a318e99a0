import type { RegisterRead } from "../../metering/decode.ts";
import type { MeterProfile } from "../../metering/profile-schema.ts";

/** Modbus Application Protocol V1.1b3, section 7. */
export const EXCEPTION = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  noSuchUnit: 11,
} as const;

/**
 * The reply of a device of this profile to a request (function code and data, without unit id), as pickily as the real one: unknown
 * functions, reads outside its values, too long reads and, where the profile says so, reads that cut a value get an exception. Holes
 * between values read as 0.
 */
export function answer(profile: MeterProfile, values: readonly RegisterRead[], request: Buffer): Buffer {
  const functionCode = request.readUInt8(0);
  const known =
    functionCode === profile.functionCode || profile.alternativeFunctionCodes.some((code) => code === functionCode);
  const table = values.filter(
    (value) => value.functionCode === functionCode || value.functionCode === profile.functionCode,
  );
  if (!known && table.every((value) => value.functionCode !== functionCode))
    return exception(functionCode, EXCEPTION.illegalFunction);
  if (request.length !== 5) return exception(functionCode, EXCEPTION.illegalValue);
  const address = request.readUInt16BE(1);
  const count = request.readUInt16BE(3);
  if (count < 1 || count > profile.limits.maxRegistersPerRead) return exception(functionCode, EXCEPTION.illegalValue);
  const touched = table.filter(
    (value) => value.address < address + count && value.address + value.registers.length > address,
  );
  if (touched.length === 0) return exception(functionCode, EXCEPTION.illegalAddress);
  const cut = touched.some(
    (value) => value.address < address || value.address + value.registers.length > address + count,
  );
  if (cut && profile.limits.alignToValues) return exception(functionCode, EXCEPTION.illegalAddress);
  return registersReply(functionCode, address, count, touched);
}

/** A refusal with this exception code. */
export function exception(functionCode: number, exceptionCode: number): Buffer {
  return Buffer.from([functionCode | 0x80, exceptionCode]);
}

function registersReply(functionCode: number, address: number, count: number, values: readonly RegisterRead[]): Buffer {
  const reply = Buffer.alloc(2 + 2 * count);
  reply.writeUInt8(functionCode, 0);
  reply.writeUInt8(2 * count, 1);
  for (const value of values) {
    for (const [index, word] of value.registers.entries()) {
      const at = value.address + index - address;
      if (at >= 0 && at < count) reply.writeUInt16BE(word, 2 + 2 * at);
    }
  }
  return reply;
}
