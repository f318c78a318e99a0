import type { ReservationRow } from "../reservations/row-types.ts";

/** What staff do with a charger, day by day. */
export const OPERATIONS = [
  "start",
  "stop",
  "unlock",
  "restart",
  "outOfService",
  "intoService",
  "identify",
  "reserve",
  "cancel",
] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** A connector as staff see it. */
export interface OperationRow {
  /** `CP1/1`. */
  target: string;
  /** What it is called, and where it is. */
  charger: string;
  place: string;
  /** In plain words. */
  state: string;
  online: boolean;
  /** Operations that make sense now. */
  can: OperationName[];
  /** A charge is under way at its charge point: a restart would break it off. */
  charging: boolean;
  /** Who charges; empty = nobody, or nobody knows. */
  who: string;
  /** It is out of service; with its end and who did it, where there is one. */
  isOut: boolean;
  until: string | null;
  /** The same on the clock of the place. */
  ends: string;
  by: string;
  reason: string;
  /** Whom it is reserved for, and until when. */
  reservation: { id: number; who: string; until: string; ends: string } | null;
}

/** What staff see before they act. */
export interface OperationsView {
  rows: OperationRow[];
  /** Badges of the list that are not blocked, by name. */
  badges: { idTag: string; name: string }[];
  /** What is reserved from now on, by its beginning. */
  reservations: ReservationRow[];
  /** Names of the zones of which any connector can be reserved. */
  zones: string[];
}
