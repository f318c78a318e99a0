/** Firmware that comes in pieces, each in a message of its own: what a dashboard's browser may send at once is small. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { Clock, Timer } from "../clock.ts";
import { invalid } from "../errors.ts";
import type { Shelf, ShelfFile } from "./shelf.ts";

/** A piece of a file. */
export interface Piece {
  name: string;
  /** Where it belongs, bytes from the beginning. */
  at: number;
  /** Size of the whole file, bytes. */
  total: number;
  bytes: Buffer;
}

/** A file whose next piece does not come for so long is given up, ms. */
const SILENT_MS = 60_000;

/** So many files may be on their way at once. */
const MOST_OPEN = 4;

interface Growing {
  stream: PassThrough;
  file: Promise<ShelfFile>;
  at: number;
  timer: Timer;
}

export class Pieces {
  readonly #shelf: Shelf;
  readonly #clock: Clock;
  readonly #mostBytes: number;
  /** By sender and name. */
  readonly #open = new Map<string, Growing>();

  constructor(shelf: Shelf, clock: Clock, mostBytes: number) {
    this.#shelf = shelf;
    this.#clock = clock;
    this.#mostBytes = mostBytes;
  }

  /**
   * Takes the next piece; one at the beginning begins the file anew.
   * @param from who sends it
   * @returns the file once it is whole, null before
   * @throws EvError EV_MESSAGE_INVALID for what is too large or does not follow; errors of the disk
   */
  async take(from: string, { name, at, total, bytes }: Piece): Promise<ShelfFile | null> {
    const key = `${from} ${name}`;
    if (total > this.#mostBytes)
      throw invalid("payload.total", `at most ${this.#mostBytes} bytes`, total, "filesTooLarge");
    if (at === 0) this.#begin(key, name);
    const growing = this.#open.get(key);
    if (!growing || growing.at !== at || at + bytes.length > total) {
      this.#drop(key);
      throw invalid("payload.at", `where the last piece ended, ${growing?.at ?? 0}`, at, "filesPiece");
    }
    growing.at += bytes.length;
    this.#clock.clear(growing.timer);
    if (growing.at === total) {
      this.#open.delete(key);
      growing.stream.end(bytes);
      return growing.file;
    }
    growing.timer = this.#clock.setTimeout(() => this.#drop(key), SILENT_MS);
    if (!growing.stream.write(bytes)) await Promise.race([once(growing.stream, "drain"), growing.file]);
    return null;
  }

  /** Nothing stays of what is not whole. */
  close(): void {
    for (const key of [...this.#open.keys()]) this.#drop(key);
  }

  #begin(key: string, name: string): void {
    this.#drop(key);
    if (this.#open.size >= MOST_OPEN)
      throw invalid("payload.name", `one of ${MOST_OPEN} files at a time`, name, "filesBusy");
    const stream = new PassThrough();
    stream.on("error", () => {});
    const file = this.#shelf.addFirmware(stream, name, this.#mostBytes);
    // Whoever sends the next piece is told of it.
    file.catch(() => {});
    const timer = this.#clock.setTimeout(() => this.#drop(key), SILENT_MS);
    this.#open.set(key, { stream, file, at: 0, timer });
  }

  #drop(key: string): void {
    const growing = this.#open.get(key);
    if (!growing) return;
    this.#open.delete(key);
    this.#clock.clear(growing.timer);
    growing.stream.destroy(new Error("the rest of the file did not come"));
  }
}
