import type { ControllerConfig } from "../types.ts";
import { boughtShare, noPv, type PvMemory, watched } from "./pv-day.ts";
import { EPSILON, held } from "./timing.ts";

/** A connector in mode `pv` that asks for current. */
export interface PvCar {
  memory: PvMemory;
  on: boolean;
  /** Power of its minimum, and what it is given now, W. */
  needW: number;
  givenW: number;
  priorityClass: number;
  arrivalS: number;
  id: string;
}

/** `run`: on the surplus; `hold`: at its minimum although the surplus is gone; `wait`: off until there is enough. */
export type PvVerdict = "run" | "hold" | "wait";

/** From this start of the day on, a shortage counts by its size; before, by its time. */
const RESTLESS = 2;
/** From this start of the day on, each further start is dear: it needs more surplus, for longer. */
const DEAR = 5;
/** After this many starts in a day a car is stopped only with the greatest patience: starts wear car and charger. */
const MOST_STARTS = 6;

/** A start asks for this part of the swing above the minimum's power. */
const SWING = 1.4;
/** The most that a start asks for because of a swing, as a share of the minimum's power. */
const MOST_SWING = 0.5;
/** A smaller swing, as a share of the minimum's power, does not count. */
const QUIET = 0.05;
/** The first start of a day asks for no more than this, W: on a dim day it may be the only one. */
const FIRST_SWING_W = 700;
/** What a dear start asks for besides, as a share of the minimum's power; the next dear start asks for four times as much. */
const DEARER = 0.1;
/** After so long without a swing a dear start asks for nothing besides, s. */
const STEADY_S = 1800;
/** Each start of the day makes the next one wait longer by this part of the enable delay. */
const LATER = 0.25;
/** The longest wait of a start, in enable delays. */
const LATEST = 5;

/** What a second without surplus counts towards a stop; patience divides it. */
const DARK = 8;
/** Added to patience for each start of the day. */
const PATIENCE = 0.7;
/** Added to patience from the dear start on. */
const PATIENCE_DEAR = 1.5;
/** Added to patience once the car has had all starts of a day. */
const PATIENCE_LAST = 6;
/** This share of the day's charge may be bought to keep minimums. */
const AIM = 0.018;
/** Greatest factor on patience while less than that share was bought. */
const MOST_LENIENCE = 2;
/** Least factor on patience once more than that share was bought. */
const LEAST_LENIENCE = 0.7;
/** Seconds of shortage that one second of enough surplus makes up for. */
const PAID_BACK = 0.25;

export interface PvJudgement {
  verdict: PvVerdict;
  memory: PvMemory;
}

/**
 * Decides which connectors in mode `pv` may take part. They share one pool, offered by priority class, to those that
 * run before those that wait: the first time in a day one starts after `pvEnableDelayS` in which the rest of the pool was enough for
 * its minimum, and stops after `pvDisableDelayS` in which it was not. From its second start on a shortage counts by its size and adds
 * up across gleams of sun, borne for longer the more often the car was started and the less was bought; starts ask for more than the
 * minimum while the surplus swings, and for more and longer surplus the more of them there were.
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

function judgeRunning(
  { memory, needW, givenW }: PvCar,
  leftW: number,
  elapsedS: number,
  { pvDisableDelayS }: ControllerConfig,
): PvJudgement {
  const day = watched(memory, { offeredW: leftW, needW, givenW, elapsedS });
  // The car has started since the last tick.
  const starts = day.starts + (memory.aboveS === null ? 0 : 1);
  const seen = { ...day, starts, aboveS: null };
  if (leftW >= needW - EPSILON) return { verdict: "run", memory: { ...seen, belowS: paidBack(seen, elapsedS) } };
  const belowS =
    starts < RESTLESS
      ? held(memory.belowS, true, elapsedS)
      : (memory.belowS ?? 0) + elapsedS * countOf(needW - leftW, needW, seen);
  const tired = belowS !== null && belowS >= pvDisableDelayS - EPSILON;
  return { verdict: tired ? "wait" : "hold", memory: { ...seen, belowS: tired ? null : belowS } };
}

/** The shortage that is left when there has been enough for some time. */
function paidBack({ belowS, starts }: PvMemory, elapsedS: number): number | null {
  const leftS = starts < RESTLESS ? 0 : (belowS ?? 0) - elapsedS * PAID_BACK;
  return leftS > 0 ? leftS : null;
}

/** How much of a second counts towards a stop. */
function countOf(missingW: number, needW: number, day: PvMemory): number {
  const { starts } = day;
  const dear = (starts >= DEAR ? PATIENCE_DEAR : 0) + (starts > MOST_STARTS ? PATIENCE_LAST : 0);
  const patience = 1 + PATIENCE * (starts - 1) + dear;
  const share = Math.max(boughtShare(day, needW), EPSILON);
  const lenience = Math.max(LEAST_LENIENCE, Math.min(MOST_LENIENCE, AIM / share));
  return (DARK * Math.min(1, missingW / needW)) / (patience * lenience);
}

function judgeWaiting(car: PvCar, leftW: number, elapsedS: number, config: ControllerConfig): PvJudgement {
  const { memory, needW } = car;
  const seen = watched(memory, { offeredW: leftW, needW, givenW: 0, elapsedS });
  const spareW = leftW - needW - swingMarginW(seen, needW);
  const aboveS = held(memory.aboveS, spareW >= -EPSILON, elapsedS);
  const delayS = config.pvEnableDelayS * Math.min(LATEST, 1 + LATER * seen.starts);
  const start = aboveS !== null && aboveS >= delayS - EPSILON && spareW >= dearMarginW(seen, needW, aboveS) - EPSILON;
  return { verdict: start ? "run" : "wait", memory: { ...seen, aboveS, belowS: null } };
}

/** What a start asks for above the minimum's power while the surplus swings, W. */
function swingMarginW({ swingW, starts }: PvMemory, needW: number): number {
  if (swingW < QUIET * needW) return 0;
  return Math.min(SWING * swingW, MOST_SWING * needW, starts === 0 ? FIRST_SWING_W : Number.POSITIVE_INFINITY);
}

/** What it asks for beside that after many starts, W. */
function dearMarginW({ starts }: PvMemory, needW: number, aboveS: number): number {
  return DEARER * needW * Math.max(0, starts + 1 - DEAR) ** 2 * Math.max(0, 1 - aboveS / STEADY_S);
}

function compareCars(a: PvCar, b: PvCar): number {
  if (a.priorityClass !== b.priorityClass) return a.priorityClass - b.priorityClass;
  if (a.on !== b.on) return a.on ? -1 : 1;
  if (a.arrivalS !== b.arrivalS) return a.arrivalS - b.arrivalS;
  return a.id < b.id ? -1 : 1;
}
