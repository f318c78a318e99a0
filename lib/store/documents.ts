import type { Clock, Timer } from "../clock.ts";
import type { JsonValue } from "../units.ts";

/** Longest time a document waits for the disk. */
const BATCH_MS = 250;

/** Time between two attempts after a failed write. */
const RETRY_MS = 10_000;

/**
 * The batch writer of documents: collects the newest value of each key and writes all in one go. While the disk is waited for no more
 * is written: a slow one gets fewer batches, not a longer queue. Nothing here throws; what could not be written stays and is tried
 * again.
 */
export class DocumentCache {
  readonly #clock: Clock;
  readonly #writeBatch: (batch: ReadonlyMap<string, string>) => void;
  #batch = new Map<string, string>();
  readonly #settled: () => Promise<void>;
  #timer: Timer | undefined;
  /** A batch is on its way to the disk. */
  #settling = false;
  #closed = false;

  /**
   * @param writeBatch writes keys and their JSON texts; may throw, then the batch is kept
   * @param settled resolves when what was written is on the disk
   */
  constructor(
    clock: Clock,
    writeBatch: (batch: ReadonlyMap<string, string>) => void,
    settled: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#clock = clock;
    this.#writeBatch = writeBatch;
    this.#settled = settled;
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
    if (!this.#settling) this.#timer ??= this.#clock.setTimeout(() => this.#write(), BATCH_MS);
  }

  /** The value of a key that is not on the disk yet. */
  waiting(key: string): JsonValue | undefined {
    const text = this.#batch.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  }

  /** Writes what is waiting, once, and stops. */
  close(): void {
    this.#closed = true;
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

  #write(): void {
    this.flush();
    if (this.#batch.size > 0) return;
    this.#settling = true;
    // Where it fails the store says so, and the newest value is written with the next batch.
    const go = (): void => {
      this.#settling = false;
      if (this.#batch.size > 0 && !this.#closed) this.#timer ??= this.#clock.setTimeout(() => this.#write(), BATCH_MS);
    };
    void this.#settled().then(go, go);
  }
}
