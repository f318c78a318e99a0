import type { DatabaseSync } from "node:sqlite";

/**
 * The database's history: entry n brings a database of version n to version n + 1.
 * An entry that was released is never changed; a new need is a new entry.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE transactions (
    transaction_id   INTEGER PRIMARY KEY,
    charge_point     TEXT    NOT NULL,
    connector        INTEGER NOT NULL,
    id_tag           TEXT    NOT NULL,
    started_wall_ms  INTEGER NOT NULL,
    meter_start_wh   REAL,
    id_tag_status    TEXT    NOT NULL,
    stopped_wall_ms  INTEGER,
    meter_stop_wh    REAL,
    stop_reason      TEXT
  ) STRICT;
  CREATE UNIQUE INDEX transactions_by_content
    ON transactions (charge_point, connector, id_tag, started_wall_ms, ifnull(meter_start_wh, ''));
  CREATE INDEX transactions_open ON transactions (charge_point, transaction_id) WHERE stopped_wall_ms IS NULL;

  CREATE TABLE stray_stops (
    charge_point     TEXT    NOT NULL,
    transaction_id   INTEGER NOT NULL,
    stopped_wall_ms  INTEGER NOT NULL,
    meter_stop_wh    REAL,
    stop_reason      TEXT    NOT NULL,
    PRIMARY KEY (charge_point, transaction_id, stopped_wall_ms)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE counters (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO counters VALUES ('transactionId', 0);

  CREATE TABLE limits (
    charge_point        TEXT    NOT NULL,
    connector           INTEGER NOT NULL,
    accepted_a          REAL    NOT NULL,
    safe_a              REAL    NOT NULL,
    lease_until_wall_ms INTEGER,
    baseline_accepted   INTEGER NOT NULL,
    PRIMARY KEY (charge_point, connector)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE documents (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE limit_commands (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,
    zone              TEXT    NOT NULL,
    source            TEXT    NOT NULL,
    scope             TEXT    NOT NULL,
    limit_a           REAL,
    power_w           REAL,
    hold_starts       INTEGER NOT NULL,
    reason            TEXT    NOT NULL,
    received_wall_ms  INTEGER NOT NULL,
    refused           TEXT,
    allocated_wall_ms INTEGER,
    accepted_wall_ms  INTEGER,
    measured_wall_ms  INTEGER,
    load_before_w     REAL,
    load_after_w      REAL,
    ended_wall_ms     INTEGER,
    end_kind          TEXT
  ) STRICT;
  CREATE INDEX limit_commands_by_time ON limit_commands (received_wall_ms);
  CREATE INDEX limit_commands_open ON limit_commands (id) WHERE ended_wall_ms IS NULL;
  `,
];

/**
 * Brings a database up to the newest version, each step in a transaction of its own.
 * @throws when the database was written by a newer release, or is no database
 */
export function migrate(database: DatabaseSync, migrations: readonly string[] = MIGRATIONS): void {
  database.exec("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT");
  const row = database.prepare("SELECT version FROM schema_version").get() as { version: number } | undefined;
  const from = row?.version ?? 0;
  if (from > migrations.length) {
    throw new Error(
      `it has schema version ${from}, written by a newer release; this one knows up to ${migrations.length}`,
    );
  }
  if (!row) database.exec("INSERT INTO schema_version VALUES (0)");
  for (let version = from; version < migrations.length; version++) {
    database.exec(
      `BEGIN IMMEDIATE; ${migrations[version]}; UPDATE schema_version SET version = ${version + 1}; COMMIT`,
    );
  }
}
