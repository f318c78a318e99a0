/** Takes one file from a request's body. */
import type { IncomingMessage } from "node:http";
import { checkSize, freePlace, UploadRefused, type WrittenFile, writeWhole } from "./intake.ts";
import { boundaryOf, FirstFile, NoFile } from "./multipart.ts";
import { shownName } from "./place.ts";
import type { Shelf } from "./shelf.ts";

/** A whole file that was received. */
export interface ReceivedFile extends WrittenFile {
  path: string;
  /** As the sender calls it, without folders and nothing unseen in it. */
  name: string;
}

export interface UploadOptions {
  shelf: Shelf;
  chargePoint: string;
  /** From the path; else what the body says, else `fallback`. */
  name: string | null;
  fallback: string;
  mostBytes: number;
}

/**
 * Writes the body to the shelf: the body itself (PUT, POST), or the first file of a form. The file is there once it is whole and on
 * disk.
 * @throws UploadRefused; errors of disk and socket
 */
export async function receive(request: IncomingMessage, options: UploadOptions): Promise<ReceivedFile> {
  const { shelf, chargePoint, mostBytes, fallback } = options;
  checkSize(Number(request.headers["content-length"] ?? 0), mostBytes);
  if (request.headers["content-range"] !== undefined) throw new UploadRefused(400, "A file must come in one piece\n");
  const boundary = boundaryOf(request.headers["content-type"]);
  const first = boundary === null ? null : new FirstFile(boundary);
  const name = (): string => options.name ?? first?.fileName ?? fallback;
  const place = async (): Promise<string> => freePlace(await shelf.placeFor(chargePoint, name()));
  try {
    const draft = await shelf.placeFor(chargePoint, options.name ?? fallback);
    const written = await writeWhole(request, first, draft, place, mostBytes);
    return { name: shownName(name(), fallback), ...written };
  } catch (error) {
    throw error instanceof NoFile ? new UploadRefused(400, `${error.message}\n`) : error;
  }
}
