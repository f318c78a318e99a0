import { closeSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { sqlDriver } from "./driver.ts";

/** SQLite's answers to a changeset's conflicts, and two of these: another value than before, a row that is there. */
const [OMIT, REPLACE] = [0, 1];
const [DATA, CONFLICT] = [1, 3];

/**
 * Puts a database that was written anew in the place of the old one, which is closed. Durable when it returns: until then the old one
 * is there, whole. @param changes what was written into the old one meanwhile @throws errors of SQLite and of the file system
 */
export function putRewritten(path: string, fresh: string, changes: readonly Uint8Array[]): void {
  const database = sqlDriver().open(fresh) as DatabaseSync;
  try {
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
    const onConflict = (conflict: number) => (conflict === DATA || conflict === CONFLICT ? REPLACE : OMIT);
    for (const change of changes) database.applyChangeset(change, { onConflict });
    database.exec("COMMIT");
  } finally {
    database.close();
  }
  for (const part of ["-wal", "-shm"]) rmSync(path + part, { force: true });
  renameSync(fresh, path);
  if (process.platform !== "win32") syncFolder(dirname(path));
}

/** Writes a closed database anew in its place. @throws errors of SQLite */
export function vacuum(path: string): void {
  const database = sqlDriver().open(path);
  try {
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; VACUUM");
  } finally {
    database.close();
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
