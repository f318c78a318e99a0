/**
 * `booked`: it is to come, or could not be kept yet; `held`: its connector is kept for its badge now; `used`: its badge charged; `noShow`:
 * its badge did not come in time; `cancelled`: somebody took it back; `refused`: its connector could not be kept until it was too late.
 */
export type ReservationState = "booked" | "held" | "used" | "noShow" | "cancelled" | "refused";

/** A connector that is to be kept for a badge. Wall times are ms since 1970. */
export interface ReservationRecord {
  /** The `reservationId` of OCPP. */
  id: number;
  /** What whoever made it calls it, as a calendar's UID; null = nothing. */
  ref: string | null;
  /** The connector (`CP1/1`) that was asked for; null = any of the zone. */
  target: string | null;
  zone: string | null;
  idTag: string;
  fromWallMs: number;
  untilWallMs: number;
  /** Whoever has not come by then does not come. */
  freeWallMs: number;
  state: ReservationState;
  /** Why it is not kept by its charge point, as `reservation.<why>` of the words; null = nothing is in its way. */
  why: string | null;
  comment: string;
  by: string;
  madeWallMs: number;
  closedWallMs: number | null;
  /** The connector that is kept, or was; null = none is chosen yet. */
  place: string | null;
  /** Connectors at which a charge point may hold it. */
  told: readonly string[];
}

/** Those that are in force at some moment of a time (both ends included): the last so many. */
export interface ReservationRange {
  fromWallMs: number;
  toWallMs: number;
  most: number;
}

/** The reservations of a site. @throws EvError EV_STORE_WRITE | EV_STORE_OPEN */
export interface ReservationBook {
  /** @param reservation with the number it has already, or null for the next one @returns its number */
  add(reservation: Omit<ReservationRecord, "id"> & { id: number | null }): number;
  /** Whether there is one of this number. */
  has(id: number): boolean;
  update(reservation: ReservationRecord): void;
  /** Those to come or kept, those that a charge point may still hold, and those that closed since a time; by number. */
  recent(closedSinceWallMs: number): ReservationRecord[];
  /** By their beginning. */
  find(range: ReservationRange): ReservationRecord[];
  /** Forgets those that closed before a time. */
  prune(beforeWallMs: number): void;
  /** Resolves when all that was written until now is durable. @throws EvError EV_STORE_WRITE */
  settled(): Promise<void>;
}
