import type { Alarm } from "../../alarm-types.ts";
import { type Access, type StatementsOf, Table } from "./table.ts";

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

const ALARMS = new Table<AlarmRecord>({
  id: "plain",
  key: "plain",
  source: "plain",
  severity: "plain",
  text: "plain",
  action: "plain",
  location: "plain",
  sinceWallMs: "time",
  times: "plain",
  flapping: "flag",
  acknowledged: "json",
  clearedWallMs: "time",
});

/** The statements on the table of alarms. */
export const ALARM_SQL = {
  saveAlarm: `INSERT OR REPLACE INTO alarms (${ALARMS.columns}) VALUES (${ALARMS.marks})`,
  openAlarms: "SELECT * FROM alarms WHERE cleared_wall_ms IS NULL ORDER BY since_wall_ms, id",
  findAlarms: `SELECT * FROM alarms WHERE since_wall_ms <= ?2 AND (cleared_wall_ms IS NULL OR cleared_wall_ms >= ?1)
    ORDER BY since_wall_ms DESC, id DESC LIMIT ?3`,
  pruneAlarms: "DELETE FROM alarms WHERE cleared_wall_ms < ?",
} as const;

type Statements = StatementsOf<typeof ALARM_SQL>;

/** The book on a database. */
export function alarmBook({ write, read }: Access<Statements>): AlarmBook {
  const what = "an alarm";
  return {
    save: (alarms) =>
      write(what, (statements) => {
        for (const alarm of alarms) statements.saveAlarm.run(...ALARMS.valuesOf(alarm));
      }),
    open: () =>
      read()
        .openAlarms.all()
        .map((row) => ALARMS.recordOf(row)),
    find: ({ fromWallMs, toWallMs, most }) =>
      read()
        .findAlarms.all(Math.floor(fromWallMs), Math.ceil(toWallMs), most)
        .map((row) => ALARMS.recordOf(row)),
    prune: (beforeWallMs) =>
      write(what, (statements) => {
        statements.pruneAlarms.run(Math.floor(beforeWallMs));
      }),
  };
}
