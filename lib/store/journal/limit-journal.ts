import { closeSync, fdatasync, openSync, rmSync, statSync, writeSync } from "node:fs";
import type { Clock, Timer } from "../../clock.ts";
import { makeFile } from "../../private-files.ts";
import { WRITE_TURN_MS } from "../../thresholds.ts";
import type { JsonValue } from "../../units.ts";
import { diskThread } from "../disk/disk-thread.ts";
import type { LimitRecord, Store } from "../types.ts";
import { firstLineOf, type Line, lineOf, linesOf, nameOf, saidBy } from "./journal-lines.ts";

/** What nothing waits for is brought to the disk after so long, ms. */
const LATER_MS = 30_000;
/**
 * The room that is made at once, bytes: where a file grows, the file system writes down its length with each wait for the disk. Twenty
 * chargers fill half of it in a round.
 */
const ROOM_BYTES = 131_072;
const PAGE_BYTES = 4096;
/** Their numbers begin anew after so many. */
const ROUNDS = 2 ** 31;
/** A journal that cannot be emptied takes no more beyond this, bytes. */
const MOST_BYTES = 4e6;

/** What is used of the database. */
export type Behind = Pick<
  Store,
  "saveLimit" | "limits" | "saveDocument" | "keepDocument" | "document" | "durably" | "settled"
>;

/** End of the journal's name; what comes before is the path of the database. */
export const JOURNAL = "-limits";

/**
 * What changes with every setpoint, on its way into the database: a line of its own at the end of a small file, where the database
 * would write some pages and the map of its log. A change survives the end of the process at once, and a power cut as soon as
 * `settled` says so. Each line replaces what the database has under the same name, also where that could not be read: what holds now
 * counts. Without the file all goes into the database.
 *
 * Once all is in the database the journal begins a new round: its first line has the number of it, with which the check sums of all
 * others begin. So those of an earlier round, which still lie behind them, are no lines any more, and nothing has to be overwritten.
 */
export class LimitJournal implements Pick<Store, "saveLimit" | "limits" | "saveDocument" | "document" | "settled"> {
  readonly #store: Behind;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #turns: Timer;
  readonly #limits = new Map<string, LimitRecord>();
  readonly #documents = new Map<string, JsonValue>();
  #file: number | null = null;
  #bytes = 0;
  #round: number;
  /** Resolves when the first line of a round is on the disk, and after it what was held meanwhile is in the file; null = it is. */
  #beginning: Promise<void> | null = null;
  readonly #held: Buffer[] = [];
  /** How many were written since the start. */
  #lines = 0;
  /** Its name may not be on the disk yet. */
  #isNew = true;
  /** A line could not be written: the file is out of date until all has gone into the database. */
  #isTorn = false;
  /** Runs until the rest is brought to the disk. */
  #later: Timer | undefined;
  #syncing: Promise<void> | null = null;
  /** That which has not begun. */
  #next: Promise<void> | null = null;
  /** On its way into the database. */
  #moving: Promise<void> | null = null;
  /** That which has not begun. */
  #nextMove: Promise<void> | null = null;

