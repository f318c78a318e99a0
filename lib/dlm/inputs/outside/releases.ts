/** A source of limits that is gone for good: what it said on a zone holds no longer. */
export interface Release {
  zone: string;
  source: string;
}

/** Tells every load management that keeps limits from outside that a source is gone. */
export class Releases {
  readonly #listeners = new Set<(release: Release) => void>();

  /** @returns a function that stops it */
  on(listener: (release: Release) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(release: Release): void {
    for (const listener of this.#listeners) listener(release);
  }
}
