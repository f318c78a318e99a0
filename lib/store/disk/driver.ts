/** The SQLite that the store works with: Node.js's own where it has one, else one in WebAssembly. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ownRequire } from "../../own-require.ts";
import { putBack } from "./wal-file.ts";
import { type OpenOptions, openWasm, type WasmModule } from "./wasm-database.ts";
import { loadWasm, WASM_PACKAGE } from "./wasm-module.ts";

/** What the store uses of a prepared statement. Each call runs it to its end. */
export type SqlStatement = Pick<StatementSync, "all" | "get" | "run">;

/** What the store uses of a connection to a database. */
export interface SqlDatabase extends Pick<DatabaseSync, "exec" | "close"> {
  prepare(sql: string): SqlStatement;
  function(name: string, options: { deterministic: boolean }, body: (value: unknown) => unknown): void;
}

/** An SQLite. */
export interface SqlDriver {
  name: "node:sqlite" | "node-sqlite3-wasm";
  /**
   * One connection per file: no other thread, and no second connection, reads or writes a file that is open. Checkpoints, checks and
   * copies are then made on the one connection, and there are no changesets.
   */
  alone: boolean;
  /** @throws errors of SQLite, with their `errcode` */
  open(path: string, options?: OpenOptions): SqlDatabase;
  /** JavaScript of a function that does the same as `open` in a worker's thread. */
  openText: string;
}

/** Set to `node-sqlite3-wasm` it makes the store use that one where Node.js has its own, too. */
const CHOICE = "PHASEWISE_SQLITE";

/** Node.js 22.13 and later have SQLite without a flag; where it is missing, or behind one, the module is not there. */
export function nativeDriver(): SqlDriver | null {
  const { DatabaseSync: Database } = process.getBuiltinModule("node:sqlite") ?? {};
  if (!Database) return null;
  return {
    name: "node:sqlite",
    alone: false,
    open: (path, options = {}) => new Database(path, options) as SqlDatabase,
    openText: "(path, options = {}) => new (process.getBuiltinModule('node:sqlite').DatabaseSync)(path, options)",
  };
}

export function wasmDriver(): SqlDriver {
  let module: WasmModule | undefined;
  return {
    name: WASM_PACKAGE,
    alone: true,
    open: (path, options) => {
      module ??= loadWasm();
      putBack(path);
      return openWasm(module, path, options) as SqlDatabase;
    },
    openText: `((open, load) => (path, options) => open(load(), path, options))(${openWasm.toString()}, () => require(${JSON.stringify(ownRequire.resolve(WASM_PACKAGE))}))`,
  };
}

let chosen: SqlDriver | undefined;

/** The one of this process, chosen at its first use. */
export function sqlDriver(): SqlDriver {
  chosen ??= (process.env[CHOICE] === WASM_PACKAGE ? null : nativeDriver()) ?? wasmDriver();
  return chosen;
}
