import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../clock.ts";
import { WRITE_TURN_MS } from "../thresholds.ts";
import type { JsonValue } from "../units.ts";
import { type Line, nameOf } from "./journal-lines.ts";
import { type Behind, LimitJournal } from "./limit-journal.ts";
import { RamFile } from "./ram-file.ts";
import type { LimitRecord, Store } from "./types.ts";

/** What a power cut may take of the notes, ms. */
const NOTES_MS = 300_000;
/** On the disk: which start of the program the file in memory is of, if there is one. */
const START_DOCUMENT = "limits/start";

/**
 * What changes with every setpoint, so that flash cards are spared. A change that the disk must have is written into the journal. Any
 * other is right by what the disk says already, as a limit that is lower than the one there; it stays in a file in memory, which a
 * process that is killed leaves behind, and goes to the disk by the quarter of an hour. After a power cut, what the disk says holds.
 *
 * The file in memory is believed only if it is of the start that the disk says was the last one: one that was left behind by an earlier
 * start, perhaps in another container, says less than the disk. Without a memory for files all goes into the journal at once.
 */
export class SparingJournal implements Pick<Store, "saveLimit" | "limits" | "saveDocument" | "document" | "settled"> {
  readonly #journal: LimitJournal;
  readonly #clock: Clock;
  readonly #ram: RamFile | null;
  readonly #turns: Timer;
  /** What the disk has of each limit that was saved or read, by its name. */
  readonly #onDisk = new Map<string, LimitRecord>();
  /** Limits that are newer than those on the disk. */
  readonly #spared = new Map<string, LimitRecord>();
  /** Documents that are. */
  readonly #notes = new Map<string, JsonValue>();
  #notesDue: Timer | undefined;
  /** Of the file in memory; null while all goes to the disk. */
  #start: string | null = null;
  /** The memory took no more: nothing is tried until the next turn. */
  #isFull = false;
  /** What an earlier start has left in memory is taken over, or is none of ours. */
  #isTaken = false;
  /** What was saved before that is newer. */
  readonly #newer = new Set<string>();

  /** @param path of the database */
  constructor(store: Behind, path: string, clock: Clock, ram: RamFile | null = RamFile.of(path)) {
    this.#clock = clock;
    this.#ram = ram;
    // Before the journal's own turn, which moves what it has into the database.
    this.#turns = clock.setInterval(() => this.#turn(), WRITE_TURN_MS);
    this.#journal = new LimitJournal(store, path, clock);
    try {
      this.#take();
    } catch {
      // The database reports its own failures; whoever reads it next tries again.
    }
  }

  /**
   * @param lasting a power cut must not take it; else what the disk has stands for it
   * @throws as `Store.saveLimit`, where neither the disk nor the database takes it
   */
  saveLimit(limit: LimitRecord, lasting = true): void {
    const name = nameOf(limit);
    this.#saved(name);
    if (this.#remembers({ limit }) && !lasting) {
      this.#spared.set(name, limit);
      return;
    }
    this.#journal.saveLimit(limit);
    this.#onDisk.set(name, limit);
    this.#spared.delete(name);
  }

