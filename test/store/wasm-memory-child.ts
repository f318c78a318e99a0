/** Writes some rows with the SQLite in WebAssembly, and prints by how much the memory of the process has grown, MB. */
import { setTimeout as pass } from "node:timers/promises";
import { wasmDriver } from "../../lib/store/disk/driver.ts";

async function measure(path: string): Promise<number> {
  const beforeMb = process.memoryUsage.rss() / 1e6;
  const database = wasmDriver().open(path);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
  database.exec("CREATE TABLE rows (n INTEGER PRIMARY KEY, text TEXT) STRICT");
  const insert = database.prepare("INSERT INTO rows (text) VALUES (?)");
  const find = database.prepare("SELECT count(*) AS rows FROM rows WHERE text LIKE ?");
  for (let turn = 0; turn < 10; turn++) {
    for (let row = 0; row < 100; row++) insert.run(`row ${row}`);
    find.get("%9%");
    // What is compiled beside gets its time.
    await pass(50);
  }
  database.close();
  return process.memoryUsage.rss() / 1e6 - beforeMb;
}

void measure(process.argv[2]!).then((mb) => console.log(Math.round(mb)));
