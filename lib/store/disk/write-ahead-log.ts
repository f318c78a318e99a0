import { existsSync } from "node:fs";
import { copyFile } from "node:fs/promises";
import { makeFile } from "../../private-files.ts";
import { type DiskThread, diskThread } from "./disk-thread.ts";
import { type SqlDatabase, sqlDriver } from "./driver.ts";
import { putBack, WalFile } from "./wal-file.ts";

/** The same pages are written again and again: the later they are copied into the database, the fewer there are. Bytes of pages. */
const MOST_LOGGED = 16e6;
/** The log's length is checked every so many transactions. */
const LOOK_EVERY = 50;
/** Frames that have to be added before a checkpoint is tried again that failed or that a reader stopped. */
const PATIENCE_FRAMES = 1000;
/** The most jobs kept for repetition until the log has begun anew. With more, the disk does not answer, and no job is accepted. */
const MOST_HELD = 5000;
/** How often a copy checks whether the checkpoint it waits for has ended, ms. */
const COPY_LOOK_MS = 10;
/** A checkpoint on the only connection holds up all other work: it is made ten times as often, so that each is short. */
const MOST_LOGGED_ALONE = MOST_LOGGED / 10;

export interface WriteAheadLogOptions {
  /** The database did not exist before: its own pages and its name have to be brought to the disk, too. */
  isNew?: boolean;
  /** The jobs held while nothing could be committed could not be committed afterwards either. */
  lost?: (error: unknown) => void;
  thread?: DiskThread;
  /** Frames after which a checkpoint is due. */
  mostFrames?: number;
}

/**
 * Runs transactions on a database with a write-ahead log so that the event loop never waits for the disk: a commit only hands frames to
 * the operating system (`synchronous=OFF`), `sync` brings them to the disk beside the event loop, and checkpoints are made in another
 * thread. A process that is killed loses nothing that was committed; a power cut loses nothing that was committed before a `sync`.
 *
 * What SQLite orders by waiting is ordered here without: a log that begins anew overwrites its old frames, and old frames behind an old
 * header would be taken for valid after a power cut. So the log begins anew only with a transaction of a single frame – whatever part
 * of it is on the disk, either all old frames are valid or none is, and what they hold is in the database already – and until that is
 * on the disk nothing more is committed: what is done meanwhile stays in memory, in a transaction that is still open. At all other
 * times a second connection that reads keeps the log from beginning anew.
 */
export class WriteAheadLog {
  readonly #database: SqlDatabase;
  readonly #path: string;
  readonly #file: WalFile;
  readonly #thread: DiskThread;
  readonly #mostFrames: number;
  /** Reads as long as the log must not begin anew; null where the file can have one connection only. */
  readonly #guard: SqlDatabase | null;
  #guarding = false;
  readonly #lost: (error: unknown) => void;
  /** The jobs of the transaction that stays open while nothing may be committed; null = each job is committed at once. */
  #held: (() => unknown)[] | null = null;
  /** That transaction has begun. */
  #begun = false;
  /** Resolves when the held jobs are committed; rejects when they were lost. */
  #released: Promise<void> = Promise.resolve();
  /** It is unknown whether the next commit begins the log anew. */
  #unsure = true;
  #checking = false;
  #transactions = 0;
  #dueFrames: number;
  readonly #isNew: boolean;
  /** Resolves when the pages and the name of a new database are on the disk. */
  #founded: Promise<unknown> | null = null;
  #syncing = 0;
  /** The whole log is in the database and on the disk. */
  #movedAll = false;
  #toldClosed: () => void = () => {};
  #copying: Promise<void> = Promise.resolve();
  /** Resolves when the checkpoint that is being made has ended, whatever came of it. */
  #checkpointing: Promise<void> = Promise.resolve();
  /** The log is about to be closed. */
  #ending = false;
  #closed = false;
  /** The log was closed, and all of it is in the database and on the disk. */
  #emptied = false;

  private constructor(database: SqlDatabase, path: string, options: WriteAheadLogOptions) {
    const { isNew = false, lost = () => {}, thread = diskThread, mostFrames = defaultFrames(database) } = options;
    this.#database = database;
    this.#path = path;
    this.#lost = lost;
    this.#thread = thread;
    this.#mostFrames = mostFrames;
    this.#dueFrames = mostFrames;
    this.#file = new WalFile(path);
    this.#guard = sqlDriver().alone ? null : sqlDriver().open(path, { readOnly: true });
    this.#isNew = isNew;
  }

  /**
   * That of a database that was just opened; null where its file system takes no such log: then each commit waits for the disk.
   * @param database with `journal_mode=WAL`, on which nothing but reading was done @throws errors of SQLite
   */
  static of(database: SqlDatabase, path: string, options: WriteAheadLogOptions = {}): WriteAheadLog | null {
    const mode = database.prepare("PRAGMA journal_mode").get()?.["journal_mode"];
    if (mode !== "wal") {
      database.exec("PRAGMA synchronous = FULL");
      return null;
    }
    database.exec("PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_spill = OFF");
    return new WriteAheadLog(database, path, options);
  }

