import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { startBare } from "./bare.ts";

const DURABLE: ReadonlySet<string> = new Set(["StartTransaction", "StopTransaction"]);

/**
 * The bare server with the plainest group commit there is: what came in one turn of the event loop is inserted in one database
 * transaction (WAL, synchronous=FULL), and answered after it. @returns its port
 */
export function startBareDurable(folder: string): Promise<number> {
  const database = new DatabaseSync(join(folder, "bare.db"));
  database.exec(
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE events (id INTEGER PRIMARY KEY, what TEXT)",
  );
  const insert = database.prepare("INSERT INTO events (what) VALUES (?)");
  let waiting: { what: string; resolve: () => void }[] = [];
  const commit = (): void => {
    const group = waiting;
    waiting = [];
    database.exec("BEGIN IMMEDIATE");
    for (const { what } of group) insert.run(what);
    database.exec("COMMIT");
    for (const { resolve } of group) resolve();
  };
  const ready = (action: string): Promise<void> | undefined => {
    if (!DURABLE.has(action)) return undefined;
    if (waiting.length === 0) setImmediate(commit);
    return new Promise((resolve) => waiting.push({ what: action, resolve }));
  };
  return startBare({ ready });
}
