/** The order is taken anew after this share of the samples has been replaced: sorting must cost nothing beside reading. */
const REFRESH_SHARE = 1 / 8;

/** The last so many samples, and where most of them lie. */
export class Percentiles {
  readonly #samples: Float64Array;
  #count = 0;
  #next = 0;
  #sorted = new Float64Array(0);
  #unsorted = 0;

  constructor(size: number) {
    this.#samples = new Float64Array(size);
  }

  add(value: number): void {
    this.#samples[this.#next] = value;
    this.#next = (this.#next + 1) % this.#samples.length;
    this.#count = Math.max(this.#count, this.#next || this.#samples.length);
    this.#unsorted++;
  }

  /** The value that this share (0 to 1) of the samples do not exceed; null without samples. */
  at(share: number): number | null {
    const isGrowing = this.#sorted.length < this.#samples.length * REFRESH_SHARE;
    if (this.#unsorted > 0 && (isGrowing || this.#unsorted >= this.#samples.length * REFRESH_SHARE)) {
      this.#sorted = this.#samples.slice(0, this.#count).sort();
      this.#unsorted = 0;
    }
    return this.#sorted[Math.max(0, Math.ceil(share * this.#sorted.length) - 1)] ?? null;
  }
}
