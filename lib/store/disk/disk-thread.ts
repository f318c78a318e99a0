/** What waits for the disk for long is done in a thread of its own: checkpoints, integrity checks and copies of databases. */
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { type SqlDriver, sqlDriver } from "./driver.ts";
import { migrate } from "./schema.ts";

/** How far a checkpoint came: frames in the log, and those of them that are in the database and on the disk. */
export interface CheckpointProgress {
  log: number;
  checkpointed: number;
}

/** What takes the place of a damaged database. */
export interface Replacement {
  /** The copy that it is made of. */
  copy: string;
  /** Where it is made. */
  to: string;
  /** What was written into the damaged one and is to be in this one, too: changesets of SQLite, oldest first. */
  changes: readonly Uint8Array[];
  /** The history of the schema, which brings the copy to the form of the changes. */
  migrations: readonly string[];
}

type Work = ReturnType<typeof diskWork>;

interface Waiting {
  path: string;
  /** Of a job, shared with the thread: [1 when it is done, who has taken it]. */
  state: Int32Array;
  ended: Promise<unknown>;
  resolve: (answer: unknown) => void;
  reject: (error: Error) => void;
}

interface Answer {
  id: number;
  answer?: unknown;
  error?: { message: string; errcode: number | undefined };
}

/** The thread ends when it had nothing to do for so long, ms. */
const IDLE_MS = 10_000;

/** Whoever closes a database at once waits no longer than this for what is being done with it, ms. */
const FINISH_MS = 10_000;

/** Who has taken a job: no one yet, the thread, or the caller that closed the database before the job was begun. */
const [FREE, BEGUN, LEFT] = [0, 1, 2];
const [DONE_AT, TAKEN_AT] = [0, 1];

/** One thread, begun when there is work and ended when there has been none for a while. Jobs are done one after the other. */
export class DiskThread {
  #worker: Worker | null = null;
  readonly #waiting = new Map<number, Waiting>();
  #jobs = 0;
  #idle: NodeJS.Timeout | undefined;

  /**
   * Brings what is in a database's log into the database and onto the disk, as far as readers allow, beside everybody who writes.
   * @param names its files are new: their names are brought to the disk, too
   * @throws errors of SQLite, with their `errcode`
   */
  checkpoint(path: string, names = false): Promise<CheckpointProgress> {
    return this.#do("checkpoint", path, { path, names });
  }

  /** Writes a database, as it is at one moment, into a file that does not exist yet, for its owner only. Durable. @throws as `checkpoint` */
  async copy(path: string, to: string): Promise<void> {
    await this.#do("copy", path, { path, to });
  }

  /** Brings a file to the disk beside the event loop, in Node.js's own threads. @param name the file is new: its name, too @throws errors of the file system */
  async sync(path: string, name = false): Promise<void> {
    await syncFile(path, "r+");
    if (name && process.platform !== "win32") await syncFile(dirname(path), "r");
  }

  /** What is wrong with the pages of a database, or of a copy of it; null = nothing. @throws as `checkpoint` */
  check(path: string, file = path): Promise<string | null> {
    return this.#do("check", path, { path: file });
  }

  /** Makes what is to take the place of a damaged database. Durable. @throws as `checkpoint` */
  async makeReady(path: string, replacement: Replacement): Promise<void> {
    await this.#do("makeReady", path, replacement);
  }

