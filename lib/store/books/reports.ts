import { type Access, type StatementsOf, Table, type TableRow } from "./table.ts";

const REPORTS = new Table<ReportRecord>({
  id: "plain",
  destination: "plain",
  afterClosed: "plain",
  upToClosed: "plain",
  fromWallMs: "time",
  toWallMs: "time",
  createdWallMs: "time",
  tries: "plain",
  nextWallMs: "time",
  state: "plain",
  error: "plain",
  doneWallMs: "time",
});

/** The statements on the tables of reports. */
export const REPORT_SQL = {
  reportDestination: "SELECT * FROM report_destinations WHERE key = ?",
  saveReportDestination: "INSERT OR REPLACE INTO report_destinations VALUES (?, ?, ?, ?)",
  moveReportDestination: "UPDATE report_destinations SET mark = max(mark, ?), due_wall_ms = ? WHERE key = ?",
  saveReport: `INSERT OR REPLACE INTO reports (${REPORTS.columns}) VALUES (${REPORTS.marks})`,
  waitingReports: "SELECT * FROM reports WHERE destination = ? AND state = 'waiting' ORDER BY created_wall_ms, id",
  report: "SELECT * FROM reports WHERE id = ?",
  reportHolding: `SELECT 1 AS found FROM reports
    WHERE destination = ?1 AND state <> 'givenUp' AND after_closed < ?2 AND up_to_closed >= ?2 LIMIT 1`,
  newestReports: "SELECT * FROM reports WHERE destination = ? ORDER BY created_wall_ms DESC, id DESC LIMIT ?",
} as const;

type Statements = StatementsOf<typeof REPORT_SQL>;

/** The book on a database. */
export function reportBook({ write, read }: Access<Statements>): ReportBook {
  const what = "a report";
  return {
    destination: (key) => toDestination(read().reportDestination.get(key)),
    saveDestination: (key, { mark, dueWallMs, acknowledges }) =>
      write(what, (statements) => {
        statements.saveReportDestination.run(key, mark, Math.round(dueWallMs), acknowledges ? 1 : 0);
      }),
    add: (report, dueWallMs) =>
      write(what, (statements) => {
        statements.saveReport.run(...REPORTS.valuesOf(report));
        statements.moveReportDestination.run(report.upToClosed, Math.round(dueWallMs), report.destination);
      }),
    save: (report) =>
      write(what, (statements) => {
        statements.saveReport.run(...REPORTS.valuesOf(report));
      }),
    waiting: (destination) =>
      read()
        .waitingReports.all(destination)
        .map((row) => REPORTS.recordOf(row)),
    get: (id) => {
      const row = read().report.get(id);
      return row ? REPORTS.recordOf(row) : null;
    },
    holds: (destination, closedNumber) => read().reportHolding.get(destination, closedNumber) !== undefined,
    newest: (destination, most) =>
      read()
        .newestReports.all(destination, most)
        .map((row) => REPORTS.recordOf(row)),
  };
}

function toDestination(row: TableRow | undefined): ReportDestination | null {
  if (!row) return null;
  return {
    mark: row["mark"] as number,
    dueWallMs: row["due_wall_ms"] as number,
    acknowledges: row["acknowledges"] === 1,
  };
}

/** How far the reports to one destination have come. */
export interface ReportDestination {
  /** The highest closed number of a session that a report took. */
  mark: number;
  /** The last time at which a report was due, ms since 1970. */
  dueWallMs: number;
  /** It has acknowledged a report once. */
  acknowledges: boolean;
}

/** One report and what became of it. Wall times are ms since 1970. */
export interface ReportRecord {
  id: string;
  destination: string;
  /** It holds the sessions with a closed number behind the one, up to the other. */
  afterClosed: number;
  upToClosed: number;
  /** The time it reports on; sessions that became known late may have ended before. */
  fromWallMs: number;
  toWallMs: number;
  createdWallMs: number;
  tries: number;
  /** When it is tried next; null once it is sent or given up. */
  nextWallMs: number | null;
  state: "waiting" | "sent" | "givenUp";
  /** Of the last try; null = none. */
  error: string | null;
  doneWallMs: number | null;
}

/** Reports and their destinations. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface ReportBook {
  destination(key: string): ReportDestination | null;
  saveDestination(key: string, destination: ReportDestination): void;
  /** Keeps a new report and moves its destination's marks, both or none. */
  add(report: ReportRecord, dueWallMs: number): void;
  save(report: ReportRecord): void;
  /** Those that are neither sent nor given up, oldest first. */
  waiting(destination: string): ReportRecord[];
  get(id: string): ReportRecord | null;
  /** Whether a report to a destination that was sent, or waits, holds the session of this closed number. */
  holds(destination: string, closedNumber: number): boolean;
  /** The newest so many, newest first. */
  newest(destination: string, most: number): ReportRecord[];
}
