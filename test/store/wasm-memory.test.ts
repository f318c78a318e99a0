import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { floorNode } from "../../scripts/floor.ts";

const ROOT = join(import.meta.dirname, "../..");
/** It takes some 22 MB; compiled as usual it would be 52 to 75. */
const MOST_MB = 37;

describe("The SQLite in WebAssembly", () => {
  it("takes little memory on the oldest Node.js, which optimizes no part of it", async function () {
    const node = floorNode();
    if (node === null) return this.skip();
    const folder = mkdtempSync(join(tmpdir(), "phasewise-wasm-"));
    try {
      const outfile = join(folder, "child.cjs");
      const bundle = { bundle: true, format: "cjs", platform: "node", logLevel: "error" } as const;
      await build({ ...bundle, entryPoints: [join(import.meta.dirname, "wasm-memory-child.ts")], outfile });
      const env = { ...process.env, NODE_PATH: join(ROOT, "node_modules") };
      const told = execFileSync(node, [outfile, join(folder, "site.sqlite")], { env, encoding: "utf8" });
      assert.ok(Number(told) < MOST_MB, `${told} MB`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
