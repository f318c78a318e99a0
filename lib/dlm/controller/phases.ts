import { CHARGING_A } from "../../thresholds.ts";
import { EPSILON } from "./timing.ts";

/** What has been seen of the phases a car uses. Terminal t is bit t − 1. */
export interface PhaseMemory {
  /** Terminals of the connector; a change of them starts anew. */
  wired: number;
  /** Samples with current on each terminal in the present window, as far as they matter. */
  hits: readonly number[];
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

const NO_HITS: readonly number[] = [0, 0, 0];
/** A car that was seen on fewer phases for so long is reckoned with these only, s. */
const NARROW_AFTER_S = 60;
/** So many samples have to show it. */
const SAMPLES_NEEDED = 2;

export function noPhases(): PhaseMemory {
  return { wired: 0, hits: NO_HITS, windowS: null, detected: null };
}

/**
 * Watches on which terminals a car draws. It narrows only after 60 s of charging at the minimum or more in which a
 * terminal stayed without current, widens at the first sample that shows current on another one, and starts anew when
 * the car leaves or the number of phases changes.
 * @returns the same object where nothing but its window grows, as for thousands of connectors at every tick
 */
export function watchPhases(memory: PhaseMemory, sight: PhaseSight): PhaseMemory {
  const { wired, terminalsA } = sight;
  if (!sight.plugged || memory.wired !== wired) return startedAnew(memory, wired, null);
  if (terminalsA === null) return startedAnew(memory, wired, memory.detected);
  const known = knownCarrying(terminalsA, wired);
  const detected = memory.detected === null ? null : memory.detected | known;
  const steady = sight.setpointA >= sight.minA - EPSILON && known !== 0;
  if (!steady) return startedAnew(memory, wired, detected);
  const windowS = memory.windowS === null ? 0 : memory.windowS + sight.elapsedS;
  const hits = sight.fresh ? counted(memory.hits, carryingTerminals(terminalsA, wired)) : memory.hits;
  if (windowS < NARROW_AFTER_S - EPSILON || Math.max(hits[0]!, hits[1]!, hits[2]!) < SAMPLES_NEEDED) {
    if (hits !== memory.hits || detected !== memory.detected) return { wired, hits, windowS, detected };
    memory.windowS = windowS;
    return memory;
  }
  const used = (hits[0]! > 0 ? 1 : 0) | (hits[1]! > 0 ? 2 : 0) | (hits[2]! > 0 ? 4 : 0);
  return { wired, hits: NO_HITS, windowS: 0, detected: used };
}

/** Without a window; the same object where nothing changes, as for thousands of connectors at every tick. */
function startedAnew(memory: PhaseMemory, wired: number, detected: number | null): PhaseMemory {
  const isSame = memory.windowS === null && memory.wired === wired && memory.detected === detected;
  return isSame && memory.hits[0] === 0 && memory.hits[1] === 0 && memory.hits[2] === 0
    ? memory
    : { wired, hits: NO_HITS, windowS: null, detected };
}

/** Hits with those of one more sample; the same list where they are enough already. */
function counted(hits: readonly number[], mask: number): readonly number[] {
  let more: number[] | null = null;
  for (let t = 0; t < 3; t++) {
    if (((mask >> t) & 1) === 0 || hits[t]! >= SAMPLES_NEEDED) continue;
    more ??= [...hits];
    more[t]!++;
  }
  return more === null ? hits : shared(more);
}

/** All that matter. */
const HITS = Array.from({ length: 27 }, (_, n) => [n % 3, Math.floor(n / 3) % 3, Math.floor(n / 9)]);

/** One list for all that are alike, as for thousands of cars at every tick. */
function shared(hits: readonly number[]): readonly number[] {
  const known = HITS[hits[0]! + 3 * hits[1]! + 9 * hits[2]!];
  return known?.every((value, t) => value === hits[t]) ? known : hits;
}

const TERMINALS = [[], [1], [2], [1, 2], [3], [1, 3], [2, 3], [1, 2, 3]].map((list) => Object.freeze(list) as number[]);

/** Terminals of a detection, 1..3, in order; one frozen list for each. */
export function terminalsOf(mask: number): number[] {
  return TERMINALS[mask]!;
}

/** Terminals on which a reading shows current. */
export function knownCarrying(terminalsA: readonly (number | null)[], wired: number): number {
  let mask = 0;
  for (let i = 0; i < wired; i++) if ((terminalsA[i] ?? 0) > CHARGING_A) mask |= 1 << i;
  return mask;
}

function carryingTerminals(terminalsA: readonly (number | null)[], wired: number): number {
  let mask = 0;
  for (let i = 0; i < wired; i++) if ((terminalsA[i] ?? Number.POSITIVE_INFINITY) > CHARGING_A) mask |= 1 << i;
  return mask;
}
