/**
 * The oldest Node.js that is supported, for tests: `npm ci --prefix test/floor` brings it. It cannot run TypeScript, so the tests of
 * nodes are compiled into .floor/, beside links to what else they read.
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const COMPILED = ["lib", "nodes", "test", "bench", "scripts"];

/** The program; null where it was not brought. */
export function floorNode(): string | null {
  const path = join(ROOT, "test/floor/node_modules/node/bin/node");
  return existsSync(path) ? path : null;
}

/** @returns the folder in which the compiled tests run */
export function compileTests(): string {
  const folder = join(ROOT, ".floor");
  rmSync(folder, { recursive: true, force: true });
  execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", join(ROOT, "tsconfig.floor.json")], { stdio: "inherit" });
  const filter = (path: string): boolean => !path.endsWith(".ts") && !path.includes("node_modules");
  for (const part of COMPILED) cpSync(join(ROOT, part), join(folder, part), { recursive: true, filter });
  for (const name of readdirSync(ROOT))
    if (!COMPILED.includes(name) && name !== ".floor" && name !== ".git")
      symlinkSync(join(ROOT, name), join(folder, name));
  return folder;
}
