import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  linkSync,
  openSync,
  readSync,
  renameSync,
} from "node:fs";

/** SQLite's file format, §4.1: the log begins with a header of 32 bytes; each frame has one of 24 and a page behind it. */
const [HEADER_BYTES, FRAME_HEADER_BYTES] = [32, 24];
const [PAGE_SIZE_AT, SALT_AT, FRAME_SALT_AT, SALT_BYTES] = [8, 16, 8, 8];

/** End of the second name of a log. */
const KEPT = ".kept";

/** Gives a log that was kept its name back; also where the process ended before it came to that. @param path of the database */
export function putBack(path: string): void {
  const log = `${path}-wal`;
  if (existsSync(log + KEPT)) renameSync(log + KEPT, log);
}

/** The file of a database's write-ahead log: brought to the disk beside the event loop, and looked at. */
export class WalFile {
  readonly #path: string;
  #file: number | null = null;
  #running = 0;
  #closed = false;

  /** @param path of the database */
  constructor(path: string) {
    this.#path = `${path}-wal`;
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

  /** The same, at once: for the end. @throws errors of the file system */
  syncNow(): void {
    fdatasyncSync(this.#open());
  }

  /** Another one each time the log begins anew; empty while there is none. */
  get generation(): string {
    return this.#header()?.toString("hex", SALT_AT, SALT_AT + SALT_BYTES) ?? "";
  }

  /** How many frames it has since it began anew; what lies behind them is of earlier generations. */
  get frames(): number {
    const header = this.#header();
    if (!header) return 0;
    const frameBytes = FRAME_HEADER_BYTES + header.readUInt32BE(PAGE_SIZE_AT);
    const salt = header.subarray(SALT_AT, SALT_AT + SALT_BYTES);
    const isOfNow = (index: number): boolean => {
      const found = this.#read(HEADER_BYTES + index * frameBytes + FRAME_SALT_AT, SALT_BYTES);
      return found?.equals(salt) ?? false;
    };
    let [least, most] = [0, Math.floor((fstatSync(this.#open()).size - HEADER_BYTES) / frameBytes)];
    while (least < most) {
      const middle = Math.floor((least + most) / 2);
      if (isOfNow(middle)) least = middle + 1;
      else most = middle;
    }
    return least;
  }

  /** Gives it a second name, so that it is not lost when its database is closed; see `putBack`. */
  keep(): void {
    try {
      linkSync(this.#path, this.#path + KEPT);
    } catch {
      // A file system without second names: what is in the log goes into the database then.
    }
  }

  close(): void {
    this.#closed = true;
    if (this.#running > 0 || this.#file === null) return;
    closeSync(this.#file);
    this.#file = null;
  }

  #header(): Buffer | null {
    return existsSync(this.#path) ? this.#read(0, HEADER_BYTES) : null;
  }

  #read(at: number, length: number): Buffer | null {
    const bytes = Buffer.alloc(length);
    return readSync(this.#open(), bytes, 0, length, at) === length ? bytes : null;
  }

  #open(): number {
    if (this.#closed) throw new Error(`${this.#path} is closed`);
    this.#file ??= openSync(this.#path, "r+");
    return this.#file;
  }
}
