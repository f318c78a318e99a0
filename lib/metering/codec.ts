/** Register words to numbers and back: pure, without scale or unit. Words are unsigned 16-bit, each big-endian as Modbus has it. */
import { type RegisterType, type WordOrder, wordsOf } from "./profile-schema.ts";

/** Room for the longest value. Each function fills it before it reads it. */
const view = new DataView(new ArrayBuffer(8));

const READ: Record<RegisterType, () => number> = {
  uint16: () => view.getUint16(0),
  int16: () => view.getInt16(0),
  uint32: () => view.getUint32(0),
  int32: () => view.getInt32(0),
  uint64: () => Number(view.getBigUint64(0)),
  int64: () => Number(view.getBigInt64(0)),
  float32: () => shortest(view.getFloat32(0)),
  float64: () => view.getFloat64(0),
};

/** The words with the highest first; `order` says where it is: first (`big`) or last (`little`). */
export function highestFirst(words: readonly number[], order: WordOrder): readonly number[] {
  return order === "big" ? words : words.toReversed();
}

/** The number that these words stand for, highest first; floats may be NaN or infinite. */
export function fromWords(words: readonly number[], type: RegisterType): number {
  for (let at = 0; at < words.length; at++) view.setUint16(2 * at, words[at] as number);
  return READ[type]();
}

/** The words of a number, highest first; integers are rounded and held within the type's range. */
export function toWords(value: number, type: RegisterType): number[] {
  const bits = wordsOf(type) * 16;
  if (type === "float32") view.setFloat32(0, value);
  else if (type === "float64") view.setFloat64(0, value);
  else view.setBigUint64(0, held(BigInt(Math.round(value)), bits, type.startsWith("int")) << BigInt(64 - bits));
  return Array.from({ length: bits / 16 }, (_, at) => view.getUint16(2 * at));
}

function held(whole: bigint, bits: number, isSigned: boolean): bigint {
  const highest = (1n << BigInt(isSigned ? bits - 1 : bits)) - 1n;
  const lowest = isSigned ? -highest - 1n : 0n;
  return BigInt.asUintN(bits, whole > highest ? highest : whole < lowest ? lowest : whole);
}

/** The words of bits in hexadecimal, such as `0x7FFFFFFF`. */
export function fromHex(bits: string): number[] {
  return (bits.slice(2).match(/.{4}/g) ?? []).map((word) => Number.parseInt(word, 16));
}

/**
 * Whether devices show these words (highest first) in place of a value they do not have, whatever their make: all ones of an unsigned
 * type, the sign bit alone of a signed one, NaN, infinity and the largest float32. A meter in service has none of them as a value.
 */
export function isPlaceholder(words: readonly number[], type: RegisterType): boolean {
  const [first = 0, second] = words;
  if (type.startsWith("uint")) return words.every((word) => word === 0xffff);
  if (type.startsWith("int")) return words.every((word, at) => word === (at === 0 ? 0x8000 : 0));
  // NaN and infinity have an exponent of all ones (IEEE 754).
  if (type === "float64") return (first & 0x7ff0) === 0x7ff0;
  return (first & 0x7f80) === 0x7f80 || ((first & 0x7fff) === 0x7f7f && second === 0xffff);
}

/** The decimal number with the fewest digits that is the same float32, so that 12.1 reads as 12.1 and no bit is lost. */
function shortest(float: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(float.toPrecision(digits));
    if (Math.fround(candidate) === float) return candidate;
  }
  return float;
}
