/** Work that keeps a core busy for seconds is done by as many at a time as there are cores, in whatever process of the run they are. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/**
 * Does work when it has a core to itself: starting Node-RED, or drawing its editor. Eight that share a core would all be too slow for
 * the time that one of them takes.
 * @param folder one for all processes of the run
 */
export async function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const end = await takeTurn(folder, "turn", availableParallelism());
  try {
    return await work();
  } finally {
    end();
  }
}

/**
 * Waits for one of some turns. Those of processes that died are free.
 * @param kind turns of each kind are counted for themselves @param count how many there are @returns what gives it back
 */
export async function takeTurn(folder: string, kind: string, count: number): Promise<() => void> {
  const paths = Array.from({ length: count }, (_, index) => join(folder, `${kind}-${index}`));
  for (;;) {
    const taken = paths.find(take);
    if (taken !== undefined) return () => rmSync(taken, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Only one process can make a file that is not there. */
function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isAbandoned(path)) return false;
    rmSync(path, { force: true });
    return false;
  }
}

/** Whoever took it is gone; one that is empty is being taken. */
function isAbandoned(path: string): boolean {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
