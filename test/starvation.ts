/** How long the machine lets a process wait that has something to do: what is not the product's doing. */
import { readFileSync } from "node:fs";

/**
 * Time that a thread has waited for a processor since its beginning, ms; 0 where the system does not tell (it is Linux that does).
 * @param thread a process id stands for its main thread; default: the thread that asks
 */
export function starvedMs(thread: number | "thread-self" = "thread-self"): number {
  try {
    return Number(readFileSync(`/proc/${thread}/schedstat`, "latin1").split(" ")[1]) / 1e6;
  } catch {
    return 0;
  }
}

/** Measures how long something takes that two threads have a part in: this one and the main thread of a process. */
export class FairWatch {
  readonly #pid: number;
  #startMs = 0;
  #starvedMs = 0;

  constructor(pid: number) {
    this.#pid = pid;
    this.start();
  }

  start(): void {
    this.#starvedMs = this.#starved();
    this.#startMs = performance.now();
  }

  /** Time since the start less what the machine gave to others of it, ms. */
  tookMs(): number {
    const tookMs = performance.now() - this.#startMs;
    return Math.max(0, tookMs - (this.#starved() - this.#starvedMs));
  }

  #starved(): number {
    return starvedMs() + starvedMs(this.#pid);
  }
}
