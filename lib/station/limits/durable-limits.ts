import type { Clock } from "../../clock.ts";
import type { LimitRecord, Store } from "../../store/types.ts";
import { durableLimit, type LimitEntry, restoredLimit, UNKNOWN_LIMIT, unansweredOf } from "./limit-entry.ts";
import {
  covers,
  endsDownwards,
  endsSoon,
  isStillRight,
  reservesAll,
  runsOut,
  writtenAhead,
  writtenFurther,
} from "./limit-on-disk.ts";

/** Where limits are kept over restarts. */
export interface LimitStore extends Pick<Store, "limits" | "settled"> {
  /**
   * @param lasting a power cut must not take it: what the disk has would reserve too little
   * @param exact the limit itself: what is given before reserves more
   */
  saveLimit(limit: LimitRecord, lasting?: boolean, exact?: LimitRecord): void;
  /** Whether a process that is killed leaves what is `exact`. Where this is missing it does not. */
  isExact?: boolean;
  /** Only what is `exact` has changed. */
  remember?(limit: LimitRecord): void;
  /** A limit as it was brought to the disk last: it may be there. Where this is missing, all that was saved is. */
  written?(chargePoint: string, connector: number): LimitRecord | undefined;
  /** A limit that is on the disk for certain; it may have given way to the one written last. */
  durable?(chargePoint: string, connector: number): LimitRecord | undefined;
}

/** What a power cut leaves of a limit: as it was written last, or as it was before; undefined where nothing is known. */
type OnDisk = Record<"written" | "durable", LimitRecord | undefined>;

/**
 * Keeps what is known of each connector's limit, here and in the database. Each change is written at once, so that a process that is
 * killed loses none; the disk is waited for only where what stands there would reserve too little.
 */
export class DurableLimits {
  readonly #store: LimitStore;
  readonly #clock: Clock;
  /** By charge point and connector. */
  readonly #entries = new Map<string, Map<number, LimitEntry>>();
  /** As they were saved last. */
  readonly #saved = new WeakMap<LimitEntry, LimitRecord>();
  /** Limits that end, as they are. */
  readonly #ending = new Map<LimitEntry, LimitRecord>();
  /** How often an entry was changed, or was to be. */
  #changes = 0;
  /** The first of those that are brought to the disk together. */
  #first: LimitEntry | null = null;
  /** Resolves when all that has to be on the disk is, or cannot be; null = it is. */
  #keeping: Promise<void> | null = null;

