import { sortByKey } from "./order.ts";
import { doubles, integers } from "./scratch.ts";

/** Place of a row that is in the run. */
const IN_RUN = -2;

const SPACE = { keys: doubles(), rows: integers(), place: integers() };

/**
 * Rows by ascending key, equal keys by row number. Many that come at once are sorted into a run, which is left from its
 * front; what comes or changes later is in a binary heap that knows where each row is. The next `RowHeap` that is made takes over its memory.
 */
export class RowHeap {
  readonly #keys: Float64Array;
  readonly #rows: Int32Array;
  /** Place of each row in the heap; -1 = nowhere. */
  readonly #place: Int32Array;
  #size = 0;
  #run: Uint32Array = new Uint32Array(0);
  #runFrom = 0;

  constructor(rowCount: number) {
    this.#keys = SPACE.keys.take(rowCount);
    this.#rows = SPACE.rows.take(rowCount);
    this.#place = SPACE.place.take(rowCount).fill(-1);
  }

  /** The row with the smallest key, or -1. */
  top(): number {
    const run = this.#run;
    while (this.#runFrom < run.length && this.#place[run[this.#runFrom]!] !== IN_RUN) this.#runFrom++;
    const first = this.#runFrom < run.length ? run[this.#runFrom]! : -1;
    if (this.#size === 0) return first;
    const heaped = this.#rows[0]!;
    return first >= 0 && this.#before(first, heaped) ? first : heaped;
  }

  key(row: number): number {
    return this.#keys[row]!;
  }

  /** Inserts all rows at once. @param rows in ascending order, none of them here; @param keyOf the key of each */
  start(rows: Uint32Array, keyOf: (row: number) => number): void {
    for (let i = 0; i < rows.length; i++) {
      this.#keys[rows[i]!] = keyOf(rows[i]!);
      this.#place[rows[i]!] = IN_RUN;
    }
    sortByKey(rows, this.#keys);
    this.#run = rows;
    this.#runFrom = 0;
  }

  /** Inserts a row or moves it to its new key. */
  set(row: number, key: number): void {
    let place = this.#place[row]!;
    if (place < 0) {
      place = this.#size++;
      this.#keys[row] = key;
      this.#up(place, row);
      return;
    }
    const rises = key < this.#keys[row]!;
    this.#keys[row] = key;
    if (rises) this.#up(place, row);
    else this.#down(place, row);
  }

  removeTop(): void {
    const row = this.top();
    const inRun = this.#place[row] === IN_RUN;
    this.#place[row] = -1;
    if (inRun) return;
    const last = this.#rows[--this.#size]!;
    if (this.#size > 0) this.#down(0, last);
  }

  clear(): void {
    while (this.#size > 0) this.#place[this.#rows[--this.#size]!] = -1;
    for (; this.#runFrom < this.#run.length; this.#runFrom++) this.#place[this.#run[this.#runFrom]!] = -1;
  }

  #before(a: number, b: number): boolean {
    const difference = this.#keys[a]! - this.#keys[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }

  #up(from: number, row: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.#rows[above]!;
      if (!this.#before(row, other)) break;
      this.#put(place, other);
      place = above;
    }
    this.#put(place, row);
  }

  #down(from: number, row: number): void {
    let place = from;
    for (;;) {
      let below = 2 * place + 1;
      if (below >= this.#size) break;
      if (below + 1 < this.#size && this.#before(this.#rows[below + 1]!, this.#rows[below]!)) below++;
      const other = this.#rows[below]!;
      if (!this.#before(other, row)) break;
      this.#put(place, other);
      place = below;
    }
    this.#put(place, row);
  }

  #put(place: number, row: number): void {
    this.#rows[place] = row;
    this.#place[row] = place;
  }
}
