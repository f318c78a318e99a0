/** What is remembered of one connector's day on surplus. Every value is a number or null, so that it can be saved. */
export interface PvMemory {
  /** Enough for its minimum, s; null while it is not, or while the connector is on. */
  aboveS: number | null;
  /** Not enough, s; from the second start on as weighed by `judgePv`. null while it is, or while the connector is off. */
  belowS: number | null;
  /** No surplus at all, s; null while there is some. */
  darkS: number | null;
  /** Of this day: how often it was started, what it was given in all, and what of its minimum the surplus did not give, Wh. */
  starts: number;
  givenWh: number;
  boughtWh: number;
  /** The surplus offered to it on average of the last minutes, W; null before the first. `swingW`: how far off that it was on average. */
  meanW: number | null;
  swingW: number;
}

/** A moment of the connector's day. */
export interface PvMoment {
  /** What is offered to it, W; below 0 where others buy. */
  offeredW: number;
  needW: number;
  /** What it is given now, W; 0 = it is off. */
  givenW: number;
  elapsedS: number;
}

/** After so long without any surplus a new day begins, s. */
const NIGHT_S = 14_400;
/** The mean surplus is that of so long, s. */
const MEAN_S = 600;
/** The swing of the surplus around its mean is that of so long, s. */
const SWING_S = 1800;
/** So many hours at the minimum count as charged before the day begins: early, little bought is no large share. */
const BEFORE_H = 3;

/** A day that has not begun. */
export function noPv(): PvMemory {
  return { aboveS: null, belowS: null, darkS: null, starts: 0, givenWh: 0, boughtWh: 0, meanW: null, swingW: 0 };
}

/** The day brought up to a moment. `aboveS` and `belowS` stay. */
export function watched(memory: PvMemory, { offeredW, needW, givenW, elapsedS }: PvMoment): PvMemory {
  const sunW = Math.max(0, offeredW);
  const darkS = sunW > 0 ? null : (memory.darkS ?? 0) + elapsedS;
  const { starts, givenWh, boughtWh } = darkS !== null && darkS >= NIGHT_S ? noPv() : memory;
  const hours = elapsedS / 3600;
  const beforeW = memory.meanW ?? sunW;
  return {
    ...memory,
    darkS,
    starts,
    givenWh: givenWh + givenW * hours,
    boughtWh: boughtWh + (givenW > 0 ? Math.max(0, needW - sunW) * hours : 0),
    meanW: closer(beforeW, sunW, elapsedS / MEAN_S),
    swingW: closer(memory.swingW, Math.abs(sunW - beforeW), elapsedS / SWING_S),
  };
}

/** What share of the day's charge was bought to keep the minimum, 0 to 1. */
export function boughtShare({ givenWh, boughtWh }: PvMemory, needW: number): number {
  return boughtWh / (givenWh + BEFORE_H * needW);
}

/** An average that forgets: after one such time it has come two thirds of the way to a new value. */
function closer(from: number, to: number, times: number): number {
  return to + (from - to) * Math.exp(-times);
}
