import type { ControllerConfig } from "../types.ts";
import { EPSILON, held } from "./timing.ts";

/** What a car has shown of its appetite. */
export interface DemandMemory {
  /** It has drawn less than it may for this long, s; null while it does not. */
  readonly lowS: number | null;
  /** Highest draw, A, and number of samples in that time. */
  readonly lowMaxA: number;
  readonly samples: number;
  /** More than this it does not use, A; null = unknown. */
  readonly capA: number | null;
}

/** One look at a charging car, A per phase. */
export interface DemandSight {
  setpointA: number;
  /** null = unmeasured. */
  drawA: number | null;
  /** A sample that was not there at the last tick. */
  fresh: boolean;
  minA: number;
  maxA: number;
  elapsedS: number;
}

/** Shared by all cars of whom nothing is known: there may be thousands at every tick. */
export const NO_DEMAND: DemandMemory = { lowS: null, lowMaxA: 0, samples: 0, capA: null };

/**
 * Learns how much a charging car really uses: `demandLowS` below its setpoint by more than `demandTolA` caps it at its
 * highest draw + `demandMarginA`; drawing close to the cap lifts it step by step until it is forgotten. The setpoint
 * follows the cap down, so that what is given to others is never in use twice.
 */
export function learnDemand(memory: DemandMemory, sight: DemandSight, config: ControllerConfig): DemandMemory {
  const { setpointA, drawA, minA, maxA } = sight;
  if (drawA === null || setpointA < minA - EPSILON) return setpointA === 0 && !isUnknown(memory) ? NO_DEMAND : memory;
  const capA = liftCap(memory.capA, drawA, maxA, config);
  const low = sight.fresh ? setpointA - drawA > config.demandTolA : memory.lowS !== null;
  const lowS = held(memory.lowS, low, sight.elapsedS);
  if (lowS === null && capA === null) return NO_DEMAND;
  if (lowS === null) return memory.lowS === null && memory.capA === capA ? memory : { ...NO_DEMAND, capA };
  const lowMaxA = Math.max(memory.lowS === null ? 0 : memory.lowMaxA, drawA);
  const samples = (memory.lowS === null ? 0 : memory.samples) + (sight.fresh ? 1 : 0);
  if (lowS < config.demandLowS - EPSILON || samples < 2) return { lowS, lowMaxA, samples, capA };
  const learntA = Math.max(minA, lowMaxA + config.demandMarginA);
  return { lowS: 0, lowMaxA: drawA, samples: 1, capA: learntA < maxA ? learntA : null };
}

function isUnknown({ lowS, capA }: DemandMemory): boolean {
  return lowS === null && capA === null;
}

function liftCap(capA: number | null, drawA: number, maxA: number, config: ControllerConfig): number | null {
  if (capA === null || drawA < capA - config.demandUpTolA - EPSILON) return capA;
  const liftedA = capA + config.demandMarginA;
  return liftedA < maxA ? liftedA : null;
}
