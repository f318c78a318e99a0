/** Takes a backup over, a part at a time and yet whole or not at all. */
import type { Clock } from "../clock.ts";
import { isOpen, overlaps } from "../reservations/rules.ts";
import type { Badge } from "../session/badges/badge.ts";
import { planLargeChange } from "../session/badges/badge-change.ts";
import type { BadgeList } from "../session/badges/badge-list.ts";
import { SETTINGS_DOCUMENTS } from "../station/setup/read-settings.ts";
import type { ReservationBook, ReservationRecord } from "../store/books/reservation-types.ts";
import type { SessionRecord } from "../store/books/session-types.ts";
import type { LimitCommandRecord, Store } from "../store/types.ts";
import type { JsonValue } from "../units.ts";
import { breather, mapInSlices } from "../yielding.ts";
import { STATION_DOCUMENTS } from "./export.ts";
import type { BackupSettings, ImportDiff } from "./format.ts";
import type { ReadBackup } from "./import.ts";

/** Entries in one part, by kind: what is written in one turn of the event loop. */
const PER_PART = {
  ...{ sessions: 50, limitCommands: 200, reservations: 100, chargePoints: 20, chargerSettings: 10, badges: 400 },
} as const;
type Kind = keyof typeof PER_PART;

/** Sessions or limits looked up in one turn of the event loop. */
const LOOKED_AT = 500;

/** What a backup has that the site has not, and what differs. */
interface News extends Omit<ReadBackup, "names"> {
  diff: ImportDiff;
}

/** Restores backups of one site, one after the other. Nothing is ever removed, and what was learnt of a charge point here stays. */
export class Restorer {
  readonly #store: Store;
  readonly #list: BadgeList;
  readonly #clock: Pick<Clock, "wallMs">;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: Store, list: BadgeList, clock: Pick<Clock, "wallMs">) {
    this.#store = store;
    this.#list = list;
    this.#clock = clock;
  }

  /** What an import would do. @throws EvError EV_STORE_OPEN */
  async compare(backup: ReadBackup): Promise<ImportDiff> {
    return (await this.#news(backup)).diff;
  }

  /**
   * Takes a backup over: adds, and changes badges. What was decided when the process ended, or the disk failed, is finished by the next
   * start or the next import.
   * @param by who asks for it
   * @throws EvError EV_STORE_WRITE | EV_STORE_OPEN
   */
  apply(backup: ReadBackup, by: string): Promise<ImportDiff> {
    return this.#alone(async () => {
      await this.#finish();
      const { diff, ...news } = await this.#news(backup);
      for (const kind of Object.keys(PER_PART) as Kind[]) await this.#putDown(kind, news[kind]);
      if (!this.#store.restores.next(0)) return diff;
      this.#store.restores.decide(by);
      await this.#finish();
      return diff;
    });
  }

  /** Finishes what was decided before the process ended. Never rejects: the store tells its own failures. */
  resume(): Promise<void> {
    return this.#alone(() => this.#finish()).catch(() => {});
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #news(backup: ReadBackup): Promise<News> {
    const { sessions, limitCommands } = this.#store;
    const learnt = this.#store.documents(STATION_DOCUMENTS);
    const known = new Set(learnt.map(([key]) => key.slice(STATION_DOCUMENTS.length)));
    const newSessions = await kept(backup.sessions, ({ id }) => !sessions.has(id));
    const newCommands = await kept(backup.limitCommands, (command) => !isKnown(limitCommands, command));
    const booked = await this.#newReservations(backup.reservations);
    const { added, changed } = await planLargeChange(this.#list.all, backup.badges, "merge");
    const chargePoints = backup.chargePoints.filter(([identity]) => !known.has(identity));
    const read = new Set(this.#store.documents(SETTINGS_DOCUMENTS).map(([key]) => key));
    const isRead = ({ chargePoint }: BackupSettings) => read.has(SETTINGS_DOCUMENTS + chargePoint);
    const chargerSettings = backup.chargerSettings.filter((one) => !isRead(one));
    const diff = {
      badges: {
        added: added.map(({ idTag }) => idTag),
        changed: changed.map(({ after }) => after.idTag),
        same: backup.badges.length - added.length - changed.length,
      },
      chargePoints: {
        added: chargePoints.map(([identity]) => identity),
        known: backup.chargePoints.map(([identity]) => identity).filter((identity) => known.has(identity)),
      },
      chargerSettings: {
        added: chargerSettings.map(({ chargePoint }) => chargePoint),
        known: backup.chargerSettings.filter(isRead).map(({ chargePoint }) => chargePoint),
      },
      limitCommands: { added: newCommands.length, known: backup.limitCommands.length - newCommands.length },
      reservations: booked.diff,
      sessions: { added: newSessions.length, known: backup.sessions.length - newSessions.length },
    };
    const badges = [...added, ...changed.map(({ after }) => after)];
    return {
      ...{ diff, chargePoints, chargerSettings, limitCommands: newCommands },
      ...{ reservations: booked.added, sessions: newSessions, badges },
    };
  }

  /** Those that this site has not, and whose connector and time are free here. */
  async #newReservations(all: readonly ReservationRecord[]) {
    const { reservations: book } = this.#store;
    const nowWallMs = this.#clock.wallMs();
    const open = book.recent(Number.MAX_SAFE_INTEGER).filter(isOpen);
    const diff = { added: 0, known: 0, taken: 0, over: 0 };
    const added = await kept(all, (one) => {
      const isToCome = isOpen(one);
      const what: keyof typeof diff = isBooked(book, one, open)
        ? "known"
        : isToCome && one.freeWallMs <= nowWallMs
          ? "over"
          : isToCome && open.some((other) => isInTheWay(other, one))
            ? "taken"
            : "added";
      diff[what] += 1;
      return what === "added";
    });
    return { diff, added };
  }

  async #putDown(kind: Kind, items: readonly unknown[]): Promise<void> {
    const most = PER_PART[kind];
    for (let at = 0; at < items.length; at += most) {
      this.#store.restores.add(kind, items.slice(at, at + most) as JsonValue[]);
      await breather();
    }
  }

  /** Carries out what is decided, and forgets what is not. */
  async #finish(): Promise<void> {
    const { restores } = this.#store;
    const decided = restores.decided();
    if (decided) await this.#restoreBadges(decided.by);
    for (let part = restores.next(0); part; part = restores.next(part.part)) {
      const { part: number, kind, items } = part;
      restores.carryOut(number, () => decided && this.#carryOut(kind as Kind, items));
      await breather();
    }
    if (decided) restores.end();
  }

  /** Badges are changed all at once, as by any import of theirs: it can be undone. */
  #restoreBadges(by: string): Promise<void> {
    const { restores } = this.#store;
    return this.#list.alone(async () => {
      const badges: Badge[] = [];
      for (let part = restores.next(0); part; part = restores.next(part.part)) {
        if (part.kind === "badges") badges.push(...(part.items as unknown as Badge[]));
        await breather();
      }
      if (badges.length > 0)
        await this.#list.change(await planLargeChange(this.#list.all, badges, "merge"), "import", by);
    });
  }

  #carryOut(kind: Kind, items: readonly JsonValue[]): void {
    if (kind === "sessions") for (const one of items) addSession(this.#store, one as unknown as SessionRecord);
    if (kind === "limitCommands")
      for (const one of items) addCommand(this.#store, one as unknown as LimitCommandRecord);
    if (kind === "reservations")
      for (const one of items) addReservation(this.#store.reservations, one as unknown as ReservationRecord);
    if (kind === "chargePoints") this.#addDocuments(STATION_DOCUMENTS, items as unknown as [string, JsonValue][]);
    if (kind === "chargerSettings")
      this.#addDocuments(
        SETTINGS_DOCUMENTS,
        (items as unknown as BackupSettings[]).map(({ chargePoint, ...read }) => [
          chargePoint,
          read as unknown as JsonValue,
        ]),
      );
  }

  #addDocuments(prefix: string, items: readonly [string, JsonValue][]): void {
    for (const [identity, value] of items) {
      const key = prefix + identity;
      if (this.#store.document(key) === undefined) this.#store.saveDocument(key, value);
    }
    // Looking them up writes what waits.
    this.#store.documents(prefix);
  }
}

