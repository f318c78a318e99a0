/** node-sqlite3-wasm in the form of Node.js's own SQLite. */

export interface OpenOptions {
  readOnly?: boolean;
}

type Value = number | bigint | string | Uint8Array | null;
type Row = Record<string, Value>;

interface WasmStatement {
  all(values: readonly unknown[]): Row[];
  run(values: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint };
  finalize(): void;
}

/** What is used of the package. */
export interface WasmModule {
  Database: new (
    path: string,
    options: { readOnly?: boolean },
  ) => {
    exec(sql: string): void;
    prepare(sql: string): WasmStatement;
    function(name: string, body: (value: Value) => unknown, options: { deterministic: boolean }): unknown;
    close(): void;
  };
}

/**
 * Opens a database in exclusive mode: its file has no other connection, which is what a write-ahead log without shared memory needs.
 * A lock that a killed process has left is taken away. Run in a worker as text, too: it uses nothing of this file.
 * @throws errors with the `errcode` of SQLite
 */
export function openWasm({ Database }: WasmModule, path: string, { readOnly = false }: OpenOptions = {}) {
  const fs = process.getBuiltinModule("node:fs");
  /** SQLite's texts (`sqlite3_errstr`, fixed in its source) by its result codes: the package passes only the text on. */
  const CODES: readonly (readonly [text: string, errcode: number])[] = [
    ["database disk image is malformed", 11],
    ["file is not a database", 26],
    ["database is locked", 5],
    ["database table is locked", 6],
    ["constraint failed", 19],
    ["database or disk is full", 13],
    ["attempt to write a readonly database", 8],
    ["disk I/O error", 10],
    ["unable to open database file", 14],
    ["Could not open the database", 14],
    ["cannot store", 19],
  ];
  const LOCKED = 5;
  const [LOCK, OWNER, WAL] = [`${path}.lock`, `${path}.owner`, `${path}-wal`];
  const isFile = path !== ":memory:";

  const withCode = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      const { message, errcode = 1 } = error as Error & { errcode?: number };
      const [, code = errcode] = CODES.find(([text]) => message.includes(text)) ?? [];
      throw Object.assign(error as Error, { errcode: code });
    }
  };
  /** A process is named by its id and the moment it began: ids are used again, in a container at each start. */
  const nameOf = (pid: number): string | null => {
    try {
      // Field 22 of /proc/<pid>/stat, counted behind the command's name, which may hold blanks.
      const fields = fs.readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
      return `${pid} ${fields[19]}`;
    } catch {
      try {
        process.kill(pid, 0);
        return `${pid}`;
      } catch {
        return null;
      }
    }
  };
  const takeOver = (): void => {
    if (!fs.existsSync(LOCK)) return;
    let owner = "";
    try {
      owner = fs.readFileSync(OWNER, "utf8");
    } catch {
      // Whoever made the lock ended before it said who it was.
    }
    const isAlive = owner !== "" && nameOf(Number.parseInt(owner, 10)) === owner;
    const isOwn = Number.parseInt(owner, 10) === process.pid;
    if (isAlive) throw Object.assign(new Error("database is locked by another connection"), { errcode: LOCKED, isOwn });
    fs.rmdirSync(LOCK);
  };

  if (isFile) takeOver();
  const database = withCode(() => new Database(path, { readOnly }));
  const open: WasmStatement[] = [];
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    for (const statement of open) {
      try {
        statement.finalize();
      } catch {
        // It says once more what its last run failed of.
      }
    }
    withCode(() => database.close());
    if (!isFile) return;
    fs.rmSync(OWNER, { force: true });
    if (!readOnly && fs.statSync(WAL, { throwIfNoEntry: false })?.size === 0) fs.rmSync(WAL);
  };
  try {
    withCode(() => database.exec("PRAGMA locking_mode = EXCLUSIVE"));
    if (isFile) fs.writeFileSync(OWNER, nameOf(process.pid) ?? "", { mode: 0o600 });
    // The package would make it readable for everybody.
    if (isFile && !readOnly) fs.closeSync(fs.openSync(WAL, "a", 0o600));
  } catch (error) {
    close();
    throw error;
  }
  return {
    exec: (sql: string): void => withCode(() => database.exec(sql)),
    prepare: (sql: string) => {
      const statement = withCode(() => database.prepare(sql));
      open.push(statement);
      // A statement that is not run to its end keeps its transaction open.
      const all = (...values: unknown[]): Row[] => withCode(() => statement.all(values));
      return {
        all,
        get: (...values: unknown[]) => all(...values)[0],
        run: (...values: unknown[]) => withCode(() => statement.run(values)),
      };
    },
    function: (name: string, options: { deterministic: boolean }, body: (value: unknown) => unknown): void => {
      database.function(name, body, options);
    },
    close,
  };
}
