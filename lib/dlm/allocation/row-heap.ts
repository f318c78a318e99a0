const NOWHERE = -1;

/** A binary heap of rows with the level at which each fills up: the lowest level first, equal levels by row number. */
export class RowHeap {
  readonly #levels: Float64Array;
  readonly #rows: number[] = [];
  /** Where each row is in the heap. */
  readonly #place: Int32Array;

  constructor(rowCount: number) {
    this.#levels = new Float64Array(rowCount);
    this.#place = new Int32Array(rowCount).fill(NOWHERE);
  }

  /** The first of all; -1 = it is empty. */
  top(): number {
    return this.#rows[0] ?? NOWHERE;
  }

  level(row: number): number {
    return this.#levels[row]!;
  }

  /** Puts a row in, or moves it to its new level. */
  set(row: number, level: number): void {
    this.#levels[row] = level;
    const place = this.#place[row]!;
    this.#sift(row, place === NOWHERE ? this.#rows.length : place);
  }

  removeTop(): void {
    const top = this.#rows[0];
    const last = this.#rows.pop();
    if (top === undefined || last === undefined) return;
    this.#place[top] = NOWHERE;
    if (last !== top) this.#sift(last, 0);
  }

  /** Finds the place of a row, upwards or downwards from one that is free. */
  #sift(row: number, from: number): void {
    const rows = this.#rows;
    let place = from;
    for (let above = (place - 1) >> 1; place > 0 && this.#isBefore(row, rows[above]!); above = (place - 1) >> 1) {
      this.#put(rows[above]!, place);
      place = above;
    }
    for (let below = 2 * place + 1; below < rows.length; below = 2 * place + 1) {
      if (below + 1 < rows.length && this.#isBefore(rows[below + 1]!, rows[below]!)) below++;
      if (!this.#isBefore(rows[below]!, row)) break;
      this.#put(rows[below]!, place);
      place = below;
    }
    this.#put(row, place);
  }

  #put(row: number, place: number): void {
    this.#rows[place] = row;
    this.#place[row] = place;
  }

  #isBefore(a: number, b: number): boolean {
    const difference = this.#levels[a]! - this.#levels[b]!;
    return difference < 0 || (difference === 0 && a < b);
  }
}
