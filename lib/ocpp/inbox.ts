/** Items of one peer handled in a row before other peers get their turn of the event loop. */
const IN_A_ROW = 16;
/** Reading from the socket stops above the first and goes on below the second. */
const PAUSE_AT = 64;
const RESUME_AT = 16;
/** Reached only by a peer whose data arrives faster than reading can be stopped. */
const MAX_WAITING = 4096;

/** Its reactions run when the read of a socket has been dealt with; costs less than queueMicrotask. */
const READ_DONE = Promise.resolve();

export interface InboxHost<T> {
  /** Handles one item. A promise holds back the items behind it; it must not reject. */
  handle(item: T): Promise<void> | undefined;
  pauseReading(): void;
  resumeReading(): void;
  /** More waits than may; the inbox takes nothing more. */
  overflow(): void;
}

/** The CALLs of one peer, handled one after the other in the order of their arrival. */
export class Inbox<T> {
  readonly #host: InboxHost<T>;
  #waiting: T[] = [];
  #busy = false;
  #drainDue = false;
  #paused = false;
  #ended = false;
  #inARow = 0;

  constructor(host: InboxHost<T>) {
    this.#host = host;
  }

  add(item: T): void {
    if (this.#ended) return;
    // All that one read of the socket brought is added before a microtask runs.
    if (this.#inARow === 0) void READ_DONE.then(this.#endRow);
    this.#inARow += 1;
    if (this.#waiting.length === 0 && !this.#busy && this.#inARow <= IN_A_ROW) this.#run(item);
    else this.#wait(item);
  }

  /** Forgets what waits. */
  end(): void {
    this.#ended = true;
    this.#waiting = [];
  }

  readonly #endRow = (): void => {
    this.#inARow = 0;
  };

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
    setImmediate(() => {
      this.#drainDue = false;
      this.#drain();
    });
  }

  #drain(): void {
    let taken = 0;
    while (taken < Math.min(IN_A_ROW, this.#waiting.length) && !this.#busy) {
      this.#run(this.#waiting[taken] as T);
      taken += 1;
    }
    this.#waiting.splice(0, taken);
    if (this.#paused && !this.#ended && this.#waiting.length <= RESUME_AT) {
      this.#paused = false;
      this.#host.resumeReading();
    }
    this.#drainSoon();
  }
}
