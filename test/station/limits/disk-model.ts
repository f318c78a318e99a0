/** A database and a disk of which a test says what they have. */
import fs, { existsSync, readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { diskThread } from "../../../lib/store/disk/disk-thread.ts";
import type { LimitRecord } from "../../../lib/store/types.ts";
import type { JsonValue } from "../../../lib/units.ts";

/** The records of a database. What is in them is on the disk. */
export class Records {
  readonly documents = new Map<string, JsonValue>();
  readonly kept = new Map<number, LimitRecord>();

  saveLimit(limit: LimitRecord): void {
    this.kept.set(limit.connector, limit);
  }
  limits(): LimitRecord[] {
    return [...this.kept.values()];
  }
  saveDocument(key: string, value: JsonValue): void {
    this.documents.set(key, value);
  }
  async keepDocument(key: string, value: JsonValue): Promise<void> {
    this.documents.set(key, value);
  }
  document(key: string): JsonValue | undefined {
    return this.documents.get(key);
  }
  async settled(): Promise<void> {}
  async durably<T>(body: () => T): Promise<T> {
    return body();
  }
}

/** Waits for the disk that end bring a file there as it was when they began. */
export class Disk {
  readonly #real = { fdatasync: fs.fdatasync, sync: diskThread.sync };
  bytes: Buffer | null = null;

  constructor(path: string) {
    const reach = (done: () => void): void => {
      const bytes = existsSync(path) ? readFileSync(path) : null;
      setImmediate(() => {
        this.bytes = bytes;
        done();
      });
    };
    const fdatasync = (_file: number, done: (error: Error | null) => void): void => reach(() => done(null));
    Object.assign(fs, { fdatasync });
    syncBuiltinESMExports();
    diskThread.sync = () => new Promise((done) => reach(done));
  }

  end(): void {
    Object.assign(fs, { fdatasync: this.#real.fdatasync });
    syncBuiltinESMExports();
    diskThread.sync = this.#real.sync;
  }
}
