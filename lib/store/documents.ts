import type { Clock, Timer } from "../clock.ts";
import type { JsonValue } from "../units.ts";

/** Longest time a document waits for the disk. */
const BATCH_MS = 250;

/** Time between two attempts after a failed write. */
const RETRY_MS = 10_000;

/**
 * The batch writer of documents: collects the newest value of each key and writes all in one go, so that the control
 * loop never waits for the disk. Nothing here throws; what could not be written stays and is tried again.
 */
export class DocumentCache {
  readonly #clock: Clock;
  readonly #writeBatch: (batch: ReadonlyMap<string, string>) => void;
  #batch = new Map<string, string>();
  #timer: Timer | undefined;

  /** @param writeBatch writes keys and their JSON texts; may throw, then the batch is kept */
  constructor(clock: Clock, writeBatch: (batch: ReadonlyMap<string, string>) => void) {
    this.#clock = clock;
    this.#writeBatch = writeBatch;
  }

  /** Takes the value as it is now; a value that JSON cannot hold is dropped. */
  save(key: string, value: JsonValue): void {
    let text: string | undefined;
    try {
      text = JSON.stringify(value);
    } catch {
      return;
    }
    if (text === undefined) return;
    this.#batch.set(key, text);
    this.#timer ??= this.#clock.setTimeout(() => this.flush(), BATCH_MS);
  }

  /** The value of a key that is not on the disk yet. */
  waiting(key: string): JsonValue | undefined {
    const text = this.#batch.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  }

  /** Writes what is waiting, once, and stops. */
  close(): void {
    this.flush();
    this.#clock.clear(this.#timer);
    this.#timer = undefined;
  }

  /** Writes what is waiting now; what cannot be written stays and is tried again. */
  flush(): void {
    this.#clock.clear(this.#timer);
    this.#timer = undefined;
    if (this.#batch.size === 0) return;
    try {
      this.#writeBatch(this.#batch);
      this.#batch = new Map();
    } catch {
      this.#timer = this.#clock.setTimeout(() => this.flush(), RETRY_MS);
    }
  }
}
