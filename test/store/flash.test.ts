import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { RamFile } from "../../lib/store/journal/ram-file.ts";
import { sample } from "../full.ts";

/** What an hour of two chargers may append, bytes: a fifth more than it does. */
const MOST_LOG = 220_000;
/** Without a memory for files all goes to the journal. */
const MOST_JOURNAL = RamFile.of(join(tmpdir(), "any.sqlite")) ? 41_000 : 46_000;

describe("What is written to flash in an hour", () => {
  for (const driver of sample(["node:sqlite", "node-sqlite3-wasm"], 2)) {
    it(`stays small: ${driver}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), "phasewise-flash-"));
      try {
        const env = { ...process.env, PHASEWISE_SQLITE: driver };
        const { stdout } = await promisify(execFile)(
          process.execPath,
          [join(import.meta.dirname, "flash-hour.ts"), folder],
          { env },
        );
        const told = JSON.parse(stdout) as { driver: string; log: number; journal: number; charging: number };
        if (driver === "node-sqlite3-wasm") assert.equal(told.driver, driver);
        assert.ok(told.charging > 0, "no car charges");
        assert.ok(told.log > 0 && told.log <= MOST_LOG, `log: ${stdout}`);
        assert.ok(told.journal > 0 && told.journal <= MOST_JOURNAL, `journal: ${stdout}`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});
