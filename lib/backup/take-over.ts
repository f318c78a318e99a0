/** Takes the records of one site's folder over into another's: when the nodes that named no site come to belong to one. */
import { randomUUID } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeFile, makeFolder, PRIVATE_FOLDER } from "../private-files.ts";
import { checkContent, checkFirst } from "../store/disk/copies.ts";
import { type SqlDatabase, sqlDriver } from "../store/disk/driver.ts";
import { migrate } from "../store/disk/schema.ts";
import { JOURNAL, journalOf } from "../store/journal/limit-journal.ts";
import { START_DOCUMENT } from "../store/journal/sparing-journal.ts";
import { LIMITS, SQL } from "../store/statements.ts";

const DATABASE = "ev-charging.sqlite";
/** Stay where they are: they are of use only beside their database. */
const STAYS = new RegExp(`^(${DATABASE.replace(".", "\\.")}.*|given-passwords.*|copies)$`);
/** End of the name of a folder whose records are in another one now. */
const TAKEN = "-taken-over";
/** What a database is known by once it was taken over. */
const OWN_NAME = "taken-over/self";
const takenName = (name: string) => `taken-over/${name}`;
const TREE = "plant/tree";

/** Whether a folder holds the records of a site. */
export function hasRecords(folder: string): boolean {
  return existsSync(join(folder, DATABASE));
}

/** What the last valid zone tree in a folder was made of. */
export interface KnownPlant {
  /** Node ids of its zones. */
  zones: string[];
  /** Identities of its charge points. */
  chargePoints: string[];
}

/** @throws errors of SQLite and of the disk */
export function plantIn(folder: string): KnownPlant {
  const database = openOld(join(folder, DATABASE));
  try {
    const row = database.prepare("SELECT value FROM documents WHERE key = ?").get(TREE);
    const tree = (row ? JSON.parse(row["value"] as string) : null) as {
      zones?: { nodeId: string }[];
      connectors?: { chargePoint: string }[];
    } | null;
    return {
      zones: (tree?.zones ?? []).map(({ nodeId }) => nodeId),
      chargePoints: [...new Set((tree?.connectors ?? []).map(({ chargePoint }) => chargePoint))],
    };
  } finally {
    database.close();
  }
}

/**
 * Brings all records and files of a folder into another one, once: neither folder's database may be open. The old folder stays as it
 * is, under another name. What both have is kept as the new one has it; of limits in force that both have, neither is believed, so that
 * these chargers count with their maximum until they are heard (safety.md S8). A process that ends on the way is no harm: the next
 * call goes on. Two reservations of one number: the old one gets another, and its charger is told anew.
 * @returns the new name of the old folder
 * @throws errors of SQLite and of the disk; then the old folder has its old name
 */
export function takeOver(from: string, to: string): string {
  makeFolder(to);
  for (const folder of [from, to]) takeJournal(join(folder, DATABASE));
  takeRecords(join(from, DATABASE), join(to, DATABASE));
  for (const name of readdirSync(from)) if (!STAYS.test(name)) moveInto(join(from, name), join(to, name));
  const kept = freeName(from + TAKEN);
  renameSync(from, kept);
  return kept;
}

/** What a process that was killed has left beside its database. */
function takeJournal(path: string): void {
  const { limits, documents } = journalOf(path);
  if (limits.length === 0 && documents.length === 0) return;
  const database = openOld(path);
  try {
    const saveLimit = database.prepare(SQL.saveLimit);
    const saveDocument = database.prepare(SQL.saveDocument);
    for (const limit of limits) saveLimit.run(...LIMITS.valuesOf(limit));
    for (const [key, value] of documents) saveDocument.run(key, JSON.stringify(value));
  } finally {
    database.close();
  }
  rmSync(path + JOURNAL, { force: true });
}

function takeRecords(from: string, to: string): void {
  const name = nameOf(from);
  if (existsSync(to)) checkContent(to);
  makeFile(to);
  const database = sqlDriver().open(to);
  try {
    database.exec("PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL");
    checkFirst(database, sqlDriver().alone);
    migrate(database);
    // Limits that a killed process has left in memory are not believed beside those of another folder.
    database.prepare("DELETE FROM documents WHERE key = ?").run(START_DOCUMENT);
    const known = database.prepare("SELECT 1 FROM documents WHERE key = ?").get(takenName(name));
    if (!known) merge(database, from, name);
  } finally {
    database.close();
  }
}

