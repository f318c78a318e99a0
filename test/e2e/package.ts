/** The tarball as a user gets it: packed from `dist/`, installed into an empty user directory. */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(import.meta.dirname, "../..");
/** Name of the environment variable through which the one pack of a run reaches every test process. */
const TARBALL = "PHASEWISE_TARBALL";

const run = promisify(execFile);

/** Packs `dist/` once for the whole run. @returns what removes it again */
export async function packOnce(): Promise<() => void> {
  if (!existsSync(join(ROOT, "dist/nodes/ev-site.js")))
    throw new Error("dist/ is not built: run `npm run build` first");
  const folder = mkdtempSync(join(tmpdir(), "phasewise-pack-"));
  const { stdout } = await run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], {
    cwd: ROOT,
  });
  process.env[TARBALL] = join(folder, stdout.trim().split("\n").at(-1) ?? "");
  return () => rmSync(folder, { recursive: true, force: true });
}

/** Installs the tarball, with its dependencies, as the palette manager does. */
export async function installInto(userDir: string): Promise<void> {
  const tarball = process.env[TARBALL];
  if (!tarball) throw new Error("nothing was packed: run with --config .mocharc.e2e.json");
  writeFileSync(join(userDir, "package.json"), JSON.stringify({ name: "e2e-user", version: "1.0.0", private: true }));
  const options = ["--no-audit", "--no-fund", "--omit=dev", "--prefer-offline", "--loglevel=error"];
  await run("npm", ["install", ...options, tarball], { cwd: userDir });
}
