interface Job {
  /** Does the work; what it returns tells whoever waits for it that it is durable. */
  run(): () => void;
  reject(error: unknown): void;
}

/**
 * Group commit: the work given in one turn of the event loop is done at its end in one database transaction, so that many
 * charge points share one wait for the disk.
 */
export class GroupCommit {
  readonly #commit: (body: () => void) => void;
  #waiting: Job[] = [];

  /** @param commit runs `body` in one durable database transaction; undoes all of it and throws when anything fails */
  constructor(commit: (body: () => void) => void) {
    this.#commit = commit;
  }

  /** Resolves with the result of `work` once it is durable; rejects when it was undone. */
  add<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.flush());
      const run = (): (() => void) => {
        const result = work();
        return () => resolve(result);
      };
      this.#waiting.push({ run, reject });
    });
  }

  /** Does at once what waits. Work that fails is left out and the rest done anew; without the disk all of it fails. */
  flush(): void {
    let jobs = this.#waiting;
    this.#waiting = [];
    while (jobs.length > 0) {
      const failed = this.#write(jobs);
      jobs = failed ? jobs.filter((job) => job !== failed) : [];
    }
  }

  /** Settles all jobs, or only the one that failed, which it returns. */
  #write(jobs: readonly Job[]): Job | null {
    const settlers: (() => void)[] = [];
    let begun = 0;
    try {
      this.#commit(() => {
        for (const job of jobs) {
          begun += 1;
          settlers.push(job.run());
        }
      });
    } catch (error) {
      const failed = jobs.slice(settlers.length, begun)[0] ?? null;
      for (const job of failed ? [failed] : jobs) job.reject(error);
      return failed;
    }
    for (const settle of settlers) settle();
    return null;
  }
}
