/** Which reservation is in force where, which connector it gets, and when it is over. Pure; times are ms since 1970. */
import type { ReservationRecord } from "../store/books/reservation-types.ts";

/** A connector is kept from so long before its reservation begins, ms. */
export const LEAD_MS = 10 * 60_000;
/** Whoever has not come so long after the beginning does not come, where nothing else is said, ms. */
export const NO_SHOW_MS = 30 * 60_000;

/** So many attempts are made to find a connector for each reservation of a zone. */
const MOST_TRIES = 20_000;

type Span = Pick<ReservationRecord, "fromWallMs" | "untilWallMs">;

/** What is known of a connector now. */
export interface PlaceFacts {
  online: boolean;
  /** OCPP status; null = not known. */
  status: string | null;
  /** Badge of the charge that runs there; null = none runs. */
  chargesWith: string | null;
  /** It was taken out of service. */
  isOut: boolean;
}

/** The connectors that a reservation of a zone may get. */
export type Places = (one: ReservationRecord) => readonly string[];

/** It may still be kept for its badge. */
export function isOpen({ state }: Pick<ReservationRecord, "state">): boolean {
  return state === "booked" || state === "held";
}

export function overlaps(a: Span, b: Span): boolean {
  return a.fromWallMs < b.untilWallMs && b.fromWallMs < a.untilWallMs;
}

/** The connector is to be kept for it now, unless an earlier one still is. */
export function isInForce(one: ReservationRecord, nowWallMs: number): boolean {
  return isOpen(one) && one.fromWallMs - LEAD_MS <= nowWallMs && nowWallMs < one.freeWallMs;
}

/** The reservation that each connector is kept for: never more than one, of two the one that begins first. */
export function inForce(all: Iterable<ReservationRecord>, nowWallMs: number): Map<string, ReservationRecord> {
  const places = new Map<string, ReservationRecord>();
  for (const one of all) {
    if (one.place === null || !isInForce(one, nowWallMs)) continue;
    const other = places.get(one.place);
    if (!other || isBefore(one, other)) places.set(one.place, one);
  }
  return places;
}

/** Whoever was to come has not come: what becomes of it; null = nothing yet. */
export function overdue(one: ReservationRecord, nowWallMs: number): "noShow" | "refused" | null {
  if (!isOpen(one) || nowWallMs < one.freeWallMs) return null;
  return one.state === "booked" && one.why !== null ? "refused" : "noShow";
}

/**
 * A connector for each reservation, so that none of them has two at a time; null where there is none, or none was found. One that names
 * its connector, or has it already, keeps it.
 */
export function assign(all: readonly ReservationRecord[], places: Places): Map<number, string> | null {
  const taken = new Map<string, ReservationRecord[]>();
  const chosen = new Map<number, string>();
  const put = (one: ReservationRecord, place: string): boolean => {
    const there = taken.get(place) ?? [];
    if (there.some((other) => overlaps(one, other))) return false;
    taken.set(place, [...there, one]);
    chosen.set(one.id, place);
    return true;
  };
  const free: ReservationRecord[] = [];
  for (const one of all) {
    const place = one.target ?? one.place;
    if (place === null) free.push(one);
    else if (!put(one, place)) return null;
  }
  free.sort((a, b) => a.fromWallMs - b.fromWallMs || a.id - b.id);
  let tries = 0;
  const fill = (index: number): boolean => {
    const one = free[index];
    if (!one) return true;
    for (const place of places(one)) {
      tries++;
      if (tries > MOST_TRIES) return false;
      if (!put(one, place)) continue;
      if (fill(index + 1)) return true;
      taken.get(place)!.pop();
      chosen.delete(one.id);
    }
    return false;
  };
  return fill(0) ? chosen : null;
}

/** A car can be plugged in there now, as far as is known. */
export function isFree({ online, status, chargesWith, isOut }: PlaceFacts): boolean {
  return (
    online && !isOut && chargesWith === null && (status === null || status === "Available" || status === "Reserved")
  );
}

/** Whoever comes with that reservation cannot charge there: it is broken, out of service, or somebody else charges. */
export function isLost({ status, chargesWith, isOut }: PlaceFacts): boolean {
  return isOut || chargesWith !== null || status === "Faulted" || status === "Unavailable";
}

/**
 * The connector that a reservation of a zone gets now: a free one, with which all others still get theirs; null where there is none.
 * @param all every open reservation, that one among them
 */
export function choosePlace(
  one: ReservationRecord,
  all: readonly ReservationRecord[],
  places: Places,
  facts: (place: string) => PlaceFacts,
): string | null {
  const others = all.filter((other) => other.id !== one.id);
  for (const place of places(one)) {
    if (place === one.place || !isFree(facts(place))) continue;
    if (assign([...others, { ...one, place }], places)) return place;
  }
  return null;
}

function isBefore(a: ReservationRecord, b: ReservationRecord): boolean {
  return a.fromWallMs - b.fromWallMs < 0 || (a.fromWallMs === b.fromWallMs && a.id < b.id);
}
