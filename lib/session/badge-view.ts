import type { Badge } from "../store/badge-types.ts";

/** Prefix of a car's own number (Autocharge): its network address instead of a card. */
export const VEHICLE = "VID:";

/** A badge as messages and dialogs carry it: times in ISO 8601 UTC. */
export interface BadgeView extends Omit<Badge, "expiresWallMs"> {
  expiryDate: string | null;
  /** It is a car's own number. */
  vehicle: boolean;
}

export function badgeView({ expiresWallMs, ...badge }: Badge): BadgeView {
  const expiryDate = expiresWallMs === null ? null : new Date(expiresWallMs).toISOString();
  return { ...badge, expiryDate, vehicle: badge.idTag.startsWith(VEHICLE) };
}
