import type { Badge } from "../../store/books/badge-types.ts";

/** Prefix of a car's own number (Autocharge): its network address instead of a card. */
export const VEHICLE = "VID:";

/** A badge as messages and dialogs carry it. */
export interface BadgeView extends Badge {
  /** From when on it is not valid any more, ISO 8601 UTC: the end of the site's day where `expiryDate` is a day. */
  expiresAt: string | null;
  /** It is a car's own number. */
  vehicle: boolean;
}
