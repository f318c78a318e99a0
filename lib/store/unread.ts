/**
 * Documents that somebody asked for while the database could not be read. Who asked goes on as if there were none, and what it saves
 * later would replace what it never saw: months of consumption, for example. So a document that the database turns out to have stays
 * there as it is until somebody has read it, as after the next start.
 */
export class UnreadDocuments {
  readonly #asked = new Set<string>();
  readonly #left = new Set<string>();

  /** It was asked for, and could not be read. */
  missed(key: string): void {
    this.#asked.add(key);
  }

  /** It was read, or may be written whatever it says. */
  seen(key: string): void {
    this.#asked.delete(key);
    this.#left.delete(key);
  }

  /** Whether a document is to stay as it is. @param isThere whether the database has it */
  stays(key: string, isThere: (key: string) => boolean): boolean {
    if (!this.#asked.has(key)) return false;
    if (isThere(key)) this.#left.add(key);
    else this.seen(key);
    return this.#left.has(key);
  }

  /** A newer one was to be written, and it has stayed as it was. */
  isLeft(key: string): boolean {
    return this.#left.has(key);
  }

  /** How many have stayed as they were although newer ones were to be written. */
  get count(): number {
    return this.#left.size;
  }
}
