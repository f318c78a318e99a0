import type { Clock } from "../clock.ts";
import type { EvError } from "../errors.ts";

const QUIET_MS = 60_000;

/** Tells the first of a run of errors from its repetitions. Numbers in the text do not make it another error. */
export class Repeats {
  readonly #clock: Clock;
  readonly #seenAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether an error like this was reported within the last minute; if not, this one counts as reported now. */
  isRepeat(error: EvError): boolean {
    const nowMs = this.#clock.nowMs();
    for (const [key, seenAtMs] of this.#seenAtMs) if (nowMs - seenAtMs >= QUIET_MS) this.#seenAtMs.delete(key);
    const key = `${error.code} ${error.message.replace(/-?\d+(\.\d+)?(e[+-]?\d+)?/g, "#")}`;
    if (this.#seenAtMs.has(key)) return true;
    this.#seenAtMs.set(key, nowMs);
    return false;
  }
}
