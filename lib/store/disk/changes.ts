import type { DatabaseSync } from "node:sqlite";
import type { SqlDatabase } from "./driver.ts";

type Recorder = ReturnType<DatabaseSync["createSession"]>;

/**
 * What is written into a database from now on, as SQLite's changesets: row by row, with the ids that were given. It is what goes over
 * into the copy that takes the place of a database in which damage is found after it was opened.
 */
export class RecordedChanges {
  #recorders: Recorder[] = [];

  /** @param database outside a transaction; one without tables has nothing to be recorded @throws errors of SQLite */
  constructor(database: SqlDatabase) {
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'")
      .all() as { name: string }[];
    // One for each, so that damage in one table costs no other its changes.
    this.#recorders = tables.map(({ name }) => (database as DatabaseSync).createSession({ table: name }));
  }

  /** All until now. What lies on damaged pages is left out. */
  take(): Uint8Array[] {
    return this.#recorders.flatMap((recorder) => {
      try {
        const change = recorder.changeset();
        return change.length > 0 ? [change] : [];
      } catch {
        return [];
      }
    });
  }

  /** Before the database is closed. */
  end(): void {
    for (const recorder of this.#recorders) recorder.close();
    this.#recorders = [];
  }
}
