interface GroupJob {
  /** Does the work; what it returns tells whoever waits for it that it is durable. */
  run(): () => void;
  reject(error: unknown): void;
}

/** Work that was committed. */
interface CommittedJob {
  job: GroupJob;
  settle: () => void;
}

/** What the work is written with. */
export interface GroupDisk {
  /** Runs `body` in one database transaction; undoes all of it and throws when anything fails. */
  commit(body: () => void): void;
  /** Resolves when what was committed is durable. */
  sync(): Promise<void>;
}

/** Where work has come while the disk was waited for, more is on its way: it is collected for so long, ms. */
const COLLECT_MS = 2;

/** What nothing waits for is brought to the disk after so long, with all that came meanwhile: each wait writes whole pages, ms. */
const LATER_MS = 30_000;

/** So many jobs wait for a disk that does not answer; further jobs are refused. */
const MOST_WAITING = 5000;

/**
 * Group commit: the work given in one turn of the event loop is done at its end in one database transaction, and what is given while
 * the disk is waited for in the next one, so that many charge points share one wait, and only they wait.
 */
export class GroupCommit {
  readonly #disk: GroupDisk;
  #waiting: GroupJob[] = [];
  /** The jobs that are committed and not yet durable. */
  #syncing: readonly CommittedJob[] | null = null;
  /** Resolves when they are. */
  #ended: Promise<void> = Promise.resolve();
  /** Something was committed outside the group since the disk was asked last. */
  #touched = false;
  /** Some of that is to be durable soon. */
  #pressing = false;
  /** Runs until the rest of it is brought to the disk. */
  #later: NodeJS.Timeout | null = null;
  #scheduled = false;
  /** Runs while more is collected. */
  #collecting: NodeJS.Timeout | null = null;

  constructor(disk: GroupDisk) {
    this.#disk = disk;
  }

  /** Resolves with the result of `work` once it is durable; rejects when it was undone, or may not last. */
  add<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length >= MOST_WAITING) {
        reject(new Error("the disk does not answer, and too much waits for it"));
        return;
      }
      this.#schedule();
      const run = (): (() => void) => {
        const result = work();
        return () => resolve(result);
      };
      this.#waiting.push({ run, reject });
    });
  }

  /**
   * Something was committed outside the group: it is brought to the disk soon, together with whatever else is.
   * @param when `later`: nothing waits for it, and it may wait for half a minute
   */
  touch(when: "soon" | "later" = "soon"): void {
    this.#touched = true;
    if (when === "later") {
      this.#later ??= setTimeout(() => this.touch(), LATER_MS).unref();
      return;
    }
    this.#pressing = true;
    this.#schedule();
  }

  /** Resolves when all that was committed until now is durable. Rejects when it may not last. */
  async settled(): Promise<void> {
    if (this.#touched || this.#syncing !== null || this.#waiting.length > 0) await this.add(() => undefined);
  }

  /** Resolves when the disk is not waited for, at once mostly. Never rejects. */
  async idle(): Promise<void> {
    await this.#ended;
  }

  /** Commits what waits before it returns. Whoever gave it is told when it is durable. */
  flush(): void {
    this.#collected();
    const written = this.#write();
    if (written.length > 0) void this.#sync(written);
  }

  #schedule(): void {
    if (this.#scheduled || this.#syncing || this.#collecting) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#next();
    });
  }

  #next(): void {
    if (this.#syncing) return;
    const written = this.#write();
    if (written.length === 0 && !this.#touched) return;
    clearTimeout(this.#later ?? undefined);
    this.#later = null;
    this.#touched = false;
    this.#pressing = false;
    this.#syncing = written;
    this.#ended = this.#sync(written).then(() => {
      this.#syncing = null;
      if (this.#waiting.length > 0 || this.#pressing) this.#collect();
    });
  }

  /** Never rejects: those who gave the work are told. */
  #sync(written: readonly CommittedJob[]): Promise<void> {
    return this.#disk.sync().then(
      () => {
        for (const { settle } of written) settle();
      },
      (error: unknown) => {
        for (const { job } of written) job.reject(error);
      },
    );
  }

  #collect(): void {
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
  #write(): CommittedJob[] {
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
  #commit(jobs: readonly GroupJob[]): CommittedJob[] | GroupJob | null {
    const written: CommittedJob[] = [];
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
