import type { Rotation } from "./types.ts";

const ALL_PHASES: readonly number[] = [0, 1, 2];

/** Index of the site phase (0 = L1) on each wired terminal, in terminal order; null for an unknown rotation. */
export function terminalPhases(phases: 1 | 2 | 3, rotation: Rotation): number[] | null {
  if (rotation === "Unknown") return null;
  return [...rotation].slice(0, phases).map((letter) => "RST".indexOf(letter));
}

/** The site phases a connector may load: those it is wired to, all three when the rotation is unknown. */
export function loadedPhases(phases: 1 | 2 | 3, rotation: Rotation): readonly number[] {
  return terminalPhases(phases, rotation) ?? ALL_PHASES;
}

/** The site phases that a connector of this wiring loads; between two lines it is both. */
export function wiredPhases(wiring: {
  phases: 1 | 2 | 3;
  rotation: Rotation;
  betweenLines?: boolean;
}): readonly number[] {
  return loadedPhases(wiring.betweenLines ? 2 : wiring.phases, wiring.rotation);
}

/** `L1`, `L2` or `L3` for 0, 1 or 2. */
export const phaseName = (phase: number): string => `L${phase + 1}`;
