import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { listCopies } from "../../lib/store/disk/copies.ts";
import { DailyCopy } from "../../lib/store/disk/daily-copy.ts";
import { sqlDriver } from "../../lib/store/disk/driver.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { FakeClock } from "../fake-clock.ts";
import { peek } from "../peek.ts";

const START = { chargePoint: "CP1", connector: 1, idTag: "A", meterStartWh: 0, idTagStatus: "Accepted" };
/** More than a log holds before it is moved into the database. */
const MANY = 4000;

/** What another process finds that counts the transactions. */
function fromOutside(path: string): string {
  const code = `const { DatabaseSync } = require("node:sqlite");
    const database = new DatabaseSync(${JSON.stringify(path)});
    console.log(database.prepare("SELECT count(*) AS n FROM transactions").get().n);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", code], { encoding: "utf8" });
  return stdout.trim() || (/database is locked/.exec(stderr)?.[0] ?? stderr);
}

describe("A database of Node.js's own SQLite", () => {
  let folder: string;
  let path: string;

  before(function () {
    if (sqlDriver().alone || process.platform === "win32") this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-one-process-"));
    path = join(folder, "site.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("is one process's own, whatever is done with it, and has no map of its log on the disk", async () => {
    const clock = new FakeClock();
    const store = openStore(path, { clock });
    store.startTransaction({ ...START, startedWallMs: 0 });
    await store.settled();
    assert.equal(fromOutside(path), "database is locked", "new");
    await new DailyCopy({ path, clock, write: (to) => store.copyTo(to) }).look();
    assert.equal(listCopies(path).length, 1);
    assert.equal(fromOutside(path), "database is locked", "after a copy");
    for (let number = 1; number < MANY; number++) store.startTransaction({ ...START, startedWallMs: number });
    await store.settled();
    assert.equal(fromOutside(path), "database is locked", "after a checkpoint");
    assert.ok(!existsSync(`${path}-shm`));
    const counted = peek(path, (database) => database.prepare("SELECT count(*) AS n FROM transactions").get());
    assert.equal(counted?.["n"], MANY);
    store.close();
    assert.equal(fromOutside(path), String(MANY), "closed");
  });

  it("says why it cannot be opened while another process has it", () => {
    const opens = JSON.stringify(join(import.meta.dirname, "../../lib/store/sqlite.ts"));
    const clock = JSON.stringify(join(import.meta.dirname, "../../lib/clock.ts"));
    const store = openStore(path, { clock: new FakeClock() });
    store.limits();
    const code = `Promise.all([import(${opens}), import(${clock})]).then(([{ openStore }, { systemClock }]) => {
      console.log(openStore(${JSON.stringify(path)}, { clock: systemClock }).failure?.message);
      process.exit();
    });`;
    const { stdout } = spawnSync(process.execPath, ["-e", code], { encoding: "utf8" });
    assert.match(stdout, /cannot be opened: database is locked: another process uses it/);
    store.close();
  });
});
