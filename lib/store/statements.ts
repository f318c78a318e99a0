import { ALARM_SQL } from "./alarms.ts";
import { AUDIT_SQL } from "./audit.ts";
import { AUTHORIZATION_SQL } from "./authorizations.ts";
import { BADGE_SQL } from "./badges.ts";
import type { SqlDatabase, SqlStatement } from "./driver.ts";
import { LIMIT_COMMAND_SQL } from "./limit-commands.ts";
import { REPORT_SQL } from "./reports.ts";
import { RESTORE_SQL } from "./restores.ts";
import { SESSION_SQL } from "./sessions.ts";
import { STATION_KEY_SQL } from "./station-keys.ts";
import { TRANSACTION_PRUNE_SQL } from "./transaction-prune.ts";
import type { LimitRecord, TransactionRecord } from "./types.ts";

const TRANSACTION_COLUMNS =
  "transaction_id, charge_point, connector, id_tag, started_wall_ms, meter_start_wh, id_tag_status, stopped_wall_ms, meter_stop_wh, stop_reason";

const SQL = {
  sameStart: `SELECT ${TRANSACTION_COLUMNS} FROM transactions
    WHERE charge_point = ? AND connector = ? AND id_tag = ? AND started_wall_ms = ? AND ifnull(meter_start_wh, '') = ifnull(?, '')`,
  nextTransactionNumber: "UPDATE counters SET last = max(last, ?) + 1 WHERE name = 'transactionId' RETURNING last",
  insertTransaction: `INSERT INTO transactions
    (number, transaction_id, charge_point, connector, id_tag, started_wall_ms, meter_start_wh, id_tag_status)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  transaction: `SELECT ${TRANSACTION_COLUMNS} FROM transactions WHERE charge_point = ? AND transaction_id = ?`,
  stopTransaction: `UPDATE transactions SET stopped_wall_ms = ?, meter_stop_wh = ?, stop_reason = ?
    WHERE charge_point = ? AND transaction_id = ?`,
  insertStrayStop: "INSERT OR IGNORE INTO stray_stops VALUES (?, ?, ?, ?, ?)",
  openTransactions: `SELECT ${TRANSACTION_COLUMNS} FROM transactions
    WHERE charge_point = ? AND stopped_wall_ms IS NULL ORDER BY number DESC`,
  saveLimit: "INSERT OR REPLACE INTO limits VALUES (?, ?, ?, ?, ?, ?)",
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
  ...RESTORE_SQL,
} as const;

/** The statements of a store, prepared once. */
export type Statements = Record<keyof typeof SQL, SqlStatement>;

type Row = Record<string, unknown>;

/** @throws when the database has another schema than the statements */
export function prepareStatements(database: SqlDatabase): Statements {
  const prepared = Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)] as const);
  return Object.fromEntries(prepared) as Statements;
}

/** One row of `transactions` as a record. */
export function toTransaction(row: Row): TransactionRecord {
  return {
    transactionId: row["transaction_id"] as string,
    chargePoint: row["charge_point"] as string,
    connector: row["connector"] as number,
    idTag: row["id_tag"] as string,
    startedWallMs: row["started_wall_ms"] as number,
    meterStartWh: row["meter_start_wh"] as number | null,
    idTagStatus: row["id_tag_status"] as string,
    stoppedWallMs: row["stopped_wall_ms"] as number | null,
    meterStopWh: row["meter_stop_wh"] as number | null,
    stopReason: row["stop_reason"] as string | null,
  };
}

/** One row of `limits` as a record. */
export function toLimit(row: Row): LimitRecord {
  return {
    chargePoint: row["charge_point"] as string,
    connector: row["connector"] as number,
    acceptedA: row["accepted_a"] as number,
    safeA: row["safe_a"] as number,
    leaseUntilWallMs: row["lease_until_wall_ms"] as number | null,
    baselineAccepted: row["baseline_accepted"] === 1,
  };
}
