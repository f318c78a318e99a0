/** The reservations of a site: booked, kept near their time, used or freed. */
import { type Clock, isoTime, type Timer } from "../clock.ts";
import { EvError } from "../errors.ts";
import type { StationEvent } from "../messages.ts";
import type { StationChange } from "../station/types.ts";
import type { ReservationBook, ReservationRange, ReservationRecord } from "../store/books/reservation-types.ts";
import { chargePointOf, connectorOf, Keeper, type KeepProblem, type KeptStation } from "./keeper.ts";
import type { ReservationRequest } from "./request.ts";
import {
  assign,
  choosePlace,
  inForce,
  isInForce,
  isLost,
  isOpen,
  LEAD_MS,
  overdue,
  overlaps,
  type PlaceFacts,
} from "./rules.ts";

/** How often it is looked what is due, ms. */
const LOOK_MS = 15_000;
/** After news of a charge point, so that much of it leads to one look, ms. */
const SOON_MS = 50;
/** Those that closed so long ago may still turn out to have been used, ms. */
const RECENT_MS = 86_400_000;
/** As long as the log of commands, ms. */
const KEPT_MS = 400 * 86_400_000;
const PRUNE_MS = 86_400_000;
/** A connector of a zone that was refused is not chosen again for so long, ms. */
const AVOIDED_MS = 120_000;

/** Another connector of the zone may do better. */
const MOVES: ReadonlySet<KeepProblem> = new Set(["occupied", "faulted", "unavailable"]);

export interface ReservationsDeps {
  clock: Clock;
  book: ReservationBook;
  stations: {
    /** Those that speak OCPP, with the numbers of their connectors; null = no such charge point is described. */
    find(chargePoint: string): (KeptStation & { numbers: readonly number[] }) | null;
    /** What is known of a connector. */
    facts(place: string): PlaceFacts;
    onChange(listener: (change: StationChange) => void): () => void;
    /** Called with each start of a transaction. */
    onStart(listener: (event: StationEvent) => void): () => void;
  };
  /** Connectors of a zone and of those below it, as `CP1/1`; null = there is no such zone. */
  zonePlaces(zone: string): readonly string[] | null;
  /** The badge that a charge point means by a number: in canonical spelling, with its group. */
  badge(chargePoint: string, idTag: string): { idTag: string; group: string | null };
  /** Why a badge could not charge at a connector then, in a sentence; null = it could. */
  objection(place: string, idTag: string, atWallMs: number): string | null;
  /** A time on the clock of the place. */
  shown(wallMs: number): string;
  /** A reservation has another state. */
  changed(one: ReservationRecord): void;
}

/** Somebody at a charge point with a badge. */
export interface AtCharger {
  chargePoint: string;
  /** 0 = the charge point did not say which. */
  connector: number;
  idTag: string;
  /** When the charge began; null = it has not. */
  startedWallMs: number | null;
}

type Whose = Pick<AtCharger, "chargePoint" | "idTag">;

