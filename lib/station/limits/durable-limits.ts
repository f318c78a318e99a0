import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/types.ts";
import { durableLimit, type LimitEntry, restoredLimit, UNKNOWN_LIMIT } from "./limit-entry.ts";

/** Keeps what is known of each connector's limit, here and in the database. */
export class DurableLimits {
  readonly #store: Store;
  readonly #clock: Clock;
  /** By charge point and connector. */
  readonly #entries = new Map<string, Map<number, LimitEntry>>();

  constructor(store: Store, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes over what the database knows of connectors of which nothing is known here. Throws where the database does. */
  restore(): void {
    const [nowMs, wallMs] = [this.#clock.nowMs(), this.#clock.wallMs()];
    for (const limit of this.#store.limits()) {
      if (this.find(limit.chargePoint, limit.connector)) continue;
      Object.assign(this.entry(limit.chargePoint, limit.connector), restoredLimit(limit, nowMs, wallMs));
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

  /** Something that was saved is not on the disk yet. */
  get unsettled(): boolean {
    return this.#store.unsettled;
  }

  /** Resolves when what was saved is on the disk, or cannot be. Never rejects: the store tells its own failures. */
  settled(): Promise<void> {
    return this.#store.settled().catch(() => {});
  }

  /** Writes an entry down. @returns false when that failed */
  save(chargePoint: string, connector: number, entry: LimitEntry, pending = entry.uncertain): boolean {
    const durable = durableLimit(entry, pending, this.#clock.nowMs(), this.#clock.wallMs());
    try {
      this.#store.saveLimit({ chargePoint, connector, ...durable });
      return true;
    } catch {
      return false;
    }
  }
}
