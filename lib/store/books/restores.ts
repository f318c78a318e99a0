import type { JsonValue } from "../../units.ts";
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

/** A part of what is to be restored, as it was put down. */
export interface RestorePart {
  part: number;
  /** What its items are. */
  kind: string;
  items: JsonValue[];
}

/**
 * What is being restored, a part at a time: one write for all of it would hold up everything else for seconds. Nothing of it counts before
 * it is decided; from then on it is carried out to its end, also by a later start. Durable before a method returns.
 * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
 */
export interface RestoreBook {
  /** Puts a part down. */
  add(kind: string, items: readonly JsonValue[]): void;
  /** From here on it is to be carried out. @param by who asked for it */
  decide(by: string): void;
  /** Who asked for what is to be carried out; null = nothing is. */
  decided(): { by: string } | null;
  /** The next part behind a number, also where it is not decided. */
  next(after: number): RestorePart | null;
  /** Carries a part out and forgets it, whole or not at all. */
  carryOut(part: number, work: () => void): void;
  /** All parts are carried out. */
  end(): void;
}
