/** Open windows for files: each is a path that cannot be guessed, serves one charge point, and closes by itself. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock, Timer } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { handOut } from "./download.ts";
import { UploadRefused } from "./intake.ts";
import { type DocumentStore, type KeptUpload, KeptUploads } from "./kept-uploads.ts";
import { addressOf, keyOf, newToken, placeOf } from "./place.ts";
import type { Shelf, ShelfFile } from "./shelf.ts";
import { type ReceivedFile, receive } from "./upload.ts";

/** Largest file that is taken, bytes. */
export const MOST_UPLOAD_BYTES = 256 * 1024 ** 2;

/** A connection on which nothing moves for so long is closed, ms. */
const IDLE_MS = 60_000;

/** No window is open for longer, ms: a wall clock may have been set meanwhile. */
const LONGEST_MS = 3_600_000;

interface Window {
  /** What its token is hashed to. */
  key: string;
  timer: Timer;
  /** Requests that are being served. */
  active: Set<IncomingMessage>;
  serve(request: IncomingMessage, response: ServerResponse, name: string | null): Promise<void>;
}

/** A window that is open. */
export interface OpenTransfer {
  /** @param base as `addressOf` takes it */
  address(base: string): string;
  /** Closes it before its time; what is on its way is cut. After the windows were closed, nothing. */
  close(): void;
}

export interface UploadWindow {
  chargePoint: string;
  kind: KeptUpload["kind"];
  requestId: number | null;
  lastsMs: number;
  /** The file is whole and on disk; the window is closed. */
  received(file: ReceivedFile): void;
  /** An attempt failed; the window stays open. */
  failed(reason: string): void;
  /** The time is over, and no file came. */
  expired(): void;
}

export interface DownloadWindow {
  file: ShelfFile;
  lastsMs: number;
  /** The end of the file was sent. The window stays open until its time is over: parts may be asked for again. */
  fetched(): void;
}

/** Is told of a file for a window that an earlier process opened. */
export type LateFile = (upload: KeptUpload, file: ReceivedFile) => void;

/** Without an open window no request is even looked at. Places to upload to outlive the process. */
export class Transfers {
  readonly shelf: Shelf;
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();
  readonly #kept: KeptUploads;

  constructor(shelf: Shelf, clock: Clock, store: DocumentStore) {
    this.shelf = shelf;
    this.#clock = clock;
    this.#kept = new KeptUploads(store, clock);
  }

  /** How many windows are open. */
  get open(): number {
    return this.#windows.size;
  }

  /** Opens again what was open when the process ended. */
  restore(received: LateFile): void {
    for (const upload of this.#kept.all) {
      if (this.#windows.has(upload.key)) continue;
      const { key, chargePoint, kind, requestId, untilWallMs } = upload;
      const lastsMs = Math.min(LONGEST_MS, untilWallMs - this.#clock.wallMs());
      const nobody = () => {};
      const heard = { received: (file: ReceivedFile) => received(upload, file), failed: nobody, expired: nobody };
      this.#openUpload(key, { chargePoint, kind, requestId, lastsMs, ...heard });
    }
  }

  /** Opens a place to upload one file to. */
  takeOne(upload: UploadWindow): OpenTransfer {
    const token = newToken();
    const key = keyOf(token);
    const { chargePoint, kind, requestId, lastsMs } = upload;
    this.#kept.add({ key, chargePoint, kind, requestId, untilWallMs: this.#clock.wallMs() + lastsMs });
    return this.#handle(this.#openUpload(key, upload), token, null);
  }

  #openUpload(key: string, { chargePoint, kind, lastsMs, received, failed, expired }: UploadWindow): Window {
    let busy = false;
    const fallback = `${kind}.bin`;
    const window = this.#add(key, lastsMs, expired, async (request, response, name) => {
      if (request.method !== "PUT" && request.method !== "POST") return refuse(response, 405, "PUT or POST a file\n");
      if (busy) return refuse(response, 409, "A file is on its way already\n");
      busy = true;
      try {
        const options = { shelf: this.shelf, chargePoint, name, fallback, mostBytes: MOST_UPLOAD_BYTES };
        const file = await receive(request, options);
        response.writeHead(201, { "Content-Type": "text/plain" }).end("Taken\n");
        this.#forget(window);
        void this.shelf.tidy();
        received(file);
      } catch (error) {
        if (error instanceof UploadRefused) refuse(response, error.httpStatus, error.message);
        else refuse(response, 500, "The file could not be taken\n");
        failed(messageOf(error).trim());
      } finally {
        busy = false;
      }
    });
    return window;
  }

  /** Opens a place to fetch one file from. */
  giveOut({ file, lastsMs, fetched }: DownloadWindow): OpenTransfer {
    const token = newToken();
    const window = this.#add(
      keyOf(token),
      lastsMs,
      () => {},
      async (request, response) => {
        if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "GET the file\n");
        if (await handOut(request, response, file)) fetched();
      },
    );
    return this.#handle(window, token, file.name);
  }

  /** Answers a request for an open window. @returns false for any other request, which is left alone */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#windows.size === 0) return false;
    const place = placeOf(request.url ?? "");
    const window = place && this.#windows.get(keyOf(place.token));
    if (!place || !window) return false;
    window.active.add(request);
    request.setTimeout(IDLE_MS);
    request.on("error", () => {});
    response.on("error", () => {});
    window
      .serve(request, response, place.name)
      .catch(() => void response.destroy())
      .finally(() => window.active.delete(request));
    return true;
  }

  /** Closes all windows; those to upload to are opened again by `restore` while their time lasts. */
  close(): void {
    const windows = [...this.#windows.values()];
    this.#windows.clear();
    for (const { timer, active } of windows) {
      this.#clock.clear(timer);
      for (const request of active) request.destroy();
    }
  }

  #add(key: string, lastsMs: number, expired: () => void, serve: Window["serve"]): Window {
    const timer = this.#clock.setTimeout(() => {
      this.#shut(window);
      expired();
    }, lastsMs);
    const window: Window = { key, timer, active: new Set(), serve };
    this.#windows.set(key, window);
    return window;
  }

  #handle(window: Window, token: string, name: string | null): OpenTransfer {
    return { address: (base) => addressOf(base, token, name), close: () => this.#shut(window) };
  }

  #shut(window: Window): void {
    if (this.#forget(window)) for (const request of window.active) request.destroy();
  }

  /** @returns whether it was there */
  #forget(window: Window): boolean {
    if (this.#windows.get(window.key) !== window) return false;
    this.#windows.delete(window.key);
    this.#clock.clear(window.timer);
    this.#kept.remove(window.key);
    return true;
  }
}

/** The rest of a refused body is not waited for. */
function refuse(response: ServerResponse, httpStatus: number, reason: string): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(httpStatus, { "Content-Type": "text/plain", Connection: "close" });
  // By the time the answer is out, the response and its request may have let go of it.
  const { socket } = response;
  response.end(reason, () => socket?.destroySoon());
}
