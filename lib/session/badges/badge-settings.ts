/** What stands between the number that a charge point sends and the badge that is meant. Pure. */
import { type Badge, canonicalTag, reversedTag } from "./badge.ts";

/** Charges at a charge point that asks for no badge count for a badge of the list, for example a cost centre. */
export interface FreeCharging {
  /** Empty = all charge points. */
  chargePoint: string;
  /** What the charge point sends; empty = nothing, `*` = whatever it is. */
  idTag: string;
  /** The badge that is meant. */
  badge: string;
}

export interface BadgeSettings {
  /** Cards count by their bytes in the other order, too. */
  reversedBytes: boolean;
  /** The badge that is meant where a charge point sends none; empty = none. */
  defaultIdTag: string;
  freeCharging: readonly FreeCharging[];
}

export const DEFAULT_BADGE_SETTINGS: BadgeSettings = { reversedBytes: false, defaultIdTag: "", freeCharging: [] };

/** The badge that is meant, as far as can be told. */
export interface Meant {
  /** In canonical spelling; empty = none. */
  idTag: string;
  badge: Badge | null;
  /** It stands for whoever charges there, not for a person. */
  mapped: boolean;
  /** The list has it with its bytes in the other order. */
  reversed: boolean;
  /** The list would have it with its bytes in the other order, which does not count here. */
  wouldReverse: boolean;
}

/** Which badge a charge point means by the number it sends. The row for the charge point itself holds before one for all. */
export function meantBadge(
  list: ReadonlyMap<string, Badge>,
  settings: BadgeSettings,
  chargePoint: string,
  sent: string,
): Meant {
  const tag = canonicalTag(sent);
  const mapped = list.has(tag) ? null : mappedTag(settings, chargePoint, tag);
  const idTag = mapped ?? tag;
  const badge = list.get(idTag) ?? null;
  if (badge || mapped !== null) return { idTag, badge, mapped: mapped !== null, reversed: false, wouldReverse: false };
  const other = list.get(reversedTag(tag) ?? "") ?? null;
  const reversed = other !== null && settings.reversedBytes;
  return {
    idTag: reversed && other ? other.idTag : tag,
    badge: reversed ? other : null,
    mapped: false,
    reversed,
    wouldReverse: other !== null && !reversed,
  };
}

/** Whether another number, or none, may stand for a badge. @param idTag in canonical spelling */
export function standsForOthers({ freeCharging, defaultIdTag }: BadgeSettings, idTag: string): boolean {
  return [defaultIdTag, ...freeCharging.map(({ badge }) => badge)].some((tag) => canonicalTag(tag) === idTag);
}

function mappedTag({ freeCharging, defaultIdTag }: BadgeSettings, chargePoint: string, tag: string): string | null {
  const identity = chargePoint.toLowerCase();
  const rows = freeCharging
    .filter((row) => row.chargePoint === "" || row.chargePoint.toLowerCase() === identity)
    .filter((row) => row.idTag === "*" || canonicalTag(row.idTag) === tag)
    .sort((a, b) => specific(b) - specific(a));
  if (rows[0]) return canonicalTag(rows[0].badge);
  return tag === "" && defaultIdTag !== "" ? canonicalTag(defaultIdTag) : null;
}

/** How closely a row says for whom it is. */
function specific({ chargePoint, idTag }: FreeCharging): number {
  return (chargePoint === "" ? 0 : 2) + (idTag === "*" ? 0 : 1);
}
