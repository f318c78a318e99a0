import type { SqlDatabase } from "./driver.ts";

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
  `
  CREATE TABLE station_keys (
    charge_point    TEXT PRIMARY KEY,
    accepted        TEXT,
    pending         TEXT    NOT NULL,
    replaced        TEXT,
    changed_wall_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE badges (
    id_tag          TEXT PRIMARY KEY,
    type            TEXT    NOT NULL,
    comment         TEXT    NOT NULL,
    parent_id_tag   TEXT,
    expires_wall_ms INTEGER,
    blocked         INTEGER NOT NULL,
    charge_points   TEXT    NOT NULL,
    connectors      TEXT    NOT NULL,
    zones           TEXT    NOT NULL,
    max_concurrent  INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE badge_changes (
    id              INTEGER PRIMARY KEY,
    changed_wall_ms INTEGER NOT NULL,
    what            TEXT    NOT NULL,
    by_whom         TEXT    NOT NULL,
    detail          TEXT    NOT NULL
  ) STRICT;
  INSERT INTO counters VALUES ('badgeList', 0);

  CREATE TABLE authorizations (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    wall_ms         INTEGER NOT NULL,
    charge_point    TEXT    NOT NULL,
    connector       INTEGER NOT NULL,
    id_tag          TEXT    NOT NULL,
    badge           TEXT,
    reason          TEXT    NOT NULL,
    rule            TEXT    NOT NULL,
    status          TEXT    NOT NULL,
    text            TEXT    NOT NULL,
    took_ms         REAL    NOT NULL
  ) STRICT;
  CREATE INDEX authorizations_by_time ON authorizations (wall_ms);
  `,
  `
  CREATE TABLE sessions (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT    NOT NULL UNIQUE,
    closed_number   INTEGER,
    charge_point    TEXT    NOT NULL,
    connector       INTEGER NOT NULL,
    zone            TEXT,
    transaction_id  INTEGER,
    id_tag          TEXT,
    user_name       TEXT,
    comment         TEXT,
    started_wall_ms INTEGER NOT NULL,
    ended_wall_ms   INTEGER,
    seen_wall_ms    INTEGER NOT NULL,
    meter_start_wh  REAL,
    meter_stop_wh   REAL,
    energy_wh       REAL,
    energy_source   TEXT,
    meter_kind      TEXT,
    pv_share        REAL,
    charging_s      REAL    NOT NULL,
    waiting_s       REAL    NOT NULL,
    idle_s          REAL    NOT NULL,
    limited_s       REAL    NOT NULL,
    charge_type     TEXT,
    socket_type     TEXT,
    stop_reason     TEXT,
    flags           TEXT    NOT NULL,
    memory          TEXT
  ) STRICT;
  CREATE INDEX sessions_by_start ON sessions (started_wall_ms, number);
  CREATE INDEX sessions_by_transaction ON sessions (charge_point, transaction_id);
  CREATE UNIQUE INDEX sessions_by_end ON sessions (closed_number) WHERE closed_number IS NOT NULL;
  CREATE INDEX sessions_open ON sessions (number) WHERE ended_wall_ms IS NULL;
  INSERT INTO counters VALUES ('closedSession', 0);

  CREATE TABLE report_destinations (
    key          TEXT PRIMARY KEY,
    mark         INTEGER NOT NULL,
    due_wall_ms  INTEGER NOT NULL,
    acknowledges INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE reports (
    id              TEXT PRIMARY KEY,
    destination     TEXT    NOT NULL,
    after_closed    INTEGER NOT NULL,
    up_to_closed    INTEGER NOT NULL,
    from_wall_ms    INTEGER NOT NULL,
    to_wall_ms      INTEGER NOT NULL,
    created_wall_ms INTEGER NOT NULL,
    tries           INTEGER NOT NULL,
    next_wall_ms    INTEGER,
    state           TEXT    NOT NULL,
    error           TEXT,
    done_wall_ms    INTEGER
  ) STRICT;
  CREATE INDEX reports_by_destination ON reports (destination, created_wall_ms);
  `,
  `
  CREATE TABLE alarms (
    id              TEXT PRIMARY KEY,
    key             TEXT    NOT NULL,
    source          TEXT    NOT NULL,
    severity        TEXT    NOT NULL,
    text            TEXT    NOT NULL,
    action          TEXT    NOT NULL,
    location        TEXT,
    since_wall_ms   INTEGER NOT NULL,
    times           INTEGER NOT NULL,
    flapping        INTEGER NOT NULL,
    acknowledged    TEXT,
    cleared_wall_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX alarms_by_time ON alarms (since_wall_ms);
  CREATE INDEX alarms_open ON alarms (since_wall_ms) WHERE cleared_wall_ms IS NULL;
  `,
  `
  CREATE TABLE audit (
    id      INTEGER PRIMARY KEY,
    wall_ms INTEGER NOT NULL,
    user    TEXT,
    by_whom TEXT,
    role    TEXT    NOT NULL,
    what    TEXT    NOT NULL,
    reason  TEXT,
    allowed INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX audit_by_time ON audit (wall_ms);
  `,
  `
  CREATE TABLE session_corrections (
    number        INTEGER PRIMARY KEY,
    session       TEXT    NOT NULL,
    closed_number INTEGER NOT NULL,
    wall_ms       INTEGER NOT NULL,
    was           TEXT    NOT NULL
  ) STRICT;
  CREATE INDEX corrections_by_session ON session_corrections (session, number);
  CREATE INDEX corrections_by_time ON session_corrections (wall_ms);
  `,
  `
  CREATE TABLE badge_change_parts (
    change INTEGER NOT NULL,
    part   INTEGER NOT NULL,
    detail TEXT    NOT NULL,
    PRIMARY KEY (change, part)
  ) STRICT;
  CREATE TABLE badge_change_work (
    change INTEGER NOT NULL,
    part   INTEGER NOT NULL,
    undo   INTEGER NOT NULL,
    PRIMARY KEY (change, part)
  ) STRICT, WITHOUT ROWID;
  `,
  // The last day of a badge as it was given: when it ends is a matter of the site's clock. Moments that are stored stay what they are.
  "ALTER TABLE badges ADD COLUMN expires_day TEXT",
  `
  CREATE TABLE restore_parts (
    part  INTEGER PRIMARY KEY,
    kind  TEXT NOT NULL,
    items TEXT NOT NULL
  ) STRICT;
  CREATE TABLE restore_decided (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    by_whom TEXT NOT NULL
  ) STRICT;
  `,
  // Ids of transactions are text, and each charge point has its own. `number` counts all of them, in the order in which they were recorded.
  `
  ALTER TABLE transactions RENAME COLUMN transaction_id TO number;
  ALTER TABLE transactions ADD COLUMN transaction_id TEXT NOT NULL DEFAULT '';
  UPDATE transactions SET transaction_id = CAST(number AS TEXT);
  CREATE UNIQUE INDEX transactions_by_id ON transactions (charge_point, transaction_id);

  ALTER TABLE stray_stops RENAME TO numbered_stops;
  CREATE TABLE stray_stops (
    charge_point     TEXT    NOT NULL,
    transaction_id   TEXT    NOT NULL,
    stopped_wall_ms  INTEGER NOT NULL,
    meter_stop_wh    REAL,
    stop_reason      TEXT    NOT NULL,
    PRIMARY KEY (charge_point, transaction_id, stopped_wall_ms)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO stray_stops SELECT charge_point, CAST(transaction_id AS TEXT), stopped_wall_ms, meter_stop_wh, stop_reason
    FROM numbered_stops;
  DROP TABLE numbered_stops;

  DROP INDEX sessions_by_transaction;
  ALTER TABLE sessions RENAME COLUMN transaction_id TO transaction_number;
  ALTER TABLE sessions ADD COLUMN transaction_id TEXT;
  UPDATE sessions SET transaction_id = CAST(transaction_number AS TEXT);
  ALTER TABLE sessions DROP COLUMN transaction_number;
  CREATE INDEX sessions_by_transaction ON sessions (charge_point, transaction_id);
  UPDATE session_corrections SET was = json_set(was, '$.transactionId', CAST(was ->> 'transactionId' AS TEXT));
  `,
  // What is reported to back ends: how far each has come, what is in its books, what waits.
  `
  CREATE TABLE upstream_marks (
    back_end     TEXT    NOT NULL,
    charge_point TEXT    NOT NULL,
    number       INTEGER NOT NULL,
    PRIMARY KEY (back_end, charge_point)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE upstream_books (
    back_end        TEXT    NOT NULL,
    session         TEXT    NOT NULL,
    charge_point    TEXT    NOT NULL,
    connector       INTEGER NOT NULL,
    started_wall_ms INTEGER NOT NULL,
    ended_wall_ms   INTEGER,
    state           TEXT    NOT NULL,
    perhaps_twice   INTEGER NOT NULL,
    transaction_id  INTEGER,
    start           TEXT    NOT NULL,
    stop            TEXT,
    energy_wh       REAL,
    reason          TEXT,
    changed_wall_ms INTEGER NOT NULL,
    PRIMARY KEY (back_end, session)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX upstream_books_by_start ON upstream_books (started_wall_ms);
  CREATE INDEX upstream_books_by_transaction ON upstream_books (back_end, charge_point, transaction_id);
  CREATE INDEX upstream_books_open ON upstream_books (back_end, charge_point) WHERE stop IS NULL;
  CREATE INDEX upstream_books_refused ON upstream_books (back_end) WHERE state = 'refused';

  CREATE TABLE upstream_queue (
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    back_end     TEXT    NOT NULL,
    charge_point TEXT    NOT NULL,
    session      TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    wall_ms      INTEGER NOT NULL,
    sample       TEXT,
    sent         INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX upstream_queue_in_order ON upstream_queue (back_end, charge_point, number);
  CREATE INDEX upstream_queue_backlog ON upstream_queue (back_end, wall_ms) WHERE kind <> 'sample';
  CREATE INDEX upstream_queue_samples ON upstream_queue (back_end, charge_point, number) WHERE kind = 'sample';
  CREATE INDEX upstream_queue_by_session ON upstream_queue (back_end, session);
  CREATE INDEX sessions_by_charge_point ON sessions (charge_point, number);
  `,
  // What sessions had charged around the midnights that they lasted over, so that their energy is shared out among the days.
  `
  ALTER TABLE sessions ADD COLUMN midnights TEXT;
  CREATE INDEX sessions_long ON sessions (ended_wall_ms) WHERE ended_wall_ms - started_wall_ms > 172800000;
  `,
  // Connectors that are kept for badges. Numbers begin far above those that flows give to ReserveNow themselves.
  `
  CREATE TABLE reservations (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    ref             TEXT,
    target          TEXT,
    zone            TEXT,
    id_tag          TEXT    NOT NULL,
    from_wall_ms    INTEGER NOT NULL,
    until_wall_ms   INTEGER NOT NULL,
    free_wall_ms    INTEGER NOT NULL,
    state           TEXT    NOT NULL,
    why             TEXT,
    comment         TEXT    NOT NULL,
    by_whom         TEXT    NOT NULL,
    made_wall_ms    INTEGER NOT NULL,
    closed_wall_ms  INTEGER,
    place           TEXT,
    told            TEXT    NOT NULL
  ) STRICT;
  CREATE INDEX reservations_by_end ON reservations (until_wall_ms);
  CREATE INDEX reservations_open ON reservations (id) WHERE closed_wall_ms IS NULL;
  INSERT INTO sqlite_sequence VALUES ('reservations', 100000);
  `,
];

/**
 * Brings a database up to the newest version, each step in a transaction of its own.
 * @throws when the database was written by a newer release, or is no database
 */
export function migrate(database: SqlDatabase, migrations: readonly string[] = MIGRATIONS): void {
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
