import type { Clock } from "../clock.ts";

export interface BackOffOptions {
  /** Failures in a row that have no consequence. */
  tolerated: number;
  firstMs: number;
  maxMs: number;
}

/** Part by which a rest is varied up or down, so that several do not try at the same moment. */
const JITTER = 0.2;

/** How long to leave something alone that keeps failing: twice as long after each failure, up to a limit; not at all after a success. */
export class BackOff {
  readonly #clock: Clock;
  readonly #random: () => number;
  #failures = 0;
  #restUntilMs = Number.NEGATIVE_INFINITY;

  /** @param random numbers from 0 up to 1 */
  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** Failures in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Milliseconds until it may be tried again; 0 when it may be now. */
  get restMs(): number {
    return Math.max(0, this.#restUntilMs - this.#clock.nowMs());
  }

  failed({ tolerated, firstMs, maxMs }: BackOffOptions): void {
    this.#failures++;
    const over = this.#failures - tolerated;
    if (over <= 0) return;
    const restMs = Math.min(maxMs, firstMs * 2 ** Math.min(over - 1, 30)) * (1 + JITTER * (2 * this.#random() - 1));
    this.#restUntilMs = this.#clock.nowMs() + restMs;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#restUntilMs = Number.NEGATIVE_INFINITY;
  }
}
