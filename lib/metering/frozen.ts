import type { RegisterRead } from "./decode.ts";
import { type MeterProfile, wordsOf } from "./profile-schema.ts";

/** S4: this many samples over this long, identical to the bit, while current flows. */
const SAMPLES = 5;
const AFTER_MS = 10_000;

/**
 * Sees a meter (or the gateway before it) that repeats an old block with new replies: every register read has been the same to the bit
 * for at least 5 samples and 10 s, voltage, frequency or energy among them, while current flows. Registers are compared, not values,
 * so that what no profile names counts too.
 */
export class FrozenWatch {
  readonly #isLively: (read: RegisterRead) => boolean;
  readonly #prints = new Map<string, string>();
  /** Lively blocks, and whether each was seen unchanged since the last change. */
  readonly #lively = new Map<string, boolean>();
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
    let changed = !flows;
    for (const read of reads) {
      const key = `${read.functionCode}/${read.address}/${read.registers.length}`;
      const print = read.registers.join();
      const before = this.#prints.get(key);
      if (before !== undefined && before !== print) changed = true;
      if (this.#isLively(read)) this.#lively.set(key, before === print);
      this.#prints.set(key, print);
    }
    if (changed || this.#sinceMs === null) this.#startOver(nowMs);
    else this.#samples++;
    const since = this.#sinceMs as number;
    const lively = this.#lively.size > 0 && [...this.#lively.values()].every(Boolean);
    return lively && this.#samples >= SAMPLES && nowMs - since >= AFTER_MS ? since : null;
  }

  /** Forgets everything: the device is read in other blocks from now on. */
  reset(): void {
    this.#prints.clear();
    this.#lively.clear();
    this.#sinceMs = null;
  }

  #startOver(nowMs: number): void {
    this.#sinceMs = nowMs;
    this.#samples = 1;
    for (const key of this.#lively.keys()) this.#lively.set(key, false);
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
