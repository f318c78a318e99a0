/** Has a database for itself, says so, and lets it go after so many milliseconds. */
import { sqlDriver } from "../../lib/store/disk/driver.ts";

const [path = "", holdsMs] = process.argv.slice(2);
const database = sqlDriver().open(path);
database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT");
console.log("it is mine");
setTimeout(() => database.close(), Number(holdsMs));
