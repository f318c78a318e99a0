interface Job {
  /** Does the work; what it returns tells whoever waits for it that it is durable. */
  run(): () => void;
  reject(error: unknown): void;
}

/** Work that was committed. */
interface Written {
  job: Job;
  settle: () => void;
}

/** What the work is written with. */
export interface GroupDisk {
  /** Runs `body` in one database transaction; undoes all of it and throws when anything fails. */
  commit(body: () => void): void;
  /** Resolves when what was committed is durable. */
  sync(): Promise<void>;
  /** The same, at once. */
  syncNow(): void;
}

/** Where work has come while the disk was waited for, more is on its way: it is collected for so long, ms. */
const COLLECT_MS = 2;

/**
 * Group commit: the work given in one turn of the event loop is done at its end in one database transaction, and what is given while
 * the disk is waited for in the next one, so that many charge points share one wait, and nobody else takes part in it.
 */
export class GroupCommit {
  readonly #disk: GroupDisk;
  #waiting: Job[] = [];
  /** Committed, not yet durable. */
  #syncing: readonly Written[] | null = null;
  /** Runs while more is collected. */
  #collecting: NodeJS.Timeout | null = null;

  constructor(disk: GroupDisk) {
    this.#disk = disk;
  }

  /** Resolves with the result of `work` once it is durable; rejects when it was undone, or may not last. */
  add<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0 && !this.#syncing && !this.#collecting) setImmediate(() => this.#next());
      const run = (): (() => void) => {
        const result = work();
        return () => resolve(result);
      };
      this.#waiting.push({ run, reject });
    });
  }

  /** Makes all of it durable before it returns. */
  flush(): void {
    this.#collected();
    const written = [...(this.#syncing ?? []), ...this.#write()];
    this.#syncing = null;
    if (written.length === 0) return;
    try {
      this.#disk.syncNow();
      for (const { settle } of written) settle();
    } catch (error) {
      for (const { job } of written) job.reject(error);
    }
  }

  #next(): void {
    if (this.#syncing) return;
    const written = this.#write();
    if (written.length === 0) return;
    this.#syncing = written;
    this.#disk.sync().then(
      () => this.#end(written, ({ settle }) => settle()),
      (error: unknown) => this.#end(written, ({ job }) => job.reject(error)),
    );
  }

  /** Unless a flush was faster. */
  #end(written: readonly Written[], tell: (one: Written) => void): void {
    if (this.#syncing !== written) return;
    this.#syncing = null;
    for (const one of written) tell(one);
    if (this.#waiting.length === 0) return;
    this.#collecting = setTimeout(() => {
      this.#collected();
      this.#next();
    }, COLLECT_MS);
  }

  #collected(): void {
    clearTimeout(this.#collecting ?? undefined);
    this.#collecting = null;
  }

  /** Commits what waits. Work that fails is left out and the rest done anew; without the disk all of it fails. */
  #write(): Written[] {
    let jobs = this.#waiting;
    this.#waiting = [];
    while (jobs.length > 0) {
      const outcome = this.#commit(jobs);
      if (Array.isArray(outcome)) return outcome;
      jobs = outcome ? jobs.filter((job) => job !== outcome) : [];
    }
    return [];
  }

  /** All of it, or the one job that failed; null = none of it. What failed is rejected. */
  #commit(jobs: readonly Job[]): Written[] | Job | null {
    const written: Written[] = [];
    let begun = 0;
    try {
      this.#disk.commit(() => {
        for (const job of jobs) {
          begun += 1;
          written.push({ job, settle: job.run() });
        }
      });
      return written;
    } catch (error) {
      const failed = jobs.slice(written.length, begun)[0] ?? null;
      for (const job of failed ? [failed] : jobs) job.reject(error);
      return failed;
    }
  }
}
