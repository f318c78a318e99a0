/** Rows by ascending key, equal keys by row number; a binary heap that knows where each row is. */
export class RowHeap {
  readonly #keys: Float64Array;
  readonly #rows: Int32Array;
  /** Place of each row in the heap, or -1. */
  readonly #place: Int32Array;
  #size = 0;

  constructor(rowCount: number) {
    this.#keys = new Float64Array(rowCount);
    this.#rows = new Int32Array(rowCount);
    this.#place = new Int32Array(rowCount).fill(-1);
  }

  /** The row with the smallest key, or -1. */
  top(): number {
    return this.#size === 0 ? -1 : this.#rows[0]!;
  }

  key(row: number): number {
    return this.#keys[row]!;
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
    this.#place[this.#rows[0]!] = -1;
    const last = this.#rows[--this.#size]!;
    if (this.#size > 0) this.#down(0, last);
  }

  clear(): void {
    while (this.#size > 0) this.#place[this.#rows[--this.#size]!] = -1;
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
