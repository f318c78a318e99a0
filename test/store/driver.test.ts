import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { nativeDriver, type SqlDriver, wasmDriver } from "../../lib/store/disk/driver.ts";

const DRIVERS: readonly SqlDriver[] = [nativeDriver()!, wasmDriver()];

/** SQLITE_BUSY, SQLITE_CONSTRAINT, SQLITE_NOTADB, SQLITE_READONLY. */
const [BUSY, CONSTRAINT, NOT_A_DATABASE, READ_ONLY] = [5, 19, 26, 8];

function codeOf(work: () => unknown): number | null {
  try {
    work();
    return null;
  } catch (error) {
    return (error as { errcode: number }).errcode & 0xff;
  }
}

describe("A driver of SQLite", () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "phasewise-driver-"));
    path = join(folder, "site.sqlite");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the child on a driver until it has committed so many rows, kills it with SIGKILL, and returns the last number it printed. */
  const untilKilled = async (driver: SqlDriver, rows: number): Promise<number> => {
    const args = [join(import.meta.dirname, "driver-child.ts"), path, driver.name];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.split("\n").length > rows) child.kill("SIGKILL");
    });
    await new Promise((resolve) => child.once("close", resolve));
    return Number(text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1));
  };

  it("opens what a killed process has left, whichever driver that one had, and loses nothing that was committed", async () => {
    const [native, wasm] = DRIVERS as [SqlDriver, SqlDriver];
    for (const [writer, reader] of [
      [wasm, wasm],
      [wasm, native],
      [native, wasm],
      [wasm, native],
    ] as const) {
      const committed = await untilKilled(writer, 20);
      const database = reader.open(path);
      const found = database.prepare("SELECT count(*) AS rows, max(n) AS last FROM rows").get();
      assert.deepEqual(database.prepare("PRAGMA quick_check").all().map(Object.values), [["ok"]]);
      database.close();
      const { rows, last } = found as { rows: number; last: number };
      assert.equal(rows, last, `${writer.name} → ${reader.name}: a row is missing`);
      assert.ok(last >= committed, `${writer.name} → ${reader.name}: ${last} of ${committed} rows`);
    }
  });

  for (const driver of DRIVERS) {
    describe(driver.name, () => {
      it("gives rows, changes and numbers of rows alike", () => {
        const database = driver.open(path);
        database.exec("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT, real REAL, bytes BLOB) STRICT");
        const insert = database.prepare("INSERT INTO t (text, real, bytes) VALUES (?, ?, ?)");
        const { changes, lastInsertRowid } = insert.run("Zählerstände ½", 0.1, new Uint8Array([1, 2]));
        assert.deepEqual([changes, lastInsertRowid], [1, 1]);
        insert.run(null, 2 ** 45, null);
        const rows = database.prepare("SELECT * FROM t ORDER BY id").all();
        assert.deepEqual(
          rows.map((row) => ({ ...row })),
          [
            { id: 1, text: "Zählerstände ½", real: 0.1, bytes: new Uint8Array([1, 2]) },
            { id: 2, text: null, real: 2 ** 45, bytes: null },
          ],
        );
        assert.equal(database.prepare("SELECT * FROM t WHERE id = 9").get(), undefined);
        database.close();
      });

      it("names the cause of a failure by SQLite's own code", () => {
        const database = driver.open(path);
        database.exec(
          "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT; INSERT INTO t VALUES (1, 1)",
        );
        assert.equal(
          codeOf(() => database.prepare("INSERT INTO t VALUES (1, 1)").run()),
          CONSTRAINT,
        );
        assert.equal(
          codeOf(() => database.prepare("INSERT INTO t VALUES (2, 'x')").run()),
          CONSTRAINT,
        );
        assert.equal(
          codeOf(() => database.exec("INSERT INTO t VALUES (2, NULL)")),
          CONSTRAINT,
        );
        database.close();
        const reader = driver.open(path, { readOnly: true });
        assert.equal(
          codeOf(() => reader.exec("DELETE FROM t")),
          READ_ONLY,
        );
        reader.close();
        const other = join(folder, "text.sqlite");
        writeFileSync(other, "not a database, but long enough to be looked at ".repeat(50));
        assert.equal(
          codeOf(() => {
            const text = driver.open(other);
            text.prepare("SELECT * FROM sqlite_schema").all();
          }),
          NOT_A_DATABASE,
        );
      });

      it("closes after a failed statement, and leaves no file but the database", () => {
        const database = driver.open(path);
        database.exec(
          "PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (1)",
        );
        assert.equal(
          codeOf(() => database.prepare("INSERT INTO t VALUES (1)").run()),
          CONSTRAINT,
        );
        database.close();
        for (const end of ["-wal", ".lock", ".owner"]) assert.equal(existsSync(path + end), false, end);
      });

      it("works in a thread of its own by its text", async () => {
        const database = driver.open(path);
        database.exec("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT; INSERT INTO t VALUES (7)");
        database.close();
        const code = `const database = (${driver.openText})(${JSON.stringify(path)}, { readOnly: true });
          require("node:worker_threads").parentPort.postMessage(database.prepare("SELECT id FROM t").get().id);
          database.close();`;
        const worker = new Worker(code, { eval: true, execArgv: ["--no-warnings"] });
        assert.equal(await new Promise((resolve) => worker.once("message", resolve)), 7);
        await worker.terminate();
      });
    });
  }

  describe("with one connection per file", () => {
    const wasm = wasmDriver();

    it("lets no second one in while the first one lives, and the next one when it is closed", () => {
      const first = wasm.open(path);
      first.exec("CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT");
      assert.equal(
        codeOf(() => wasm.open(path)),
        BUSY,
      );
      first.close();
      wasm.open(path).close();
    });

    it("takes the lock of a process that is gone, also where another one has its number by now", () => {
      wasm.open(path).close();
      for (const owner of ["999999999 1", `${process.pid} 1`, "", null]) {
        mkdirSync(`${path}.lock`);
        if (owner !== null) writeFileSync(`${path}.owner`, owner);
        const database = wasm.open(path);
        database.exec("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY) STRICT");
        database.close();
      }
    });

    it("keeps its log for its owner only", function () {
      if (process.platform === "win32") this.skip();
      const database = wasm.open(path);
      database.exec("PRAGMA journal_mode = WAL; CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT");
      assert.equal(statSync(`${path}-wal`).mode & 0o777, 0o600);
      database.close();
    });
  });
});
