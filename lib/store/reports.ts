import type { SqlStatement } from "./driver.ts";
import type { ReportBook, ReportDestination, ReportRecord } from "./report-types.ts";

const COLUMNS = {
  id: "id",
  destination: "destination",
  afterClosed: "after_closed",
  upToClosed: "up_to_closed",
  fromWallMs: "from_wall_ms",
  toWallMs: "to_wall_ms",
  createdWallMs: "created_wall_ms",
  tries: "tries",
  nextWallMs: "next_wall_ms",
  state: "state",
  error: "error",
  doneWallMs: "done_wall_ms",
} as const satisfies Record<keyof ReportRecord, string>;

const FIELDS = Object.keys(COLUMNS) as (keyof ReportRecord)[];
const NAMES = Object.values(COLUMNS).join(", ");

/** The statements on the tables of reports. */
export const REPORT_SQL = {
  reportDestination: "SELECT * FROM report_destinations WHERE key = ?",
  saveReportDestination: "INSERT OR REPLACE INTO report_destinations VALUES (?, ?, ?, ?)",
  moveReportDestination: "UPDATE report_destinations SET mark = max(mark, ?), due_wall_ms = ? WHERE key = ?",
  saveReport: `INSERT OR REPLACE INTO reports (${NAMES}) VALUES (${FIELDS.map(() => "?").join(", ")})`,
  waitingReports: "SELECT * FROM reports WHERE destination = ? AND state = 'waiting' ORDER BY created_wall_ms, id",
  report: "SELECT * FROM reports WHERE id = ?",
  reportHolding: `SELECT 1 AS found FROM reports
    WHERE destination = ?1 AND state <> 'givenUp' AND after_closed < ?2 AND up_to_closed >= ?2 LIMIT 1`,
  newestReports: "SELECT * FROM reports WHERE destination = ? ORDER BY created_wall_ms DESC, id DESC LIMIT ?",
} as const;

type Statements = Record<keyof typeof REPORT_SQL, SqlStatement>;

/**
 * The book on a database.
 * @param write runs a body in one durable transaction; @param read gives the statements; both throw when the database cannot be used
 */
export function reportBook(
  write: <T>(what: string, body: (statements: Statements) => T) => T,
  read: () => Statements,
): ReportBook {
  const what = "a report";
  return {
    destination: (key) => toDestination(read().reportDestination.get(key)),
    saveDestination: (key, { mark, dueWallMs, acknowledges }) =>
      write(what, (statements) => {
        statements.saveReportDestination.run(key, mark, Math.round(dueWallMs), acknowledges ? 1 : 0);
      }),
    add: (report, dueWallMs) =>
      write(what, (statements) => {
        statements.saveReport.run(...valuesOf(report));
        statements.moveReportDestination.run(report.upToClosed, Math.round(dueWallMs), report.destination);
      }),
    save: (report) =>
      write(what, (statements) => {
        statements.saveReport.run(...valuesOf(report));
      }),
    waiting: (destination) => read().waitingReports.all(destination).map(toReport),
    get: (id) => {
      const row = read().report.get(id);
      return row ? toReport(row) : null;
    },
    holds: (destination, closedNumber) => read().reportHolding.get(destination, closedNumber) !== undefined,
    newest: (destination, most) => read().newestReports.all(destination, most).map(toReport),
  };
}

function valuesOf(report: ReportRecord) {
  return FIELDS.map((field) => {
    const value = report[field];
    return typeof value === "number" ? Math.round(value) : value;
  });
}

type Row = Record<string, unknown>;

function toReport(row: Row): ReportRecord {
  return Object.fromEntries(FIELDS.map((field) => [field, row[COLUMNS[field]]])) as unknown as ReportRecord;
}

function toDestination(row: Row | undefined): ReportDestination | null {
  if (!row) return null;
  return {
    mark: row["mark"] as number,
    dueWallMs: row["due_wall_ms"] as number,
    acknowledges: row["acknowledges"] === 1,
  };
}
