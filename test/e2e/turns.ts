/** Work that keeps a core busy for seconds is done by as many at a time as there are cores, in whatever process of the run they are. */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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
 * Waits for one of some turns; who came first has the first that is free. Those of processes that died are free.
 * @param kind turns of each kind are counted for themselves @param count how many there are @returns what gives it back
 */
export async function takeTurn(folder: string, kind: string, count: number): Promise<() => void> {
  const paths = Array.from({ length: count }, (_, index) => join(folder, `${kind}-${index}`));
  const ticket = drawTicket(folder, kind);
  try {
    for (;;) {
      const taken = isNext(folder, kind, ticket) ? paths.find(take) : undefined;
      if (taken !== undefined) return () => rmSync(taken, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } finally {
    rmSync(join(folder, ticket), { force: true });
  }
}

let drawn = 0;

/** A file whose name says since when this waits; this clock counts for all processes of the machine. @returns its name */
function drawTicket(folder: string, kind: string): string {
  const since = String(process.hrtime.bigint()).padStart(20, "0");
  const ticket = `${kind}~${since}~${process.pid}-${drawn++}`;
  writeFileSync(join(folder, ticket), String(process.pid));
  return ticket;
}

/** Whether nobody alive has waited for longer. */
function isNext(folder: string, kind: string, ticket: string): boolean {
  for (const other of readdirSync(folder)
    .filter((name) => name.startsWith(`${kind}~`))
    .sort()) {
    if (other === ticket) return true;
    if (!isAbandoned(join(folder, other))) return false;
    rmSync(join(folder, other), { force: true });
  }
  return true;
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
