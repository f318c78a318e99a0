import { type Clock, isoTime } from "../clock.ts";
import { EvError } from "../errors.ts";
import { OcppCallError } from "../ocpp/rpc/call-error.ts";
import type { StationHandle } from "../station/types.ts";
import type { ReservationRecord } from "../store/books/reservation-types.ts";

/**
 * Why a charge point does not keep a connector. With `rejected`, `notSupported` and `longBadge` it is kept here all the same, by refusing
 * other badges; the others are tried again.
 */
export type KeepProblem =
  | "occupied"
  | "faulted"
  | "unavailable"
  | "rejected"
  | "notSupported"
  | "longBadge"
  | "offline"
  | "noAnswer";

/** It keeps the connector as well as it ever will. */
const KEPT_HERE: ReadonlySet<KeepProblem> = new Set(["rejected", "notSupported", "longBadge"]);

/** Over as soon as the connector is free. */
const IN_THE_WAY: ReadonlySet<KeepProblem> = new Set(["occupied", "faulted", "unavailable"]);

/** After so long it is asked again, ms; what is not listed once it has started anew. */
const AGAIN_MS: Partial<Record<KeepProblem, number>> = {
  occupied: 60_000,
  faulted: 60_000,
  unavailable: 60_000,
  rejected: 300_000,
  noAnswer: 30_000,
  offline: 0,
};

/** Statuses of ReserveNow that mean no (OCPP 1.6 §7.41). */
const PROBLEMS: Readonly<Record<string, KeepProblem>> = {
  Occupied: "occupied",
  Faulted: "faulted",
  Unavailable: "unavailable",
  Rejected: "rejected",
};

/** idTags of OCPP 1.6 are no longer (CiString20). */
const LONGEST_TAG = 20;
/** A charge point that was away for so long after the end of a reservation has dropped it by itself, ms. */
const DROPPED_MS = 86_400_000;
/** How close together two looks after a charge point that does not answer are, ms. */
const CANCEL_AGAIN_MS = 30_000;

/** What is asked of a charge point. */
export type KeptStation = Pick<
  StationHandle,
  "identity" | "online" | "state" | "connectors" | "learntFacts" | "clockSkewMs" | "order"
>;

export interface KeeperDeps {
  clock: Clock;
  /** null = it is not described any more. */
  station(chargePoint: string): KeptStation | null;
  /** The group of a badge; null = none. */
  group(idTag: string): string | null;
  /** The reservation of that number as it is now. */
  current(id: number): ReservationRecord | null;
  /** The connector is kept for it now. */
  isWanted(id: number, place: string): boolean;
  /** A charge point is about to hold it, or does not any more. Never throws. */
  told(id: number, told: readonly string[]): void;
  /** What came of an attempt; null = the charge point keeps the connector. Never throws. */
  answered(id: number, place: string, problem: KeepProblem | null): void;
}

/** Tells charge points which connectors they keep for whom, until they hold what they should and nothing else. */
export class Keeper {
  readonly #deps: KeeperDeps;
  /** What was answered in this connection, and from when on it is asked again; by number and connector. */
  readonly #answers = new Map<string, { problem: KeepProblem | null; againMs: number }>();
  /** Cancellations that were not answered, and from when on they are sent again. */
  readonly #unanswered = new Map<string, number>();
  /** One charge point does one thing at a time. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #pending = new Set<string>();

  constructor(deps: KeeperDeps) {
    this.#deps = deps;
  }

  /** Kept as well as it can be. */
  static keeps(problem: KeepProblem | null): boolean {
    return problem === null || KEPT_HERE.has(problem);
  }

