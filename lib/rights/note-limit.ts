import type { Clock, Timer } from "../clock.ts";

/** Most notes of one sender within a window; more are only counted. */
const MOST_OF_ONE = 60;
/** Most notes of all senders within a window; more are only counted. */
const MOST_OF_ALL = 300;
/** The window in which notes are counted, ms. */
const WINDOW_MS = 60_000;
/** Most senders that are told apart; all others count as one. */
const MOST_SENDERS = 500;

interface Window<T> {
  noted: number;
  skipped: number;
  last: T | null;
}

/** Keeps a sender without end from filling the log: what is too much within a minute is counted, and noted as one number after it. */
export class NoteLimit<T> {
  readonly #clock: Clock;
  readonly #tell: (skipped: number, last: T) => void;
  readonly #windows = new Map<string, Window<T>>();
  #startMs = Number.NEGATIVE_INFINITY;
  #noted = 0;
  #timer: Timer | undefined;

  /** @param tell called for each sender that was cut short: how many of its entries were not noted, and the last of them */
  constructor(clock: Clock, tell: (skipped: number, last: T) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Whether this entry is to be noted. */
  admit(sender: string, entry: T): boolean {
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#startMs >= WINDOW_MS) {
      this.close();
      this.#startMs = nowMs;
    }
    const key = this.#windows.has(sender) || this.#windows.size < MOST_SENDERS ? sender : "";
    const window = this.#windows.get(key) ?? { noted: 0, skipped: 0, last: null };
    this.#windows.set(key, window);
    if (window.noted < MOST_OF_ONE && this.#noted < MOST_OF_ALL) {
      window.noted++;
      this.#noted++;
      return true;
    }
    window.skipped++;
    window.last = entry;
    this.#timer ??= this.#clock.setTimeout(() => this.close(), WINDOW_MS - (nowMs - this.#startMs));
    return false;
  }

  /** Ends the minute: tells what was cut short in it. */
  close(): void {
    this.#clock.clear(this.#timer);
    this.#timer = undefined;
    const windows = [...this.#windows.values()];
    this.#windows.clear();
    this.#noted = 0;
    this.#startMs = Number.NEGATIVE_INFINITY;
    for (const { skipped, last } of windows) if (last !== null) this.#tell(skipped, last);
  }
}