  /** Resolves when nothing is being done with a database any more; what was not begun is not done. Never rejects. */
  async left(path: string): Promise<void> {
    await Promise.allSettled(this.#begunOf(path).map(({ ended }) => ended));
  }

  /** The same at once: everybody else waits, too, though no longer than `FINISH_MS`. */
  leave(path: string): void {
    for (const { state } of this.#begunOf(path)) Atomics.wait(state, DONE_AT, 0, FINISH_MS);
  }

  /** Waits, and lets everybody else wait, until nothing is being done with a database any more. */
  finish(path: string): void {
    const doing = [...this.#waiting.values()].filter((one) => one.path === path);
    for (const { state } of doing) Atomics.wait(state, DONE_AT, 0, FINISH_MS);
  }

  #begunOf(path: string): Waiting[] {
    const waiting = [...this.#waiting.values()].filter((one) => one.path === path);
    return waiting.filter(({ state }) => Atomics.compareExchange(state, TAKEN_AT, FREE, LEFT) === BEGUN);
  }

  #do<N extends keyof Work>(name: N, path: string, given: Parameters<Work[N]>[0]): Promise<ReturnType<Work[N]>> {
    clearTimeout(this.#idle);
    const id = ++this.#jobs;
    this.#worker ??= this.#begin();
    const state = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    let [resolve, reject]: [Waiting["resolve"], Waiting["reject"]] = [() => {}, () => {}];
    const ended = new Promise<unknown>((...told) => {
      [resolve, reject] = told;
    });
    this.#waiting.set(id, { path, state, ended, resolve, reject });
    // Whoever waits for an answer keeps the process alive.
    this.#worker.ref();
    this.#worker.postMessage({ id, name, state, given });
    return ended as Promise<ReturnType<Work[N]>>;
  }

  #begin(): Worker {
    // As text: where this file lies differs between the source and the built package. Flags of the process are not for it.
    const worker = new Worker(
      `(${serve.toString()})((${diskWork.toString()})(${migrate.toString()}, ${sqlDriver().openText}))`,
      {
        eval: true,
        execArgv: ["--no-warnings"],
      },
    );
    worker.on("message", ({ id, answer, error }: Answer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.reject(Object.assign(new Error(error.message), { errcode: error.errcode }));
      else waiting?.resolve(answer);
      if (this.#waiting.size === 0) this.#rest(worker);
    });
    worker.on("error", (error) => this.#lost(worker, error instanceof Error ? error : new Error(String(error))));
    worker.on("exit", () => this.#lost(worker, new Error("the thread for the disk ended")));
    return worker;
  }

  #rest(worker: Worker): void {
    worker.unref();
    this.#idle = setTimeout(() => {
      if (this.#worker === worker) this.#worker = null;
      void worker.terminate();
    }, IDLE_MS).unref();
  }

  #lost(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    clearTimeout(this.#idle);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}

async function syncFile(path: string, flags: string): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** That of the process for checkpoints, for which confirmations wait. */
export const diskThread = new DiskThread();

/** That of the process for what reads whole databases: checks, copies and the way back to one. No checkpoint waits for them. */
export const lengthyThread = new DiskThread();

/** What the thread does, by name. It is run as text, too: it uses nothing of this file. @param bringUp `migrate` of the schema */
export function diskWork(bringUp: typeof migrate, open: SqlDriver["open"]) {
  const { closeSync, copyFileSync, existsSync, fsyncSync, openSync, rmSync } = process.getBuiltinModule("node:fs");
  const { dirname } = process.getBuiltinModule("node:path");
  /** SQLite's answers of a changeset's conflict handler, and two of the conflicts: another value than before, a row that is there. */
  const [OMIT, REPLACE] = [0, 1];
  const [DATA, CONFLICT] = [1, 3];

  const synced = (path: string, flags = "r"): void => {
    const file = openSync(path, flags);
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  };
  // SQLite takes an empty file for none; one that it makes itself could be read by others.
  const makeFile = (path: string): void => closeSync(openSync(path, "ax", 0o600));
  return {
    checkpoint: ({ path, names }: { path: string; names: boolean }): CheckpointProgress => {
      // Opening makes a file where there is none.
      if (!existsSync(path)) throw new Error(`${path} is not there any more`);
      const database = open(path);
      try {
        database.exec("PRAGMA busy_timeout = 2000; PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL");
        const { log, checkpointed } = database.prepare("PRAGMA wal_checkpoint(PASSIVE)").get() as Record<
          "log" | "checkpointed",
          number
        >;
        if (names && process.platform !== "win32") synced(dirname(path));
        return { log, checkpointed };
      } finally {
        database.close();
      }
    },
    copy: ({ path, to }: { path: string; to: string }): null => {
      const database = open(path, { readOnly: true });
      try {
        database.exec("PRAGMA busy_timeout = 2000");
        makeFile(to);
        database.prepare("VACUUM INTO ?").run(to);
      } finally {
        database.close();
      }
      synced(to);
      return null;
    },
    /** null = its pages hang together. */
    check: ({ path }: { path: string }): string | null => {
      const database = open(path, { readOnly: true });
      try {
        database.exec("PRAGMA busy_timeout = 2000");
        const [row] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
        return row?.quick_check === "ok" ? null : (row?.quick_check ?? "no answer");
      } finally {
        database.close();
      }
    },
    /** What a copy says of limits in force is out of date. */
    makeReady: ({ copy, to, changes, migrations }: Replacement): null => {
      for (const old of [to, `${to}-journal`]) rmSync(old, { force: true });
      makeFile(to);
      copyFileSync(copy, to);
      const database = open(to);
      try {
        database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; DELETE FROM limits");
        if (changes.length > 0) bringUp(database, migrations);
        const onConflict = (conflict: number) => (conflict === DATA || conflict === CONFLICT ? REPLACE : OMIT);
        for (const change of changes) (database as DatabaseSync).applyChangeset(change, { onConflict });
      } finally {
        database.close();
      }
      synced(to, "r+");
      return null;
    },
  };
}

/** The thread's side. It is run as text: it uses nothing of this file. */
function serve(work: Work): void {
  const { parentPort } = process.getBuiltinModule("node:worker_threads");
  interface Job {
    id: number;
    name: keyof Work;
    state: Int32Array;
    given: never;
  }
  parentPort?.on("message", ({ id, name, state, given }: Job) => {
    const told: Answer = { id };
    try {
      if (Atomics.compareExchange(state, 1, 0, 1) !== 0) throw new Error("the database was closed before");
      told.answer = work[name](given);
    } catch (error) {
      const { message, errcode } = error as { message: string; errcode?: number };
      told.error = { message, errcode };
    }
    Atomics.store(state, 0, 1);
    Atomics.notify(state, 0);
    parentPort.postMessage(told);
  });
}
