import { type Clock, isoTime } from "../../clock.ts";
import { EvError } from "../../errors.ts";
import { STATION_EVENTS, type StationEvent, type StationEventName } from "../../messages.ts";
import { type AuthorizationPort, OPEN_GATE } from "../../session/badges/authorization-port.ts";
import type { RunningCharge } from "../../session/badges/authorizer.ts";
import { NO_SESSIONS, type SessionWatch } from "../../session/sessions/session-watch.ts";
import type { Store } from "../../store/types.ts";
import type { Language } from "../../words/types.ts";
import type { LimitStore } from "../limits/durable-limits.ts";
import { LimitBook } from "../limits/limit-book.ts";
import { ChargeIndex } from "../transactions/charge-index.ts";
import { ReadingPoller } from "../transactions/reading-poller.ts";
import type {
  Carrier,
  ChargePointDefinition,
  ParkedChargePoint,
  SignRequests,
  StationChange,
  StationChangeKind,
  StationHandle,
} from "../types.ts";
import { watchHostClock } from "./host-clock.ts";
import { Station, type StationDeps } from "./station.ts";
import { UnservedCallers } from "./unserved.ts";

/** So many unknown charge points are remembered; beyond, the one unseen for longest makes room. */
const MOST_UNKNOWN = 200;

/** An unknown charge point that was not seen for so long is forgotten, ms. */
const UNKNOWN_FOR_MS = 86_400_000;

/** @param origin key of the central system the charge point is connected to */
export type EventListener = (event: StationEvent, origin: string) => void;

/** What a listener is told of. */
export interface EventWish {
  /** Only these; absent = all but frames. */
  events?: ReadonlySet<StationEventName>;
  /** Frames, too. */
  raw?: boolean;
}

export interface StationsDeps {
  store: Store;
  /** Keeps the limits of connectors; absent = the database. */
  limits?: LimitStore;
  clock: Clock;
  /** Who decides about badges; everybody is let in without. */
  authorization?: AuthorizationPort;
  /** Who keeps the sessions of a charge point; none are kept without. */
  sessions?: (chargePoint: string) => SessionWatch;
  /** In which sentences are worded; English without. */
  language?: () => Language;
  /** Who signs certificates; nobody does without. */
  sign?: SignRequests;
}

const NOBODY_SIGNS: SignRequests = () => ({ status: "Rejected", requestId: null, reason: null });

/** All charge points of a site. They outlive their sockets and a deploy. */
export class Stations {
  /** What limit may be in force at each connector. */
  readonly limits: LimitBook;
  readonly clock: Clock;
  /** Asks them what they draw, between their regular readings. */
  readonly readings: ReadingPoller;
  /** Charge points that ask for what is not spoken here. */
  readonly unserved: UnservedCallers;
  readonly #deps: StationDeps;
  readonly #byKey = new Map<string, Station>();
  readonly #aliases = new Map<string, Station>();
  readonly #charges = new ChargeIndex();
  readonly #eventListeners = new Map<EventListener, EventWish>();
  /** What some listener is told of: other events are not made. */
  #wanted: ReadonlySet<StationEventName> = new Set();
  readonly #changeListeners = new Set<(change: StationChange) => void>();
  /** Connections that a drill holds shut, until monotonic times. */
  readonly #shut = new Map<string, number>();
  #carrier: Carrier | null = null;
  readonly #stopWatch: () => void;

