import type { TransactionRecord } from "../../store/types.ts";
import { sessionOfTransaction } from "./session-begin.ts";
import type { SessionHost } from "./session-host.ts";
import { LiveSession } from "./session-live.ts";
import type { EventMoment } from "./session-watch.ts";

/**
 * A session that is not in memory: its end was presumed, or its start is known from the ledger alone.
 * @throws EvError of the store
 */
export function sessionFromBook(host: SessionHost, transaction: TransactionRecord, moment: EventMoment): LiveSession {
  const { chargePoint, connector, transactionId } = transaction;
  const outlet = host.outlet(chargePoint, connector);
  const stored = host.book.byTransaction(chargePoint, transactionId);
  const found = stored?.record ?? host.book.add(sessionOfTransaction(transaction, outlet, true, moment.wallMs));
  return new LiveSession(found, outlet, stored?.memory ?? null);
}
