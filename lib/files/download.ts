/** Hands out one file, whole or in parts (RFC 9110 §14). */
import { createReadStream } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { ShelfFile } from "./shelf.ts";

/** What a Range header asks of a file: a part, the whole (null), or what it does not have. */
export type Part = { first: number; last: number } | null | "unsatisfiable";

/** One part at a time is served; a request for several gets the whole file, as the standard allows. */
export function partOf(header: string | undefined, bytes: number): Part {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (from === "" && to === "") return null;
  if (from === "")
    return Number(to) === 0 ? "unsatisfiable" : { first: Math.max(0, bytes - Number(to)), last: bytes - 1 };
  const first = Number(from);
  const last = to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== "" && Number(to) < first) return null;
  return first >= bytes ? "unsatisfiable" : { first, last };
}

/**
 * Answers a GET or HEAD with a file. Never rejects: a reader who leaves is no error.
 * @returns whether the end of the file was sent
 */
export async function handOut(request: IncomingMessage, response: ServerResponse, file: ShelfFile): Promise<boolean> {
  const { bytes, path, changedWallMs, name } = file;
  const tag = `"${bytes.toString(36)}-${Math.round(changedWallMs).toString(36)}"`;
  const condition = request.headers["if-range"];
  const part = condition === undefined || condition === tag ? partOf(request.headers.range, bytes) : null;
  response.setHeader("Accept-Ranges", "bytes");
  response.setHeader("ETag", tag);
  response.setHeader("Cache-Control", "no-store");
  if (part === "unsatisfiable") {
    response.writeHead(416, { "Content-Range": `bytes */${bytes}` }).end();
    return false;
  }
  const { first, last } = part ?? { first: 0, last: bytes - 1 };
  response.writeHead(part ? 206 : 200, {
    "Content-Type": "application/octet-stream",
    "Content-Length": last - first + 1,
    "Content-Disposition": `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\]/g, "_")}"`,
    "Last-Modified": new Date(changedWallMs).toUTCString(),
    ...(part && { "Content-Range": `bytes ${first}-${last}/${bytes}` }),
  });
  if (request.method === "HEAD") {
    response.end();
    return false;
  }
  try {
    await pipeline(createReadStream(path, { start: first, end: last }), response);
    return last === bytes - 1;
  } catch {
    response.destroy();
    return false;
  }
}
