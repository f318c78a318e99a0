import type { Clock } from "../../clock.ts";
import type { LimitRecord, Store } from "../../store/types.ts";
import { durableLimit, type LimitEntry, restoredLimit, UNKNOWN_LIMIT } from "./limit-entry.ts";
import {
  canEndLater,
  covers,
  endsSoon,
  isStillRight,
  reservesAll,
  runsOut,
  writtenAhead,
  writtenFurther,
} from "./limit-on-disk.ts";

/** Where limits are kept over restarts. */
export interface LimitStore extends Pick<Store, "limits" | "settled"> {
  /** @param lasting a power cut must not take it: what the disk has would reserve too little */
  saveLimit(limit: LimitRecord, lasting?: boolean): void;
  /** What a power cut leaves of a limit; where this is missing, all that was saved. */
  onDisk?(chargePoint: string, connector: number): LimitRecord | undefined;
}

/**
 * Keeps what is known of each connector's limit, here and in the database. Each change is written at once, so that a process that is
 * killed loses none; the disk is waited for only where what stands there would reserve too little.
 */
export class DurableLimits {
  readonly #store: LimitStore;
  readonly #clock: Clock;
  /** By charge point and connector. */
  readonly #entries = new Map<string, Map<number, LimitEntry>>();
  /** As they were written last. */
  readonly #written = new WeakMap<LimitEntry, LimitRecord>();
  /** Limits that end, as they are: those come first that were brought to the disk first. */
  readonly #ending = new Map<LimitEntry, LimitRecord>();
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
      this.#written.set(entry, limit);
    }
  }

  /** The entries of a charge point by connector; undefined = it was never told a limit. */
  of(chargePoint: string): ReadonlyMap<number, LimitEntry> | undefined {
    return this.#entries.get(chargePoint);
  }

  /** Those of all connectors. */
  *entries(): Iterable<LimitEntry> {
    for (const connectors of this.#entries.values()) yield* connectors.values();
  }

  find(chargePoint: string, connector: number): LimitEntry | undefined {
    return this.#entries.get(chargePoint)?.get(connector);
  }

  /** The entry, begun if there is none. */
  entry(chargePoint: string, connector: number): LimitEntry {
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
  save(chargePoint: string, connector: number, entry: LimitEntry, pending = entry.uncertain): boolean {
    const durable = durableLimit(entry, pending, this.#clock.nowMs(), this.#clock.wallMs());
    const limit = { chargePoint, connector, ...durable };
    const before = this.#written.get(entry);
    const there = this.#thereOf(entry, limit);
    const isRight = before !== undefined && isStillRight(before, limit);
    const isCovered = there !== undefined && covers(there, limit);
    // What reserves far too much, or soon too little, is written without waiting.
    const lasting =
      !isCovered || (reservesAll(there) && !reservesAll(limit)) || (canEndLater(limit) && runsOut(there, limit));
    if (this.#ending.has(entry)) this.#ending.set(entry, limit);
    if (isRight && !lasting && !runsOut(before, limit)) return true;
    const written = isRight ? writtenFurther(limit) : before ? writtenAhead(before, limit) : limit;
    try {
      this.#store.saveLimit(written, lasting);
    } catch {
      return false;
    }
    this.#written.set(entry, written);
    if (this.#thereOf(entry, limit) === written) this.#wroteFurther(entry, limit);
    // What stands on the disk is right until its next renewal; what it does not cover must be there before it is told.
    if (!isCovered) this.#keep();
    return true;
  }

  /** Whether the disk must have a limit before it is sent although it is no higher: what stands there ends sooner. */
  outlastsDisk(chargePoint: string, connector: number, limitA: number, untilMs: number): boolean {
    const entry = this.find(chargePoint, connector);
    const before = entry && this.#written.get(entry);
    const there = before && this.#thereOf(entry, before);
    if (!there || !Number.isFinite(untilMs) || reservesAll(there) || limitA <= there.safeA) return false;
    const leaseUntilWallMs = Math.round(this.#clock.wallMs() + untilMs - this.#clock.nowMs());
    return !covers(there, { ...there, leaseUntilWallMs });
  }

  /** What the disk says. */
  #thereOf(entry: LimitEntry, { chargePoint, connector }: LimitRecord): LimitRecord | undefined {
    return this.#store.onDisk ? this.#store.onDisk(chargePoint, connector) : this.#written.get(entry);
  }

  /**
   * Limits that end soon on the disk are written as ones that end later, beside another that is written there: their renewal waits for
   * nothing then.
   */
  #wroteFurther(beside: LimitEntry, limit: LimitRecord): void {
    this.#ending.delete(beside);
    for (const [entry, ending] of this.#ending) {
      if (!canEndLater(ending)) {
        this.#ending.delete(entry);
        continue;
      }
      const there = this.#thereOf(entry, ending);
      if (there && !endsSoon(there, ending)) break;
      const written = writtenFurther(ending);
      try {
        this.#store.saveLimit(written, true);
      } catch {
        break;
      }
      this.#written.set(entry, written);
      this.#ending.delete(entry);
      this.#ending.set(entry, ending);
    }
    if (canEndLater(limit)) this.#ending.set(beside, limit);
  }

  #keep(): void {
    const settled = this.#store.settled().catch(() => {});
    const keeping = settled.then(() => {
      if (this.#keeping === keeping) this.#keeping = null;
    });
    this.#keeping = keeping;
  }
}
