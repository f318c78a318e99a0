/** What goes first when several wait: what the load management needs, everything else, what looks for lost devices. */
export type ReadPriority = "fast" | "normal" | "probe";

/** What the queue must know of a request. */
export interface Queued {
  readonly key: string;
  priority: ReadPriority;
  readonly queuedAtMs: number;
}

const RANK: Record<ReadPriority, number> = { fast: 0, normal: 1, probe: 2 };
/** Who has waited so long goes before all others, so that a full line starves nobody. */
const PATIENCE_MS = 5000;

/** Requests that wait: by priority, in the order they came. Bounded: what is least important and oldest falls out. */
export class RequestQueue<T extends Queued> {
  readonly #limit: number;
  #waiting: T[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** The one that asks for the same. */
  find(key: string): T | undefined {
    return this.#waiting.find((one) => one.key === key);
  }

  /** @returns the one that fell out, which may be the new one; null while there is room */
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
    this.remove(victim);
    return victim;
  }

  /** Puts one back that has to be asked again at once. */
  putBack(one: T): void {
    this.#waiting.unshift(one);
  }

  remove(one: T): void {
    this.#waiting = this.#waiting.filter((other) => other !== one);
  }

  /** Takes the next out that may go now. */
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
    if (best) this.remove(best);
    return best;
  }

  /** Takes all out. */
  drain(): T[] {
    return this.#waiting.splice(0);
  }

  map<R>(of: (one: T) => R): R[] {
    return this.#waiting.map(of);
  }
}
