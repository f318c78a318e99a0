import type { Reason } from "../types.ts";

/** A kind of list of reasons: a limit alone, one that has no room for a minimum, one that leaves just the minimum. */
export const REASON_KIND = { limited: 0, waiting: 1, limitedToMin: 2 } as const;
const KINDS = 3;

/**
 * Frozen lists of reasons by the number of the first one and their kind. The zones of a tree are the same at every tick, and
 * making thousands of lists anew takes longer than finding out which ones hold.
 */
export class ReasonCache {
  readonly #lists: (Reason[] | null)[];

  /** @param size number of reasons */
  constructor(size: number) {
    this.#lists = new Array<Reason[] | null>(KINDS * size).fill(null);
  }

  get(reason: number, kind: number): Reason[] | null {
    return this.#lists[KINDS * reason + kind]!;
  }

  put(reason: number, kind: number, list: Reason[]): void {
    this.#lists[KINDS * reason + kind] = list;
  }
}
