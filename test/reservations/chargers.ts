/** Charge points as far as reservations go, on a fake clock: each does what a real one does with ReserveNow and CancelReservation. */
import { OcppCallError } from "../../lib/ocpp/rpc/call-error.ts";
import { Reservations } from "../../lib/reservations/reservations.ts";
import type { StationChange, StationChangeKind } from "../../lib/station/types.ts";
import type { ReservationBook, ReservationRecord } from "../../lib/store/books/reservation-types.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import { FakeClock } from "../fake-clock.ts";

export const MIN_MS = 60_000;

interface Held {
  id: number;
  idTag: string;
  parentIdTag?: string;
  untilWallMs: number;
}

/** One charge point with one connector. */
export class ModelCharger {
  readonly identity: string;
  readonly #clock: FakeClock;
  online = true;
  status = "Available";
  /** `none`: it knows no reservations; `rejects` them. */
  kind: "good" | "none" | "rejects" = "good";
  charges: string | null = null;
  #held: Held | null = null;
  readonly calls: string[] = [];

  constructor(identity: string, clock: FakeClock) {
    this.identity = identity;
    this.#clock = clock;
  }

  get held(): Held | null {
    return this.#held && this.#clock.wallMs() < this.#held.untilWallMs ? this.#held : null;
  }

  loseAll(): void {
    this.#held = null;
  }

  answer(order: string, given: Record<string, unknown>): Record<string, unknown> {
    this.calls.push(order);
    if (this.kind === "none") throw new OcppCallError("NotSupported", "");
    if (order === "cancelReservation") {
      const isIt = this.held?.id === given["id"];
      if (isIt) this.#held = null;
      return { status: isIt ? "Accepted" : "Rejected" };
    }
    if (this.kind === "rejects") return { status: "Rejected" };
    if (this.status === "Faulted" || this.status === "Unavailable") return { status: this.status };
    const other = this.held && this.held.id !== given["id"];
    if (this.charges !== null || other) return { status: "Occupied" };
    const untilWallMs = Date.parse(String(given["until"]));
    if (untilWallMs <= this.#clock.wallMs()) return { status: "Rejected" };
    const { parentIdTag } = given as { parentIdTag?: string };
    this.#held = {
      id: Number(given["id"]),
      idTag: String(given["idTag"]),
      untilWallMs,
      ...(parentIdTag && { parentIdTag }),
    };
    return { status: "Accepted" };
  }

  /** A badge begins a charge. @returns the reservation that it used up; null = none; undefined = it may not */
  start(idTag: string, group: string | undefined): number | null | undefined {
    const held = this.held;
    const isIts = !held || held.idTag === idTag || (held.parentIdTag !== undefined && held.parentIdTag === group);
    if (this.charges !== null || !isIts) return undefined;
    this.#held = null;
    this.charges = idTag;
    return held?.id ?? null;
  }
}

/** A site of such charge points, all in the zone `Garage`; the first two also in `Left`. */
export class ModelSite {
  readonly clock: FakeClock;
  readonly chargers: ModelCharger[];
  readonly store;
  readonly told: ReservationRecord[] = [];
  /** Groups of badges. */
  readonly groups = new Map<string, string>();
  reservations: Reservations;
  readonly #changes = new Set<(change: StationChange) => void>();
  #starts = new Set<(event: never) => void>();

  constructor(count: number, clock = new FakeClock()) {
    this.clock = clock;
    this.chargers = Array.from({ length: count }, (_, index) => new ModelCharger(`CP${index + 1}`, clock));
    this.store = openStore(":memory:", { clock });
    this.reservations = this.#open();
  }

  get book(): ReservationBook {
    return this.store.reservations;
  }

  charger(identity: string): ModelCharger | undefined {
    return this.chargers.find((one) => one.identity === identity);
  }

