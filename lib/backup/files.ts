import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { isoTime } from "../clock.ts";
import { EvError, messageOf } from "../errors.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../private-files.ts";
import type { Store } from "../store/types.ts";
import { type ExportWish, exportSite } from "./export.ts";

/** Largest backup that is read back. */
const MOST_BYTES = 512 * 1024 ** 2;

/** So much of a backup is read at a time. */
const PIECE_BYTES = 65_536;

/** A backup as a file. */
export interface BackupFile {
  name: string;
  path: string;
  bytes: number;
}

/** Folder of the backups of a site. */
export function backupsFolder(dataDir: string): string {
  return join(dataDir, "backups");
}

/** Writes a backup, a piece at a time; `badges`: null = without. An unfinished file is never taken for a backup. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export async function writeBackup(dataDir: string, store: Store, wish: ExportWish): Promise<BackupFile> {
  const folder = backupsFolder(dataDir);
  const name = `site-${isoTime(wish.wallMs).slice(0, 19).replaceAll(":", "-")}.json`;
  const path = join(folder, name);
  try {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    await pipeline(Readable.from(exportSite(store, wish)), createWriteStream(`${path}.part`, { mode: PRIVATE_FILE }));
    await rename(`${path}.part`, path);
  } catch (error) {
    await rm(`${path}.part`, { force: true }).catch(() => {});
    if (error instanceof EvError) throw error;
    throw new EvError("EV_STORE_WRITE", `${path}: ${messageOf(error)}`, { cause: error });
  }
  return { name, path, bytes: (await stat(path)).size };
}

/** The text of a backup of the folder, in pieces. @throws EvError EV_MESSAGE_INVALID when there is none of that name */
export async function* loadBackup(dataDir: string, name: string): AsyncGenerator<string> {
  if (name !== basename(name) || name.startsWith("."))
    throw new EvError("EV_MESSAGE_INVALID", `payload.name must be the name of a file in ${backupsFolder(dataDir)}`);
  const path = join(backupsFolder(dataDir), name);
  try {
    if ((await stat(path)).size > MOST_BYTES) throw new Error("it is larger than 512 MB");
    yield* createReadStream(path, { encoding: "utf8", highWaterMark: PIECE_BYTES }) as AsyncIterable<string>;
  } catch (error) {
    throw new EvError("EV_MESSAGE_INVALID", `payload.name: ${path} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
