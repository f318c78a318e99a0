/** Open windows for files: each is a path that nobody can guess, serves one charge point, and closes by itself. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock, Timer } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { handOut } from "./download.ts";
import { UploadRefused } from "./intake.ts";
import { addressOf, newToken, placeOf } from "./place.ts";
import type { Shelf, ShelfFile } from "./shelf.ts";
import { type ReceivedFile, receive } from "./upload.ts";

/** Largest file that is taken. */
export const MOST_UPLOAD_BYTES = 256 * 1024 ** 2;

/** A connection on which nothing moves for so long is closed, ms. */
const IDLE_MS = 60_000;

interface Window {
  token: string;
  timer: Timer;
  /** Requests that are being served. */
  active: Set<IncomingMessage>;
  serve(request: IncomingMessage, response: ServerResponse, name: string | null): Promise<void>;
  expired(): void;
}

/** A window that is open. */
export interface OpenTransfer {
  /** @param base as `addressOf` takes it */
  address(base: string): string;
  /** Closes it before its time; what is on its way is cut. */
  close(): void;
}

export interface UploadWindow {
  chargePoint: string;
  /** Name of a file that comes without one. */
  fallback: string;
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

/** Without an open window no request is even looked at. */
export class Transfers {
  readonly shelf: Shelf;
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(shelf: Shelf, clock: Clock) {
    this.shelf = shelf;
    this.#clock = clock;
  }

  /** How many windows are open. */
  get open(): number {
    return this.#windows.size;
  }

  /** Opens a place to upload one file to. */
  takeOne({ chargePoint, fallback, lastsMs, received, failed, expired }: UploadWindow): OpenTransfer {
    let busy = false;
    const window = this.#add(lastsMs, expired, async (request, response, name) => {
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
    return this.#handle(window, null);
  }

  /** Opens a place to fetch one file from. */
  giveOut({ file, lastsMs, fetched }: DownloadWindow): OpenTransfer {
    const window = this.#add(
      lastsMs,
      () => {},
      async (request, response) => {
        if (request.method !== "GET" && request.method !== "HEAD") return refuse(response, 405, "GET the file\n");
        if (await handOut(request, response, file)) fetched();
      },
    );
    return this.#handle(window, file.name);
  }

  /** Answers a request for an open window. @returns false for any other request, which is left alone */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    if (this.#windows.size === 0) return false;
    const place = placeOf(request.url ?? "");
    const window = place && this.#windows.get(place.token);
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

  /** Closes all windows. */
  close(): void {
    for (const window of [...this.#windows.values()]) this.#shut(window);
  }

  #add(lastsMs: number, expired: () => void, serve: Window["serve"]): Window {
    const token = newToken();
    const timer = this.#clock.setTimeout(() => {
      this.#shut(window);
      expired();
    }, lastsMs);
    const window: Window = { token, timer, active: new Set(), serve, expired };
    this.#windows.set(token, window);
    return window;
  }

  #handle(window: Window, name: string | null): OpenTransfer {
    return { address: (base) => addressOf(base, window.token, name), close: () => this.#shut(window) };
  }

  #shut(window: Window): void {
    this.#forget(window);
    for (const request of window.active) request.destroy();
  }

  #forget({ token, timer }: Window): void {
    this.#windows.delete(token);
    this.#clock.clear(timer);
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
