/** The files of a site on disk: what charge points have uploaded, and the firmware that is there for them. */
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Readable } from "node:stream";
import type { Clock } from "../clock.ts";
import { isoTime } from "../clock.ts";
import { PRIVATE_FOLDER } from "../private-files.ts";
import { DRAFT, writeWhole } from "./intake.ts";
import { safeName } from "./place.ts";

/** Uploaded files are kept for so long, so many of each charge point, and so much of all of them. */
export const RETENTION = { days: 90, ofEach: 20, totalBytes: 1024 ** 3 } as const;

/** A draft that was not touched for so long was left behind when a process ended, ms. */
const ABANDONED_MS = 86_400_000;

/** A file that is kept. */
export interface ShelfFile {
  /** Charge point that it came from; null for firmware. */
  chargePoint: string | null;
  name: string;
  path: string;
  bytes: number;
  changedWallMs: number;
}

export class Shelf {
  /** Folder of what was uploaded, one folder in it for each charge point. */
  readonly received: string;
  /** Folder of firmware; a person may put files into it. */
  readonly firmware: string;
  readonly #clock: Clock;

  /** @param dataDir of the site; the folders are made when they are first needed */
  constructor(dataDir: string, clock: Clock) {
    this.received = join(dataDir, "files", "received");
    this.firmware = join(dataDir, "files", "firmware");
    this.#clock = clock;
  }

  /** A place for a new file of a charge point; its folder is there. */
  async placeFor(chargePoint: string, name: string): Promise<string> {
    const folder = join(this.received, folderOf(chargePoint));
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    const stamp = isoTime(this.#clock.wallMs()).replace(/[:.]/g, "-");
    return join(folder, `${stamp}_${safeName(name, "file")}`);
  }

  /** What was uploaded, newest first. */
  async receivedFiles(): Promise<ShelfFile[]> {
    const folders = await namesIn(this.received);
    const files = await Promise.all(
      folders.map((folder) => filesIn(join(this.received, folder), nameOfFolder(folder))),
    );
    return files.flat().sort((a, b) => b.changedWallMs - a.changedWallMs);
  }

  /** The firmware that is there, by name. */
  async firmwareFiles(): Promise<ShelfFile[]> {
    return (await filesIn(this.firmware, null)).sort((a, b) => a.name.localeCompare(b.name, "en"));
  }

  /** One firmware file by its name; null when it is not there. A name with a folder in it is none. */
  async firmwareFile(name: string): Promise<ShelfFile | null> {
    return (await this.firmwareFiles()).find((file) => file.name === name) ?? null;
  }

  /** Puts a firmware file there, in the place of one of this name. @throws UploadRefused; errors of disk and stream */
  async addFirmware(source: Readable, name: string, mostBytes: number): Promise<ShelfFile> {
    const path = join(this.firmware, safeName(name, "firmware.bin"));
    await writeWhole(source, null, path, () => Promise.resolve(path), mostBytes);
    return (await this.firmwareFile(basename(path)))!;
  }

  /** @returns whether it was there */
  async removeFirmware(name: string): Promise<boolean> {
    const file = await this.firmwareFile(name);
    if (file) await rm(file.path, { force: true });
    return file !== null;
  }

  /** One uploaded file by charge point and name; null when it is not there. */
  async receivedFile(chargePoint: string, name: string): Promise<ShelfFile | null> {
    const files = await filesIn(join(this.received, folderOf(chargePoint)), chargePoint);
    return files.find((file) => file.name === name) ?? null;
  }

  /** Removes what is older than the retention allows, and what was left unfinished. Never rejects. */
  async tidy(): Promise<void> {
    await this.#dropAbandoned().catch(() => {});
    const files = await this.receivedFiles().catch(() => []);
    const oldestMs = this.#clock.wallMs() - RETENTION.days * 86_400_000;
    const counts = new Map<string, number>();
    let bytes = 0;
    for (const file of files) {
      const count = (counts.get(file.chargePoint ?? "") ?? 0) + 1;
      counts.set(file.chargePoint ?? "", count);
      bytes += file.bytes;
      const stays = count <= RETENTION.ofEach && bytes <= RETENTION.totalBytes && file.changedWallMs >= oldestMs;
      if (!stays) await rm(file.path, { force: true }).catch(() => {});
    }
  }

  async #dropAbandoned(): Promise<void> {
    const folders = (await namesIn(this.received)).map((name) => join(this.received, name));
    for (const folder of [...folders, this.firmware]) {
      for (const name of await namesIn(folder)) {
        if (!name.startsWith(".") || !name.endsWith(DRAFT)) continue;
        const path = join(folder, name);
        const draft = await stat(path).catch(() => null);
        if (draft && draft.mtimeMs < this.#clock.wallMs() - ABANDONED_MS) await rm(path, { force: true });
      }
    }
  }
}

function nameOfFolder(folder: string): string {
  try {
    return decodeURIComponent(folder);
  } catch {
    // Not a name of ours: another program made the folder.
    return folder;
  }
}

/** Reversible, and never a folder above. */
function folderOf(chargePoint: string): string {
  return encodeURIComponent(chargePoint).replace(/\./g, "%2E").replace(/\*/g, "%2A");
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Whole files only: what is being written begins with a dot. */
async function filesIn(folder: string, chargePoint: string | null): Promise<ShelfFile[]> {
  const names = (await namesIn(folder)).filter((name) => !name.startsWith("."));
  const files = await Promise.all(
    names.map(async (name): Promise<ShelfFile[]> => {
      const path = join(folder, name);
      const found = await stat(path).catch(() => null);
      return found?.isFile() ? [{ chargePoint, name, path, bytes: found.size, changedWallMs: found.mtimeMs }] : [];
    }),
  );
  return files.flat();
}