  /** Node-RED starts anew. */
  restart(): void {
    this.reservations.close();
    this.#changes.clear();
    this.#starts.clear();
    this.reservations = this.#open();
  }

  close(): void {
    this.reservations.close();
    this.store.close();
  }

  change(kind: StationChangeKind, { identity }: ModelCharger): void {
    for (const listener of this.#changes) listener({ kind, chargePoint: identity, connector: 1 });
  }

  /** A badge is shown and its charge begins, if both sides let it. */
  start(charger: ModelCharger, idTag: string): boolean {
    const { identity: chargePoint } = charger;
    const nowWallMs = this.clock.wallMs();
    if (this.reservations.against({ chargePoint, connector: 1, idTag, startedWallMs: null })) return false;
    const reservationId = charger.start(idTag, this.groups.get(idTag));
    if (reservationId === undefined) return false;
    const payload = { idTag, startedAt: new Date(nowWallMs).toISOString(), status: "Accepted" };
    const event = {
      chargePoint,
      connector: 1,
      payload: { ...payload, ...(reservationId !== null && { reservationId }) },
    };
    for (const listener of this.#starts) listener(event as never);
    return true;
  }

  /** @param from @param until minutes from now */
  make(where: string, idTag: string, from: number | null, until: number, more: { ref?: string } = {}) {
    const nowWallMs = this.clock.wallMs();
    const fromWallMs = nowWallMs + (from ?? 0) * MIN_MS;
    const untilWallMs = nowWallMs + until * MIN_MS;
    const isPlace = where.includes("/");
    const waitMs = from === null ? until * MIN_MS : 30 * MIN_MS;
    const request = {
      ...{ target: isPlace ? where : null, zone: isPlace ? null : where, idTag, fromWallMs, untilWallMs },
      ...{ freeWallMs: Math.min(untilWallMs, fromWallMs + waitMs), isNow: from === null, ref: null, ...more },
    };
    const made = this.reservations.make(request, { by: "Ana", comment: "" });
    // Whoever awaits it later must not find it unhandled.
    made.catch(() => undefined);
    return made;
  }

  async pass(minutes: number): Promise<void> {
    await this.clock.advanceAsync(minutes * MIN_MS, 30_000);
    await this.clock.advanceAsync(100, 50);
  }

  #open(): Reservations {
    return new Reservations({
      ...{ clock: this.clock, book: this.book, shown: (wallMs) => new Date(wallMs).toISOString() },
      stations: {
        find: (chargePoint) => {
          const charger = this.charger(chargePoint);
          if (!charger) return null;
          const { identity, online, status } = charger;
          const order = (async (name: string, given: Record<string, unknown>) => charger.answer(name, given)) as never;
          const state = online ? "ready" : "offline";
          const connectors = new Map([[1, { status }]]) as never;
          const learntFacts = { values: {} } as never;
          return { identity, online, state, connectors, learntFacts, clockSkewMs: 0, order, numbers: [1] };
        },
        facts: (place) => {
          const charger = this.charger(place.slice(0, -2));
          const { online = false, status = null, charges = null } = charger ?? {};
          return { online, status, chargesWith: charges, isOut: status === "Unavailable" };
        },
        onChange: (listener) => {
          this.#changes.add(listener);
          return () => this.#changes.delete(listener);
        },
        onStart: (listener) => {
          this.#starts.add(listener as never);
          return () => this.#starts.delete(listener as never);
        },
      },
      zonePlaces: (zone) => {
        const places = this.chargers.map(({ identity }) => `${identity}/1`);
        return zone === "Garage" ? places : zone === "Left" ? places.slice(0, 2) : null;
      },
      badge: (_, idTag) => ({ idTag: idTag.toUpperCase(), group: this.groups.get(idTag.toUpperCase()) ?? null }),
      objection: (_, idTag) => (idTag === "BLOCKED" ? "badge BLOCKED is blocked" : null),
      changed: (one) => this.told.push(one),
    });
  }
}
