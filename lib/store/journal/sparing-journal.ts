import { randomUUID } from "node:crypto";
import type { Clock, Timer } from "../../clock.ts";
import { WRITE_TURN_MS } from "../../thresholds.ts";
import type { JsonValue } from "../../units.ts";
import type { LimitRecord, Store } from "../types.ts";
import { type Line, nameOf } from "./journal-lines.ts";
import { type Behind, LimitJournal } from "./limit-journal.ts";
import { RamFile } from "./ram-file.ts";

/** What a power cut may take of the notes, ms. */
const NOTES_MS = 300_000;
/** What must last and is waited for by nobody is on the disk after so long, ms: before the journal brings it there by itself. */
const LASTING_MS = 20_000;
/** On the disk: of which start of the program the file in memory is. */
export const START_DOCUMENT = "limits/start";

/**
 * What changes with every setpoint, so that flash cards are spared. A change that the disk must have is written into the journal. Any
 * other is right by what the disk says already, as a limit that is lower than the one there. It stays in a file in memory, which a
 * process that is killed leaves behind, and goes to the disk with the next change that must be there, or by the quarter of an hour: so
 * what the disk says is what held at one moment. After a power cut that counts; so it does where a container begins with a new memory.
 *
 * A limit may be written down as one that reserves more than it does, so that the next changes need not be: the file in memory has it as
 * it is, and so has the disk once the site has ended.
 *
 * The file in memory is believed only if it is of the start that the disk says was the last one: one that was left behind by an earlier
 * start, perhaps in another container, says less than the disk. Without a memory for files all goes into the journal at once.
 */
export class SparingJournal implements Pick<Store, "saveLimit" | "limits" | "saveDocument" | "document" | "settled"> {
  readonly #journal: LimitJournal;
  readonly #clock: Clock;
  readonly #ram: RamFile | null;
  readonly #turns: Timer;
  /** Limits as the journal or the database has them, by name: they may be on the disk. */
  readonly #written = new Map<string, LimitRecord>();
  /** Those of them that nothing has waited for. */
  #unsure = new Map<string, LimitRecord>();
  /** Those that are on the disk for certain. */
  readonly #durable = new Map<string, LimitRecord>();
  /** Limits that are newer than those in the journal, as they are to be written there. */
  readonly #spared = new Map<string, LimitRecord>();
  /** Limits as the file in memory has them. */
  readonly #exact = new Map<string, LimitRecord>();
  /** Documents that are newer than those in the journal. */
  readonly #notes = new Map<string, JsonValue>();
  /** A wait for the disk that has not begun. */
  #settling: Promise<void> | null = null;
  /** When everything is brought to the disk. */
  #due: { atMs: number; timer: Timer } | null = null;
  /** Of the file in memory; null while all goes to the disk. */
  #start: string | null = null;
  /** What has a line in the file in memory. */
  readonly #inRam = new Set<string>();
  /** There is no memory, or it took no more: nothing is tried until the next turn. */
  #isFull = false;
  /** What an earlier start has left in memory is here, or it is not believed. */
  #isTaken = false;

  /** Reads, and writes nothing: another process may still use the files. @param path of the database */
  constructor(store: Behind, path: string, clock: Clock, ram: RamFile | null = RamFile.of(path)) {
    this.#clock = clock;
    this.#ram = ram;
    // Before the journal's own turn, which moves what it has into the database.
    this.#turns = clock.setInterval(() => this.#turn(), WRITE_TURN_MS);
    this.#journal = new LimitJournal(store, path, clock);
    this.#tryToTake();
  }

