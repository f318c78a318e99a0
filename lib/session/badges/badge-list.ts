import type { Clock } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import { sizeOf } from "../../store/books/badge-parts.ts";
import type { Badge, BadgeBook, BadgeChange, BadgeChangeRecord } from "../../store/books/badge-types.ts";
import { stepByStep } from "../../yielding.ts";
import { Listeners } from "../sessions/listeners.ts";
import { changedList, isEmptyChange, largelyChangedList } from "./badge-change.ts";
import { type BadgeSettings, DEFAULT_BADGE_SETTINGS, type Meant, meantBadge } from "./badge-settings.ts";

/** So many badges are changed at once; more hold up everything else for too long. */
const FEW = 400;

/**
 * The badges of a site: in memory for answers within a millisecond, durable before a change is confirmed. While the database
 * cannot be read the list is empty, and each use tries again.
 */
export class BadgeList {
  readonly #book: BadgeBook;
  readonly #clock: Clock;
  readonly #timeZone: () => string;
  readonly #listeners = new Listeners<[BadgeChange]>();
  readonly #settings = new Map<string, BadgeSettings>();
  #badges: Map<string, Badge> | null = null;
  /** Many badges are being changed. */
  #slicing = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** @param timeZone of the site, in which the days of badges end; empty = that of this machine */
  constructor(book: BadgeBook, clock: Clock, timeZone = () => "") {
    this.#book = book;
    this.#clock = clock;
    this.#timeZone = timeZone;
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

  /** In which the days of badges end. */
  get timeZone(): string {
    return this.#timeZone();
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

  /**
   * Written when it returns, and durable when `settled` says so; a change that does nothing is not kept. For few badges; not while many are being changed.
   * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN | EV_BADGES_BUSY
   */
  apply(change: BadgeChange, what: string, by: string): void {
    if (isEmptyChange(change)) return;
    if (this.#slicing) throw new EvError("EV_BADGES_BUSY", "the list of badges is being changed; try again");
    this.#book.apply(this.#record(change, what, by));
    this.#changed(change, this.#badges && changedList(this.#badges, change));
  }

  /** The same for any number of badges; of many, others get their turn in between. To be done `alone`. */
  async change(change: BadgeChange, what: string, by: string): Promise<void> {
    if (sizeOf(change) <= FEW) this.apply(change, what, by);
    else {
      await this.#inSlices(async () => {
        await stepByStep(this.#book.applyInParts(this.#record(change, what, by)));
        return change;
      });
    }
  }

  /**
   * Undoes the newest change; to be done `alone`.
   * @returns what was done; null = nothing to undo @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
   */
  async undo(): Promise<BadgeChangeRecord | null> {
    if (this.#book.lastInParts()) return this.#inSlices(() => stepByStep(this.#book.undoInParts()));
    const done = this.#book.undo();
    if (done) this.#changed(done, this.#badges && changedList(this.#badges, done));
    return done;
  }

  /** Badges that left the database, and no change keeps them; to be done `alone`. @param erase takes them out @throws as `apply` */
  erase<T extends { badges: readonly string[] }>(erase: () => T): T {
    const before = this.all;
    const done = erase();
    const removed = done.badges.flatMap((idTag) => before.get(idTag) ?? []);
    const change: BadgeChange = { added: [], changed: [], removed };
    if (removed.length > 0) this.#changed(change, changedList(before, change));
    return done;
  }

  /** Resolves when all changes until now are durable. @throws EvError EV_STORE_WRITE: they may not be */
  settled(): Promise<void> {
    return this.#book.settled();
  }

  /** Does what changes the list, or depends on how it stands, after whatever else does. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
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

  #record(change: BadgeChange, what: string, by: string) {
    return { ...change, what, by, changedWallMs: this.#clock.wallMs() };
  }

  /** What was decided and could not be carried out whole is read from the database as far as it is there. */
  async #inSlices<C extends BadgeChange | null>(write: () => Promise<C>): Promise<C> {
    this.#slicing = true;
    try {
      const done = await write();
      if (done) this.#changed(done, this.#badges && (await largelyChangedList(this.#badges, done)));
      return done;
    } catch (error) {
      this.#badges = null;
      throw error;
    } finally {
      this.#slicing = false;
    }
  }

  /** @param badges the list as it is now; null = not read yet: the next use reads it changed */
  #changed(change: BadgeChange, badges: Map<string, Badge> | null): void {
    this.#badges = badges;
    this.#listeners.tell(change);
  }
}
