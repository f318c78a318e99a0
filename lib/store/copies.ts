/** Daily copies of a site's database, and the way back to one when the database is damaged. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isoTime } from "../clock.ts";

/** So many copies are kept, the newest. */
export const COPIES_KEPT = 14;

const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})\.sqlite$/;
/** End of the name of a copy that is about to take the place of a database. */
const MADE_READY = ".recovering";
/** SQLite's own words for a file whose content is damaged: SQLITE_CORRUPT and SQLITE_NOTADB. */
const DAMAGE = new Set([11, 26]);

/** What took the place of a damaged database. */
export interface Recovery {
  /** When the copy was made, ms since 1970; null = there was none: an empty database. */
  copyWallMs: number | null;
  /** Where the damaged file is now. */
  damagedPath: string;
}

/** Folder of the copies of a database. */
export function copiesFolder(path: string): string {
  return join(dirname(path), "copies");
}

/** Paths of the copies with the times they were made, newest first. */
export function listCopies(path: string): { path: string; wallMs: number }[] {
  const folder = copiesFolder(path);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const [, time] = NAME.exec(name) ?? [];
      return time ? [{ path: join(folder, name), wallMs: timeOf(time) }] : [];
    })
    .sort((a, b) => b.wallMs - a.wallMs);
}

/**
 * Makes a copy and forgets the oldest beyond those kept. A copy that was not finished is never taken for one.
 * @param write writes the database into a file that does not exist yet
 */
export async function addCopy(path: string, wallMs: number, write: (path: string) => Promise<void>): Promise<void> {
  const folder = copiesFolder(path);
  mkdirSync(folder, { recursive: true });
  const name = `${isoTime(wallMs).slice(0, 19).replaceAll(":", "-")}.sqlite`;
  const unfinished = join(folder, `${name}.part`);
  rmSync(unfinished, { force: true });
  try {
    await write(unfinished);
    renameSync(unfinished, join(folder, name));
  } finally {
    rmSync(unfinished, { force: true });
  }
  for (const old of listCopies(path).slice(COPIES_KEPT)) rmSync(old.path, { force: true });
}

/** Whether an error of SQLite says that the file's content is damaged, as opposed to a full disk or a lock. */
export function isDamage(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === "number" && DAMAGE.has(errcode & 0xff);
}

/** @throws an error for which `isDamage` holds, when the pages of a database do not hang together */
export function checkIntegrity(database: DatabaseSync): void {
  const [row] = database.prepare("PRAGMA quick_check(1)").all() as { quick_check: string }[];
  if (row?.quick_check === "ok") return;
  throw Object.assign(new Error(`the file is damaged: ${row?.quick_check ?? "no answer"}`), { errcode: 11 });
}

/**
 * Fails where a database has lost all that it had: SQLite takes a file without content for a new database, and throws its log of the
 * latest changes away. So it does where a way back to a copy was not gone to its end.
 * @throws an error for which `isDamage` holds
 */
export function checkContent(path: string): void {
  const lost = isEmpty(path) ? "the file is empty" : existsSync(path + MADE_READY) ? "a copy was on its way" : null;
  if (lost !== null) throw Object.assign(new Error(lost), { errcode: 11 });
}

/**
 * Puts the newest sound copy in the place of a damaged database, whose file is kept beside it. What a copy says of limits in force is
 * out of date, so it is forgotten: chargers count with their maximum until they are heard (safety.md S8). In the place of an empty file
 * of which there is no copy, a database begins anew. A process that ends on the way leaves what the next start goes on from.
 * @returns null when there is no sound copy of a file with content; then nothing was moved
 */
export function recover(path: string, wallMs: number): Recovery | null {
  const copy = listCopies(path).find((one) => isSound(one.path));
  if (!copy && !isEmpty(path)) return null;
  const ready = path + MADE_READY;
  rmSync(ready, { force: true });
  if (copy) makeReady(copy.path, ready);
  const stamp = isoTime(wallMs).slice(0, 19).replaceAll(":", "-");
  // An earlier attempt may have moved it already.
  const damagedPath = existsSync(path) ? `${path}.damaged-${stamp}` : (newestDamaged(path) ?? path);
  // The database itself last: without it, what is beside it means nothing.
  for (const part of ["-wal", "-shm", ""])
    if (existsSync(path + part)) renameSync(path + part, `${damagedPath}${part}`);
  if (copy) renameSync(ready, path);
  return { copyWallMs: copy?.wallMs ?? null, damagedPath };
}

function newestDamaged(path: string): string | undefined {
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.damaged-`));
  const newest = names.filter((name) => !/-(wal|shm)$/.test(name)).sort();
  return newest.length > 0 ? join(dirname(path), newest.at(-1)!) : undefined;
}

/** A copy that can take the place of a database, on the disk. */
function makeReady(copy: string, path: string): void {
  copyFileSync(copy, path);
  const database = new DatabaseSync(path);
  database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; DELETE FROM limits");
  database.close();
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function isEmpty(path: string): boolean {
  return existsSync(path) && statSync(path).size === 0;
}

function isSound(path: string): boolean {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      checkIntegrity(database);
      return true;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

/** `2026-06-01T12-00-00`, UTC. */
function timeOf(name: string): number {
  return Date.parse(`${name.slice(0, 10)}T${name.slice(11).replaceAll("-", ":")}Z`);
}
