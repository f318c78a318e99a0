import type { ReservationState } from "../store/books/reservation-types.ts";

/** A reservation as it is told. */
export interface ReservationRow {
  id: number;
  ref: string | null;
  /** The connector that was asked for, or the zone; the other is null. */
  target: string | null;
  zone: string | null;
  /** The connector that is kept, or was; null = none is chosen yet. */
  place: string | null;
  /** What people call it. */
  where: string;
  /** Whose it is. Whoever may only look is told neither this nor the badge. */
  who: string;
  idTag: string | null;
  from: string;
  until: string;
  /** Whoever has not come by then does not come. */
  freeAt: string;
  /** The same on the clock of the place. */
  starts: string;
  ends: string;
  frees: string;
  state: ReservationState;
  /** The state in words, with what is in its way. */
  text: string;
  by: string;
  reason: string;
}