  /** A charge point is gone, back or started anew: what it holds is to be told again. */
  forget(chargePoint: string): void {
    for (const key of this.#answers.keys()) if (isOf(chargePoint, key)) this.#answers.delete(key);
    for (const key of this.#unanswered.keys()) if (isOf(chargePoint, key)) this.#unanswered.delete(key);
  }

  /** A connector is free: whoever was refused there need not wait. */
  freed(place: string): void {
    for (const [key, { problem }] of this.#answers)
      if (key.endsWith(` ${place}`) && problem !== null && IN_THE_WAY.has(problem)) this.#answers.delete(key);
  }

  /** Sees to it that charge points hold what they should. Never throws. */
  look(all: Iterable<ReservationRecord>, wanted: ReadonlyMap<string, ReservationRecord>): void {
    for (const one of all)
      for (const place of one.told) if (!this.#deps.isWanted(one.id, place)) void this.cancel(one.id, place);
    for (const [place, { id }] of wanted) if (this.#isDue(id, place)) void this.keep(id, place);
  }

  /** Has a connector kept. Resolves when it was answered. Never rejects. */
  keep(id: number, place: string): Promise<void> {
    const key = keyOf(id, place);
    return this.#inTurn(`keep ${key}`, place, async () => {
      const one = this.#deps.current(id);
      if (!one || !this.#deps.isWanted(id, place)) return;
      const problem = await this.#ask(one, place);
      const againMs = problem === null ? undefined : AGAIN_MS[problem];
      const nowMs = this.#deps.clock.nowMs();
      this.#answers.set(key, { problem, againMs: againMs === undefined ? Number.POSITIVE_INFINITY : nowMs + againMs });
      this.#deps.answered(id, place, problem);
    });
  }

  /** Takes back what a charge point may hold. Never rejects. */
  async cancel(id: number, place: string): Promise<void> {
    const key = keyOf(id, place);
    if ((this.#unanswered.get(key) ?? Number.NEGATIVE_INFINITY) > this.#deps.clock.nowMs()) return;
    return this.#inTurn(`cancel ${key}`, place, async () => {
      const one = this.#deps.current(id);
      if (!one?.told.includes(place) || this.#deps.isWanted(id, place)) return;
      if (!(await this.#takeBack(one, place))) {
        this.#unanswered.set(key, this.#deps.clock.nowMs() + CANCEL_AGAIN_MS);
        return;
      }
      this.#answers.delete(key);
      this.#unanswered.delete(key);
      const { told } = this.#deps.current(id) ?? one;
      this.#deps.told(
        id,
        told.filter((other) => other !== place),
      );
    });
  }

  #isDue(id: number, place: string): boolean {
    const answer = this.#answers.get(keyOf(id, place));
    if (!answer) return true;
    if (answer.problem === "offline") return this.#ready(place) !== null;
    return answer.againMs <= this.#deps.clock.nowMs();
  }

  async #ask(one: ReservationRecord, place: string): Promise<KeepProblem | null> {
    const { id, idTag, freeWallMs, told } = one;
    const station = this.#ready(place);
    if (!station) return "offline";
    if (!takesReservations(station)) return "notSupported";
    if (idTag.length > LONGEST_TAG) return "longBadge";
    const wasTold = told.includes(place);
    // Its answer may be lost: it is on disk before that it may hold it.
    if (!wasTold) this.#deps.told(id, [...told, place]);
    const group = this.#deps.group(idTag);
    const connector = connectorOf(place);
    const request = {
      ...{ id, connector, idTag, until: isoTime(freeWallMs - station.clockSkewMs) },
      ...(group !== null && group.length <= LONGEST_TAG && { parentIdTag: group }),
    };
    try {
      const { status } = await station.order("reserve", request);
      // Some do not take the same number again.
      if (wasTold && status === "Occupied" && station.connectors.get(connector)?.status === "Reserved") return null;
      return status === "Accepted" ? null : (PROBLEMS[String(status)] ?? "rejected");
    } catch (error) {
      if (error instanceof OcppCallError) return "notSupported";
      return error instanceof EvError && error.code === "EV_OCPP_OFFLINE" ? "offline" : "noAnswer";
    }
  }

  /** @returns whether it is certain that the charge point does not hold it there */
  async #takeBack({ id, freeWallMs, told }: ReservationRecord, place: string): Promise<boolean> {
    const { clock, station: find } = this.#deps;
    const chargePoint = chargePointOf(place);
    if (!find(chargePoint)) return true;
    const isHere = (other: string) => other !== place && chargePointOf(other) === chargePoint;
    // The number has another connector at this charge point since.
    if (told.some((other) => isHere(other) && this.#answers.get(keyOf(id, other))?.problem === null)) return true;
    const station = this.#ready(place);
    if (!station) return clock.wallMs() > freeWallMs + DROPPED_MS;
    try {
      await station.order("cancelReservation", { id });
      return true;
    } catch (error) {
      return error instanceof OcppCallError;
    }
  }

  #ready(place: string): KeptStation | null {
    const station = this.#deps.station(chargePointOf(place));
    return station?.online && station.state === "ready" ? station : null;
  }

  /** After whatever its charge point does now; what waits already is not done twice. */
  #inTurn(key: string, place: string, work: () => Promise<void>): Promise<void> {
    const chargePoint = chargePointOf(place);
    const before = this.#turns.get(chargePoint) ?? Promise.resolve();
    if (this.#pending.has(key)) return before;
    this.#pending.add(key);
    const turn = before.then(work).finally(() => {
      this.#pending.delete(key);
      if (this.#turns.get(chargePoint) === turn) this.#turns.delete(chargePoint);
    });
    this.#turns.set(chargePoint, turn);
    return turn;
  }
}

/** `CP1` of `CP1/1`. */
export function chargePointOf(place: string): string {
  return place.slice(0, place.lastIndexOf("/"));
}

/** 1 of `CP1/1`. */
export function connectorOf(place: string): number {
  return Number(place.slice(place.lastIndexOf("/") + 1));
}

/** A charge point that lists its functions, and not this one, takes none. */
function takesReservations({ learntFacts }: KeptStation): boolean {
  const features = learntFacts.values["charger.featureProfiles"]?.value;
  return !Array.isArray(features) || features.includes("Reservation");
}

const keyOf = (id: number, place: string): string => `${id} ${place}`;
const isOf = (chargePoint: string, key: string): boolean =>
  chargePointOf(key.slice(key.indexOf(" ") + 1)) === chargePoint;
