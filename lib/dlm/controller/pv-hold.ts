import type { ControllerConfig } from "../types.ts";
import { EPSILON, held } from "./timing.ts";

/** How long the surplus has been enough, or not, for one connector, and how restless the day is. */
export interface PvMemory {
  /** Enough for its minimum, s; null while it is not, or while the connector is on. */
  aboveS: number | null;
  /** Not enough, s; null while it is, or while the connector is off. */
  belowS: number | null;
  /** How often the surplus fell short while it ran, and how often that stopped it on a restless day; both fade with time. */
  dips: number;
  stops: number;
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

/** Dips and stops fade to a third in this time, s. */
const FADE_S = 10_800;
const FORGOTTEN = 0.05;
/** Each stop of a restless day adds so much to the enable delay, as a share of it, up to so many times the delay. */
const LATER = 1.75;
const LATEST = 5;
/** And so much to the surplus that a start asks for, as a share of the minimum's power. */
const MORE = 0.07;
const MOST = 0.3;
/** On a restless day a second of shortage counts towards a stop by how much is missing: from hardly to more than a second. */
const LEAST_COUNT = 0.15;
const MOST_COUNT = 1.45;

export interface PvJudgement {
  verdict: PvVerdict;
  memory: PvMemory;
}

export function noPv(): PvMemory {
  return { aboveS: null, belowS: null, dips: 0, stops: 0 };
}

/**
 * Decides which connectors in mode `pv` may take part. They share one pool, offered by priority class, to those that
 * run before those that wait: one starts after `pvEnableDelayS` in which the rest of the pool was enough for its
 * minimum, and stops after `pvDisableDelayS` in which it was not. Where clouds stop a connector time and again, each stop makes the next
 * start wait for longer and for more, and a small shortage is borne for longer: a car is no lamp.
 * @param poolW surplus left by the connectors in mode `minpv`
 * @returns the verdict and the new memory for each car, in the order given
 */
export function judgePv(
  cars: readonly PvCar[],
  poolW: number,
  elapsedS: number,
  config: ControllerConfig,
): PvJudgement[] {
  const results = cars.map((): PvJudgement => ({ verdict: "wait", memory: noPv() }));
  const order = cars.map((_, i) => i).sort((a, b) => compareCars(cars[a]!, cars[b]!));
  let leftW = poolW;
  for (const i of order) {
    const car = cars[i]!;
    results[i] = car.on ? judgeRunning(car, leftW, elapsedS, config) : judgeWaiting(car, leftW, elapsedS, config);
    if (car.on) leftW -= car.needW;
  }
  return results;
}

function judgeRunning(car: PvCar, leftW: number, elapsedS: number, config: ControllerConfig): PvJudgement {
  const enough = leftW >= car.needW - EPSILON;
  const { dips, stops } = faded(car.memory, elapsedS);
  const isNew = !enough && car.memory.belowS === null;
  const seen = { dips: isNew ? dips + 1 : dips, stops };
  const belowS = held(car.memory.belowS, !enough, elapsedS * countOf(car.needW - leftW, car.needW, stops));
  if (belowS === null) return { verdict: "run", memory: { aboveS: null, belowS, ...seen } };
  if (belowS < config.pvDisableDelayS - EPSILON) return { verdict: "hold", memory: { aboveS: null, belowS, ...seen } };
  const restless = Math.min(1, Math.max(0, seen.dips - 1));
  return { verdict: "wait", memory: { ...noPv(), dips: seen.dips, stops: stops + restless } };
}

/** How much of a second counts towards a stop. */
function countOf(missingW: number, needW: number, stops: number): number {
  const severity = Math.min(1, Math.max(0, missingW / needW));
  return 1 + (Math.max(LEAST_COUNT, severity * MOST_COUNT) - 1) * Math.min(1, stops);
}

function judgeWaiting(car: PvCar, leftW: number, elapsedS: number, config: ControllerConfig): PvJudgement {
  const seen = faded(car.memory, elapsedS);
  const askedW = car.needW * (1 + Math.min(MOST, MORE * seen.stops));
  const aboveS = held(car.memory.aboveS, leftW >= askedW - EPSILON, elapsedS);
  const delayS = config.pvEnableDelayS * Math.min(LATEST, 1 + LATER * seen.stops);
  const start = aboveS !== null && aboveS >= delayS - EPSILON;
  return { verdict: start ? "run" : "wait", memory: { aboveS, belowS: null, ...seen } };
}

function faded({ dips, stops }: PvMemory, elapsedS: number): { dips: number; stops: number } {
  if (dips < FORGOTTEN) return { dips: 0, stops: 0 };
  const share = Math.exp(-elapsedS / FADE_S);
  return { dips: dips * share, stops: stops * share };
}

function compareCars(a: PvCar, b: PvCar): number {
  if (a.priorityClass !== b.priorityClass) return a.priorityClass - b.priorityClass;
  if (a.on !== b.on) return a.on ? -1 : 1;
  if (a.arrivalS !== b.arrivalS) return a.arrivalS - b.arrivalS;
  return a.id < b.id ? -1 : 1;
}
