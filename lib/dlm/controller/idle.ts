import type { ControllerConfig } from "../types.ts";
import { EPSILON, held } from "./timing.ts";

/** What is known of a car that may be charging but draws nothing. */
export interface IdleMemory {
  /** It has drawn nothing of what it may for this long, s, over so many samples; null while it draws. */
  readonly emptyS: number | null;
  readonly samples: number;
  readonly idle: boolean;
  /** An idle car has been switched off for this long, s. */
  readonly offS: number | null;
  /** It has drawn since it was last switched on. */
  readonly drew: boolean;
  /** Attempts to wake it, and how long it has been switched off for the present one. */
  readonly wakes: number;
  readonly wakeOffS: number | null;
}

/** One look at a connector with a car. */
export interface IdleSight {
  /** The charger itself reports that the car does not take what it is offered. */
  reportedIdle: boolean;
  setpointA: number;
  minA: number;
  /** null = unmeasured. */
  drawA: number | null;
  fresh: boolean;
  /** Since it was switched on; null while off. */
  onS: number | null;
  /** The car has charged before. */
  served: boolean;
  elapsedS: number;
}

/** A sleeping car has its minimum for so long before the next attempt to wake it, s. */
const WAKE_EVERY_S = 30;
/** After so many attempts a car is left asleep. */
const WAKES = 6;

/** One for all cars of which nothing else is known than whether they have drawn, as for thousands at every tick. */
export const NO_IDLE: IdleMemory = {
  emptyS: null,
  samples: 0,
  idle: false,
  offS: null,
  drew: false,
  wakes: 0,
  wakeOffS: null,
};
const AWAKE: IdleMemory = { ...NO_IDLE, drew: true };

/**
 * Calls a car idle that draws less than `demandTolA` for `demandLowS` at its minimum or more, until it draws again.
 * A car that is switched off cannot show that it wants to: after `rotationS` at 0 A it counts as waiting again.
 */
export function watchIdle(memory: IdleMemory, sight: IdleSight, config: ControllerConfig): IdleMemory {
  const { drawA } = sight;
  const on = sight.setpointA >= sight.minA - EPSILON;
  if (drawA !== null && drawA >= config.demandTolA) return on ? AWAKE : NO_IDLE;
  if (!on) {
    if (isOut(memory)) return memory;
    const offS = held(memory.offS, memory.idle, sight.elapsedS);
    const idle = memory.idle && (offS ?? 0) < config.rotationS - EPSILON;
    return { ...memory, drew: false, emptyS: null, samples: 0, idle, offS };
  }
  if (drawA === null) return { ...memory, emptyS: null, samples: 0, offS: null };
  const emptyS = held(memory.emptyS, true, sight.elapsedS) ?? 0;
  const samples = memory.samples + (sight.fresh ? 1 : 0);
  const idle = memory.idle || (emptyS >= config.demandLowS - EPSILON && samples >= 2);
  return { ...memory, emptyS, samples, idle, offS: null };
}

/** Whether there is nothing to remember of a car that is switched off. */
function isOut({ emptyS, samples, idle, offS, drew }: IdleMemory): boolean {
  return emptyS === null && samples === 0 && !idle && offS === null && !drew;
}

/**
 * Wakes a car that had charged before, was paused, and does not start again: it is switched off for `settleS`, then
 * given its minimum for 30 s, six times at most. While `wakeOffS` is a number the connector stays at 0.
 */
export function wakeUp(memory: IdleMemory, sight: IdleSight, config: ControllerConfig): IdleMemory {
  if (memory.wakeOffS !== null) {
    const wakeOffS = memory.wakeOffS + sight.elapsedS;
    return { ...memory, wakeOffS: wakeOffS < config.settleS - EPSILON ? wakeOffS : null };
  }
  const asleep = (memory.idle || sight.reportedIdle) && sight.served && !memory.drew && sight.drawA !== null;
  const due = asleep && sight.onS !== null && sight.onS >= WAKE_EVERY_S - EPSILON && memory.wakes < WAKES;
  return due ? { ...memory, wakes: memory.wakes + 1, wakeOffS: 0 } : memory;
}
