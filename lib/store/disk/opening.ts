/** How the store opens a database file. */
import { checkFirst } from "./copies.ts";
import { type SqlDatabase, sqlDriver } from "./driver.ts";
import { migrate } from "./schema.ts";

/** A database without a file, for tests. */
export const MEMORY = ":memory:";

/** How long a write waits for another program that writes into the database, ms. All other work of the process waits with it. */
const BUSY_MS = 20;

/** How long the start of a site waits for another process that still uses the database, and how often it looks, ms. */
const [OVERLAP_MS, LOOK_MS] = [5000, 50];

/** SQLite's word for a database that another process uses. */
const SQLITE_BUSY = 5;

/** Of a new database. Most changes are of some bytes, and each writes its whole page: small ones spare a flash card. */
const PAGE_BYTES = 1024;

/** The migrated database, and whether all of it was checked or only a part. @throws errors of SQLite */
export function openFirst(path: string): { database: SqlDatabase; isSound: boolean } {
  const database = sqlDriver().open(path);
  try {
    const pages = `PRAGMA page_size = ${PAGE_BYTES}`;
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA synchronous = OFF; ${pages}; PRAGMA journal_mode = WAL`);
    const isSound = checkFirst(database, sqlDriver().alone);
    migrate(database);
    // SQLite's own comparison knows the letter case of A to Z only.
    database.function("folded", { deterministic: true }, (text) => (typeof text === "string" ? folded(text) : text));
    return { database, isSound };
  } catch (error) {
    closeSafely(database);
    throw error;
  }
}

/**
 * As `openFirst`, for the start of a site, which reads what it goes on from only once: everybody waits for an earlier Node-RED that is
 * about to end. A connection of this process is not waited for: it could not end meanwhile. @throws errors of SQLite
 */
export function openOnceFree(path: string): ReturnType<typeof openFirst> {
  const endMs = performance.now() + OVERLAP_MS;
  for (;;) {
    try {
      return openFirst(path);
    } catch (error) {
      const { errcode = 0, isOwn = false } = error as { errcode?: number; isOwn?: boolean };
      if (errcode % 256 !== SQLITE_BUSY || isOwn || performance.now() > endMs) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
    }
  }
}

/** The last connection that closes empties the log: the frames it moves have to be on the disk first. */
function closeSafely(database: SqlDatabase): void {
  try {
    database.exec("PRAGMA synchronous = FULL");
  } catch {
    // Without a log there is nothing to move.
  }
  database.close();
}

const folded = (text: string): string => text.normalize("NFC").toLowerCase();