  /** Whether a process that is killed leaves limits as they are, whatever the disk says. */
  get isExact(): boolean {
    if (this.#start === null) this.#beginRam();
    return this.#start !== null;
  }

  /**
   * @param lasting a power cut must not take it; else what the disk has stands for it
   * @param exact the limit itself, where the disk is to have one that reserves more
   * @throws as `Store.saveLimit`, where neither the disk nor the database takes it
   */
  saveLimit(limit: LimitRecord, lasting = true, exact = limit): void {
    const name = nameOf(limit);
    const isThere = this.#remembersLimit(exact, lasting && exact === limit);
    if (isThere && !lasting) {
      this.#spared.set(name, limit);
      return;
    }
    this.#spared.delete(name);
    this.#journal.saveLimit(limit);
    this.#wrote(name, limit);
    this.#settleWithin(LASTING_MS);
  }

  /** A limit for which what the disk has still stands. Where no memory has it as it is, that counts after the next start. */
  remember(limit: LimitRecord): void {
    this.#remembersLimit(limit, false);
  }

  /** @throws as `Store.limits` */
  limits(): LimitRecord[] {
    this.#take();
    const limits = this.#journal.limits();
    for (const limit of limits) if (!this.#written.has(nameOf(limit))) this.#wrote(nameOf(limit), limit);
    return limits.map((limit) => this.#exact.get(nameOf(limit)) ?? limit);
  }

  /** A limit as it was brought to the disk last; a power cut may find it, or `durable`. undefined where nothing is known of it. */
  written(chargePoint: string, connector: number): LimitRecord | undefined {
    return this.#written.get(nameOf({ chargePoint, connector }));
  }

  /** A limit that is on the disk for certain. */
  durable(chargePoint: string, connector: number): LimitRecord | undefined {
    return this.#durable.get(nameOf({ chargePoint, connector }));
  }

  saveDocument(key: string, value: JsonValue): void {
    this.#remembers(key, { key, value }, true);
    this.#notes.delete(key);
    this.#journal.saveDocument(key, value);
  }

  /** A document of which a power cut may take what is newer than five minutes. */
  note(key: string, value: JsonValue): void {
    if (!this.#remembers(key, { key, value }, false)) {
      this.#journal.saveDocument(key, value);
      return;
    }
    this.#notes.set(key, value);
    this.#settleWithin(NOTES_MS);
  }

  document(key: string): JsonValue | undefined {
    this.#tryToTake();
    return this.#notes.get(key) ?? this.#journal.document(key);
  }

  /** Resolves when everything is durable. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN: it may not be */
  settled(): Promise<void> {
    this.#settling ??= this.#settle();
    return this.#settling;
  }

  /** Ends: what is here goes into the database. To be called before that is closed. */
  close(): void {
    this.#clock.clear(this.#turns);
    this.#clock.clear(this.#due?.timer);
    try {
      this.#bring();
      for (const limit of this.#exact.values()) this.#journal.saveLimit(limit);
      this.#leaveRam();
    } catch {
      // It stays in memory, for the next start.
    }
    this.#journal.close();
  }

  /** To be called once the database is closed and on the disk. */
  remove(): void {
    this.#journal.remove();
  }

  /**
   * Writes a line into the file in memory; one that lasts only where that would say something else otherwise. Where it takes no more, all
   * goes to the disk. @returns whether the line is there
   */
  #remembers(name: string, line: Line, lasting: boolean): boolean {
    if (this.#start === null) this.#beginRam();
    if (this.#start === null || this.#ram === null) return false;
    if (lasting && !this.#inRam.has(name)) return false;
    this.#inRam.add(name);
    if (this.#ram.append(line) && (!this.#ram.isLong || this.#writeRam(this.#start, [line]))) return true;
    try {
      this.#leaveRam();
      this.#bring();
    } catch {
      // The next turn tries again.
    }
    return false;
  }

  /** As `#remembers`. */
  #remembersLimit(limit: LimitRecord, lasting: boolean): boolean {
    const name = nameOf(limit);
    const isThere = this.#remembers(name, { limit }, lasting);
    if (isThere) this.#exact.set(name, limit);
    else this.#exact.delete(name);
    return isThere;
  }

  /** From now on the file in memory has what the disk does not. The disk says first whose it is, also that there is none any more. */
  #beginRam(): void {
    if (this.#isFull) return;
    // What could not be read until now is out of date with the first change.
    this.#isTaken = true;
    const start = randomUUID();
    try {
      this.#journal.saveDocument(START_DOCUMENT, start);
      if (this.#writeRam(start)) {
        this.#start = start;
        return;
      }
      this.#isFull = true;
      this.#exact.clear();
      this.#bring();
    } catch {
      // The next change tries again. What an earlier start has left is out of date, and the disk would still believe it.
      this.#ram?.remove();
    }
  }

  /** Writes it anew. @param more behind what is newer than the disk @returns whether it is there */
  #writeRam(start: string, more: readonly Line[] = []): boolean {
    const lines: Line[] = [
      ...[...this.#exact.values()].map((limit) => ({ limit })),
      ...[...this.#notes].map(([key, value]) => ({ key, value })),
      ...more,
    ];
    this.#inRam.clear();
    for (const line of lines) this.#inRam.add("limit" in line ? nameOf(line.limit) : line.key);
    return this.#ram?.begin(start, lines) ?? false;
  }

  /** The file goes, and the disk says that none is to be believed: it is older than the disk from now on. */
  #leaveRam(): void {
    this.#ram?.remove();
    this.#inRam.clear();
    this.#exact.clear();
    this.#isFull = true;
    if (this.#start === null) return;
    this.#start = null;
    this.#journal.saveDocument(START_DOCUMENT, randomUUID());
  }

  #tryToTake(): void {
    try {
      this.#take();
    } catch {
      // The database cannot be read yet: whoever reads it next tries again.
    }
  }

  /** Reads what an earlier start has left in memory, if the disk says that it was the last one. @throws as `Store.limits` */
  #take(): void {
    if (this.#isTaken) return;
    const left = this.#ram?.read() ?? null;
    if (left !== null) {
      // A database that cannot be read has no documents; this throws then.
      this.#journal.limits();
      const lines = left.start === this.#journal.document(START_DOCUMENT) ? left.lines : [];
      for (const line of lines) {
        if ("limit" in line)
          for (const limits of [this.#spared, this.#exact]) limits.set(nameOf(line.limit), line.limit);
        else this.#notes.set(line.key, line.value);
      }
    }
    this.#isTaken = true;
  }

  /** For all that one turn of the event loop brings. */
  async #settle(): Promise<void> {
    this.#clock.clear(this.#due?.timer);
    this.#due = null;
    await new Promise((resolve) => setImmediate(resolve));
    this.#settling = null;
    // What an earlier start has left in the journal may not be on the disk; a line of this start brings it there.
    if (this.#start === null) this.#beginRam();
    this.#bring();
    const written = this.#unsure;
    this.#unsure = new Map();
    try {
      await this.#journal.settled();
      for (const [name, limit] of written) this.#durable.set(name, limit);
    } catch (error) {
      // What was written anew meanwhile has a wait of its own.
      for (const [name, limit] of written) if (this.#written.get(name) === limit) this.#unsure.set(name, limit);
      throw error;
    }
  }

  #settleWithin(ms: number): void {
    const atMs = this.#clock.nowMs() + ms;
    if (this.#due && this.#due.atMs <= atMs) return;
    this.#clock.clear(this.#due?.timer);
    this.#due = { atMs, timer: this.#clock.setTimeout(() => void this.settled().catch(() => {}), ms) };
  }

  /** A quarter of an hour is over: everything goes to the disk. */
  #turn(): void {
    this.#isFull = this.#ram === null;
    try {
      if (this.#spared.size + this.#notes.size > 0) this.#settleWithin(0);
      this.#bring();
      if (this.#start !== null && !this.#writeRam(this.#start)) this.#leaveRam();
    } catch {
      // The file in memory has it still, and the next turn tries again.
    }
  }

  #wrote(name: string, limit: LimitRecord): void {
    this.#written.set(name, limit);
    this.#unsure.set(name, limit);
  }

  /** What is newer than the journal goes into it. */
  #bring(): void {
    for (const [name, limit] of this.#spared) {
      this.#journal.saveLimit(limit);
      this.#wrote(name, limit);
      this.#spared.delete(name);
    }
    for (const [key, value] of this.#notes) {
      this.#journal.saveDocument(key, value);
      this.#notes.delete(key);
    }
  }
}
