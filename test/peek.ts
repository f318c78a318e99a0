import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Reads a database that may be in use, and may take one connection only then: a copy of its files is read. */
export function peek<T>(path: string, read: (database: DatabaseSync) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "phasewise-peek-"));
  const copy = join(folder, "copy.sqlite");
  // Only a checkpoint changes the file itself: one between the two copies would make them disagree.
  const changed = () => statSync(path).mtimeMs;
  try {
    for (let before = -1; before !== changed(); ) {
      before = changed();
      rmSync(`${copy}-wal`, { force: true });
      for (const part of ["", "-wal"]) if (existsSync(path + part)) copyFileSync(path + part, copy + part);
    }
    return readAt(copy, read);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readAt<T>(path: string, read: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA synchronous = OFF");
    return read(database);
  } finally {
    database.close();
  }
}
