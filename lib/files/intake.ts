/** Writes a stream to the disk: whole, counted and hashed, or not at all. */

import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Readable, Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "../private-files.ts";

/** How a file ends that is being written. */
export const DRAFT = ".part";

/** What was written. */
export interface WrittenFile {
  size: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Why a body was not taken, as HTTP puts it. */
export class UploadRefused extends Error {
  readonly httpStatus: 400 | 413;

  constructor(httpStatus: 400 | 413, message: string) {
    super(message);
    this.httpStatus = httpStatus;
  }
}

/**
 * Writes beside the place and puts the whole file there at the end; nothing stays of a file that breaks off.
 * @param through what the stream runs through first; null = nothing
 * @param place asked at the end, when the file's name is known
 * @throws UploadRefused for an empty or a too large one; errors of disk and stream
 */
export async function writeWhole(
  source: Readable,
  through: Transform | null,
  draftOf: string,
  place: () => Promise<string>,
  mostBytes: number,
): Promise<WrittenFile & { path: string }> {
  await mkdir(dirname(draftOf), { recursive: true, mode: PRIVATE_FOLDER });
  const draft = join(dirname(draftOf), `.${basename(draftOf)}.${randomUUID()}${DRAFT}`);
  const meter = new Metered(mostBytes);
  try {
    const sink = createWriteStream(draft, { flags: "w", mode: PRIVATE_FILE });
    if (through) await pipeline(source, through, meter, sink);
    else await pipeline(source, meter, sink);
    if (meter.bytes === 0) throw new UploadRefused(400, "The file is empty\n");
    const path = await place();
    await flush(draft);
    await rename(draft, path);
    return { path, size: meter.bytes, sha256: meter.digest() };
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw error;
  }
}

/** This path, or a free path beside it. */
export async function freePlace(path: string): Promise<string> {
  for (let number = 2, place = path; ; number++) {
    const taken = await stat(place).catch(() => null);
    if (!taken) return place;
    place = `${path}.${number}`;
  }
}

/** @throws UploadRefused 413 when a request says that it is larger */
export function checkSize(said: number, mostBytes: number): void {
  if (said > mostBytes) throw tooLarge(mostBytes);
}

/** Counts and hashes what passes, and stops what is too much. */
class Metered extends Transform {
  readonly #mostBytes: number;
  readonly #hash = createHash("sha256");
  bytes = 0;

  constructor(mostBytes: number) {
    super();
    this.#mostBytes = mostBytes;
  }

  digest(): string {
    return this.#hash.digest("hex");
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.#mostBytes) {
      done(tooLarge(this.#mostBytes));
      return;
    }
    this.#hash.update(chunk);
    done(null, chunk);
  }
}

function tooLarge(mostBytes: number): UploadRefused {
  return new UploadRefused(413, `At most ${Math.floor(mostBytes / 1024 ** 2)} MB are taken\n`);
}

async function flush(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
