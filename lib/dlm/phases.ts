import { EPSILON } from "./controller/timing.ts";

/** What has been seen of the phases a car uses. Terminal t is bit t − 1. */
export interface PhaseMemory {
  /** Terminals of the connector; a change of them starts anew. */
  wired: number;
  /** Samples with current on each terminal in the present window. */
  hits: number[];
  /** Length of the present window of steady charging, s; null while it does not charge. */
  windowS: number | null;
  /** Terminals in use; null = unknown, all wired. */
  detected: number | null;
}

/** One look at a connector, A per terminal. */
export interface PhaseSight {
  wired: number;
  /** A car is connected. */
  plugged: boolean;
  /** null = unmeasured; a terminal that is null may carry anything. */
  terminalsA: readonly (number | null)[] | null;
  fresh: boolean;
  setpointA: number;
  minA: number;
  elapsedS: number;
}

/** A terminal carries current above this, A. */
export const CARRYING_A = 1;
const NARROW_AFTER_S = 60;
const SAMPLES_NEEDED = 2;

export function noPhases(): PhaseMemory {
  return { wired: 0, hits: [0, 0, 0], windowS: null, detected: null };
}

/**
 * Watches on which terminals a car draws. It narrows only after 60 s of charging at the minimum or more in which a
 * terminal stayed without current, widens at the first sample that shows current on another one, and starts anew when
 * the car leaves or the number of phases changes.
 */
export function watchPhases(memory: PhaseMemory, sight: PhaseSight): PhaseMemory {
  if (!sight.plugged || memory.wired !== sight.wired) return { ...noPhases(), wired: sight.wired };
  if (sight.terminalsA === null) return { ...memory, hits: [0, 0, 0], windowS: null };
  const carrying = carryingTerminals(sight.terminalsA, sight.wired);
  const detected = memory.detected === null ? null : memory.detected | knownCarrying(sight.terminalsA, sight.wired);
  const steady = sight.setpointA >= sight.minA - EPSILON && knownCarrying(sight.terminalsA, sight.wired) !== 0;
  if (!steady) return { ...memory, detected, hits: [0, 0, 0], windowS: null };
  const windowS = memory.windowS === null ? 0 : memory.windowS + sight.elapsedS;
  const hits = memory.hits.map((count, i) => count + (sight.fresh && carrying & (1 << i) ? 1 : 0));
  if (windowS < NARROW_AFTER_S - EPSILON || Math.max(...hits) < SAMPLES_NEEDED) {
    return { ...memory, detected, hits, windowS };
  }
  const used = hits.reduce((mask, count, i) => (count > 0 ? mask | (1 << i) : mask), 0);
  return { ...memory, detected: used, hits: [0, 0, 0], windowS: 0 };
}

/** Terminals of a detection, 1..3, in order. */
export function terminalsOf(mask: number): number[] {
  return [1, 2, 3].filter((terminal) => mask & (1 << (terminal - 1)));
}

/** Terminals on which a reading shows current. */
export function knownCarrying(terminalsA: readonly (number | null)[], wired: number): number {
  return maskWhere(wired, (i) => (terminalsA[i] ?? 0) > CARRYING_A);
}

function carryingTerminals(terminalsA: readonly (number | null)[], wired: number): number {
  return maskWhere(wired, (i) => (terminalsA[i] ?? Number.POSITIVE_INFINITY) > CARRYING_A);
}

function maskWhere(wired: number, test: (index: number) => boolean): number {
  let mask = 0;
  for (let i = 0; i < wired; i++) if (test(i)) mask |= 1 << i;
  return mask;
}
