import type { SessionBook, SessionRecord } from "../../store/books/session-types.ts";
import type { TransactionRecord } from "../../store/types.ts";

/** Beyond so many, the oldest are dropped. */
const MOST_UNTOLD = 10_000;

/** Sessions that were written in durable work and not announced yet. They need not be read again. */
export class WrittenSessions {
  readonly #records = new Map<string, SessionRecord>();

  /**
   * Writes the session of a transaction. A session that cannot be written does not fail its transaction: it is written with a later tick.
   */
  write(transaction: TransactionRecord, write: () => SessionRecord | undefined): void {
    const key = keyOf(transaction);
    this.#records.delete(key);
    try {
      const record = write();
      if (record) this.#records.set(key, record);
    } catch {
      // The store reports its own failure.
    }
    // What was undone is never asked for.
    const [oldest] = this.#records.keys();
    if (this.#records.size > MOST_UNTOLD && oldest !== undefined) this.#records.delete(oldest);
  }

  /** What is written of a transaction; null = nothing, or it cannot be read. To be asked once. */
  take(book: SessionBook, transaction: TransactionRecord): SessionRecord | null {
    const key = keyOf(transaction);
    const written = this.#records.get(key);
    if (written) {
      this.#records.delete(key);
      return written;
    }
    try {
      return book.byTransaction(transaction.chargePoint, transaction.transactionId)?.record ?? null;
    } catch {
      return null;
    }
  }
}

function keyOf({ chargePoint, transactionId }: TransactionRecord): string {
  return `${transactionId} ${chargePoint}`;
}
