import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import { addCopy, listCopies, renewCopies } from "./copies.ts";

/** A copy is due when the newest is so old. */
const EVERY_MS = 86_400_000;
/** How often it is looked, and how soon after the start: when the site has settled. */
const LOOK_MS = 600_000;

export interface DailyCopyOptions {
  path: string;
  clock: Clock;
  /** Writes the database into a file that does not exist yet. */
  write: (path: string) => Promise<void>;
}

/** Copies a database once a day, beside the control loop. */
export class DailyCopy {
  /** Why the last try failed; null when it did not. */
  failure: string | null = null;
  readonly #options: DailyCopyOptions;
  readonly #stop: () => void;
  #running: Promise<void> | null = null;

  constructor(options: DailyCopyOptions) {
    this.#options = options;
    const { clock } = options;
    const timer = clock.setInterval(() => void this.look(), LOOK_MS);
    this.#stop = () => clock.clear(timer);
  }

  /** Makes a copy when one is due; resolves when it is done, or had failed. */
  look(): Promise<void> {
    this.#running ??= this.#copy().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Makes a copy now and drops all that were made before. @returns how many those were @throws errors of SQLite and of the file system */
  async renew(): Promise<number> {
    await this.#running;
    const { path, clock, write } = this.#options;
    const renewing = renewCopies(path, clock.wallMs(), write);
    this.#running = renewing
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        this.#running = null;
      });
    return renewing;
  }

  async #copy(): Promise<void> {
    const { path, clock, write } = this.#options;
    try {
      const [newest] = listCopies(path);
      const ageMs = newest ? clock.wallMs() - newest.wallMs : EVERY_MS;
      // A clock that was set back must not end the copies.
      if (ageMs >= EVERY_MS || ageMs < -EVERY_MS) await addCopy(path, clock.wallMs(), write);
      this.failure = null;
    } catch (error) {
      this.failure = messageOf(error);
    }
  }

  close(): void {
    this.#stop();
  }
}
