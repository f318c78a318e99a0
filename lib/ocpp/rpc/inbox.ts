import type { FairQueue } from "../server/fair-queue.ts";
import { currentTurn } from "../server/turn.ts";
import type { VisitorClass } from "../server/visitors.ts";

export interface InboxHost<T> {
  /** What the peer is at present; it may change while it is connected. */
  visitor(): VisitorClass;
  /** Handles one item. A promise holds back the items behind it; it must not reject. */
  handle(item: T): Promise<void> | undefined;
  pauseReading(): void;
  resumeReading(): void;
  /** More waits than may; the inbox takes nothing more. */
  overflow(): void;
}

interface Waiting<T> {
  item: T;
  bytes: number;
  /** Whose bytes they are counted as. */
  visitor: VisitorClass;
}

/**
 * The frames of one peer, handled one after the other in the order of their arrival, one in each turn of the event loop: others
 * get their turn, and what a frame led to has reached the flows before the next one adds to it. Long frames, and those of strangers,
 * take turns with those of other peers, too.
 */
export class Inbox<T> {
  readonly #host: InboxHost<T>;
  #waiting: Waiting<T>[] = [];
  #waitingBytes = 0;
  #busy = false;
  #drainDue = false;
  #paused = false;
  #ended = false;
  /** Where its turn is due; null = in the next turn of the event loop. */
  #queue: FairQueue | null = null;
  /** The turn in which an item was handled last. */
  #servedIn = -1;

  constructor(host: InboxHost<T>) {
    this.#host = host;
  }

  add(item: T, bytes: number): void {
    if (this.#ended) return;
    const visitor = this.#host.visitor();
    // Whatever waits has its turn due, or waits for what is busy.
    const mayRun =
      !this.#busy && !this.#drainDue && bytes < visitor.limits.atOnceBytes && this.#servedIn !== currentTurn();
    if (mayRun) this.#run(item);
    else this.#wait({ item, bytes, visitor });
  }

  /** Forgets what waits. */
  end(): void {
    this.#ended = true;
    for (const { bytes, visitor } of this.#waiting) visitor.waitingBytes -= bytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#queue?.remove(this.#drain);
  }

  #wait(waiting: Waiting<T>): void {
    const { bytes, visitor } = waiting;
    const { limits } = visitor;
    this.#waiting.push(waiting);
    this.#waitingBytes += bytes;
    visitor.waitingBytes += bytes;
    if (this.#waiting.length > limits.mostFrames) {
      this.end();
      this.#host.overflow();
      return;
    }
    const isMuch =
      this.#waiting.length >= limits.pauseFrames || this.#waitingBytes >= limits.pauseBytes || visitor.isFull;
    if (isMuch && !this.#paused) {
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
    const [next] = this.#waiting;
    if (this.#drainDue || this.#busy || !next) return;
    this.#drainDue = true;
    const { limits, queue } = this.#host.visitor();
    this.#queue = next.bytes < limits.atOnceBytes ? null : queue;
    if (this.#queue) this.#queue.add(this.#drain);
    else setImmediate(this.#drain);
  }

  readonly #drain = (): void => {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      this.#waitingBytes -= next.bytes;
      next.visitor.waitingBytes -= next.bytes;
      this.#run(next.item);
    }
    this.#drainDue = false;
    if (this.#paused && !this.#ended && this.#isLittle()) {
      this.#paused = false;
      this.#host.resumeReading();
    }
    this.#drainSoon();
  };

  #isLittle(): boolean {
    const { pauseFrames, pauseBytes } = this.#host.visitor().limits;
    return this.#waiting.length <= pauseFrames / 4 && this.#waitingBytes <= pauseBytes / 4;
  }
}
