import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sqlDriver } from "../../lib/store/disk/driver.ts";

/** Reads a database that may be in use: where it takes one connection only, a copy of its files as they are. */
export function peek<T>(path: string, read: (database: DatabaseSync) => T): T {
  if (!sqlDriver().alone) return readAt(path, read);
  const folder = mkdtempSync(join(tmpdir(), "phasewise-peek-"));
  const copy = join(folder, "copy.sqlite");
  try {
    for (const part of ["", "-wal"]) if (existsSync(path + part)) copyFileSync(path + part, copy + part);
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