/** Of a database; given to it when it is asked for first. */
function nameOf(path: string): string {
  const database = openOld(path);
  try {
    const insert = database.prepare("INSERT OR IGNORE INTO documents VALUES (?, ?)");
    insert.run(OWN_NAME, JSON.stringify(randomUUID()));
    const row = database.prepare("SELECT value FROM documents WHERE key = ?").get(OWN_NAME);
    return JSON.parse(row?.["value"] as string) as string;
  } finally {
    database.close();
  }
}

function openOld(path: string): SqlDatabase {
  checkContent(path);
  const database = sqlDriver().open(path);
  try {
    database.exec("PRAGMA synchronous = FULL");
    checkFirst(database, sqlDriver().alone);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function merge(database: SqlDatabase, from: string, name: string): void {
  database.prepare("ATTACH ? AS old").run(from);
  try {
    database.exec("BEGIN IMMEDIATE");
    database.exec(MERGE);
    database.prepare("INSERT INTO documents VALUES (?, ?)").run(takenName(name), JSON.stringify(from));
    database.exec("COMMIT");
  } catch (error) {
    rollBack(database);
    throw error;
  } finally {
    database.exec("DETACH old");
  }
}

function rollBack(database: SqlDatabase): void {
  try {
    database.exec("ROLLBACK");
  } catch {
    // SQLite has done it by itself.
  }
}

const TRANSACTION = `transaction_id, charge_point, connector, id_tag, started_wall_ms, meter_start_wh, id_tag_status,
  stopped_wall_ms, meter_stop_wh, stop_reason`;
const LIMIT_COMMAND = `zone, source, scope, limit_a, power_w, hold_starts, reason, received_wall_ms, refused,
  allocated_wall_ms, accepted_wall_ms, measured_wall_ms, load_before_w, load_after_w, ended_wall_ms, end_kind`;
const SESSION = `charge_point, connector, zone, id_tag, user_name, comment, started_wall_ms, ended_wall_ms, seen_wall_ms,
  meter_start_wh, meter_stop_wh, energy_wh, energy_source, meter_kind, pv_share, charging_s, waiting_s, idle_s, limited_s,
  charge_type, socket_type, stop_reason, flags, memory, transaction_id, midnights`;
const RESERVATION = `ref, target, zone, id_tag, from_wall_ms, until_wall_ms, free_wall_ms, state, why, comment, by_whom,
  made_wall_ms, closed_wall_ms, place, told`;
const SESSION_SHIFT = "(SELECT last FROM main.counters WHERE name = 'closedSession')";
const BADGE_SHIFT = "(SELECT ifnull(max(id), 0) FROM main.badge_changes)";

/**
 * Sessions of the old database count as ended after those of the new one: what its reports have sent moves along. Whoever was told all
 * that the new one had counts as told of the old ones, too.
 */
const MERGE = `
  INSERT OR IGNORE INTO main.transactions (number, ${TRANSACTION})
    SELECT number, ${TRANSACTION} FROM old.transactions
    WHERE number NOT IN (SELECT number FROM main.transactions);
  INSERT OR IGNORE INTO main.transactions (${TRANSACTION})
    SELECT ${TRANSACTION} FROM old.transactions AS o
    WHERE NOT EXISTS (SELECT 1 FROM main.transactions AS m
      WHERE m.charge_point = o.charge_point AND m.transaction_id = o.transaction_id)
    ORDER BY number;
  INSERT OR IGNORE INTO main.stray_stops SELECT * FROM old.stray_stops;
  UPDATE main.counters SET last = max(last, (SELECT last FROM old.counters WHERE name = 'transactionId'),
      (SELECT ifnull(max(number), 0) FROM main.transactions))
    WHERE name = 'transactionId';

  CREATE TEMP TABLE both_limits AS
    SELECT charge_point, connector FROM main.limits INTERSECT SELECT charge_point, connector FROM old.limits;
  INSERT OR IGNORE INTO main.limits SELECT * FROM old.limits;
  DELETE FROM main.limits WHERE (charge_point, connector) IN (SELECT charge_point, connector FROM both_limits);
  DROP TABLE both_limits;

  DELETE FROM main.documents WHERE key = '${TREE}' AND ifnull(json_array_length(value, '$.zones'), 0) = 0
    AND EXISTS (SELECT 1 FROM old.documents WHERE key = '${TREE}');
  INSERT OR IGNORE INTO main.documents SELECT * FROM old.documents WHERE key <> '${OWN_NAME}';

  INSERT INTO main.limit_commands (${LIMIT_COMMAND}) SELECT ${LIMIT_COMMAND} FROM old.limit_commands ORDER BY id;

  DELETE FROM main.station_keys WHERE changed_wall_ms <
    (SELECT o.changed_wall_ms FROM old.station_keys AS o WHERE o.charge_point = station_keys.charge_point);
  INSERT OR IGNORE INTO main.station_keys SELECT * FROM old.station_keys;

  UPDATE main.counters SET last = last + (SELECT last FROM old.counters WHERE name = 'badgeList') + 1
    WHERE name = 'badgeList' AND EXISTS (SELECT 1 FROM old.badges);
  INSERT OR IGNORE INTO main.badges SELECT * FROM old.badges;
  INSERT INTO main.badge_change_parts SELECT change + ${BADGE_SHIFT}, part, detail FROM old.badge_change_parts;
  INSERT INTO main.badge_change_work SELECT change + ${BADGE_SHIFT}, part, undo FROM old.badge_change_work;
  INSERT INTO main.badge_changes
    SELECT id + ${BADGE_SHIFT}, changed_wall_ms, what, by_whom, detail FROM old.badge_changes;
  INSERT INTO main.authorizations
      (wall_ms, charge_point, connector, id_tag, badge, reason, rule, status, text, took_ms)
    SELECT wall_ms, charge_point, connector, id_tag, badge, reason, rule, status, text, took_ms
    FROM old.authorizations ORDER BY id;

  INSERT OR IGNORE INTO main.sessions (id, closed_number, ${SESSION})
    SELECT id, closed_number + ${SESSION_SHIFT}, ${SESSION} FROM old.sessions ORDER BY number;
  INSERT INTO main.session_corrections (session, closed_number, wall_ms, was)
    SELECT session, closed_number + ${SESSION_SHIFT}, wall_ms, was FROM old.session_corrections ORDER BY number;
  UPDATE main.report_destinations SET mark = mark + (SELECT last FROM old.counters WHERE name = 'closedSession')
    WHERE mark >= ${SESSION_SHIFT};
  INSERT OR IGNORE INTO main.report_destinations
    SELECT key, mark + ${SESSION_SHIFT}, due_wall_ms, acknowledges FROM old.report_destinations;
  INSERT OR IGNORE INTO main.reports
    SELECT id, destination, after_closed + ${SESSION_SHIFT}, up_to_closed + ${SESSION_SHIFT}, from_wall_ms, to_wall_ms,
      created_wall_ms, tries, next_wall_ms, state, error, done_wall_ms FROM old.reports;
  UPDATE main.counters SET last = last + (SELECT last FROM old.counters WHERE name = 'closedSession')
    WHERE name = 'closedSession';

  CREATE TEMP TABLE other_reservations AS SELECT o.id FROM old.reservations AS o JOIN main.reservations AS m ON m.id = o.id
    WHERE m.made_wall_ms <> o.made_wall_ms OR m.id_tag <> o.id_tag;
  INSERT OR IGNORE INTO main.reservations (id, ${RESERVATION}) SELECT id, ${RESERVATION} FROM old.reservations;
  INSERT INTO main.reservations (${RESERVATION})
    SELECT ref, target, zone, id_tag, from_wall_ms, until_wall_ms, free_wall_ms, iif(state = 'held', 'booked', state), why,
      comment, by_whom, made_wall_ms, closed_wall_ms, iif(state = 'held', target, place), '[]'
    FROM old.reservations WHERE id IN (SELECT id FROM other_reservations) ORDER BY id;
  DROP TABLE other_reservations;

  INSERT OR IGNORE INTO main.alarms SELECT * FROM old.alarms;
  INSERT INTO main.audit (wall_ms, user, by_whom, role, what, reason, allowed)
    SELECT wall_ms, user, by_whom, role, what, reason, allowed FROM old.audit ORDER BY id;

  INSERT INTO main.restore_parts (kind, items) SELECT kind, items FROM old.restore_parts
    WHERE EXISTS (SELECT 1 FROM old.restore_decided) AND NOT EXISTS (SELECT 1 FROM main.restore_parts) ORDER BY part;
  INSERT OR IGNORE INTO main.restore_decided SELECT * FROM old.restore_decided;
`;

/** A file that is there already stays; folders are joined. Across disks it is copied. */
function moveInto(from: string, to: string): void {
  if (existsSync(to)) {
    if (!statSync(from).isDirectory() || !statSync(to).isDirectory()) return;
    for (const name of readdirSync(from)) moveInto(join(from, name), join(to, name));
    return;
  }
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as { code?: string }).code !== "EXDEV") throw error;
    if (statSync(from).isDirectory()) mkdirSync(to, { mode: PRIVATE_FOLDER });
    cpSync(from, to, { recursive: true, force: false, preserveTimestamps: true });
  }
}

function freeName(path: string): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? path : `${path}-${number}`;
    if (!existsSync(name)) return name;
  }
}
