import { closeSync, fdatasync, fdatasyncSync, openSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";

/** The same pages are written again and again: the later they are copied into the database, the fewer there are. 16 MB. */
const MOST_PAGES = 4000;

/**
 * Brings what was committed to the write-ahead log of a database to the disk, beside the event loop: a commit that waits for the
 * disk itself holds up everything else for as long. The rest SQLite syncs itself: the log before it is copied into the database, the
 * database after that, and the log's head when it begins anew.
 */
export class WalSync {
  readonly #database: DatabaseSync;
  readonly #path: string;
  #waitsAtCommit = true;
  #file: number | null = null;
  #running = 0;
  #closed = false;

  private constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = `${path}-wal`;
  }

  /** That of a database with `synchronous=FULL`; null where its file system takes no write-ahead log. */
  static of(database: DatabaseSync, path: string): WalSync | null {
    const mode = database.prepare("PRAGMA journal_mode").get()?.["journal_mode"];
    if (mode !== "wal") return null;
    database.exec(`PRAGMA wal_autocheckpoint = ${MOST_PAGES}`);
    return new WalSync(database, path);
  }

  /** Whether the next commits wait for the disk themselves, or last only after a `sync`. */
  waitAtCommit(wait: boolean): void {
    if (wait === this.#waitsAtCommit) return;
    this.#database.exec(`PRAGMA synchronous = ${wait ? "FULL" : "NORMAL"}`);
    this.#waitsAtCommit = wait;
  }

  /** Resolves when all that was committed before is durable. @throws errors of the file system */
  async sync(): Promise<void> {
    const file = this.#open();
    this.#running += 1;
    try {
      await new Promise<void>((resolve, reject) => fdatasync(file, (error) => (error ? reject(error) : resolve())));
    } finally {
      this.#running -= 1;
      if (this.#closed) this.close();
    }
  }

  /** The same, at once. @throws errors of the file system */
  syncNow(): void {
    fdatasyncSync(this.#open());
  }

  close(): void {
    this.#closed = true;
    if (this.#running > 0 || this.#file === null) return;
    closeSync(this.#file);
    this.#file = null;
  }

  #open(): number {
    if (this.#closed) throw new Error(`${this.#path} is closed`);
    this.#file ??= openSync(this.#path, "r+");
    return this.#file;
  }
}
