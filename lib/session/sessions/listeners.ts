/** A list of listeners. A fault in one listener harms neither the caller nor the other listeners. */
export class Listeners<News extends unknown[]> {
  readonly #all = new Set<(...news: News) => void>();

  get size(): number {
    return this.#all.size;
  }

  /** @returns a function that stops it */
  add(listener: (...news: News) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(...news: News): void {
    for (const listener of this.#all) {
      try {
        listener(...news);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  clear(): void {
    this.#all.clear();
  }
}
