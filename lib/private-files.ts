/** Files and folders that are for their owner only: the system's other users can neither read nor list them. */
import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { chmod, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

export const PRIVATE_FILE = 0o600;
export const PRIVATE_FOLDER = 0o700;

/** What a site keeps in its folder. */
const OURS =
  /^(ev-charging\.sqlite.*|messages-.*\.sqlite.*|given-passwords(\.part)?|certificate-authority\.pem(\.part)?|removed-certificates|copies|backups|files)$/;

/** Folder by folder: Node's own recursive way never returns where a file system refuses new folders, as /proc does. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, PRIVATE_FOLDER);
}

/** An empty file, so that whatever writes it does not make one that others can read. One that is there stays as it is. */
export function makeFile(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, "a", PRIVATE_FILE));
}

/**
 * Takes the rights of others away from all that earlier releases, or a person, have left in the folder of a site; from the folder
 * itself where it holds nothing else. Never rejects: what belongs to somebody else is that person's matter.
 */
export async function tighten(dataDir: string): Promise<void> {
  // Elsewhere rights are inherited from the user's folder.
  if (process.platform === "win32") return;
  const names = await namesIn(dataDir);
  for (const name of names.filter((one) => OURS.test(one))) await tightenAll(join(dataDir, name));
  if (names.length > 0 && names.every((name) => OURS.test(name))) await setMode(dataDir, PRIVATE_FOLDER);
}

async function tightenAll(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => null);
  if (entries === null) {
    await setMode(path, PRIVATE_FILE);
    return;
  }
  await setMode(path, PRIVATE_FOLDER);
  for (const entry of entries) {
    if (entry.isDirectory()) await tightenAll(join(path, entry.name));
    else if (entry.isFile()) await setMode(join(path, entry.name), PRIVATE_FILE);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function setMode(path: string, mode: number): Promise<void> {
  await chmod(path, mode).catch(() => {});
}
