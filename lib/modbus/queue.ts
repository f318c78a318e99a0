/** `fast` = what load management needs, `normal` = everything else, `probe` = looks for lost devices. Sent in this order. */
export type ReadPriority = "fast" | "normal" | "probe";

/** What the queue must know of a request. */
export interface Queued {
  readonly key: string;
  priority: ReadPriority;
  readonly queuedAtMs: number;
}

const RANK: Record<ReadPriority, number> = { fast: 0, normal: 1, probe: 2 };
/** A request that has waited this long goes first, so that every request is sent even on a full line. */
const PATIENCE_MS = 5000;

/** Waiting requests, by priority, then in the order they came. When it is full, the oldest of the least important is dropped. */
export class RequestQueue<T extends Queued> {
  readonly #limit: number;
  #waiting: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** The waiting request with this key. */
  find(key: string): T | undefined {
    return this.#waiting.find((one) => one.key === key);
  }

  /** @returns the request that was dropped for it, which may be the new one; null while there is room */
  add(one: T): T | null {
    this.#waiting.push(one);
    if (this.#waiting.length <= this.#limit) return null;
    let victim = one;
    for (const other of this.#waiting)
      if (
        RANK[other.priority] > RANK[victim.priority] ||
        (victim === one && RANK[other.priority] === RANK[one.priority])
      )
        victim = other;
    this.#remove(victim);
    return victim;
  }

  /** Puts a request back that has to be sent again at once. */
  putBack(one: T): void {
    this.#waiting.unshift(one);
  }

  /** Removes and returns the next request that may be sent now. */
  take(nowMs: number, mayGo: (one: T) => boolean): T | null {
    let best: T | null = null;
    let bestRank = Number.POSITIVE_INFINITY;
    for (const one of this.#waiting) {
      const rank = nowMs - one.queuedAtMs > PATIENCE_MS ? -1 : RANK[one.priority];
      if (rank < bestRank && mayGo(one)) {
        best = one;
        bestRank = rank;
      }
    }
    if (best) this.#remove(best);
    return best;
  }

  /** Removes and returns all. */
  drain(): T[] {
    return this.#waiting.splice(0);
  }

  map<R>(of: (one: T) => R): R[] {
    return this.#waiting.map(of);
  }

  #remove(one: T): void {
    this.#waiting.splice(this.#waiting.indexOf(one), 1);
  }
}
