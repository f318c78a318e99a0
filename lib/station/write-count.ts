import type { Clock } from "../clock.ts";

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** Charging profiles written to one connector in the last 24 hours, by the hour. A restart begins anew. */
export class WriteCount {
  readonly #clock: Clock;
  /** Writes by hour of the monotonic clock. */
  readonly #hours = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A profile was written. */
  note(): void {
    const hour = this.#hour;
    this.#hours.set(hour, (this.#hours.get(hour) ?? 0) + 1);
  }

  /** The hour that runs counts as far as it is gone, the same hour of yesterday no longer. */
  get lastDay(): number {
    const oldest = this.#hour - DAY_HOURS;
    let writes = 0;
    for (const [hour, count] of this.#hours) {
      if (hour > oldest) writes += count;
      else this.#hours.delete(hour);
    }
    return writes;
  }

  get #hour(): number {
    return Math.floor(this.#clock.nowMs() / HOUR_MS);
  }
}