  /** @throws as `Store.limits` */
  limits(): LimitRecord[] {
    this.#take();
    const limits = this.#journal.limits();
    for (const limit of limits) {
      const name = nameOf(limit);
      if (!this.#onDisk.has(name)) this.#onDisk.set(name, limit);
    }
    return limits.map((limit) => this.#spared.get(nameOf(limit)) ?? limit);
  }

  /** What a power cut leaves of a limit that was saved or read; undefined where nothing is known of it. */
  onDisk(chargePoint: string, connector: number): LimitRecord | undefined {
    return this.#onDisk.get(nameOf({ chargePoint, connector }));
  }

  saveDocument(key: string, value: JsonValue): void {
    this.#saved(key);
    this.#notes.delete(key);
    this.#remembers({ key, value });
    this.#journal.saveDocument(key, value);
  }

  /** A document of which a power cut may take what is newer than five minutes. */
  note(key: string, value: JsonValue): void {
    this.#saved(key);
    if (!this.#remembers({ key, value })) {
      this.#journal.saveDocument(key, value);
      return;
    }
    this.#notes.set(key, value);
    this.#notesDue ??= this.#clock.setTimeout(() => void this.settled().catch(() => {}), NOTES_MS);
  }

  /** @throws as `Store.document` */
  document(key: string): JsonValue | undefined {
    this.#take();
    return this.#notes.get(key) ?? this.#journal.document(key);
  }

  /** Resolves when all that must last is durable, and the notes with it. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN: they may not be */
  async settled(): Promise<void> {
    this.#bringNotes();
    await this.#journal.settled();
  }

  /** Ends: what is here goes into the database. To be called before that is closed. */
  close(): void {
    this.#clock.clear(this.#turns);
    this.#clock.clear(this.#notesDue);
    try {
      this.#bring();
      this.#ram?.remove();
    } catch {
      // It stays in memory, for the next start.
    }
    this.#journal.close();
  }

  /** To be called once the database is closed and on the disk. */
  remove(): void {
    this.#journal.remove();
  }

  /** Whether the file in memory has it. Where it cannot have it any more, all goes to the disk. */
  #remembers(line: Line): boolean {
    if (this.#start === null) this.#beginRam();
    if (this.#start === null || this.#ram === null) return false;
    if (this.#ram.append(line) && (!this.#ram.isLong || this.#ram.begin(this.#start, this.#lines()))) return true;
    this.#leaveRam();
    return false;
  }

  /** From now on the file in memory has what the disk does not. The disk says first whose it is. */
  #beginRam(): void {
    if (this.#ram === null || !this.#isTaken || this.#isFull) return;
    const start = randomUUID();
    try {
      this.#journal.saveDocument(START_DOCUMENT, start);
    } catch {
      return;
    }
    if (this.#ram.begin(start, this.#lines())) this.#start = start;
    else this.#isFull = true;
  }

  /** All goes to the disk. The file goes first: it must not be believed where the disk is newer. */
  #leaveRam(): void {
    this.#ram?.remove();
    this.#start = null;
    this.#isFull = true;
    this.#journal.saveDocument(START_DOCUMENT, null);
    this.#bring();
  }

  #saved(name: string): void {
    if (!this.#isTaken) this.#newer.add(name);
  }

  /** What is newer than the disk. */
  #lines(): Line[] {
    return [
      ...[...this.#spared.values()].map((limit) => ({ limit })),
      ...[...this.#notes].map(([key, value]) => ({ key, value })),
    ];
  }

  /** Takes over what an earlier start has left in memory, if the disk says that it was the last one. @throws as `Store.document` */
  #take(): void {
    if (this.#isTaken) return;
    const left = this.#ram?.read() ?? null;
    if (left !== null && left.start === this.#journal.document(START_DOCUMENT)) {
      for (const line of left.lines) {
        if (this.#newer.has("limit" in line ? nameOf(line.limit) : line.key)) continue;
        if ("limit" in line) this.#spared.set(nameOf(line.limit), line.limit);
        else this.#notes.set(line.key, line.value);
      }
    }
    this.#bring();
    this.#ram?.remove();
    this.#isTaken = true;
    this.#newer.clear();
  }

  /** A quarter of an hour is over: the disk has everything. */
  #turn(): void {
    this.#isFull = false;
    try {
      this.#bring();
      if (this.#start !== null && !this.#ram?.begin(this.#start, this.#lines())) this.#leaveRam();
    } catch {
      // The file in memory has it still, and the next turn tries again.
    }
  }

  #bring(): void {
    for (const [name, limit] of this.#spared) {
      this.#journal.saveLimit(limit);
      this.#onDisk.set(name, limit);
      this.#spared.delete(name);
    }
    this.#bringNotes();
  }

  #bringNotes(): void {
    this.#clock.clear(this.#notesDue);
    this.#notesDue = undefined;
    for (const [key, value] of this.#notes) {
      this.#journal.saveDocument(key, value);
      this.#notes.delete(key);
    }
  }
}
