const NOWHERE = -1;

/** A binary heap of rows with the level at which each fills up: the lowest level first, equal levels by row number. */
export class RowHeap {
  /** By place: the row there, and its level. */
  readonly #rows: Int32Array;
  readonly #levels: Float64Array;
  #count = 0;
  /** Where each row is in the heap. */
  readonly #place: Int32Array;

  constructor(rowCount: number) {
    this.#rows = new Int32Array(rowCount);
    this.#levels = new Float64Array(rowCount);
    this.#place = new Int32Array(rowCount).fill(NOWHERE);
  }

  /** The first of all; -1 = it is empty. */
  top(): number {
    return this.#count === 0 ? NOWHERE : this.#rows[0]!;
  }

  /** The level of the first of all. */
  topLevel(): number {
    return this.#levels[0]!;
  }

  /** Puts a row in, or moves it to its new level. */
  set(row: number, level: number): void {
    const place = this.#place[row]!;
    this.#sift(row, level, place === NOWHERE ? this.#count++ : place);
  }

  removeTop(): void {
    this.#place[this.#rows[0]!] = NOWHERE;
    const last = --this.#count;
    if (last > 0) this.#sift(this.#rows[last]!, this.#levels[last]!, 0);
  }

  /** Finds the place of a row, upwards or downwards from one that is free. */
  #sift(row: number, level: number, from: number): void {
    let place = from;
    for (let above = (place - 1) >> 1; place > 0 && this.#isBehind(above, row, level); above = (place - 1) >> 1) {
      this.#put(this.#rows[above]!, this.#levels[above]!, place);
      place = above;
    }
    for (let below = 2 * place + 1; below < this.#count; below = 2 * place + 1) {
      const other = below + 1;
      if (other < this.#count && this.#isBehind(below, this.#rows[other]!, this.#levels[other]!)) below = other;
      if (this.#isBehind(below, row, level)) break;
      this.#put(this.#rows[below]!, this.#levels[below]!, place);
      place = below;
    }
    this.#put(row, level, place);
  }

  #put(row: number, level: number, place: number): void {
    this.#rows[place] = row;
    this.#levels[place] = level;
    this.#place[row] = place;
  }

  /** Whether the row at a place belongs behind another. */
  #isBehind(place: number, row: number, level: number): boolean {
    const levelThere = this.#levels[place]!;
    return level < levelThere || (level === levelThere && row < this.#rows[place]!);
  }
}