  /** Does `body` in one transaction; what fails is undone, and throws. It may be done again, so it changes nothing but the database. */
  run<T>(body: () => T): T {
    if (this.#unsure) this.#makeSure();
    if (this.#held) return this.#holding(this.#held, body);
    this.#database.exec("BEGIN IMMEDIATE");
    const result = this.#orUndo(body);
    this.#database.exec("COMMIT");
    this.#transactions += 1;
    if (this.#transactions % LOOK_EVERY === 0) this.#look();
    return result;
  }

  /** Resolves when all that was done before is durable. @throws errors of SQLite and of the file system: it may not be */
  async sync(): Promise<void> {
    const released = this.#released;
    this.#syncing += 1;
    try {
      // `close` brings the whole log to the disk.
      await Promise.resolve();
      if (this.#emptied) return;
      if (this.#isNew) this.#founded ??= this.#found();
      await this.#founded;
      await released;
      if (!this.#emptied) await this.#file.sync();
    } finally {
      this.#syncing -= 1;
      if (this.#closed && this.#syncing === 0) this.#file.close();
    }
  }

  /** Resolves when no job is held in memory. Never rejects. */
  async quiet(): Promise<void> {
    while (this.#held && !this.#closed) await this.#released.catch(() => {});
  }

  /** Moves all of it into the database in the thread, before it is closed: then closing has nothing to wait for. Never rejects. */
  async moveAll(): Promise<void> {
    this.#ending = true;
    await this.#copying.catch(() => {});
    // One that is half done would leave in the log what is committed at its end.
    await this.#checkpointing;
    await this.#released.catch(() => {});
    if (this.#closed) return;
    this.#letLog();
    if (!this.#guard) await this.#moveAllAlone();
    else await this.#thread.checkpoint(this.#path, this.#isNew).catch(() => {});
  }

  /**
   * Copies the database, as it is at one moment, into a file for its owner only, where the file can have one connection only. Others
   * write meanwhile: their changes stay in the log. @throws errors of the file system; an error when it was closed meanwhile
   */
  async copyTo(path: string): Promise<void> {
    await this.#copying;
    this.#copying = this.#copy(path);
    await this.#copying;
  }

  /** Ends, and waits for the disk where something is left to be moved into the database. */
  close(): void {
    if (this.#closed) return;
    this.#thread.finish(this.#path);
    try {
      const isAllMoved = this.#movedAll && this.#held?.length === 0;
      if (this.#held && !isAllMoved) this.#commitHeld(this.#held);
      this.#held = null;
      this.#closed = true;
      this.#guard?.close();
      if (!isAllMoved) this.#database.exec("PRAGMA synchronous = FULL");
    } finally {
      this.#toldClosed();
      this.#closed = true;
      this.#database.close();
      this.#emptied = !existsSync(`${this.#path}-wal`);
      if (this.#syncing === 0) this.#file.close();
    }
  }

  /** Ends as it is, without a wait: what was committed stays in the log. */
  drop(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#held = null;
    if (this.#syncing === 0) this.#file.close();
    // Whoever closes a database last empties its log: that is the one that can only read, or the log has a second name meanwhile.
    if (!this.#guard) this.#file.keep();
    this.#database.close();
    this.#guard?.close();
    if (!this.#guard) putBack(this.#path);
  }

  #commitHeld(held: readonly (() => unknown)[]): void {
    this.#beginAnew(held);
    this.#file.syncNow();
    this.#held = null;
    if (this.#begun) this.#database.exec("COMMIT");
  }

  async #found(): Promise<void> {
    if (this.#guard) {
      await this.#thread.checkpoint(this.#path, true);
      return;
    }
    await this.#thread.sync(this.#path, true);
  }

  async #copy(path: string): Promise<void> {
    while (this.#checking) await new Promise((resolve) => setTimeout(resolve, COPY_LOOK_MS));
    this.#checking = true;
    try {
      await this.#checkpointAlone();
      // The file itself does not change until the next checkpoint.
      makeFile(path);
      await copyFile(this.#path, path);
      await this.#thread.sync(path);
      if (this.#closed) throw new Error("the database was closed");
    } finally {
      this.#checking = false;
    }
  }

  #orUndo<T>(body: () => T): T {
    try {
      return body();
    } catch (error) {
      this.#undo("ROLLBACK");
      throw error;
    }
  }

  /** Nothing is written to the log: SQLite keeps the pages in memory (`cache_spill=OFF`). */
  #holding<T>(held: (() => unknown)[], body: () => T): T {
    if (held.length >= MOST_HELD) throw new Error("the disk does not answer");
    const result = this.#tentatively(body);
    held.push(body);
    return result;
  }

  #tentatively<T>(body: () => T): T {
    if (!this.#begun) this.#database.exec("BEGIN IMMEDIATE");
    this.#begun = true;
    this.#database.exec("SAVEPOINT one");
    try {
      const result = body();
      this.#database.exec("RELEASE one");
      return result;
    } catch (error) {
      // Where the disk failed SQLite has undone all of it by itself.
      if (!this.#undo("ROLLBACK TO one; RELEASE one")) {
        this.#begun = false;
        this.#lost(error);
      }
      throw error;
    }
  }

  #undo(how: string): boolean {
    try {
      this.#database.exec(how);
      return true;
    } catch {
      return false;
    }
  }

  #look(): void {
    if (this.#checking || this.#ending || this.#held || this.#file.frames < this.#dueFrames) return;
    this.#checking = true;
    this.#checkpointing = this.#checkpoint()
      .catch(() => {
        // The frames are safe in the log; the checkpoint is tried again when there are more.
        this.#dueFrames += PATIENCE_FRAMES;
      })
      .finally(() => {
        this.#checking = false;
      });
  }

  /** Most of it while others write, the rest while nothing is committed; then the log begins anew. */
  async #checkpoint(): Promise<void> {
    if (!this.#guard) {
      await this.#checkpointAlone();
      return;
    }
    this.#keepLog();
    await this.#thread.checkpoint(this.#path);
    if (this.#closed || this.#held) return;
    this.#letLog();
    const rest = this.#thread.checkpoint(this.#path);
    // However far the checkpoint came, the next commit may begin the log anew.
    this.#hold(
      rest.then(
        () => {},
        () => {},
      ),
    );
    await rest;
    await this.#released;
  }

  /**
   * All of it at once, on the only connection, between two waits for the disk: for the log before, and for the database after it. What is
   * done meanwhile stays in memory.
   */
  async #checkpointAlone(): Promise<void> {
    // Most of the wait for the disk, while everybody still writes.
    await this.#file.sync();
    if (this.#held) await this.#released;
    if (this.#closed) return;
    this.#hold(this.#moveAlone().catch((error: unknown) => this.#lost(error)));
    await this.#released;
  }

  /** From here on all jobs stay in memory until the log is closed. */
  async #moveAllAlone(): Promise<void> {
    this.#hold(
      new Promise((resolve) => {
        this.#toldClosed = resolve;
      }),
    );
    await this.#moveAlone().then(
      () => {
        this.#movedAll = this.#held?.length === 0;
      },
      () => {},
    );
  }

  async #moveAlone(): Promise<void> {
    await this.#file.sync();
    const held = this.#held;
    if (!held || this.#closed) return;
    if (this.#begun) this.#database.exec("ROLLBACK");
    this.#begun = false;
    this.#database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
    for (const body of held) this.#tentatively(body);
    await this.#thread.sync(this.#path);
  }

  /** The first commit begins the log anew, perhaps. */
  #makeSure(): void {
    if (this.#beginAnew([])) this.#hold(Promise.resolve(), true);
    this.#unsure = false;
  }

  /** Lets nothing be committed until something has ended and, where the log has begun anew by then, that is on the disk. */
  #hold(end: Promise<void>, anew = false): void {
    this.#held = [];
    this.#released = this.#release(end, anew);
    this.#released.catch((error: unknown) => {
      if (!this.#closed) this.#lost(error);
    });
  }

  async #release(end: Promise<void>, anew: boolean): Promise<void> {
    await end;
    if (!this.#held) return;
    try {
      if (anew || this.#beginAnew(this.#held)) await this.#file.sync();
      // The log may have been closed meanwhile.
      if (this.#held && this.#begun) this.#database.exec("COMMIT");
    } catch (error) {
      this.#unsure = true;
      this.#undo("ROLLBACK");
      throw error;
    } finally {
      this.#held = null;
      this.#begun = false;
    }
  }

  /** Commits a single frame and does what is held once more after it. @returns whether the log has begun anew with it */
  #beginAnew(held: readonly (() => unknown)[]): boolean {
    const before = this.#file.generation;
    if (this.#begun) this.#database.exec("ROLLBACK");
    this.#begun = false;
    const { user_version: version } = this.#database.prepare("PRAGMA user_version").get() as { user_version: number };
    this.#database.exec(`PRAGMA user_version = ${(version + 1) % 2 ** 31}`);
    this.#keepLog();
    for (const body of held) this.#tentatively(body);
    const anew = before !== "" && this.#file.generation !== before;
    this.#dueFrames = anew ? this.#mostFrames : this.#file.frames + Math.min(PATIENCE_FRAMES, this.#mostFrames);
    return anew;
  }

  #keepLog(): void {
    if (!this.#guard) return;
    this.#letLog();
    this.#guard.exec("BEGIN");
    this.#guard.prepare("PRAGMA schema_version").get();
    this.#guarding = true;
  }

  #letLog(): void {
    if (this.#guarding) this.#guard?.exec("COMMIT");
    this.#guarding = false;
  }
}

function defaultFrames(database: SqlDatabase): number {
  const { page_size: pageBytes } = database.prepare("PRAGMA page_size").get() as { page_size: number };
  return Math.round((sqlDriver().alone ? MOST_LOGGED_ALONE : MOST_LOGGED) / pageBytes);
}
