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
  /** The surplus offered to it on average of the last minutes, W; null before the first. And how far off that it was on average. */
  meanW: number | null;
  swingW: number;
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
const FADE_S = 14_400;
const FORGOTTEN = 0.05;
/** The average surplus is that of so many seconds, its distance from it that of so many. */
const MEAN_S = 600;
const SWING_S = 1800;
/** Each stop of a restless day adds so much to the enable delay, as a share of it, up to so many times the delay. */
const LATER = 1;
const LATEST = 5;
/** So much of the swing a start asks for above the minimum's power, up to this share of that power; less than so much of it is no swing. */
const SWING = 0.8;
const MOST = 0.5;
const QUIET = 0.05;
/** On a restless day a second of shortage counts towards a stop by how much is missing: from hardly to more than a second. */
const LEAST_COUNT = 0.15;
const MOST_COUNT = 1.5;
/** The second stop and the third let it count so much less each: a car is no lamp. */
const DEARER = 0.5;
const DEAREST = 1;
/** And a second of sun makes up for so many seconds of shortage; on a calm day for all of them. */
const PAID_BACK = 0.4;

export interface PvJudgement {
  verdict: PvVerdict;
  memory: PvMemory;
}

export function noPv(): PvMemory {
  return { aboveS: null, belowS: null, dips: 0, stops: 0, meanW: null, swingW: 0 };
}

/**
 * Decides which connectors in mode `pv` may take part. They share one pool, offered by priority class, to those that
 * run before those that wait: one starts after `pvEnableDelayS` in which the rest of the pool was enough for its
 * minimum, and stops after `pvDisableDelayS` in which it was not. Where the surplus swings, a start asks for more than the minimum; where
 * clouds stop a connector time and again, each stop makes the next start wait for longer, a small shortage is borne for longer, and
 * shortages add up across gleams of sun.
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
  const seen = watched(car.memory, leftW, elapsedS);
  if (!enough && car.memory.belowS === null) seen.dips += 1;
  const belowS = enough
    ? paidBack(car.memory.belowS, elapsedS, seen.stops)
    : held(car.memory.belowS, true, elapsedS * countOf(car.needW - leftW, car.needW, seen.stops));
  if (enough || belowS === null) return { verdict: "run", memory: { ...seen, aboveS: null, belowS } };
  if (belowS < config.pvDisableDelayS - EPSILON) return { verdict: "hold", memory: { ...seen, aboveS: null, belowS } };
  const restless = Math.min(1, Math.max(0, seen.dips - 1));
  return { verdict: "wait", memory: { ...seen, aboveS: null, belowS: null, stops: seen.stops + restless } };
}

/** The shortage that is left when there has been enough for some time. */
function paidBack(belowS: number | null, elapsedS: number, stops: number): number | null {
  const leftS = (belowS ?? 0) - (elapsedS * PAID_BACK) / Math.min(1, stops);
  return leftS > 0 ? leftS : null;
}

/** How much of a second counts towards a stop. */
function countOf(missingW: number, needW: number, stops: number): number {
  const severity = Math.min(1, Math.max(0, missingW / needW));
  const count = Math.max(LEAST_COUNT, severity * MOST_COUNT) / (1 + Math.min(DEAREST, DEARER * Math.max(0, stops - 1)));
  return 1 + (count - 1) * Math.min(1, stops);
}

function judgeWaiting(car: PvCar, leftW: number, elapsedS: number, config: ControllerConfig): PvJudgement {
  const seen = watched(car.memory, leftW, elapsedS);
  const marginW = seen.swingW < QUIET * car.needW ? 0 : Math.min(SWING * seen.swingW, MOST * car.needW);
  const aboveS = held(car.memory.aboveS, leftW >= car.needW + marginW - EPSILON, elapsedS);
  const delayS = config.pvEnableDelayS * Math.min(LATEST, 1 + LATER * seen.stops);
  const start = aboveS !== null && aboveS >= delayS - EPSILON;
  return { verdict: start ? "run" : "wait", memory: { ...seen, aboveS, belowS: null } };
}

/** The memory of the day, brought up to now. */
function watched({ dips, stops, meanW, swingW }: PvMemory, leftW: number, elapsedS: number): PvMemory {
  const share = dips < FORGOTTEN ? 0 : Math.exp(-elapsedS / FADE_S);
  const offeredW = Math.max(0, leftW);
  const beforeW = meanW ?? offeredW;
  return {
    ...noPv(),
    dips: dips * share,
    stops: stops * share,
    meanW: closer(beforeW, offeredW, elapsedS / MEAN_S),
    swingW: closer(swingW, Math.abs(offeredW - beforeW), elapsedS / SWING_S),
  };
}

/** An average that forgets: after one such time it has come two thirds of the way to a new value. */
function closer(from: number, to: number, times: number): number {
  return to + (from - to) * Math.exp(-times);
}

function compareCars(a: PvCar, b: PvCar): number {
  if (a.priorityClass !== b.priorityClass) return a.priorityClass - b.priorityClass;
  if (a.on !== b.on) return a.on ? -1 : 1;
  if (a.arrivalS !== b.arrivalS) return a.arrivalS - b.arrivalS;
  return a.id < b.id ? -1 : 1;
}