  constructor({
    store,
    limits = store,
    clock,
    authorization = OPEN_GATE,
    sessions = () => NO_SESSIONS,
    language = () => "en-US",
    sign = NOBODY_SIGNS,
  }: StationsDeps) {
    this.clock = clock;
    this.unserved = new UnservedCallers(clock);
    const troubled = (chargePoint: string, connector: number) => this.#change("trouble", chargePoint, connector);
    this.limits = new LimitBook(store, clock, troubled, limits);
    this.#deps = {
      store,
      clock,
      limits: this.limits,
      authorization,
      sessions,
      language,
      sign,
      charges: this.#charges,
      emit: (event, origin) => this.#emit(event, origin),
      change: (kind, chargePoint, connector, paths) => this.#change(kind, chargePoint, connector, paths),
      hears: (event) => this.#wanted.has(event),
      carrier: () => this.#carrier,
    };
    this.readings = new ReadingPoller(this, clock);
    this.#stopWatch = watchHostClock(clock, (byMs) => {
      for (const station of this.#byKey.values()) station.hostClockStepped(byMs);
    });
  }

  /**
   * Adds a charge point, adopts a parked one, or changes its description without dropping its socket.
   * @throws EvError EV_NAME_DUPLICATE when its identity or an alias belongs to another one
   */
  configure(definition: ChargePointDefinition): void {
    const key = keyOf(definition.identity);
    this.#refuseTaken(definition);
    this.#dropOtherSpelling(definition.identity);
    const station = this.#byKey.get(key) ?? this.#add(definition.identity);
    if (JSON.stringify(station.definition) === JSON.stringify(definition)) return;
    this.#forgetAliases(station);
    for (const alias of definition.aliases) this.#aliases.set(keyOf(alias), station);
    station.define(definition);
    this.limits.restore();
    this.#change("definition", station.identity, 0);
  }

  /** Takes the description away; a socket is closed, and the charge point comes back as an unknown one. */
  remove(identity: string): void {
    const station = this.#byKey.get(keyOf(identity));
    if (!station?.definition) return;
    this.#forgetAliases(station);
    station.define(null);
    if (!station.online) this.#drop(station);
    this.#change("removed", station.identity, 0);
  }

  /** By identity or alias, whatever the letter case. */
  get(identity: string): Station | undefined {
    return this.#byKey.get(keyOf(identity)) ?? this.#aliases.get(keyOf(identity));
  }

  /** Holds the connection of a charge point shut until then (monotonic), by itself; null = no longer. */
  shut(identity: string, untilMs: number | null): void {
    if (untilMs === null) this.#shut.delete(keyOf(identity));
    else this.#shut.set(keyOf(identity), untilMs);
    if (untilMs !== null) this.get(identity)?.hangUp("held shut for a drill");
  }

  /** Whether a charge point is held shut now. @param identity as it dialled */
  isShut(identity: string): boolean {
    const key = keyOf(this.get(identity)?.identity ?? identity);
    return (this.#shut.get(key) ?? Number.NEGATIVE_INFINITY) > this.clock.nowMs();
  }

  /** All charge points that are served: described ones, and unknown ones that were accepted. */
  list(): StationHandle[] {
    return [...this.#byKey.values()].filter(
      (station) => station.definition !== null || station.admittance === "accept",
    );
  }

  /** Charge points that connected and that no node describes. */
  parked(): ParkedChargePoint[] {
    this.#expire();
    return [...this.#byKey.values()]
      .filter((station) => station.definition === null && station.admittance === "park")
      .map(({ identity, vendor, model, address, lastSeenWallMs }) => ({
        identity,
        vendor,
        model,
        address,
        lastSeen: isoTime(lastSeenWallMs),
      }));
  }

  /** Charges that run, as last reported. */
  *running(): Generator<RunningCharge> {
    for (const { identity } of this.#byKey.values()) yield* this.runningAt(identity);
  }

  /** Those of one charge point. */
  *runningAt(chargePoint: string): Generator<RunningCharge> {
    for (const number of this.get(chargePoint)?.connectors.keys() ?? []) yield* this.#runningOn(chargePoint, number);
  }

  /** Those that began with a badge's number. @param tag in canonical spelling */
  *runningWith(tag: string): Generator<RunningCharge> {
    for (const { chargePoint, connector } of this.#charges.places(tag)) yield* this.#runningOn(chargePoint, connector);
  }

  *#runningOn(name: string, connector: number): Generator<RunningCharge> {
    const station = this.get(name);
    const { transaction, refused = false } = station?.connectors.get(connector) ?? {};
    if (!station || !transaction) return;
    const { identity: chargePoint, online, lastSeenWallMs } = station;
    const { transactionId, idTag, startedWallMs } = transaction;
    const goneSinceWallMs = online ? null : lastSeenWallMs;
    yield { chargePoint, connector, transactionId, idTag, startedWallMs, goneSinceWallMs, refused };
  }

  /** The station of an unknown identity that was let in; null when there is no room for another. */
  makeRoomFor(identity: string): Station | null {
    this.#expire();
    const unknown = [...this.#byKey.values()].filter((station) => station.definition === null);
    if (unknown.length >= MOST_UNKNOWN) {
      const oldest = unknown
        .filter((station) => !station.online)
        .sort((a, b) => a.lastSeenWallMs - b.lastSeenWallMs)[0];
      if (!oldest) return null;
      this.#drop(oldest);
    }
    return this.#add(identity);
  }

  /** Called with the events of every charge point that are wished for. @returns a function that stops it */
  onEvent(listener: EventListener, wish: EventWish = {}): () => void {
    this.#eventListeners.set(listener, wish);
    this.#noteWishes();
    return () => {
      this.#eventListeners.delete(listener);
      this.#noteWishes();
    };
  }

  /** There is one who takes charge points' own words on to others. @returns a function that stops it */
  carry(carrier: Carrier): () => void {
    this.#carrier = carrier;
    return () => {
      this.#carrier = null;
    };
  }

  /** Called when a state changed that decisions depend on. @returns a function that stops it */
  onChange(listener: (change: StationChange) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Passes on an event that did not come from the charge point itself (a limit's result, a refused connection). */
  report(event: StationEvent, origin?: string): void {
    this.#emit(event, origin ?? this.get(event.chargePoint)?.origin ?? "");
  }

  /** Ends all timers. */
  close(): void {
    this.#stopWatch();
    this.readings.close();
    for (const station of this.#byKey.values()) station.close();
    this.#eventListeners.clear();
    this.#noteWishes();
    this.#changeListeners.clear();
  }

  /** What strangers left goes when they stay away. */
  #expire(): void {
    const oldestMs = this.clock.wallMs() - UNKNOWN_FOR_MS;
    for (const station of this.#byKey.values()) {
      if (station.definition === null && !station.online && station.lastSeenWallMs < oldestMs) this.#drop(station);
    }
  }

  #drop(station: Station): void {
    const { identity, connectors } = station;
    station.close();
    this.#byKey.delete(keyOf(identity));
    for (const number of connectors.keys()) this.#charges.set(identity, number, null);
  }

  #add(identity: string): Station {
    const station = new Station(identity, this.#deps);
    this.#byKey.set(keyOf(identity), station);
    return station;
  }

  /** A charge point known in another letter case comes back under the canonical one: everything goes by that. */
  #dropOtherSpelling(identity: string): void {
    const station = this.#byKey.get(keyOf(identity));
    if (!station || station.identity === identity) return;
    this.#forgetAliases(station);
    this.#drop(station);
    station.define(null);
    station.close();
  }

  #refuseTaken({ identity, aliases }: ChargePointDefinition): void {
    for (const name of [identity, ...aliases]) {
      const holder = this.get(name);
      if (!holder?.definition || keyOf(holder.identity) === keyOf(identity)) continue;
      throw new EvError(
        "EV_NAME_DUPLICATE",
        `${identity}: the name ${name} already belongs to the charge point ${holder.identity}`,
      );
    }
  }

  #forgetAliases(station: Station): void {
    for (const [alias, holder] of this.#aliases) if (holder === station) this.#aliases.delete(alias);
  }

  /** Worked out on change, because it is asked with every message. */
  #noteWishes(): void {
    const wishes = [...this.#eventListeners.values()];
    this.#wanted = new Set(STATION_EVENTS.filter((event) => wishes.some((wish) => wants(wish, event))));
  }

  #emit(event: StationEvent, origin: string): void {
    for (const [listener, wish] of this.#eventListeners)
      if (wants(wish, event.event)) guard(() => listener(event, origin));
  }

  #change(kind: StationChangeKind, chargePoint: string, connector: number, paths?: readonly string[]): void {
    const change: StationChange = { kind, chargePoint, connector, ...(paths && { paths }) };
    for (const listener of this.#changeListeners) guard(() => listener(change));
  }
}

function wants({ events, raw = false }: EventWish, event: StationEventName): boolean {
  return event === "raw" ? raw : (events?.has(event) ?? true);
}

const keyOf = (identity: string): string => identity.toLowerCase();

/** A listener's fault is not the charge point's: its message is answered all the same. */
function guard(call: () => void): void {
  try {
    call();
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
