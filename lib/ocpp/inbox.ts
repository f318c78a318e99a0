import { currentTurn } from "./turn.ts";

/** Reading from the socket stops above the first and goes on below the second. */
const PAUSE_AT = 64;
const RESUME_AT = 16;
/** Reached only by a peer whose data arrives faster than reading can be stopped. */
const MAX_WAITING = 4096;

export interface InboxHost<T> {
  /** Handles one item. A promise holds back the items behind it; it must not reject. */
  handle(item: T): Promise<void> | undefined;
  pauseReading(): void;
  resumeReading(): void;
  /** More waits than may; the inbox takes nothing more. */
  overflow(): void;
}

/**
 * The CALLs of one peer, handled one after the other in the order of their arrival, one in each turn of the event loop: others
 * get their turn, and what a CALL led to has reached the flows before the next one adds to it.
 */
export class Inbox<T> {
  readonly #host: InboxHost<T>;
  #waiting: T[] = [];
  #busy = false;
  #drainDue = false;
  #paused = false;
  #ended = false;
  /** The turn in which an item was handled last. */
  #servedIn = -1;

  constructor(host: InboxHost<T>) {
    this.#host = host;
  }

  add(item: T): void {
    if (this.#ended) return;
    // Whatever waits has its turn due, or waits for what is busy.
    const mayRun = !this.#busy && !this.#drainDue && this.#servedIn !== currentTurn();
    if (mayRun) this.#run(item);
    else this.#wait(item);
  }

  /** Forgets what waits. */
  end(): void {
    this.#ended = true;
    this.#waiting = [];
  }

  #wait(item: T): void {
    this.#waiting.push(item);
    if (this.#waiting.length > MAX_WAITING) {
      this.end();
      this.#host.overflow();
      return;
    }
    if (this.#waiting.length >= PAUSE_AT && !this.#paused) {
      this.#paused = true;
      this.#host.pauseReading();
    }
    this.#drainSoon();
  }

  #run(item: T): void {
    this.#servedIn = currentTurn();
    const done = this.#host.handle(item);
    if (!done) return;
    this.#busy = true;
    void done.then(() => {
      this.#busy = false;
      this.#drainSoon();
    });
  }

  #drainSoon(): void {
    if (this.#drainDue || this.#busy || this.#waiting.length === 0) return;
    this.#drainDue = true;
    setImmediate(this.#drain);
  }

  readonly #drain = (): void => {
    const next = this.#waiting.shift();
    if (next !== undefined) this.#run(next);
    this.#drainDue = false;
    if (this.#paused && !this.#ended && this.#waiting.length <= RESUME_AT) {
      this.#paused = false;
      this.#host.resumeReading();
    }
    this.#drainSoon();
  };
}
