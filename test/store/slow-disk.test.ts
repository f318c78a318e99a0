import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { promisify } from "node:util";
import { SlowDisk } from "../slow-disk.ts";

/** Not the disk's 500 ms, nor a tenth of it; the rest is for a machine with other things to do. */
const MOST_STOOD_MS = 250;

interface Told {
  stoodMs: number;
  slowestMs: number;
  confirmed: number;
  asked: number;
  begunAnew: number;
}

describe("SQLite store on a disk that answers in 500 ms", () => {
  let disk: SlowDisk;
  let folder: string;

  beforeEach(function () {
    if (SlowDisk.missing()) this.skip();
    disk = new SlowDisk(500);
    folder = mkdtempSync(join(tmpdir(), "phasewise-slow-"));
  });
  afterEach(() => {
    disk?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = async (path: string, seconds: number): Promise<Told> => {
    const child = join(import.meta.dirname, "slow-disk-child.ts");
    const env = { ...process.env, ...disk.env };
    const { stdout } = await promisify(execFile)(process.execPath, [child, path, String(seconds)], { env });
    return JSON.parse(stdout) as Told;
  };

  it("never lets the event loop wait for it, from the first write of a new database to its end, and confirms everything", async () => {
    const path = join(folder, "site.sqlite");
    disk.makeSlow();
    const told = await run(path, 8);
    assert.equal(disk.waits.main, 0);
    assert.ok(disk.waits.other > 5, String(disk.waits.other));
    assert.ok(told.begunAnew >= 2, `the log has begun anew ${told.begunAnew} times`);
    assert.ok(told.stoodMs < MOST_STOOD_MS, `the event loop stood still for ${told.stoodMs} ms`);
    assert.equal(told.confirmed, told.asked);
    const database = new DatabaseSync(path);
    const kept = database
      .prepare("SELECT count(*) AS n, count(DISTINCT transaction_id) AS ids FROM transactions")
      .get();
    database.close();
    assert.deepEqual({ ...kept }, { n: told.asked, ids: told.asked });
  });
});
