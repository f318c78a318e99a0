/** What becomes of a database file whose content is in doubt: it is checked, and the newest sound daily copy takes its place. */
import { existsSync } from "node:fs";
import type { Clock } from "../../clock.ts";
import { makeFile } from "../../private-files.ts";
import type { RecordedChanges } from "./changes.ts";
import { checkContent, damageOf, isDamage, type Recovery, recover, recoverBeside } from "./copies.ts";
import { lengthyThread } from "./disk-thread.ts";
import type { SqlDatabase } from "./driver.ts";
import { MEMORY, openFirst, openOnceFree } from "./opening.ts";

/** A connection to the file, as far as its content is in doubt. */
export interface CheckedConnection {
  database: SqlDatabase;
  /** Everything written since the file was opened, as long as it is not known to be sound; null once it is. */
  changes: RecordedChanges | null;
}

/** The store that works with the file. */
export interface FileUser {
  readonly isClosed: boolean;
  /** The connection it works with now. */
  readonly connection: CheckedConnection | null;
  /** A copy is in the place of the file. */
  recovered(recovery: Recovery): void;
  /** The file was found damaged while it is open. */
  lose(error: unknown, database: SqlDatabase): void;
  cannotOpen(error: unknown): void;
  /** An attempt to bring the file in order has ended. @param isSound the file can be opened */
  ended(isSound: boolean): void;
}

/** Why a file is not trusted: `perhaps` = a write met damage, `damaged` = it is known to be. */
export type Suspicion = "no" | "perhaps" | "damaged";

/** Opens a database file, and puts a copy in its place where its content is damaged. */
export class FileReplacement {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #user: FileUser;
  /** The file's content is in doubt: it is not used until it was checked or replaced by a copy. */
  #suspect: Suspicion = "no";
  /** What was written to files that failed before they were found sound; it is written again to the copy that replaces them. */
  #changes: Uint8Array[] = [];
  /** The turn of the event loop in which the store was made. In this turn a site reads the state it goes on from, and it reads it only once. */
  #starting = true;
  #recovering = false;
  /** A copy has replaced the file; its name may not be on the disk yet. */
  #isReplaced = false;

  constructor(path: string, clock: Clock, user: FileUser) {
    this.#path = path;
    this.#clock = clock;
    this.#user = user;
    setImmediate(() => {
      this.#starting = false;
    });
  }

  /** The site reads what it goes on from: everybody waits for a copy. */
  get isStarting(): boolean {
    return this.#starting;
  }

  get isInDoubt(): boolean {
    return this.#suspect !== "no";
  }

  /** It is not opened before it was checked, or replaced, beside everything else. */
  get isHeldBack(): boolean {
    return this.isInDoubt && !this.#starting;
  }

  /** @param changes what was written into the file while it was not known to be sound */
  doubt(suspect: Suspicion, changes: RecordedChanges | null): void {
    if (suspect !== "no" && this.#suspect !== "damaged") this.#suspect = suspect;
    if (changes) this.#changes.push(...changes.take());
  }

  /** Another file has its name now. */
  replaced(): void {
    this.#isReplaced = true;
  }

  /** Whether another file has got its name since this was asked last. */
  takeReplaced(): boolean {
    const isReplaced = this.#isReplaced;
    this.#isReplaced = false;
    return isReplaced;
  }

  /**
   * The database, or when the site starts the newest sound copy of it in its place when it is damaged.
   * @returns whether all of it was found sound, too @throws errors of SQLite
   */
  opened(): { database: SqlDatabase; isSound: boolean } {
    try {
      checkContent(this.#path);
      if (this.#suspect === "damaged") throw damageOf("it cannot be read");
      if (this.#path !== MEMORY) makeFile(this.#path);
      return this.#starting ? openOnceFree(this.#path) : openFirst(this.#path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#suspect = "damaged";
      const recovery = this.#starting ? recover(this.#path, this.#clock.wallMs(), this.#changes) : null;
      if (!recovery) throw error;
      this.#recovered(recovery);
      return { database: openFirst(this.#path).database, isSound: true };
    }
  }

  /** Checks the whole file outside the event loop, since charge points wait for their answers. */
  checkBeside(connection: CheckedConnection): void {
    const { database } = connection;
    const end = (): void => {
      connection.changes?.end();
      connection.changes = null;
    };
    lengthyThread.check(this.#path).then(
      (damage) => {
        if (this.#user.connection !== connection) return;
        if (damage !== null) {
          this.#suspect = "damaged";
          this.#user.lose(damageOf(damage), database);
          return;
        }
        end();
        this.#changes = [];
      },
      (error: unknown) => {
        if (this.#user.connection !== connection) return;
        if (isDamage(error)) this.#user.lose(error, database);
        else end();
      },
    );
  }

  /** Puts a copy in the place of a damaged file beside everything else. The store opens it once this has `ended`. */
  recover(): void {
    if (this.#recovering || this.#user.isClosed) return;
    this.#recovering = true;
    void this.#recoverBeside()
      .catch((error: unknown) => this.#user.cannotOpen(error))
      .finally(() => {
        this.#recovering = false;
        this.#user.ended(!this.isInDoubt);
      });
  }

  #recovered(recovery: Recovery): void {
    this.#suspect = "no";
    this.#changes = [];
    this.#isReplaced = true;
    this.#user.recovered(recovery);
  }

  async #recoverBeside(): Promise<void> {
    const damage = await this.#damage();
    if (this.#user.isClosed) return;
    if (damage === null) {
      this.#suspect = "no";
      return;
    }
    const goesOn = (): boolean => !this.#user.isClosed;
    const recovery = await recoverBeside(this.#path, this.#clock.wallMs(), this.#changes, goesOn);
    if (recovery) this.#recovered(recovery);
    else if (!this.#user.isClosed) {
      // A person may put another file in its place.
      this.#suspect = "perhaps";
      this.#user.cannotOpen(damage);
    }
  }

  /** Why the file is not to be used; null = it is sound, or gone. @throws errors of SQLite that do not speak of damage */
  async #damage(): Promise<unknown> {
    try {
      checkContent(this.#path);
      if (this.#suspect === "damaged") return damageOf("its pages do not hang together");
      const damage = existsSync(this.#path) ? await lengthyThread.check(this.#path) : null;
      return damage === null ? null : damageOf(damage);
    } catch (error) {
      if (isDamage(error)) return error;
      throw error;
    }
  }
}
