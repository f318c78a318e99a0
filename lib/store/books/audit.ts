import { type Access, type StatementsOf, Table } from "./table.ts";

/** One attempt to change something. Wall time is ms since 1970. */
export interface AuditRecord {
  wallMs: number;
  /** Of the dashboard or the editor's server; null = a flow. */
  user: string | null;
  /** Who did it, in the sender's words, or the node that it came to. */
  by: string | null;
  role: string;
  what: string;
  reason: string | null;
  allowed: boolean;
}

/** Within a time (both ends included), the newest so many. */
export interface AuditRange {
  fromWallMs: number;
  toWallMs: number;
  most: number;
}

/** The log of commands. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface AuditBook {
  add(entry: AuditRecord): void;
  /** Newest first. */
  find(range: AuditRange): AuditRecord[];
  /** Forgets what is older, and all but the newest so many. */
  prune(beforeWallMs: number, most: number): void;
}

const ENTRIES = new Table<AuditRecord>(
  { wallMs: "time", user: "plain", by: "plain", role: "plain", what: "plain", reason: "plain", allowed: "flag" },
  { by: "by_whom" },
);

/** The statements on the log. */
export const AUDIT_SQL = {
  addAudit: `INSERT INTO audit (${ENTRIES.columns}) VALUES (${ENTRIES.marks})`,
  findAudit: "SELECT * FROM audit WHERE wall_ms BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
  pruneAudit: "DELETE FROM audit WHERE wall_ms < ? OR id <= (SELECT max(id) FROM audit) - ?",
} as const;

type Statements = StatementsOf<typeof AUDIT_SQL>;

/** The book on a database. */
export function auditBook({ write, read }: Access<Statements>): AuditBook {
  const what = "the log of commands";
  return {
    add: (entry) =>
      write(what, (statements) => {
        statements.addAudit.run(...ENTRIES.valuesOf(entry));
      }),
    find: ({ fromWallMs, toWallMs, most }) =>
      read()
        .findAudit.all(Math.floor(fromWallMs), Math.ceil(toWallMs), most)
        .map((row) => ENTRIES.recordOf(row)),
    prune: (beforeWallMs, most) =>
      write(what, (statements) => {
        statements.pruneAudit.run(Math.floor(beforeWallMs), most);
      }),
  };
}
