/** Writes rows one by one, each in a transaction of its own, until it is killed; prints each number once it is committed. */
import { writeSync } from "node:fs";
import { nativeDriver, wasmDriver } from "../../lib/store/disk/driver.ts";

const [path = "", name] = process.argv.slice(2);
const driver = name === "node:sqlite" ? nativeDriver()! : wasmDriver();
const database = driver.open(path);
database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF");
database.exec("CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY) STRICT");
const insert = database.prepare("INSERT INTO rows DEFAULT VALUES RETURNING n");
for (;;) writeSync(1, `${insert.get()?.["n"]}\n`);
