import type { Alarm } from "../alarm/types.ts";
import type { SqlStatement } from "./driver.ts";

/** An alarm as it is kept. `clearedWallMs`: null while it is raised. */
export interface AlarmRecord extends Alarm {
  /** Unique for ever: the same trouble raised again later is another one. */
  id: string;
  clearedWallMs: number | null;
}

/** The alarms of a site, raised and cleared. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface AlarmBook {
  /** Adds or replaces, by id, all in one write. */
  save(alarms: readonly AlarmRecord[]): void;
  /** Those that are raised, oldest first. */
  open(): AlarmRecord[];
  /** Those raised or cleared within a time (ms since 1970, both ends included): the newest so many, newest first. */
  find(range: { fromWallMs: number; toWallMs: number; most: number }): AlarmRecord[];
  /** Forgets those cleared before a time. */
  prune(beforeWallMs: number): void;
}

const COLUMNS =
  "id, key, source, severity, text, action, location, since_wall_ms, times, flapping, acknowledged, cleared_wall_ms";

/** The statements on the table of alarms. */
export const ALARM_SQL = {
  saveAlarm: `INSERT OR REPLACE INTO alarms (${COLUMNS}) VALUES (${COLUMNS.replace(/\w+/g, "?")})`,
  openAlarms: "SELECT * FROM alarms WHERE cleared_wall_ms IS NULL ORDER BY since_wall_ms, id",
  findAlarms: `SELECT * FROM alarms WHERE since_wall_ms <= ?2 AND (cleared_wall_ms IS NULL OR cleared_wall_ms >= ?1)
    ORDER BY since_wall_ms DESC, id DESC LIMIT ?3`,
  pruneAlarms: "DELETE FROM alarms WHERE cleared_wall_ms < ?",
} as const;

type Statements = Record<keyof typeof ALARM_SQL, SqlStatement>;

/**
 * The book on a database.
 * @param write runs a body in one durable transaction; @param read gives the statements; both throw when the database cannot be used
 */
export function alarmBook(
  write: <T>(what: string, body: (statements: Statements) => T) => T,
  read: () => Statements,
): AlarmBook {
  const what = "an alarm";
  return {
    save: (alarms) =>
      write(what, (statements) => {
        for (const alarm of alarms) statements.saveAlarm.run(...valuesOf(alarm));
      }),
    open: () => read().openAlarms.all().map(toAlarm),
    find: ({ fromWallMs, toWallMs, most }) =>
      read().findAlarms.all(Math.floor(fromWallMs), Math.ceil(toWallMs), most).map(toAlarm),
    prune: (beforeWallMs) =>
      write(what, (statements) => {
        statements.pruneAlarms.run(Math.floor(beforeWallMs));
      }),
  };
}

function valuesOf(alarm: AlarmRecord) {
  return [
    alarm.id,
    alarm.key,
    alarm.source,
    alarm.severity,
    alarm.text,
    alarm.action,
    alarm.location,
    Math.round(alarm.sinceWallMs),
    alarm.times,
    alarm.flapping ? 1 : 0,
    alarm.acknowledged && JSON.stringify(alarm.acknowledged),
    alarm.clearedWallMs === null ? null : Math.round(alarm.clearedWallMs),
  ] as const;
}

function toAlarm(row: Record<string, unknown>): AlarmRecord {
  const acknowledged = row["acknowledged"] as string | null;
  return {
    id: row["id"] as string,
    key: row["key"] as string,
    source: row["source"] as string,
    severity: row["severity"] as AlarmRecord["severity"],
    text: row["text"] as string,
    action: row["action"] as string,
    location: row["location"] as string | null,
    sinceWallMs: row["since_wall_ms"] as number,
    times: row["times"] as number,
    flapping: row["flapping"] === 1,
    acknowledged: acknowledged === null ? null : (JSON.parse(acknowledged) as AlarmRecord["acknowledged"]),
    clearedWallMs: row["cleared_wall_ms"] as number | null,
  };
}