function addSession(store: Store, { number: _number, closedNumber: _closed, ...session }: SessionRecord): void {
  if (store.sessions.has(session.id)) return;
  // Backups of earlier releases have it as a number.
  const transactionId = session.transactionId === null ? null : String(session.transactionId);
  const flags: SessionRecord["flags"] = [...new Set([...session.flags, "restored" as const])];
  const record = store.sessions.add({ ...session, flags, transactionId, endedWallMs: null });
  // A session of its transaction may be here already, recorded by this site.
  if (record.id === session.id)
    store.sessions.save([{ record: { ...record, ...session, flags, transactionId }, memory: null }]);
}

function addCommand({ limitCommands }: Store, { id: _id, ...command }: LimitCommandRecord): void {
  if (!isKnown(limitCommands, command)) limitCommands.add(command);
}

function isKnown(
  book: Store["limitCommands"],
  { zone, source, receivedWallMs }: Pick<LimitCommandRecord, "zone" | "source" | "receivedWallMs">,
): boolean {
  const then = book.find({ zone, fromWallMs: receivedWallMs, toWallMs: receivedWallMs, most: 1000 });
  return then.some((one) => one.source === source);
}

/**
 * Under its own number where that is free: a charge point may hold it by that. What it was told under a number that is another one's here
 * is not believed. One that is to come is kept anew near its time.
 */
function addReservation(book: ReservationBook, record: ReservationRecord): void {
  if (isBooked(book, record, [])) return;
  const { id, ...one } = isOpen(record)
    ? { ...record, state: "booked" as const, why: null, place: record.target }
    : record;
  const isFree = !book.has(id);
  book.add({ ...one, told: isFree ? one.told : [], id: isFree ? id : null });
}

/** @param open those to come here: one with the same `ref`, as of a calendar, is the same */
function isBooked(book: ReservationBook, one: ReservationRecord, open: readonly ReservationRecord[]): boolean {
  if (isOpen(one) && one.ref !== null && open.some(({ ref }) => ref === one.ref)) return true;
  const then = book.find({ fromWallMs: one.fromWallMs, toWallMs: one.fromWallMs, most: 1000 });
  return then.some((other) => same(other) === same(one));
}

function same({ target, zone, idTag, fromWallMs, untilWallMs, madeWallMs }: ReservationRecord): string {
  return JSON.stringify([target, zone, idTag, fromWallMs, untilWallMs, madeWallMs]);
}

/** Both are to come for one connector. */
function isInTheWay(other: ReservationRecord, one: ReservationRecord): boolean {
  return one.target !== null && (other.target ?? other.place) === one.target && overlaps(other, one);
}

async function kept<T>(items: readonly T[], wanted: (item: T) => boolean): Promise<T[]> {
  const found: T[] = [];
  await mapInSlices(items, (item) => wanted(item) && found.push(item), LOOKED_AT);
  return found;
}
