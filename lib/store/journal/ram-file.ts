/** A file in memory: it outlives a process that is killed, not the computer's next start, and writing it wears out no flash card. */
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { record } from "../../fields.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../../private-files.ts";
import { type Line, lineOf, linesOf } from "./journal-lines.ts";

/** Where Linux has a file system in memory for all programs. */
const SHARED_MEMORY = "/dev/shm";
/** What `statfs` says of it. */
const TMPFS = 0x01021994;
/** The document in its first line. */
const HEAD = "start";
/** Written anew beyond this, bytes, or twice what it began with: much of it is out of date then. */
const LONG_BYTES = 4e6;

/** A database may not be there yet, or be seen by another container only, ms. */
const SWEPT_AFTER_MS = 3_600_000;

/** Whose it is. */
interface Head {
  /** Of the start of the program that wrote it. */
  start: string;
  /** The database that it goes with. */
  database: string;
}

export class RamFile {
  readonly #memory: string;
  readonly #path: string;
  readonly #database: string;
  #file: number | null = null;
  #bytes = 0;
  #longBytes = LONG_BYTES;

  private constructor(memory: string, folder: string, database: string) {
    this.#memory = memory;
    this.#path = join(folder, createHash("sha256").update(database).digest("hex").slice(0, 32));
    this.#database = database;
  }

  /**
   * That of a database; null where there is no memory for files, as on Windows, or where somebody else has its folder. Those of
   * databases that are gone are removed.
   */
  static of(database: string, memory = SHARED_MEMORY): RamFile | null {
    const whole = resolve(database);
    try {
      const folder = ownFolder(memory);
      if (folder === null) return null;
      sweep(folder);
      return new RamFile(memory, folder, whole);
    } catch {
      return null;
    }
  }

  /** What an earlier start has left here; null = nothing. */
  read(): { start: string; lines: Line[] } | null {
    const [first, ...lines] = linesOf(this.#path).lines;
    const head = first && headOf(first);
    return head?.database === this.#database ? { start: head.start, lines } : null;
  }

  /** Begins it anew, as a whole or not at all. @returns whether it is there */
  begin(start: string, lines: readonly Line[]): boolean {
    this.#close();
    const part = `${this.#path}.part`;
    try {
      if (ownFolder(this.#memory) === null) throw new Error("the folder is somebody else's");
      const file = openSync(part, "w", PRIVATE_FILE);
      this.#file = file;
      this.#bytes = 0;
      const head: Line = { key: HEAD, value: { start, database: this.#database } };
      if (![head, ...lines].every((line) => this.append(line))) throw new Error("the memory is full");
      renameSync(part, this.#path);
      this.#longBytes = Math.max(LONG_BYTES, 2 * this.#bytes);
      return true;
    } catch {
      this.remove();
      return false;
    }
  }

  /** @returns false when it could not be written, or somebody has removed the file: what is here is out of date then */
  append(line: Line): boolean {
    if (this.#file === null) return false;
    const bytes = lineOf(line);
    try {
      // systemd does so when the last session of a user ends, unless it is told not to (`RemoveIPC=no`).
      if (fstatSync(this.#file).nlink === 0) return false;
      if (writeSync(this.#file, bytes, 0, bytes.length, this.#bytes) !== bytes.length) return false;
    } catch {
      return false;
    }
    this.#bytes += bytes.length;
    return true;
  }

  /** Much of it is out of date. */
  get isLong(): boolean {
    return this.#bytes > this.#longBytes;
  }

  remove(): void {
    this.#close();
    for (const path of [this.#path, `${this.#path}.part`]) {
      try {
        rmSync(path, { force: true });
      } catch {
        // It says whose start it is of.
      }
    }
  }

  #close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

/** The folder of this user, which nobody else can write; null where the memory is none, or the folder somebody else's. */
function ownFolder(memory: string): string | null {
  const user = process.getuid?.();
  if (user === undefined || statfsSync(memory).type !== TMPFS) return null;
  const folder = join(memory, `phasewise-${user}`);
  if (!existsSync(folder)) mkdirSync(folder, PRIVATE_FOLDER);
  const found = lstatSync(folder);
  return found.isDirectory() && found.uid === user && (found.mode & 0o77) === 0 ? folder : null;
}

/** Takes files away whose databases are gone, and which nobody has written for long. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    try {
      if (Date.now() - statSync(path).mtimeMs < SWEPT_AFTER_MS) continue;
      const [first] = linesOf(path).lines;
      const head = first && headOf(first);
      if (!head || !existsSync(head.database)) rmSync(path, { force: true });
    } catch {
      // Its process has just removed it, or it is no file of ours.
    }
  }
}

function headOf(line: Line): Head | null {
  if (!("key" in line) || line.key !== HEAD) return null;
  const { start, database } = record(line.value);
  return typeof start === "string" && typeof database === "string" ? { start, database } : null;
}
