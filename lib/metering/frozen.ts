import { FROZEN } from "../thresholds.ts";
import type { RegisterRead } from "./decode.ts";
import { type MeterProfile, wordsOf } from "./profile-schema.ts";

/** A block of registers as it was read last. */
interface Seen {
  registers: readonly number[];
  /** It holds a value that never stands still on a live meter. */
  isLively: boolean;
  /** It was read at least once since anything changed, and was the same. */
  isRepeated: boolean;
}

/**
 * Sees a meter (or a gateway) that repeats old values in new replies: while current flows, every register read has been the same to the
 * bit for at least 5 samples and 10 s, voltage, frequency or energy among them. Whole blocks are compared, so that registers without a
 * name in the profile count too.
 */
export class FrozenWatch {
  readonly #isLively: (read: RegisterRead) => boolean;
  readonly #seen = new Map<string, Seen>();
  #sinceMs: number | null = null;
  #samples = 0;

  constructor(profile: MeterProfile) {
    this.#isLively = livelyIn(profile);
  }

  /**
   * Takes what one cycle has read.
   * @param flows whether the meter shows current
   * @returns since when nothing has changed, monotonic ms; null while it does not count as frozen
   */
  add(reads: readonly RegisterRead[], flows: boolean, nowMs: number): number | null {
    let hasChanged = !flows;
    for (const read of reads) {
      const { functionCode, address, registers } = read;
      const key = `${functionCode}/${address}/${registers.length}`;
      const before = this.#seen.get(key);
      const isRepeated = before !== undefined && registers.every((word, at) => word === before.registers[at]);
      if (before && !isRepeated) hasChanged = true;
      this.#seen.set(key, { registers, isLively: before?.isLively ?? this.#isLively(read), isRepeated });
    }
    if (hasChanged || this.#sinceMs === null) {
      this.#sinceMs = nowMs;
      this.#samples = 1;
      for (const seen of this.#seen.values()) seen.isRepeated = false;
    } else this.#samples++;
    if (this.#samples < FROZEN.samples || nowMs - this.#sinceMs < FROZEN.afterMs) return null;
    const lively = [...this.#seen.values()].filter(({ isLively }) => isLively);
    return lively.length > 0 && lively.every(({ isRepeated }) => isRepeated) ? this.#sinceMs : null;
  }

  /** Forgets everything: the device is read in other blocks from now on. */
  reset(): void {
    this.#seen.clear();
    this.#sinceMs = null;
  }
}

/** Whether a read holds a value that never stands still on a live meter. */
function livelyIn({ registers, functionCode }: MeterProfile): (read: RegisterRead) => boolean {
  const lively = Object.entries(registers).filter(([name]) => /^(voltage|frequency|energy)/.test(name));
  return (read) =>
    lively.some(
      ([, register]) =>
        (register.functionCode ?? functionCode) === read.functionCode &&
        register.address >= read.address &&
        register.address + wordsOf(register.type) <= read.address + read.registers.length,
    );
}
