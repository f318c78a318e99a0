import type { Clock, Timer } from "../../clock.ts";

/** How many pieces of work a queue does in a second, and how many at once after it had nothing to do. */
export interface QueuePace {
  clock: Clock;
  perS: number;
  burst: number;
}

/** Something that waits for its turn; called once. */
export type Work = () => void;

/**
 * Work of many peers, one piece in each turn of the event loop, in the order in which it was added. Who has one piece at a time in it
 * waits for one piece of each other peer at most.
 */
export class FairQueue {
  readonly #pace: Allowance | null;
  readonly #clock: Clock | null;
  readonly #waiting = new Set<Work>();
  #due = false;
  #timer: Timer | undefined;

  /** @param pace null = as fast as turns come */
  constructor(pace: QueuePace | null = null) {
    this.#clock = pace?.clock ?? null;
    this.#pace = pace && new Allowance(pace.clock, pace.perS, pace.burst);
  }

  add(work: Work): void {
    this.#waiting.add(work);
    this.#schedule();
  }

  /** A piece of work that is no longer needed takes no turn from others. */
  remove(work: Work): void {
    this.#waiting.delete(work);
  }

  /** Forgets what waits, and ends its timer. */
  close(): void {
    this.#waiting.clear();
    this.#clock?.clear(this.#timer);
  }

  #schedule(): void {
    if (this.#due || this.#waiting.size === 0) return;
    this.#due = true;
    const waitMs = this.#pace?.waitMs(1) ?? 0;
    if (waitMs > 0) this.#timer = this.#clock?.setTimeout(this.#next, waitMs);
    else setImmediate(this.#next);
  }

  readonly #next = (): void => {
    this.#due = false;
    const [work] = this.#waiting;
    if (!work) return;
    this.#waiting.delete(work);
    this.#pace?.take(1);
    work();
    this.#schedule();
  };
}

/** So much in a second, and so much at once after a time without any. */
export class Allowance {
  readonly #clock: Clock;
  readonly #perS: number;
  readonly #burst: number;
  #left: number;
  #atMs: number;

  constructor(clock: Clock, perS: number, burst: number) {
    this.#clock = clock;
    this.#perS = perS;
    this.#burst = burst;
    this.#left = burst;
    this.#atMs = clock.nowMs();
  }

  /** Uses up so much, which may be more than there is: later use waits for it. */
  take(amount: number): void {
    this.#refill();
    this.#left -= amount;
  }

  /** Time until there is so much, ms; 0 = now. */
  waitMs(amount: number): number {
    this.#refill();
    return this.#left >= amount ? 0 : Math.ceil(((amount - this.#left) / this.#perS) * 1000);
  }

  #refill(): void {
    const nowMs = this.#clock.nowMs();
    this.#left = Math.min(this.#burst, this.#left + ((nowMs - this.#atMs) * this.#perS) / 1000);
    this.#atMs = nowMs;
  }
}
