import type { JsonValue } from "../units.ts";
import type { RestoreBook } from "./restore-types.ts";
import type { Access, StatementsOf } from "./table.ts";

/** The statements on the tables of what is being restored. */
export const RESTORE_SQL = {
  addRestorePart: "INSERT INTO restore_parts (kind, items) VALUES (?, ?)",
  nextRestorePart: "SELECT part, kind, items FROM restore_parts WHERE part > ? ORDER BY part LIMIT 1",
  dropRestorePart: "DELETE FROM restore_parts WHERE part = ?",
  decideRestore: "INSERT OR REPLACE INTO restore_decided VALUES (1, ?)",
  restoreDecided: "SELECT by_whom FROM restore_decided",
  endRestore: "DELETE FROM restore_decided",
} as const;

type Statements = StatementsOf<typeof RESTORE_SQL>;

/** The book on a database. */
export function restoreBook({ write, read }: Access<Statements>): RestoreBook {
  const what = "a backup";
  const change = (body: (statements: Statements) => void) => write(what, body);
  return {
    add: (kind, items) => change((statements) => statements.addRestorePart.run(kind, JSON.stringify(items))),
    decide: (by) => change((statements) => statements.decideRestore.run(by)),
    decided: () => {
      const row = read().restoreDecided.get();
      return row ? { by: row["by_whom"] as string } : null;
    },
    next: (after) => {
      const row = read().nextRestorePart.get(after);
      if (!row) return null;
      const items = JSON.parse(row["items"] as string) as JsonValue[];
      return { part: row["part"] as number, kind: row["kind"] as string, items };
    },
    carryOut: (part, work) =>
      change((statements) => {
        work();
        statements.dropRestorePart.run(part);
      }),
    end: () => change((statements) => statements.endRestore.run()),
  };
}
