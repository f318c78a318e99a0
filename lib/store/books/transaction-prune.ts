import type { StatementsOf } from "./table.ts";

/** How old what is forgotten is at least; ms since 1970. */
export interface PruneCut {
  /** Ended before this, and its session is forgotten already. */
  sessionGoneWallMs: number;
  /** Ended before this, whatever is known of its session. */
  anyWallMs: number;
}

/** Transactions looked at, and stray stops forgotten, in one go: others get their turn in between. */
const SLICE = 500;

/** The newest are kept whatever their times say: a clock that was wrong makes nothing old. */
const NEWEST_KEPT = 1000;

/** No charge point of ours can have charged before: its clock was never set. */
const FIRST_WALL_MS = Date.UTC(2020, 0, 1);

/** So many stops of unknown transactions are kept at most. */
const MOST_STRAYS = 10_000;

/**
 * The statements that forget transactions. A transaction's number is at least the time at which it was given, in seconds since 1970, so
 * the number tells when that was at the latest.
 */
export const TRANSACTION_PRUNE_SQL = {
  transactionSlice: `SELECT max(number) AS last FROM (SELECT number FROM transactions
    WHERE number > ?1 AND number < ?2 AND number <
      (SELECT number FROM transactions ORDER BY number DESC LIMIT 1 OFFSET ${NEWEST_KEPT - 1})
    ORDER BY number LIMIT ${SLICE})`,
  pruneTransactions: `DELETE FROM transactions
    WHERE number > ?1 AND number <= ?2 AND max(started_wall_ms, stopped_wall_ms) < ?3
    AND (max(started_wall_ms, stopped_wall_ms) < ?4 OR NOT EXISTS (SELECT 1 FROM sessions
      WHERE sessions.charge_point = transactions.charge_point AND sessions.transaction_id = transactions.transaction_id))`,
  pruneStrayStops: `DELETE FROM stray_stops WHERE (charge_point, transaction_id, stopped_wall_ms) IN
    (SELECT charge_point, transaction_id, stopped_wall_ms FROM stray_stops
      WHERE stopped_wall_ms < ? AND stopped_wall_ms >= ${FIRST_WALL_MS} LIMIT ${SLICE})`,
  strayStops: "SELECT count(*) AS found FROM stray_stops",
  pruneOldestStrayStops: `DELETE FROM stray_stops WHERE (charge_point, transaction_id, stopped_wall_ms) IN
    (SELECT charge_point, transaction_id, stopped_wall_ms FROM stray_stops ORDER BY stopped_wall_ms LIMIT ?)`,
} as const;

type Statements = StatementsOf<typeof TRANSACTION_PRUNE_SQL>;

/**
 * Forgets one slice of the transactions whose end was reported so long ago that nobody reports them once more. Those without an end stay.
 * @param after number of the last one that was looked at; 0 = none
 * @returns the number of the last one that was looked at; null = all have been
 */
export function pruneTransactions(statements: Statements, cut: PruneCut, after: number): number | null {
  const { sessionGoneWallMs, anyWallMs } = cut;
  const { last } = statements.transactionSlice.get(after, Math.floor(sessionGoneWallMs / 1000)) as {
    last: number | null;
  };
  if (last !== null)
    statements.pruneTransactions.run(after, last, Math.floor(sessionGoneWallMs), Math.floor(anyWallMs));
  return last;
}

/** Forgets one slice of the stops of unknown transactions: the old ones, and the oldest of too many. @returns whether there may be more */
export function pruneStrayStops(statements: Statements, { anyWallMs }: PruneCut): boolean {
  if (statements.pruneStrayStops.run(Math.floor(anyWallMs)).changes > 0) return true;
  const { found } = statements.strayStops.get() as { found: number };
  const tooMany = Math.min(SLICE, found - MOST_STRAYS);
  if (tooMany > 0) statements.pruneOldestStrayStops.run(tooMany);
  return tooMany === SLICE;
}
