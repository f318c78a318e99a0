import type { SqlStatement } from "./driver.ts";

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

/** The statements on the log. */
export const AUDIT_SQL = {
  addAudit: "INSERT INTO audit (wall_ms, user, by_whom, role, what, reason, allowed) VALUES (?, ?, ?, ?, ?, ?, ?)",
  findAudit: "SELECT * FROM audit WHERE wall_ms BETWEEN ? AND ? ORDER BY id DESC LIMIT ?",
  pruneAudit: "DELETE FROM audit WHERE wall_ms < ? OR id <= (SELECT max(id) FROM audit) - ?",
} as const;

type Statements = Record<keyof typeof AUDIT_SQL, SqlStatement>;

/**
 * The book on a database.
 * @param write runs a body in one durable transaction; @param read gives the statements; both throw when the database cannot be used
 */
export function auditBook(
  write: <T>(what: string, body: (statements: Statements) => T) => T,
  read: () => Statements,
): AuditBook {
  const what = "the log of commands";
  return {
    add: (entry) =>
      write(what, (statements) => {
        const { wallMs, user, by, role, what: done, reason, allowed } = entry;
        statements.addAudit.run(Math.round(wallMs), user, by, role, done, reason, allowed ? 1 : 0);
      }),
    find: ({ fromWallMs, toWallMs, most }) =>
      read().findAudit.all(Math.floor(fromWallMs), Math.ceil(toWallMs), most).map(toRecord),
    prune: (beforeWallMs, most) =>
      write(what, (statements) => {
        statements.pruneAudit.run(Math.floor(beforeWallMs), most);
      }),
  };
}

function toRecord(row: Record<string, unknown>): AuditRecord {
  return {
    wallMs: row["wall_ms"] as number,
    user: row["user"] as string | null,
    by: row["by_whom"] as string | null,
    role: row["role"] as string,
    what: row["what"] as string,
    reason: row["reason"] as string | null,
    allowed: row["allowed"] === 1,
  };
}
