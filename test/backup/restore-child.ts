/**
 * Takes the backup in a file over into a database, and kills itself after so many turns of the event loop; without, it prints how many
 * turns it took.
 */
import { readFileSync, writeSync } from "node:fs";
import { readBackup } from "../../lib/backup/import.ts";
import { Restorer } from "../../lib/backup/restore.ts";
import { systemClock } from "../../lib/clock.ts";
import { BadgeList } from "../../lib/session/badges/badge-list.ts";
import { openStore } from "../../lib/store/sqlite.ts";

const [, , path = "", backup = "", most] = process.argv;
const store = openStore(path, { clock: systemClock });
const read = await readBackup(readFileSync(backup, "utf8"), "UTC");

let turns = 0;
let done = false;
function count(): void {
  turns += 1;
  if (turns === Number(most)) process.kill(process.pid, "SIGKILL");
  if (!done) setImmediate(count);
}
setImmediate(count);
await new Restorer(store, new BadgeList(store.badges, systemClock), systemClock).apply(read, "Ana");
done = true;
writeSync(1, String(turns));
store.close();
