/** The package as a user has it: packed from `dist/`, unpacked into an empty user directory beside its run-time dependencies. */
import { execFile } from "node:child_process";
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";

export const ROOT = join(import.meta.dirname, "../..");
/** Names of the environment variables through which the one pack of a run reaches every test process. */
const INSTALLED = "PHASEWISE_INSTALLED";
const TARBALL = "PHASEWISE_TARBALL";
export const NAME = "@phasewise/node-red-ev-charging";

const run = promisify(execFile);

/**
 * Packs `dist/` once for the whole run and installs it as the palette manager does, with its run-time dependencies and nothing
 * else. They are those of this checkout, not of a registry: a test must not wait for a network. @returns what removes it again
 */
export async function packOnce(): Promise<() => void> {
  if (!existsSync(join(ROOT, "dist/nodes/ev-site.js")))
    throw new Error("dist/ is not built: run `npm run build` first");
  const folder = mkdtempSync(join(tmpdir(), "phasewise-pack-"));
  const options = ["--ignore-scripts", "--silent", "--offline", "--pack-destination", folder];
  const { stdout } = await run("npm", ["pack", ...options], { cwd: ROOT });
  const tarball = join(folder, stdout.trim().split("\n").at(-1) ?? "");
  const modules = join(folder, "node_modules");
  const home = join(modules, NAME);
  mkdirSync(home, { recursive: true });
  await run("tar", ["-xzf", tarball, "-C", home, "--strip-components=1"]);
  for (const dependency of await runTimeDependencies())
    await cp(join(ROOT, dependency), join(folder, dependency), { recursive: true });
  process.env[INSTALLED] = modules;
  process.env[TARBALL] = tarball;
  return () => rmSync(folder, { recursive: true, force: true });
}

/** A run of several suites packs for all of them, before they begin. */
export function isPacked(): boolean {
  return process.env[INSTALLED] !== undefined;
}

/** A folder that all test processes of a run share; it is gone after it. */
export function sharedFolder(): string {
  return dirname(packed(INSTALLED));
}

/** The package as it is published. */
export function tarballPath(): string {
  return packed(TARBALL);
}

function packed(variable: string): string {
  const path = process.env[variable];
  if (!path) throw new Error("nothing was packed: run with --config .mocharc.e2e.json");
  return path;
}

/**
 * Makes the package a dependency of a user directory, as it is after an installation from the palette. Its folders are this user's own,
 * its files are hard links to those that were packed: `changeInstalled` is for a test that wants one to differ. Its dependencies are
 * links, too.
 */
export async function installInto(userDir: string): Promise<void> {
  const modules = join(sharedFolder(), "node_modules");
  const dependencies = { [NAME]: "*" };
  writeFileSync(
    join(userDir, "package.json"),
    JSON.stringify({ name: "e2e-user", version: "1.0.0", private: true, dependencies }),
  );
  const own = NAME.split("/")[0]!;
  const into = join(userDir, "node_modules");
  linkTree(join(modules, own), join(into, own));
  for (const name of readdirSync(modules)) if (name !== own) await symlink(join(modules, name), join(into, name));
}

/** Two thousand files: to copy them takes a core longer than Node-RED takes to start. */
function linkTree(from: string, into: string): void {
  mkdirSync(into, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const link = entry.isDirectory() ? linkTree : linkSync;
    link(join(from, entry.name), join(into, entry.name));
  }
}

/** Changes a file of the package in one user directory; the one that all the others share stays as it was packed. */
export function changeInstalled(userDir: string, file: string, change: (text: string) => string): void {
  const path = join(userDir, "node_modules", NAME, file);
  const text = readFileSync(path, "utf8");
  rmSync(path);
  writeFileSync(path, change(text));
}

/** Installs a module of this checkout beside the package, as a user does whose flow needs it. Its own dependencies stay where they are. */
export async function addModule(userDir: string, name: string): Promise<void> {
  const path = join(userDir, "package.json");
  const manifest = JSON.parse(readFileSync(path, "utf8")) as { dependencies: Record<string, string> };
  manifest.dependencies[name] = "*";
  writeFileSync(path, JSON.stringify(manifest));
  const link = join(userDir, "node_modules", name);
  await mkdir(dirname(link), { recursive: true });
  await symlink(join(ROOT, "node_modules", name), link);
}

/** Folders below the checkout that hold what the package needs at run time; an outer folder brings those nested in it. */
async function runTimeDependencies(): Promise<string[]> {
  const { stdout } = await run("npm", ["ls", "--omit=dev", "--all", "--parseable", "--offline"], { cwd: ROOT });
  const folders = stdout
    .trim()
    .split("\n")
    .slice(1)
    .map((path) => relative(ROOT, path));
  return folders.filter((path) => !folders.some((outer) => dirname(path).startsWith(`${outer}/`)));
}
