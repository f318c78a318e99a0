import type { ControllerConfig } from "../types.ts";
import { EPSILON, held } from "./timing.ts";

/** How long the surplus has been enough, or not, for one connector. */
export interface PvMemory {
  /** Enough for its minimum, s; null while it is not, or while the connector is on. */
  aboveS: number | null;
  /** Not enough, s; null while it is, or while the connector is off. */
  belowS: number | null;
}

/** A connector in mode `pv` that asks for current. */
export interface PvCar {
  memory: PvMemory;
  on: boolean;
  /** Power of its minimum, W. */
  needW: number;
  priorityClass: number;
  arrivalS: number;
  id: string;
}

/** `run`: on the surplus; `hold`: at its minimum although the surplus is gone; `wait`: off until there is enough. */
export type PvVerdict = "run" | "hold" | "wait";

export function noPv(): PvMemory {
  return { aboveS: null, belowS: null };
}

/**
 * Decides which connectors in mode `pv` may take part. They share one pool, offered by priority class, to those that
 * run before those that wait: one starts after `pvEnableDelayS` in which the rest of the pool was enough for its
 * minimum, and stops after `pvDisableDelayS` in which it was not.
 * @param poolW surplus left by the connectors in mode `minpv`
 * @returns the verdict and the new memory for each car, in the order given
 */
export function judgePv(
  cars: readonly PvCar[],
  poolW: number,
  elapsedS: number,
  config: ControllerConfig,
): { verdict: PvVerdict; memory: PvMemory }[] {
  const results = cars.map(() => ({ verdict: "wait" as PvVerdict, memory: noPv() }));
  const order = cars.map((_, i) => i).sort((a, b) => compareCars(cars[a]!, cars[b]!));
  let leftW = poolW;
  for (const i of order) {
    const car = cars[i]!;
    const enough = leftW >= car.needW - EPSILON;
    results[i] = car.on ? judgeRunning(car, enough, elapsedS, config) : judgeWaiting(car, enough, elapsedS, config);
    if (car.on) leftW -= car.needW;
  }
  return results;
}

function judgeRunning(car: PvCar, enough: boolean, elapsedS: number, config: ControllerConfig) {
  const belowS = held(car.memory.belowS, !enough, elapsedS);
  if (belowS === null) return { verdict: "run" as PvVerdict, memory: noPv() };
  if (belowS >= config.pvDisableDelayS - EPSILON) return { verdict: "wait" as PvVerdict, memory: noPv() };
  return { verdict: "hold" as PvVerdict, memory: { aboveS: null, belowS } };
}

function judgeWaiting(car: PvCar, enough: boolean, elapsedS: number, config: ControllerConfig) {
  const aboveS = held(car.memory.aboveS, enough, elapsedS);
  const start = aboveS !== null && aboveS >= config.pvEnableDelayS - EPSILON;
  return { verdict: (start ? "run" : "wait") as PvVerdict, memory: { aboveS, belowS: null } };
}

function compareCars(a: PvCar, b: PvCar): number {
  if (a.priorityClass !== b.priorityClass) return a.priorityClass - b.priorityClass;
  if (a.on !== b.on) return a.on ? -1 : 1;
  if (a.arrivalS !== b.arrivalS) return a.arrivalS - b.arrivalS;
  return a.id < b.id ? -1 : 1;
}
