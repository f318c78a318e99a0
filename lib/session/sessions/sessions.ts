/** The charging sessions of a site: one record for each, whatever kind of charger, from its start to its end. */
import type { Clock, Timer } from "../../clock.ts";
import type { SessionBook, SessionRecord } from "../../store/books/session-types.ts";
import type { Store } from "../../store/types.ts";
import { Listeners } from "./listeners.ts";
import { PvShare } from "./pv-share.ts";
import type { SessionHost, SessionNews } from "./session-host.ts";
import { LiveSession } from "./session-live.ts";
import { PointSessions, type RunningSession } from "./session-point.ts";
import type { EventMoment } from "./session-watch.ts";
import { WrittenSessions } from "./written-sessions.ts";

export type { SessionNews } from "./session-host.ts";

/** How often times are counted and changes written, ms. */
const TICK_MS = 15_000;

/** So many are written at once: the event loop waits for the disk meanwhile. */
const MOST_AT_ONCE = 200;

/** What a crash must not cost is written after this, together with what comes meanwhile. */
const SOON_MS = 500;

/** Time between two slices of a large write, ms. */
const SLICE_MS = 50;

/** Of so many it is remembered: strangers that are let in invent as many names as they like. */
const MOST_METERS = 5000;

/** Which charge points named a kWh meter when they started. */
const METERS_DOCUMENT = "sessions/meters";

export interface SessionsDeps extends Pick<SessionHost, "outlet" | "badge" | "limited" | "meter"> {
  store: Pick<Store, "sessions" | "document" | "saveDocument">;
  clock: Clock;
}

/** All sessions of a site. Outlives a deploy; what was open when the process ended goes on. */
export class Sessions {
  readonly book: SessionBook;
  readonly sun = new PvShare();
  readonly #deps: SessionsDeps;
  /** Charge points with sessions. Others, strangers among them, are not remembered. */
  readonly #points = new Map<string, PointSessions>();
  readonly #listeners = new Listeners<[news: SessionNews, record: SessionRecord]>();
  readonly #host: Omit<SessionHost, "busy">;
  readonly #ticking: Timer;
  #slicing: Timer | undefined;
  #meters: Set<string> | null = null;
  #restored = false;

  constructor(deps: SessionsDeps) {
    this.#deps = deps;
    this.book = deps.store.sessions;
    this.#host = {
      book: this.book,
      written: new WrittenSessions(),
      sun: this.sun,
      outlet: deps.outlet,
      ...(deps.meter && { meter: deps.meter }),
      badge: deps.badge,
      limited: deps.limited,
      soon: () => {
        this.#slicing ??= deps.clock.setTimeout(() => this.#tick(), SOON_MS);
      },
      named: (chargePoint, hasMeter) => this.#noteMeter(chargePoint, hasMeter),
      tell: (news, record) => this.#listeners.tell(news, record),
    };
    this.#ticking = deps.clock.setInterval(() => this.#tick(), TICK_MS);
  }

  /** How many are open. */
  get count(): number {
    this.#restore();
    let count = 0;
    for (const point of this.#points.values()) count += point.count;
    return count;
  }

  /** Those of one charge point, which it is told of. */
  of(chargePoint: string): PointSessions {
    this.#restore();
    return this.#point(chargePoint);
  }

  /** The session at a connector and what it does; undefined = there is none. */
  runningAt(chargePoint: string, connector: number): RunningSession | undefined {
    return this.#points.get(chargePoint)?.runningAt(connector);
  }

  #point(chargePoint: string): PointSessions {
    const busy = this.#points.get(chargePoint);
    if (busy) return busy;
    const host = { ...this.#host, busy: () => void this.#points.set(chargePoint, point) };
    const point = new PointSessions(chargePoint, host, this.#knownMeters().has(chargePoint));
    return point;
  }

  /** Called when a session opens, has changed and closes, once that is on disk. Must not throw. @returns a function that stops it */
  onNews(listener: (news: SessionNews, record: SessionRecord) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Takes a person's name out of the sessions that go on. What a flow tells of them later counts again. */
  forget(isTheirs: (name: string) => boolean): void {
    this.#restore();
    for (const point of this.#points.values()) point.forget(isTheirs);
  }

  /** Writes what is open and stops. */
  close(): void {
    const { clock } = this.#deps;
    clock.clear(this.#ticking);
    clock.clear(this.#slicing);
    this.#listeners.clear();
    const moment = this.#now();
    for (const point of this.#points.values()) point.offline(moment);
    this.#flush(this.#dirty(moment), moment, Number.POSITIVE_INFINITY);
  }

  #tick(): void {
    this.#restore();
    const moment = this.#now();
    this.#flush(this.#dirty(moment), moment, MOST_AT_ONCE);
  }

  #dirty(moment: EventMoment): [PointSessions, LiveSession][] {
    const dirty: [PointSessions, LiveSession][] = [];
    for (const point of this.#points.values()) {
      for (const session of point.tick(moment)) dirty.push([point, session]);
      if (point.idle) this.#points.delete(point.identity);
    }
    return dirty;
  }

  /** What cannot be written stays dirty and is written with a later tick. */
  #flush(dirty: readonly [PointSessions, LiveSession][], moment: EventMoment, most: number): void {
    const { clock } = this.#deps;
    clock.clear(this.#slicing);
    this.#slicing = undefined;
    const now = dirty.slice(0, most);
    const later = dirty.slice(most);
    if (now.length === 0) return;
    try {
      const saved = this.book.save(now.map(([point, session]) => point.row(session, moment)));
      for (const [index, [point, session]] of now.entries()) point.written(session, saved[index]!);
    } catch {
      return;
    }
    if (later.length > 0) this.#slicing = clock.setTimeout(() => this.#flush(later, this.#now(), most), SLICE_MS);
  }

  /** Takes over what was open when the process ended; tried again until the database can be read. */
  #restore(): void {
    if (this.#restored) return;
    try {
      for (const { record, memory } of this.book.open()) {
        const outlet = this.#deps.outlet(record.chargePoint, record.connector);
        this.#point(record.chargePoint).restore(new LiveSession(record, outlet, memory));
      }
      this.#restored = true;
    } catch {
      // The store reports its own failure.
    }
  }

  #knownMeters(): Set<string> {
    if (this.#meters) return this.#meters;
    const stored = this.#deps.store.document(METERS_DOCUMENT);
    const names = Array.isArray(stored) ? stored.filter((name) => typeof name === "string") : [];
    this.#meters = new Set(names);
    return this.#meters;
  }

  #noteMeter(chargePoint: string, hasMeter: boolean): void {
    const meters = this.#knownMeters();
    const isNews = meters.delete(chargePoint) !== hasMeter;
    // The last to start stands last.
    if (hasMeter) meters.add(chargePoint);
    if (!isNews) return;
    const [oldest] = meters;
    if (meters.size > MOST_METERS && oldest !== undefined) meters.delete(oldest);
    this.#deps.store.saveDocument(METERS_DOCUMENT, [...meters]);
  }

  #now(): EventMoment {
    return { nowMs: this.#deps.clock.nowMs(), wallMs: this.#deps.clock.wallMs() };
  }
}
