/** Register words to numbers and back: pure, without scale or unit. Words are unsigned 16-bit, each big-endian as Modbus has it. */
import { type RegisterType, type WordOrder, wordsOf } from "./profile-schema.ts";

/** The words as one unsigned number; `order` says whether the highest word comes first (`big`) or last (`little`). */
export function toBits(words: readonly number[], order: WordOrder): bigint {
  const ordered = order === "big" ? words : [...words].reverse();
  return ordered.reduce((bits, word) => (bits << 16n) | BigInt(word), 0n);
}

/** The inverse of `toBits`. */
export function toWords(bits: bigint, count: number, order: WordOrder): number[] {
  const words = Array.from({ length: count }, (_, index) =>
    Number((bits >> BigInt(16 * (count - 1 - index))) & 0xffffn),
  );
  return order === "big" ? words : words.reverse();
}

/** The number that bits of this type stand for; floats may be NaN or infinite. */
export function fromBits(bits: bigint, type: RegisterType): number {
  const size = wordsOf(type) * 16;
  if (type.startsWith("uint")) return Number(bits);
  if (type.startsWith("int")) return Number(BigInt.asIntN(size, bits));
  const view = new DataView(new ArrayBuffer(8));
  if (type === "float64") {
    view.setBigUint64(0, bits);
    return view.getFloat64(0);
  }
  view.setUint32(0, Number(bits));
  return shortest(view.getFloat32(0));
}

const LARGEST_FLOAT32 = 0x7f7fffffn;

/**
 * Whether devices show these bits in place of a value they do not have, whatever their make: all ones of an unsigned type, the sign bit
 * alone of a signed one, NaN, infinity and the largest float32. None of them is a value that a meter in service can have.
 */
export function isPlaceholder(bits: bigint, type: RegisterType): boolean {
  const size = BigInt(wordsOf(type) * 16);
  if (type.startsWith("uint")) return bits === (1n << size) - 1n;
  if (type.startsWith("int")) return bits === 1n << (size - 1n);
  return !Number.isFinite(fromBits(bits, type)) || (size === 32n && (bits & 0x7fff_ffffn) === LARGEST_FLOAT32);
}

/** The bits of a number, integers rounded and held within the type's range. */
export function fromNumber(value: number, type: RegisterType): bigint {
  const size = BigInt(wordsOf(type) * 16);
  if (type.startsWith("float")) {
    const view = new DataView(new ArrayBuffer(8));
    if (type === "float64") view.setFloat64(0, value);
    else view.setFloat32(4, value);
    return view.getBigUint64(0);
  }
  const signed = type.startsWith("int");
  const highest = (1n << (signed ? size - 1n : size)) - 1n;
  const lowest = signed ? -highest - 1n : 0n;
  const whole = BigInt(Math.round(value));
  const held = whole > highest ? highest : whole < lowest ? lowest : whole;
  return BigInt.asUintN(Number(size), held);
}

/** The decimal number with the fewest digits that is the same float32, so that 12.1 reads as 12.1 and no bit is lost. */
function shortest(float: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(float.toPrecision(digits));
    if (Math.fround(candidate) === float) return candidate;
  }
  return float;
}