  /** @param path of the database */
  constructor(store: Behind, path: string, clock: Clock) {
    this.#store = store;
    this.#path = path + JOURNAL;
    this.#clock = clock;
    const { lines, bytes, round } = linesOf(this.#path);
    for (const line of lines) this.#take(line);
    this.#bytes = bytes;
    this.#round = round;
    this.#turns = clock.setInterval(() => void this.#move().catch(() => {}), WRITE_TURN_MS);
  }

  /** @throws as `Store.saveLimit`, where neither the journal nor the database takes it */
  saveLimit(limit: LimitRecord): void {
    if (!this.#append({ limit })) this.#store.saveLimit(limit);
  }

  /** @throws as `Store.limits` */
  limits(): LimitRecord[] {
    const kept = this.#store.limits().filter((limit) => !this.#limits.has(nameOf(limit)));
    return [...kept, ...this.#limits.values()];
  }

  saveDocument(key: string, value: JsonValue): void {
    if (!this.#append({ key, value })) this.#store.saveDocument(key, value, true);
  }

  document(key: string): JsonValue | undefined {
    return this.#documents.get(key) ?? this.#store.document(key);
  }

  /** Resolves when all limits are durable. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN: they may not be */
  async settled(): Promise<void> {
    await this.#sync().catch(() => {
      this.#isTorn = true;
    });
    if (this.#isTorn) await this.#move();
  }

  /** Ends: what is here goes into the database. To be called before that is closed. */
  close(): void {
    this.#clock.clear(this.#turns);
    this.#clock.clear(this.#later);
    try {
      for (const limit of this.#limits.values()) this.#store.saveLimit(limit);
      for (const [key, value] of this.#documents) this.#store.saveDocument(key, value, true);
      this.#limits.clear();
      this.#documents.clear();
    } catch {
      // It stays in the journal, for the next start.
    }
    this.#drop();
  }

  /** To be called once the database is closed and on the disk: what has gone into it is not needed any more. */
  remove(): void {
    if (this.#limits.size > 0 || this.#documents.size > 0) return;
    try {
      rmSync(this.#path, { force: true });
    } catch {
      // What it says is in the database, too.
    }
  }

  /** @returns false when it could not be written: it is to go into the database, and the rest follows it */
  #append(line: Line): boolean {
    this.#take(line);
    this.#lines += 1;
    const bytes = lineOf(line, this.#round);
    if (this.#beginning) this.#held.push(bytes);
    else this.#write(bytes);
    this.#later ??= this.#clock.setTimeout(() => void this.settled().catch(() => {}), this.#isTorn ? 0 : LATER_MS);
    return !this.#isTorn;
  }

  #write(bytes: Buffer): void {
    try {
      if (this.#bytes > MOST_BYTES) throw new Error("it cannot be emptied");
      this.#file ??= this.#open();
      if (writeSync(this.#file, bytes, 0, bytes.length, this.#bytes) !== bytes.length)
        throw new Error("the disk is full");
      this.#bytes += bytes.length;
    } catch {
      // A torn line would hide those after it: the next one begins behind the last that is whole.
      this.#drop();
      this.#isTorn = true;
    }
  }

  /**
   * The lines that are in the file are none any more. Others follow the first line of the new round once that is on the disk: a power
   * cut that left some of them behind the old first page would put back what was in force long ago.
   */
  #beginRound(): void {
    this.#round = (this.#round + 1) % ROUNDS;
    this.#bytes = 0;
    this.#isTorn = false;
    this.#write(firstLineOf(this.#round));
    if (this.#file !== null) this.#beginning = this.#goOn(this.#file);
  }

  async #goOn(file: number): Promise<void> {
    await synced(file).catch(() => {
      this.#isTorn = true;
    });
    this.#beginning = null;
    const held = Buffer.concat(this.#held.splice(0));
    if (held.length > 0 && !this.#isTorn) this.#write(held);
  }

  #take(line: Line): void {
    if ("limit" in line) this.#limits.set(nameOf(line.limit), line.limit);
    else this.#documents.set(line.key, line.value);
  }

  /** What lies behind the last whole line is overwritten: it is none of ours. */
  #open(): number {
    makeFile(this.#path);
    const file = openSync(this.#path, "r+");
    try {
      clear(file, this.#bytes, Math.max(ROOM_BYTES, statSync(this.#path).size));
      return file;
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  #drop(): void {
    if (this.#file === null) return;
    const file = this.#file;
    this.#file = null;
    // A wait for the disk may still use it.
    void Promise.allSettled([this.#syncing, this.#beginning]).then(() => closeSync(file));
  }

  /** One wait for the disk at a time, for all that one turn of the event loop brings; whoever comes meanwhile shares the next. */
  #sync(): Promise<void> {
    this.#next ??= this.#begin();
    return this.#next;
  }

  async #begin(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.#syncing?.catch(() => {});
    await this.#beginning;
    this.#next = null;
    this.#syncing = this.#syncNow();
    await this.#syncing;
  }

  async #syncNow(): Promise<void> {
    this.#clock.clear(this.#later);
    this.#later = undefined;
    const file = this.#file;
    if (file === null) return;
    if (this.#isNew) await diskThread.sync(this.#path, true);
    else await synced(file);
    this.#isNew = false;
  }

  /** All that is here goes into the database; the journal is empty then, unless something has come meanwhile. @throws EvError */
  #move(): Promise<void> {
    this.#nextMove ??= this.#beginMove();
    return this.#nextMove;
  }

  /** One at a time; whoever comes meanwhile shares the next. */
  async #beginMove(): Promise<void> {
    await this.#moving?.catch(() => {});
    this.#nextMove = null;
    this.#moving = this.#moveAll();
    await this.#moving;
  }

  async #moveAll(): Promise<void> {
    const lines = this.#lines;
    const [limits, documents] = [[...this.#limits.values()], [...this.#documents]];
    if (limits.length === 0 && documents.length === 0) return;
    await Promise.all(documents.map(([key, value]) => this.#store.keepDocument(key, value, true)));
    await this.#store.durably(() => {
      for (const limit of limits) this.#store.saveLimit(limit);
    });
    if (lines !== this.#lines || this.#beginning) return;
    this.#limits.clear();
    this.#documents.clear();
    if (this.#file !== null) {
      this.#beginRound();
      return;
    }
    rmSync(this.#path, { force: true });
    [this.#bytes, this.#round] = [0, 0];
    this.#isNew = true;
    this.#isTorn = false;
  }
}

/** What the journal of a closed database holds. */
export const journalOf = (path: string): ReturnType<typeof saidBy> => saidBy(linesOf(path + JOURNAL).lines);

const synced = (file: number): Promise<void> =>
  new Promise((done, failed) => fdatasync(file, (error) => (error ? failed(error) : done())));

/**
 * Fills a part of a file with zeros, of which no line is made. Page by page: some kernels keep what was written at once together, and
 * write all of it again for each change in it.
 */
function clear(file: number, from: number, to: number): void {
  for (let at = from; at < to; at += PAGE_BYTES - (at % PAGE_BYTES)) {
    const bytes = Math.min(PAGE_BYTES - (at % PAGE_BYTES), to - at);
    writeSync(file, Buffer.alloc(bytes), 0, bytes, at);
  }
}
