import type { Clock } from "../../clock.ts";

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

/** Charging profiles written to one connector in the last 24 hours, by the hour. A restart begins anew. */
export class WriteCount {
  readonly #clock: Clock;
  /** Writes in each of the last 24 hours of the monotonic clock: an hour takes the place of the same one of yesterday. */
  readonly #hours = new Array<number>(DAY_HOURS).fill(0);
  #latestHour: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#latestHour = this.#hour;
  }

  /** A profile was written. */
  note(): void {
    this.#forget();
    this.#hours[this.#hour % DAY_HOURS]! += 1;
  }

  /** The hour that runs counts as far as it is gone, the same hour of yesterday no longer. */
  get lastDay(): number {
    this.#forget();
    return this.#hours.reduce((sum, writes) => sum + writes, 0);
  }

  /** Hours that have begun since anybody asked or wrote hold what was written a day ago. */
  #forget(): void {
    const hour = this.#hour;
    const begun = Math.min(DAY_HOURS, hour - this.#latestHour);
    for (let ago = 0; ago < begun; ago++) this.#hours[(hour - ago) % DAY_HOURS] = 0;
    this.#latestHour = hour;
  }

  get #hour(): number {
    return Math.floor(this.#clock.nowMs() / HOUR_MS);
  }
}
