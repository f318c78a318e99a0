import type { Rotation } from "../../../dlm/types.ts";
import type { Triple } from "../../../units.ts";

const SITE_PHASE = { R: 0, S: 1, T: 2 } as const;

/**
 * The currents of a charger's terminals 1..3 as the site's phases L1..L3 see them.
 * Position in `rotation` = terminal, letter R/S/T = site phase. A charger of unknown rotation is wired RST, only nobody was told.
 */
export function toSitePhases(terminalA: Triple, rotation: Rotation): Triple {
  const letters = rotation === "Unknown" ? "RST" : rotation;
  const siteA: Triple = [0, 0, 0];
  for (const terminal of [0, 1, 2] as const)
    siteA[SITE_PHASE[letters[terminal] as "R" | "S" | "T"]] = terminalA[terminal];
  return siteA;
}
