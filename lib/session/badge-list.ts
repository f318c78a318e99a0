import type { Clock } from "../clock.ts";
import type { Badge, BadgeBook, BadgeChange, BadgeChangeRecord } from "../store/badge-types.ts";
import { changedList, isEmptyChange } from "./badge-change.ts";
import { type BadgeSettings, DEFAULT_BADGE_SETTINGS, type Meant, meantBadge } from "./badge-settings.ts";
import { Listeners } from "./listeners.ts";

/**
 * The badges of a site: in memory for answers within a millisecond, durable before a change is confirmed. While the database
 * cannot be read the list is empty, and each use tries again.
 */
export class BadgeList {
  readonly #book: BadgeBook;
  readonly #clock: Clock;
  readonly #listeners = new Listeners<BadgeChange>();
  readonly #settings = new Map<string, BadgeSettings>();
  #badges: Map<string, Badge> | null = null;

  constructor(book: BadgeBook, clock: Clock) {
    this.#book = book;
    this.#clock = clock;
  }

  /** All badges by canonical number. */
  get all(): ReadonlyMap<string, Badge> {
    if (this.#badges) return this.#badges;
    try {
      this.#badges = new Map(this.#book.all().map((badge) => [badge.idTag, badge]));
    } catch {
      // The store reports its own failure.
      return new Map();
    }
    return this.#badges;
  }

  /** Grows with each change. @throws EvError EV_STORE_OPEN */
  get version(): number {
    return this.#book.version();
  }

  /** What all nodes of the site say together: any that wants the other byte order, the first default, all rows. */
  get settings(): BadgeSettings {
    const said = [...this.#settings.values()];
    if (said.length === 0) return DEFAULT_BADGE_SETTINGS;
    if (said.length === 1) return said[0]!;
    return {
      reversedBytes: said.some(({ reversedBytes }) => reversedBytes),
      defaultIdTag: said.find(({ defaultIdTag }) => defaultIdTag !== "")?.defaultIdTag ?? "",
      freeCharging: said.flatMap(({ freeCharging }) => freeCharging),
    };
  }

  /** @param owner a node's id; null takes its word back */
  configure(owner: string, settings: BadgeSettings | null): void {
    if (settings) this.#settings.set(owner, settings);
    else this.#settings.delete(owner);
  }

  /** The badge that a charge point means by the number it sends. */
  meant(chargePoint: string, idTag: string): Meant {
    return meantBadge(this.all, this.settings, chargePoint, idTag);
  }

  /** Durable before it returns; a change that does nothing is not kept. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
  apply(change: BadgeChange, what: string, by: string): void {
    if (isEmptyChange(change)) return;
    this.#book.apply({ ...change, what, by, changedWallMs: this.#clock.wallMs() });
    this.#changed(change);
  }

  /** Undoes the newest change. @returns what was done; null = nothing to undo @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
  undo(): BadgeChangeRecord | null {
    const done = this.#book.undo();
    if (done) this.#changed(done);
    return done;
  }

  /** The newest change that can be undone. @throws EvError EV_STORE_OPEN */
  get lastChange(): BadgeChangeRecord | null {
    return this.#book.lastChange();
  }

  /** Called after every change. @returns a function that stops it */
  onChange(listener: (change: BadgeChange) => void): () => void {
    return this.#listeners.add(listener);
  }

  #changed(change: BadgeChange): void {
    // Not read yet: the next use reads it changed.
    if (this.#badges) this.#badges = changedList(this.#badges, change);
    this.#listeners.tell(change);
  }
}
