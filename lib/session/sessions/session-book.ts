import type { SessionBook, SessionRecord } from "../../store/session-types.ts";
import type { TransactionRecord } from "../../store/types.ts";
import { sessionOfTransaction } from "./session-begin.ts";
import type { SessionHost } from "./session-host.ts";
import { LiveSession } from "./session-live.ts";
import type { Moment } from "./session-watch.ts";

/** Beyond so many, the oldest have been forgotten about. */
const MOST_UNTOLD = 10_000;

/** Sessions written in durable work of which nobody was told yet: they need not be read again. */
export class WrittenSessions {
  readonly #records = new Map<string, SessionRecord>();

  /** Writes the session of a transaction. One that cannot be written costs no transaction: it is written with a later tick. */
  write(transaction: TransactionRecord, write: () => SessionRecord | undefined): void {
    const key = keyOf(transaction);
    this.#records.delete(key);
    attempt(() => {
      const record = write();
      if (record) this.#records.set(key, record);
    });
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

/**
 * A session that is not in memory: its end was presumed, or its start is known from the ledger alone.
 * @throws EvError of the store
 */
export function sessionFromBook(host: SessionHost, transaction: TransactionRecord, moment: Moment): LiveSession {
  const { chargePoint, connector, transactionId } = transaction;
  const outlet = host.outlet(chargePoint, connector);
  const stored = host.book.byTransaction(chargePoint, transactionId);
  const found = stored?.record ?? host.book.add(sessionOfTransaction(transaction, outlet, true, moment.wallMs));
  return new LiveSession(found, outlet, stored?.memory ?? null);
}

function attempt(write: () => void): void {
  try {
    write();
  } catch {
    // The store reports its own failure.
  }
}
