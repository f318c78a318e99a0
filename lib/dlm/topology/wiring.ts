import type { Rotation } from "../types.ts";

const ALL_PHASES: readonly number[] = [0, 1, 2];

/** Index of the site phase (0 = L1) on each wired terminal, in terminal order; null for an unknown rotation. */
export function terminalPhases(phases: 1 | 2 | 3, rotation: Rotation): readonly number[] | null {
  return TERMINAL_PHASES[rotation][phases];
}

type ByNumber = Readonly<Record<1 | 2 | 3, readonly number[] | null>>;

function byNumber(rotation: Rotation): ByNumber {
  const all = rotation === "Unknown" ? null : [...rotation].map((letter) => "RST".indexOf(letter));
  return { 1: all?.slice(0, 1) ?? null, 2: all?.slice(0, 2) ?? null, 3: all };
}

/** Made once: it is asked for several times per connector and tick. */
const TERMINAL_PHASES: Readonly<Record<Rotation, ByNumber>> = {
  RST: byNumber("RST"),
  STR: byNumber("STR"),
  TRS: byNumber("TRS"),
  RTS: byNumber("RTS"),
  SRT: byNumber("SRT"),
  TSR: byNumber("TSR"),
  Unknown: byNumber("Unknown"),
};

/** Site phases of terminals 1..3; on an IT network a single terminal loads two lines. */
export function terminalsOnSite(
  terminals: readonly number[],
  rotation: Rotation,
  itNetwork: boolean,
): readonly number[] {
  const byTerminal = terminalPhases(3, rotation);
  if (byTerminal === null || terminals.length === 3) return byTerminal ?? ALL_PHASES;
  const [first, second] = terminals;
  if (first === undefined) return [];
  if (second !== undefined) return PAIRS[byTerminal[first - 1]!]![byTerminal[second - 1]!]!;
  const phase = byTerminal[first - 1]!;
  return itNetwork ? PAIRS[phase]![byTerminal[first % 3]!]! : ALONE[phase]!;
}

const ALONE: readonly (readonly number[])[] = ALL_PHASES.map((phase) => [phase]);
const PAIRS: readonly (readonly (readonly number[])[])[] = ALL_PHASES.map((a) => ALL_PHASES.map((b) => [a, b]));

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
