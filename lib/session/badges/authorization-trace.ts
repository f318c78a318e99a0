import type { Clock, Timer } from "../../clock.ts";
import type { AuthorizationBook, AuthorizationQuery, AuthorizationRecord } from "../../store/books/badge-types.ts";
import { Listeners } from "../sessions/listeners.ts";

/** One answer to a badge, and why. */
export type TraceEntry = Omit<AuthorizationRecord, "id">;

/** So many of the last answers are in memory. */
const MOST_IN_MEMORY = 1000;

/** Longest time an answer waits for the disk, ms. */
const BATCH_MS = 1000;

/** More answers in one second are a flood; those beyond stay in memory only. */
const MOST_UNWRITTEN = 5000;

/** Answers are kept so long and so many. */
const KEPT_MS = 90 * 86_400_000;
const MOST_KEPT = 50_000;

/** Writes between two rounds of forgetting. */
const PRUNE_EVERY = 100;

/**
 * Every answer to a badge: the last ones in memory, those that a list or a flow decided on disk as well, in batches. Whoever was let in
 * because anyone may charge is no question worth a write.
 */
export class AuthorizationTrace {
  readonly #book: AuthorizationBook;
  readonly #clock: Clock;
  readonly #listeners = new Listeners<[TraceEntry]>();
  #recent: TraceEntry[] = [];
  #unwritten: TraceEntry[] = [];
  #timer: Timer | undefined;
  #writes = 0;

  constructor(book: AuthorizationBook, clock: Clock) {
    this.#book = book;
    this.#clock = clock;
  }

  /** @param kept it is written to disk */
  add(entry: TraceEntry, kept: boolean): void {
    this.#recent.push(entry);
    if (this.#recent.length >= 2 * MOST_IN_MEMORY) this.#recent = this.#recent.slice(-MOST_IN_MEMORY);
    if (kept && this.#unwritten.length < MOST_UNWRITTEN) {
      this.#unwritten.push(entry);
      this.#timer ??= this.#clock.setTimeout(() => this.#flush(), BATCH_MS);
    }
    this.#listeners.tell(entry);
  }

  /** Called with every answer. @returns a function that stops it */
  onEntry(listener: (entry: TraceEntry) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The newest that match, oldest first. While the database cannot be read, those in memory. */
  find(query: AuthorizationQuery): TraceEntry[] {
    this.#flush();
    const recent = this.#recent.filter((entry) => matches(entry, query));
    const written = this.#written(query);
    const oldestMs = recent[0]?.wallMs ?? Number.POSITIVE_INFINITY;
    const known = new Set(recent.map(keyOf));
    const before = written.filter((entry) => entry.wallMs < oldestMs || !known.has(keyOf(entry)));
    return [...before, ...recent].sort((a, b) => a.wallMs - b.wallMs).slice(-query.most);
  }

  /** Forgets the answers in memory that a person's erasure is about. */
  forget(isAbout: (entry: TraceEntry) => boolean): void {
    this.#recent = this.#recent.filter((entry) => !isAbout(entry));
    this.#unwritten = this.#unwritten.filter((entry) => !isAbout(entry));
  }

  /** Writes what waits. */
  close(): void {
    this.#flush();
    this.#listeners.clear();
  }

  #written(query: AuthorizationQuery): TraceEntry[] {
    try {
      return this.#book.find(query).map(({ id: _id, ...entry }) => entry);
    } catch {
      return [];
    }
  }

  #flush(): void {
    this.#clock.clear(this.#timer);
    this.#timer = undefined;
    if (this.#unwritten.length === 0) return;
    const batch = this.#unwritten;
    this.#unwritten = [];
    try {
      this.#book.add(batch);
      this.#writes++;
      if (this.#writes % PRUNE_EVERY === 1) this.#book.prune(this.#clock.wallMs() - KEPT_MS, MOST_KEPT);
    } catch {
      // The store reports its own failure; what was lost is still in memory for a while.
    }
  }
}

function matches(entry: TraceEntry, { idTag, chargePoint, status, fromWallMs, toWallMs }: AuthorizationQuery): boolean {
  const { wallMs } = entry;
  if (wallMs < Math.floor(fromWallMs) || wallMs > Math.ceil(toWallMs)) return false;
  if (chargePoint !== null && entry.chargePoint !== chargePoint) return false;
  if (status !== null && entry.status !== status) return false;
  return idTag === null || entry.idTag.toUpperCase() === idTag || entry.badge === idTag;
}

function keyOf(entry: TraceEntry): string {
  const { wallMs, chargePoint, connector, idTag, reason, rule, status } = entry;
  return JSON.stringify([Math.round(wallMs), chargePoint, connector, idTag, reason, rule, status]);
}