  constructor(store: LimitStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes over what the database knows of connectors of which nothing is known here. Throws where the database does. */
  restore(): void {
    const [nowMs, wallMs] = [this.#clock.nowMs(), this.#clock.wallMs()];
    for (const limit of this.#store.limits()) {
      if (this.find(limit.chargePoint, limit.connector)) continue;
      const entry = this.entry(limit.chargePoint, limit.connector);
      Object.assign(entry, restoredLimit(limit, nowMs, wallMs));
      this.#saved.set(entry, limit);
    }
  }

  /** The entries of a charge point by connector; undefined = it was never told a limit. */
  of(chargePoint: string): ReadonlyMap<number, LimitEntry> | undefined {
    return this.#entries.get(chargePoint);
  }

  get changes(): number {
    return this.#changes;
  }

  /** Those of all connectors. */
  *entries(): Iterable<LimitEntry> {
    for (const connectors of this.#entries.values()) yield* connectors.values();
  }

  find(chargePoint: string, connector: number): LimitEntry | undefined {
    return this.#entries.get(chargePoint)?.get(connector);
  }

  /** The entry, to be changed; begun if there is none. */
  entry(chargePoint: string, connector: number): LimitEntry {
    this.#changes += 1;
    let entries = this.#entries.get(chargePoint);
    if (!entries) {
      entries = new Map();
      this.#entries.set(chargePoint, entries);
    }
    let entry = entries.get(connector);
    if (!entry) {
      entry = { ...UNKNOWN_LIMIT };
      entries.set(connector, entry);
    }
    return entry;
  }

  /** Resolves when what has to be on the disk is, or cannot be: the store tells its own failures. Never rejects. null = it is. */
  get keeping(): Promise<void> | null {
    return this.#keeping;
  }

  /** Writes an entry down. @returns false when that failed */
  save(chargePoint: string, connector: number, entry: LimitEntry, pending = unansweredOf(entry)): boolean {
    this.#changes += 1;
    const durable = durableLimit(entry, pending, this.#clock.nowMs(), this.#clock.wallMs());
    const limit = { chargePoint, connector, ...durable };
    const before = this.#saved.get(entry);
    const isRight = before !== undefined && isStillRight(before, limit);
    const { written, durable: onDisk } = this.#thereOf(entry, limit);
    const isWritten = written !== undefined && covers(written, limit);
    // A power cut leaves the one or the other.
    const isCovered = isWritten && onDisk !== undefined && covers(onDisk, limit);
    // What reserves far too much, or soon too little, is written without waiting.
    const isPoor =
      isWritten && ((reservesAll(written) && !reservesAll(limit)) || (endsDownwards(limit) && runsOut(written, limit)));
    if (this.#ending.has(entry)) this.#ending.set(entry, limit);
    if (!isRight || !isWritten || isPoor || runsOut(before, limit)) {
      const isAhead = isRight || (endsDownwards(limit) && (this.#store.isExact ?? false));
      const saved = isAhead ? writtenFurther(limit) : before ? writtenAhead(before, limit) : limit;
      try {
        this.#store.saveLimit(saved, !isWritten || isPoor, limit);
      } catch {
        return false;
      }
      this.#saved.set(entry, saved);
    } else this.#store.remember?.(limit);
    if (!isCovered) {
      this.#together(entry, limit);
      this.#keep();
    } else if (isPoor) this.#together(entry, limit);
    return true;
  }

  /** What a power cut leaves: the one or the other. */
  #thereOf(entry: LimitEntry, { chargePoint, connector }: LimitRecord): OnDisk {
    const store = this.#store;
    if (!store.written || !store.durable) return { written: this.#saved.get(entry), durable: this.#saved.get(entry) };
    return { written: store.written(chargePoint, connector), durable: store.durable(chargePoint, connector) };
  }

  /**
   * Limits that end soon on the disk are written as ones that end later, beside others that go there: their renewal waits for nothing
   * then. @param first of those
   */
  #writeFurther(first: LimitEntry): void {
    const wallMs = this.#clock.wallMs();
    for (const [entry, ending] of this.#ending) {
      if (entry === first) return;
      if (!endsDownwards(ending) || (ending.leaseUntilWallMs ?? 0) < wallMs) {
        this.#ending.delete(entry);
        continue;
      }
      const { written } = this.#thereOf(entry, ending);
      if (written && !endsSoon(written, ending)) continue;
      const further = writtenFurther(ending);
      try {
        this.#store.saveLimit(further, true, ending);
      } catch {
        return;
      }
      this.#saved.set(entry, further);
      this.#ending.delete(entry);
      this.#ending.set(entry, ending);
    }
  }

  /** It is brought to the disk, and with it all that one turn of the event loop brings, and what ends soon. */
  #together(entry: LimitEntry, limit: LimitRecord): void {
    this.#ending.delete(entry);
    if (endsDownwards(limit)) this.#ending.set(entry, limit);
    if (this.#first !== null) return;
    this.#first = entry;
    queueMicrotask(() => {
      this.#writeFurther(entry);
      this.#first = null;
    });
  }

  #keep(): void {
    const settled = this.#store.settled().catch(() => {});
    const keeping = settled.then(() => {
      if (this.#keeping === keeping) this.#keeping = null;
    });
    this.#keeping = keeping;
  }
}
