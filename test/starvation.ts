/** How long the machine lets a process wait that has something to do: what is not the product's doing. */
import { readdirSync, readFileSync } from "node:fs";

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

/** The processes that draw the pages of the browsers which this process has launched; none where the system does not tell. */
export function renderers(): number[] {
  const parents = new Map<number, number>();
  const read = (pid: number, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "latin1");
    } catch {
      return "";
    }
  };
  try {
    for (const name of readdirSync("/proc").filter((one) => /^\d+$/.test(one)))
      parents.set(
        Number(name),
        Number(
          read(Number(name), "stat")
            .replace(/^.*\) \S+ /s, "")
            .split(" ")[0],
        ),
      );
  } catch {
    return [];
  }
  const isOurs = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === process.pid || isOurs(parents.get(pid)));
  return [...parents.keys()].filter((pid) => isOurs(pid) && read(pid, "cmdline").includes("--type=renderer"));
}

/** Measures how long something takes that several threads have a part in: this one and the main threads of processes. */
export class FairWatch {
  readonly #pids: readonly number[];
  #startMs = 0;
  #starvedMs = 0;

  constructor(...pids: number[]) {
    this.#pids = pids;
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
    return this.#pids.reduce((sumMs, pid) => sumMs + starvedMs(pid), starvedMs());
  }
}
