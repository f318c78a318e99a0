/** Loads the SQLite in WebAssembly so that it takes little memory. */
import { setFlagsFromString } from "node:v8";
import { ownRequire } from "../../own-require.ts";
import type { WasmModule } from "./wasm-database.ts";

export const WASM_PACKAGE = "node-sqlite3-wasm";

/**
 * V8 compiles each function of WebAssembly when it is first called, and again, optimized, when it is called often, in threads of its own.
 * For SQLite's largest functions that takes some 30 MB in Node.js 20, which the C library does not give back, and brings nothing here: the
 * time of a write goes into calls of the file system. So all of them are compiled once, while these flags are set.
 */
const FLAGS = ["wasm-tier-up", "wasm-dynamic-tiering", "wasm-lazy-compilation"] as const;

/** The flags are as before when it returns, before any other module is compiled. Flags that somebody has chosen stay as they are. */
export function loadWasm(): WasmModule {
  const chosen = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""];
  const isOurs = !chosen.some((option) => /wasm|liftoff/.test(option));
  if (isOurs) for (const flag of FLAGS) setFlagsFromString(`--no-${flag}`);
  try {
    return ownRequire(WASM_PACKAGE) as WasmModule;
  } finally {
    if (isOurs) for (const flag of FLAGS) setFlagsFromString(`--${flag}`);
  }
}
