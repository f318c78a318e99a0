/** Daily copies of a site's database, and the way back to one when the database is damaged. */
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isoTime } from "../../clock.ts";
import { makeFolder } from "../../private-files.ts";
import { diskWork, lengthyThread } from "./disk-thread.ts";
import { type SqlDatabase, sqlDriver } from "./driver.ts";
import { MIGRATIONS, migrate } from "./schema.ts";

/** So many copies are kept, the newest. */
export const COPIES_KEPT = 14;

const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})\.sqlite$/;
/** End of the name of a copy that is about to take the place of a database. */
const MADE_READY = ".recovering";
/** SQLite's own words for a file whose content is damaged: SQLITE_CORRUPT and SQLITE_NOTADB. */
const SQLITE_CORRUPT = 11;
const DAMAGE = new Set([SQLITE_CORRUPT, 26]);

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
 * @returns the path of the copy
 */
export async function addCopy(path: string, wallMs: number, write: (path: string) => Promise<void>): Promise<string> {
  const folder = copiesFolder(path);
  makeFolder(folder);
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
  return join(folder, name);
}

/** Makes a copy and drops all that were made before. @returns how many those were @throws as `write`: then all are as they were */
export async function renewCopies(
  path: string,
  wallMs: number,
  write: (path: string) => Promise<void>,
): Promise<number> {
  const made = await addCopy(path, wallMs, write);
  const old = listCopies(path).filter((copy) => copy.path !== made);
  for (const copy of old) rmSync(copy.path, { force: true });
  return old.length;
}

/** Whether an error of SQLite says that the file's content is damaged, as opposed to a full disk or a lock. */
export function isDamage(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === "number" && DAMAGE.has(errcode & 0xff);
}

/** A database of up to so many bytes is checked whole before it is used: that takes some 10 ms. */
const WHOLE_BYTES = 1_000_000;

/** Small tables whose rows the site goes on from when it starts, so that they are known to be sound before. */
const GONE_ON_FROM = new Set(["counters", "limits", "documents", "station_keys"]);

/**
 * Looks, before a database is used, at what can be looked at at once: all of a small one; of a larger one the schema and what the site
 * goes on from (500 MB: 2 ms instead of 2 to 5 s).
 * @param whole all of a larger one, too: nothing can look at the rest later
 * @returns whether that was all of it
 * @throws an error for which `isDamage` holds, when pages do not hang together
 */
export function checkFirst(database: SqlDatabase, whole = false): boolean {
  const size = database
    .prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
    .get();
  const isWhole = whole || Number(size?.["bytes"]) <= WHOLE_BYTES;
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
  const checks = isWhole ? ["1"] : names.map(({ name }) => name).filter((name) => GONE_ON_FROM.has(name));
  for (const what of checks) {
    const [row] = database.prepare(`PRAGMA quick_check(${what})`).all() as { quick_check: string }[];
    if (row?.quick_check !== "ok") throw damageOf(row?.quick_check ?? "no answer");
  }
  return isWhole;
}

/** What is wrong with a file's content, as an error for which `isDamage` holds. */
export function damageOf(text: string): Error {
  return Object.assign(new Error(`the file is damaged: ${text}`), { errcode: SQLITE_CORRUPT });
}

/**
 * Fails where a database has lost all that it had: SQLite takes a file without content for a new database, and throws its log of the
 * latest changes away. So it does where a way back to a copy was not gone to its end.
 * @throws an error for which `isDamage` holds
 */
export function checkContent(path: string): void {
  const lost = isEmpty(path) ? "the file is empty" : existsSync(path + MADE_READY) ? "a copy was on its way" : null;
  if (lost !== null) throw Object.assign(new Error(lost), { errcode: SQLITE_CORRUPT });
}

/**
 * Puts the newest sound copy in the place of a damaged database, whose file is kept beside it. What a copy says of limits in force is
 * out of date, so it is forgotten: chargers count with their maximum until they are heard (safety.md S8). In the place of an empty file
 * of which there is no copy, a database begins anew. A process that ends on the way leaves what the next start goes on from.
 *
 * Everybody waits: for the start of a site, which cannot go on from anything else, and before any of its charge points is connected.
 * 500 MB take 5 s.
 * @param changes what was written into the damaged one since and goes over; see `Changes`
 * @returns null when there is no sound copy of a file with content; then nothing was moved
 */
export function recover(path: string, wallMs: number, changes: readonly Uint8Array[]): Recovery | null {
  const work = diskWork(migrate, sqlDriver().open);
  const copy = listCopies(path).find((one) => isSound(() => work.check(one)));
  if (!copy && !isEmpty(path)) return null;
  if (copy) work.makeReady({ copy: copy.path, to: path + MADE_READY, changes, migrations: MIGRATIONS });
  return putInPlace(path, wallMs, copy);
}

/** The same beside everything else. @param goesOn asked before files are moved: whether that is still wanted @throws errors of SQLite */
export async function recoverBeside(
  path: string,
  wallMs: number,
  changes: readonly Uint8Array[],
  goesOn: () => boolean,
): Promise<Recovery | null> {
  const copy = await newestSound(path);
  if (!goesOn() || (!copy && !isEmpty(path))) return null;
  const to = path + MADE_READY;
  if (copy) await lengthyThread.makeReady(path, { copy: copy.path, to, changes, migrations: MIGRATIONS });
  return goesOn() ? putInPlace(path, wallMs, copy) : null;
}

type Copy = ReturnType<typeof listCopies>[number];

async function newestSound(path: string): Promise<Copy | undefined> {
  for (const copy of listCopies(path)) {
    const damage = await lengthyThread.check(path, copy.path).catch(() => "it cannot be read");
    if (damage === null) return copy;
  }
  return undefined;
}

/** Moves files only: nothing is waited for. */
function putInPlace(path: string, wallMs: number, copy: Copy | undefined): Recovery {
  if (!copy) rmSync(path + MADE_READY, { force: true });
  const stamp = isoTime(wallMs).slice(0, 19).replaceAll(":", "-");
  // An earlier attempt may have moved it already.
  const damagedPath = existsSync(path) ? `${path}.damaged-${stamp}` : (newestDamaged(path) ?? path);
  // The database itself last: without it, what is beside it means nothing.
  for (const part of ["-wal", "-shm", ""])
    if (existsSync(path + part)) renameSync(path + part, `${damagedPath}${part}`);
  if (copy) renameSync(path + MADE_READY, path);
  return { copyWallMs: copy?.wallMs ?? null, damagedPath };
}

function newestDamaged(path: string): string | undefined {
  const names = readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.damaged-`));
  const newest = names.filter((name) => !/-(wal|shm)$/.test(name)).sort();
  return newest.length > 0 ? join(dirname(path), newest.at(-1)!) : undefined;
}

function isEmpty(path: string): boolean {
  return existsSync(path) && statSync(path).size === 0;
}

function isSound(check: () => string | null): boolean {
  try {
    return check() === null;
  } catch {
    return false;
  }
}

/** `2026-06-01T12-00-00`, UTC. */
function timeOf(name: string): number {
  return Date.parse(`${name.slice(0, 10)}T${name.slice(11).replaceAll("-", ":")}Z`);
}
