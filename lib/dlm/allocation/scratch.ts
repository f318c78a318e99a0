/** The arrays of numbers that are used here. */
type Numbers = Uint8Array | Int32Array | Uint32Array | Float64Array;

/**
 * An array for the time of one step of a decision, used again by the next: no decision is ever interrupted, and what is
 * taken here is handed to nobody. With thousands of connectors, fresh memory at every step costs more than what is done in it.
 */
export class Scratch<T extends Numbers> {
  readonly #make: (length: number) => T;
  #array: T;

  /** @param make a new array of zeros */
  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#array = make(0);
  }

  /** Zeros, as many as asked for. What was taken before is lost. */
  take(length: number): T {
    if (this.#array.length < length) this.#array = this.#make(length);
    return this.#array.subarray(0, length).fill(0) as T;
  }
}

export const doubles = (): Scratch<Float64Array> => new Scratch((length) => new Float64Array(length));
export const integers = (): Scratch<Int32Array> => new Scratch((length) => new Int32Array(length));
export const indices = (): Scratch<Uint32Array> => new Scratch((length) => new Uint32Array(length));
export const bytes = (): Scratch<Uint8Array> => new Scratch((length) => new Uint8Array(length));
