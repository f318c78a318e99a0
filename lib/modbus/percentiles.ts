/** The last so many samples, and where most of them lie. */
export class Percentiles {
  /** In the order they came; the oldest is at `#next` once there are as many as there is room for. */
  readonly #samples: Float64Array;
  /** The same samples, the smallest first. */
  readonly #sorted: Float64Array;
  #count = 0;
  #next = 0;

  constructor(size: number) {
    this.#samples = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  add(value: number): void {
    if (this.#count === this.#samples.length) {
      const oldest = this.#rankOf(this.#samples[this.#next] as number);
      this.#sorted.copyWithin(oldest, oldest + 1, this.#count--);
    }
    const rank = this.#rankOf(value);
    this.#sorted.copyWithin(rank + 1, rank, this.#count++);
    this.#sorted[rank] = value;
    this.#samples[this.#next] = value;
    this.#next = (this.#next + 1) % this.#samples.length;
  }

  /** The value that this share (0 to 1) of the samples do not exceed; null without samples. */
  at(share: number): number | null {
    return this.#count === 0 ? null : (this.#sorted[Math.max(0, Math.ceil(share * this.#count) - 1)] as number);
  }

  /** How many samples are smaller. */
  #rankOf(value: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
