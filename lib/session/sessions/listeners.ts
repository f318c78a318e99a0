/** A list of listeners. A fault in one listener harms neither the caller nor the other listeners. */
export class Listeners<T> {
  readonly #all = new Set<(news: T) => void>();

  get size(): number {
    return this.#all.size;
  }

  /** @returns a function that stops it */
  add(listener: (news: T) => void): () => void {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  }

  tell(news: T): void {
    for (const listener of this.#all) {
      try {
        listener(news);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  clear(): void {
    this.#all.clear();
  }
}
