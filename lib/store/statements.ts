import { ALARM_SQL } from "./books/alarms.ts";
import { AUDIT_SQL } from "./books/audit.ts";
import { AUTHORIZATION_SQL } from "./books/authorizations.ts";
import { BADGE_SQL } from "./books/badges.ts";
import { ERASURE_SQL } from "./books/erasure.ts";
import { LIMIT_COMMAND_SQL } from "./books/limit-commands.ts";
import { REPORT_SQL } from "./books/reports.ts";
import { RESERVATION_SQL } from "./books/reservations.ts";
import { RESTORE_SQL } from "./books/restores.ts";
import { SESSION_SQL } from "./books/sessions.ts";
import { STATION_KEY_SQL } from "./books/station-keys.ts";
import { type StatementsOf, Table } from "./books/table.ts";
import { TRANSACTION_PRUNE_SQL } from "./books/transaction-prune.ts";
import { UPSTREAM_SQL } from "./books/upstreams.ts";
import type { SqlDatabase } from "./disk/driver.ts";
import type { LimitRecord, TransactionRecord } from "./types.ts";

/** One row of `transactions` is a record. */
export const TRANSACTIONS = new Table<TransactionRecord>({
  transactionId: "plain",
  chargePoint: "plain",
  connector: "plain",
  idTag: "plain",
  startedWallMs: "plain",
  meterStartWh: "plain",
  idTagStatus: "plain",
  stoppedWallMs: "plain",
  meterStopWh: "plain",
  stopReason: "plain",
});

/** One row of `limits` is a record. */
export const LIMITS = new Table<LimitRecord>({
  chargePoint: "plain",
  connector: "plain",
  acceptedA: "plain",
  safeA: "plain",
  leaseUntilWallMs: "plain",
  baselineAccepted: "flag",
});

/** The statements of a store, as text. */
export const SQL = {
  sameStart: `SELECT ${TRANSACTIONS.columns} FROM transactions
    WHERE charge_point = ? AND connector = ? AND id_tag = ? AND started_wall_ms = ? AND ifnull(meter_start_wh, '') = ifnull(?, '')`,
  nextTransactionNumber: "UPDATE counters SET last = max(last, ?) + 1 WHERE name = 'transactionId' RETURNING last",
  insertTransaction: `INSERT INTO transactions
    (number, transaction_id, charge_point, connector, id_tag, started_wall_ms, meter_start_wh, id_tag_status)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  transaction: `SELECT ${TRANSACTIONS.columns} FROM transactions WHERE charge_point = ? AND transaction_id = ?`,
  stopTransaction: `UPDATE transactions SET stopped_wall_ms = ?, meter_stop_wh = ?, stop_reason = ?
    WHERE charge_point = ? AND transaction_id = ?`,
  insertStrayStop: "INSERT OR IGNORE INTO stray_stops VALUES (?, ?, ?, ?, ?)",
  openTransactions: `SELECT ${TRANSACTIONS.columns} FROM transactions
    WHERE charge_point = ? AND stopped_wall_ms IS NULL ORDER BY number DESC`,
  saveLimit: `INSERT OR REPLACE INTO limits (${LIMITS.columns}) VALUES (${LIMITS.marks})`,
  limits: "SELECT * FROM limits",
  saveDocument: "INSERT OR REPLACE INTO documents VALUES (?, ?)",
  document: "SELECT value FROM documents WHERE key = ?",
  documents: "SELECT key, value FROM documents WHERE substr(key, 1, length(?)) = ? ORDER BY key",
  ...TRANSACTION_PRUNE_SQL,
  ...LIMIT_COMMAND_SQL,
  ...ALARM_SQL,
  ...AUDIT_SQL,
  ...BADGE_SQL,
  ...AUTHORIZATION_SQL,
  ...STATION_KEY_SQL,
  ...SESSION_SQL,
  ...REPORT_SQL,
  ...RESERVATION_SQL,
  ...RESTORE_SQL,
  ...UPSTREAM_SQL,
  ...ERASURE_SQL,
} as const;

/** The statements of a store, prepared once. */
export type Statements = StatementsOf<typeof SQL>;

/** @throws when the database has another schema than the statements */
export function prepareStatements(database: SqlDatabase): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)] as const);
  return Object.fromEntries(prepared) as Statements;
}