export class Reservations {
  readonly #deps: ReservationsDeps;
  readonly #keeper: Keeper;
  readonly #timer: Timer;
  readonly #stops: readonly (() => void)[];
  /** Those that matter now, by number; null = the database could not be read yet. */
  #all: Map<number, ReservationRecord> | null = null;
  /** Numbers of those whose last state is not in the database. */
  readonly #unwritten = new Set<number>();
  /** Connectors of zones that were refused, until when, by number and connector. */
  readonly #avoided = new Map<string, number>();
  #soon: Timer | undefined;
  #prunedAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ReservationsDeps) {
    this.#deps = deps;
    const { clock, stations } = deps;
    this.#keeper = new Keeper({
      clock,
      station: (chargePoint) => stations.find(chargePoint),
      group: (idTag) => deps.badge("", idTag).group,
      current: (id) => this.#records.get(id) ?? null,
      isWanted: (id, place) => inForce(this.#records.values(), clock.wallMs()).get(place)?.id === id,
      told: (id, told) => this.#set(id, { told }),
      answered: (id, place, problem) => this.#answered(id, place, problem),
    });
    this.#timer = clock.setInterval(() => this.#look(), LOOK_MS);
    this.#stops = [
      stations.onChange((change) => this.#heard(change)),
      stations.onStart(({ chargePoint, connector, payload }) => this.#started(chargePoint, connector, payload)),
    ];
  }

  /** Takes over what was changed in the database; what could not be written there yet counts more. */
  reread(): void {
    if (this.#unwritten.size === 0) this.#all = null;
  }

  close(): void {
    const { clock } = this.#deps;
    clock.clear(this.#timer);
    clock.clear(this.#soon);
    for (const stop of this.#stops) stop();
  }

  /** Those to come and those that are kept, by their beginning. */
  get coming(): ReservationRecord[] {
    return this.#open().sort((a, b) => a.fromWallMs - b.fromWallMs || a.id - b.id);
  }

  /** By their beginning, the past too. @throws EvError EV_STORE_OPEN */
  find(range: ReservationRange): ReservationRecord[] {
    return this.#deps.book.find(range);
  }

  /** The reservation that a connector is kept for now; null = none. */
  at(place: string): ReservationRecord | null {
    return inForce(this.#records.values(), this.#deps.clock.wallMs()).get(place) ?? null;
  }

  /** The reservation for somebody else that keeps a badge from charging here; null = none does. */
  against({ chargePoint, connector, idTag, startedWallMs }: AtCharger): ReservationRecord | null {
    if (this.#records.size === 0) return null;
    const kept = inForce(this.#records.values(), this.#deps.clock.wallMs());
    if (kept.size === 0) return null;
    const numbers = connector > 0 ? [connector] : (this.#deps.stations.find(chargePoint)?.numbers ?? []);
    const others = numbers.map((number) => {
      const one = kept.get(`${chargePoint}/${number}`);
      if (!one || this.#isOf(one, { chargePoint, idTag })) return null;
      // Shown again to end the charge that runs there.
      if (startedWallMs === null && this.#charges(`${chargePoint}/${number}`, { chargePoint, idTag })) return null;
      // Whoever was there before it was kept may stay.
      return startedWallMs !== null && startedWallMs < one.fromWallMs - LEAD_MS ? null : one;
    });
    return others.every((one) => one !== null) ? (others[0] ?? null) : null;
  }

  /**
   * Books a connector, and has it kept where its time is near. The same `ref` again replaces the reservation that has it.
   * @returns it as it is then, and whether it is new
   * @throws EvError EV_MESSAGE_INVALID, EV_MAINTENANCE_REFUSED with what people are told; EV_STORE_WRITE | EV_STORE_OPEN
   */
  async make(
    request: ReservationRequest & { idTag: string },
    { by, comment }: { by: string; comment: string },
  ): Promise<{ one: ReservationRecord; isNew: boolean }> {
    const { clock, book } = this.#deps;
    const { zone, idTag, fromWallMs, untilWallMs, freeWallMs, ref, isNow } = request;
    const target = request.target === null ? null : this.#spelled(request.target);
    this.#load();
    const before = ref === null ? null : (this.#open().find((one) => one.ref === ref) ?? null);
    if (before && isSame(before, { ...request, target })) return { one: before, isNew: false };
    const wanted: Omit<ReservationRecord, "id"> = {
      ...{ ref, target, zone, idTag, fromWallMs, untilWallMs, freeWallMs, comment, by },
      ...{ state: "booked", why: null, madeWallMs: clock.wallMs(), closedWallMs: null, place: target, told: [] },
    };
    this.#check({ id: 0, ...wanted }, before);
    const id = book.add({ id: null, ...wanted });
    this.#records.set(id, { id, ...wanted });
    if (before) this.#finish(before.id, "cancelled");
    await book.settled();
    this.#deps.changed(this.#records.get(id)!);
    await this.#keepNow(id);
    const one = this.#records.get(id)!;
    const isInTheWay = one.why !== null && (one.why === "noneFree" || MOVES.has(one.why as KeepProblem));
    if (isNow && one.state === "booked" && isInTheWay) {
      this.#finish(id, "refused");
      this.#look();
      throw new EvError("EV_MAINTENANCE_REFUSED", `${target ?? zone} cannot be reserved now: ${one.why}`, {
        field: one.why === "occupied" || one.why === "noneFree" ? "operationOccupied" : "operationReserve",
      });
    }
    return { one, isNew: true };
  }

  /** Takes over one that was made by an earlier release, which a charge point holds already. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
  takeOver({
    id,
    target,
    idTag,
    untilWallMs,
  }: Pick<ReservationRecord, "id" | "idTag" | "untilWallMs"> & { target: string }): void {
    this.#load();
    if (this.#records.has(id)) return;
    const nowWallMs = this.#deps.clock.wallMs();
    const one: ReservationRecord = {
      ...{ id, ref: null, target, zone: null, idTag, fromWallMs: nowWallMs, untilWallMs, freeWallMs: untilWallMs },
      ...{ state: "held", why: null, comment: "", by: "", madeWallMs: nowWallMs, closedWallMs: null },
      ...{ place: target, told: [target] },
    };
    this.#deps.book.add(one);
    this.#records.set(id, one);
  }

  /**
   * The open one that is meant: by its number, by its `ref`, or the one that a connector is kept for, else its next.
   * @throws EvError EV_MESSAGE_INVALID
   */
  named({ id, ref, target }: { id: number | null; ref: string | null; target: string | null }): ReservationRecord {
    this.#load();
    const open = this.coming;
    const found =
      id !== null
        ? open.find((one) => one.id === id)
        : ref !== null
          ? open.find((one) => one.ref === ref)
          : target !== null
            ? (this.at(this.#spelled(target)) ?? open.find((one) => one.place === this.#spelled(target)))
            : undefined;
    if (found) return found;
    const asked =
      id !== null ? `payload.reservation is ${id}` : ref !== null ? `payload.ref is ${ref}` : "payload.target";
    throw new EvError("EV_MESSAGE_INVALID", `${asked}; it must be that of a reservation that is to come or kept`, {
      field: "operationCancel",
    });
  }

  /** Resolves when it is durable, and its charge point was told where it is connected. @throws EvError EV_STORE_WRITE */
  async cancel(id: number): Promise<ReservationRecord> {
    this.#finish(id, "cancelled");
    const one = this.#records.get(id)!;
    await this.#deps.book.settled();
    await Promise.all(one.told.map((place) => this.#keeper.cancel(id, place)));
    this.#look();
    return this.#records.get(id) ?? one;
  }

  get #records(): Map<number, ReservationRecord> {
    try {
      this.#load();
    } catch {
      // The store tells its own failures; what is to be kept is known once it can be read.
    }
    return this.#all ?? new Map();
  }

  /** @throws EvError EV_STORE_OPEN */
  #load(): void {
    if (this.#all) return;
    const recent = this.#deps.book.recent(this.#deps.clock.wallMs() - RECENT_MS);
    this.#all = new Map(recent.map((one) => [one.id, one]));
  }

  #open(): ReservationRecord[] {
    return [...this.#records.values()].filter(isOpen);
  }

  /** A connector with its charge point's identity as it is described. */
  #spelled(target: string): string {
    const station = this.#deps.stations.find(chargePointOf(target));
    return station ? `${station.identity}/${connectorOf(target)}` : target;
  }

  /** Those that are used by a car that still charges within its time. */
  #charging(): ReservationRecord[] {
    const nowWallMs = this.#deps.clock.wallMs();
    return [...this.#records.values()].filter(({ state, place, untilWallMs }) => {
      const isWithin = state === "used" && place !== null && nowWallMs < untilWallMs;
      return isWithin && this.#deps.stations.facts(place).chargesWith !== null;
    });
  }

  /** The connectors that a reservation may get. */
  readonly #places = (one: ReservationRecord): readonly string[] => {
    if (one.target !== null) return [one.target];
    const { zonePlaces, objection } = this.#deps;
    return (zonePlaces(one.zone ?? "") ?? []).filter((place) => objection(place, one.idTag, one.fromWallMs) === null);
  };

  /** @param instead the one whose place it takes @throws EvError that says in `field` what people are told */
  #check(one: ReservationRecord, instead: ReservationRecord | null): void {
    const { target, zone, idTag, fromWallMs } = one;
    const { zonePlaces, stations, objection } = this.#deps;
    const inZone = zone === null ? [] : zonePlaces(zone);
    if (zone !== null && (inZone === null || inZone.length === 0))
      throw new EvError("EV_MESSAGE_INVALID", `payload.zone is ${zone}; it must be a zone with charge points of OCPP`, {
        field: "operationZone",
      });
    if (target !== null && !stations.find(chargePointOf(target))?.numbers.includes(connectorOf(target)))
      throw new EvError("EV_MESSAGE_INVALID", `payload.target is ${target}; it must be a connector that is described`, {
        field: "operationTarget",
      });
    const places = this.#places(one);
    const why = objection(target ?? inZone?.[0] ?? "", idTag, fromWallMs);
    if ((target !== null && why !== null) || places.length === 0)
      throw new EvError(
        "EV_MESSAGE_INVALID",
        `payload.idTag is ${idTag}; it must be a badge that may charge there: ${why}`,
        {
          ...{ field: "operationBadge", values: { why: why ?? "" } },
        },
      );
    const others = [...this.#open(), ...this.#charging()].filter(({ id }) => id !== instead?.id);
    const other = others.find((before) => target !== null && before.place === target && overlaps(one, before));
    if (other) throw overlapError(one, other, this.#deps.shown);
    if (assign(others, this.#places) && !assign([...others, one], this.#places))
      throw new EvError(
        "EV_MESSAGE_INVALID",
        `payload.${target === null ? "zone" : "target"} is ${target ?? zone}; it must be free from payload.from to payload.until: all connectors are reserved then`,
        { field: "operationFull" },
      );
  }

  /** Has it kept at once where its time is near; in a zone, where the first connectors are refused, at others. */
  async #keepNow(id: number): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      this.#look();
      const one = this.#records.get(id)!;
      if (!isInForce(one, this.#deps.clock.wallMs()) || one.place === null || one.state === "held") return;
      if (this.at(one.place)?.id !== id) return;
      await this.#keeper.keep(id, one.place);
      const { state, place } = this.#records.get(id)!;
      if (state !== "booked" || (place === one.place && one.zone === null)) return;
    }
  }

  #isOf({ idTag }: ReservationRecord, { chargePoint, idTag: sent }: Whose): boolean {
    const shown = this.#deps.badge(chargePoint, sent);
    if (shown.idTag === idTag) return true;
    const { group } = this.#deps.badge("", idTag);
    return group !== null && (shown.group === group || shown.idTag === group);
  }

  #charges(place: string, { chargePoint, idTag }: Whose): boolean {
    const { chargesWith } = this.#deps.stations.facts(place);
    if (chargesWith === null) return false;
    const [shown, running] = [idTag, chargesWith].map((tag) => this.#deps.badge(chargePoint, tag));
    return shown!.idTag === running!.idTag || (shown!.group !== null && shown!.group === running!.group);
  }

  #heard({ kind, chargePoint, connector }: StationChange): void {
    if (this.#all?.size === 0) return;
    if (kind === "offline" || kind === "boot" || kind === "ready" || kind === "clock") this.#keeper.forget(chargePoint);
    const place = `${chargePoint}/${connector}`;
    if (kind === "status" && this.#deps.stations.facts(place).status === "Available") this.#keeper.freed(place);
    this.#lookSoon();
  }

  /** A charge began: a reservation of its badge is used, also one that nobody seemed to come for. */
  #started(chargePoint: string, connector: number, payload: Readonly<Record<string, unknown>>): void {
    const { idTag, startedAt, status, reservationId } = payload;
    if (status !== "Accepted") return;
    const whose = { chargePoint, idTag: String(idTag) };
    const place = `${chargePoint}/${connector}`;
    const startedWallMs = Date.parse(String(startedAt));
    const usable = [...this.#records.values()].filter(
      ({ state, fromWallMs, untilWallMs }) =>
        state !== "used" &&
        state !== "cancelled" &&
        fromWallMs - LEAD_MS <= startedWallMs &&
        startedWallMs < untilWallMs,
    );
    const named = usable.find(
      ({ id, told, place: kept }) => id === reservationId && (told.includes(place) || kept === place),
    );
    const own = usable
      .filter(
        (one) =>
          (one.place === place || (one.zone !== null && this.#places(one).includes(place))) && this.#isOf(one, whose),
      )
      .sort((a, b) => a.fromWallMs - b.fromWallMs || a.id - b.id);
    const one = named ?? own.find(({ place: kept }) => kept === place) ?? own[0];
    if (one) this.#use(one, place);
  }

  /** Its charge point has used it up with the charge; elsewhere it is taken back. */
  #use({ id, told }: ReservationRecord, place: string): void {
    this.#finish(id, "used", { place, told: told.filter((other) => other !== place) });
    this.#lookSoon();
  }

  #answered(id: number, place: string, problem: KeepProblem | null): void {
    const one = this.#records.get(id);
    if (!one || !isOpen(one) || one.place !== place) return;
    if (Keeper.keeps(problem)) {
      this.#set(id, { state: "held", why: problem });
      return;
    }
    const { clock } = this.#deps;
    if (one.zone !== null && problem !== null && MOVES.has(problem))
      this.#avoided.set(`${id} ${place}`, clock.nowMs() + AVOIDED_MS);
    // A charge point that is away keeps what it took before.
    const stays = one.state === "held" && (problem === "offline" || problem === "noAnswer");
    if (!stays) this.#set(id, { state: "booked", why: problem });
    this.#lookSoon();
  }

  #lookSoon(): void {
    const { clock } = this.#deps;
    this.#soon ??= clock.setTimeout(() => {
      this.#soon = undefined;
      this.#look();
    }, SOON_MS);
  }

  /** What is due is done; whatever takes time goes on beside. Never throws. */
  #look(): void {
    const all = this.#records;
    for (const id of this.#unwritten) this.#write(id);
    this.#prune();
    if (all.size === 0) return;
    const nowWallMs = this.#deps.clock.wallMs();
    this.#reviveUntimely(nowWallMs);
    for (const one of [...all.values()]) {
      if (isInForce(one, nowWallMs)) this.#usedAlready(one);
      const end = overdue(all.get(one.id)!, nowWallMs);
      if (end) this.#finish(one.id, end);
      if (one.closedWallMs !== null && one.closedWallMs < nowWallMs - RECENT_MS && one.told.length === 0)
        all.delete(one.id);
    }
    for (const one of this.#open()) if (one.zone !== null && isInForce(one, nowWallMs)) this.#place(one);
    this.#keeper.look(all.values(), inForce(all.values(), nowWallMs));
  }

  /** Our clock was ahead when they were closed: their time is still to come. */
  #reviveUntimely(nowWallMs: number): void {
    for (const one of [...this.#records.values()]) {
      const { state, closedWallMs, freeWallMs } = one;
      if (state !== "noShow" && state !== "refused") continue;
      if (closedWallMs === null || closedWallMs <= nowWallMs || freeWallMs <= nowWallMs) continue;
      const again: ReservationRecord = { ...one, state: "booked", why: null, closedWallMs: null, place: one.target };
      if (assign([...this.#open(), again], this.#places)) this.#set(one.id, again);
      else this.#set(one.id, { closedWallMs: nowWallMs });
    }
  }

  /** Its badge charges there, from before it was kept or while nobody heard it. */
  #usedAlready(one: ReservationRecord): void {
    const { place } = one;
    const idTag = place === null ? null : this.#deps.stations.facts(place).chargesWith;
    if (place !== null && idTag !== null && this.#isOf(one, { chargePoint: chargePointOf(place), idTag }))
      this.#use(one, place);
  }

  /** A reservation of a zone gets a connector, or another one where it cannot keep its own. */
  #place(one: ReservationRecord): void {
    const { clock, stations } = this.#deps;
    const nowMs = clock.nowMs();
    for (const [key, untilMs] of this.#avoided) if (untilMs <= nowMs) this.#avoided.delete(key);
    const isAvoided = (place: string) => this.#avoided.has(`${one.id} ${place}`);
    if (one.place !== null && !isAvoided(one.place) && !isLost(stations.facts(one.place))) return;
    const nowWallMs = clock.wallMs();
    const kept = inForce(this.#records.values(), nowWallMs);
    const places = (other: ReservationRecord) =>
      other.id === one.id
        ? this.#places(other).filter((place) => !isAvoided(place) && !kept.has(place))
        : this.#places(other);
    const place = choosePlace(one, this.#open(), places, stations.facts);
    if (place !== null) this.#set(one.id, { place, state: "booked", why: null });
    else if (one.place === null && one.why !== "noneFree") this.#set(one.id, { why: "noneFree" });
  }

  #finish(id: number, state: ReservationRecord["state"], more: Partial<ReservationRecord> = {}): void {
    const why = state === "refused" ? (this.#records.get(id)?.why ?? null) : null;
    this.#set(id, { state, why, closedWallMs: this.#deps.clock.wallMs(), ...more });
  }

  /** Never throws: what cannot be written is written later. */
  #set(id: number, change: Partial<ReservationRecord>): void {
    const before = this.#records.get(id);
    if (!before) return;
    const one = { ...before, ...change };
    if (JSON.stringify(one) === JSON.stringify(before)) return;
    this.#records.set(id, one);
    this.#write(id);
    if (one.state !== before.state || one.why !== before.why || one.place !== before.place) this.#deps.changed(one);
  }

  #write(id: number): void {
    const one = this.#records.get(id);
    this.#unwritten.delete(id);
    if (!one) return;
    try {
      this.#deps.book.update(one);
    } catch {
      this.#unwritten.add(id);
    }
  }

  #prune(): void {
    const { clock, book } = this.#deps;
    if (clock.nowMs() - this.#prunedAtMs < PRUNE_MS) return;
    this.#prunedAtMs = clock.nowMs();
    try {
      book.prune(clock.wallMs() - KEPT_MS);
    } catch {
      this.#prunedAtMs = Number.NEGATIVE_INFINITY;
    }
  }
}

function isSame(one: ReservationRecord, request: ReservationRequest & { idTag: string }): boolean {
  const { target, zone, idTag, fromWallMs, untilWallMs, freeWallMs } = request;
  return (
    JSON.stringify([one.target, one.zone, one.idTag, one.fromWallMs, one.untilWallMs, one.freeWallMs]) ===
    JSON.stringify([target, zone, idTag, fromWallMs, untilWallMs, freeWallMs])
  );
}

function overlapError(
  { target }: ReservationRecord,
  { fromWallMs, untilWallMs }: ReservationRecord,
  shown: (wallMs: number) => string,
): EvError {
  const [from, until] = [isoTime(fromWallMs), isoTime(untilWallMs)];
  const values = { from: shown(fromWallMs), until: shown(untilWallMs) };
  return new EvError(
    "EV_MESSAGE_INVALID",
    `payload.target is ${target}; it must be free from payload.from to payload.until: it is reserved from ${from} until ${until}`,
    { field: "operationOverlap", values },
  );
}
