import type { Clock } from "../../clock.ts";
import type { LimitRecord, Store } from "../../store/types.ts";
import { durableLimit, type LimitEntry, restoredLimit, UNKNOWN_LIMIT } from "./limit-entry.ts";
import { canEndLater, covers, isStillRight, runsOut, writtenAhead, writtenFurther } from "./limit-on-disk.ts";

/** Where limits are kept over restarts. */
export type LimitStore = Pick<Store, "saveLimit" | "limits" | "settled">;

/**
 * Keeps what is known of each connector's limit, here and in the database. Each change is written at once, so that a process that is
 * killed loses none; the disk is waited for only where what stands there would reserve too little.
 */
export class DurableLimits {
  readonly #store: LimitStore;
  readonly #clock: Clock;
  /** By charge point and connector. */
  readonly #entries = new Map<string, Map<number, LimitEntry>>();
  /** What the database says of them. */
  readonly #written = new WeakMap<LimitEntry, LimitRecord>();
  /** Those that the database says end when they do. */
  readonly #exact = new Set<LimitEntry>();
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
    const isRight = before !== undefined && isStillRight(before, limit);
    if (isRight && !runsOut(before, limit)) return true;
    const written = isRight ? writtenFurther(limit) : before ? writtenAhead(before, limit) : limit;
    try {
      this.#store.saveLimit(written);
    } catch {
      return false;
    }
    this.#written.set(entry, written);
    this.#exact.delete(entry);
    this.#writeFurther();
    if (written.leaseUntilWallMs === limit.leaseUntilWallMs && canEndLater(limit)) this.#exact.add(entry);
    // What still stands on the disk is right until its next renewal.
    if (!isRight && (!before || !covers(before, written))) this.#keep();
    return true;
  }

  /** Limits that were written as they were sent are written as ones that end later, beside another that is written: their renewal waits for nothing then. */
  #writeFurther(): void {
    for (const entry of this.#exact) {
      const written = writtenFurther(this.#written.get(entry)!);
      try {
        this.#store.saveLimit(written);
      } catch {
        return;
      }
      this.#written.set(entry, written);
      this.#exact.delete(entry);
    }
  }

  #keep(): void {
    const settled = this.#store.settled().catch(() => {});
    const keeping = settled.then(() => {
      if (this.#keeping === keeping) this.#keeping = null;
    });
    this.#keeping = keeping;
  }
}
