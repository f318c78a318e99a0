import type { Triple } from "../../lib/units.ts";
import type { ParkCar, ParkPlan } from "./car-park.ts";

const ROTATIONS = ["RST", "STR", "TRS"] as const;
const REPORTS_S = [10, 30, 60, 10, 10];
export const HOUR_S = 3600;

/** A repeatable sequence of numbers from 0 to 1 (a linear congruential generator). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/**
 * An hour with forty cars of every kind, far more than fit: they follow 5 to 30 s late, report every 10, 30 or 60 s, draw 8 %
 * too much, step in whole amperes, refuse less than 8 A, change the number of phases, lose one message in twenty, come
 * later or are full sooner; behind them a house that changes its load.
 * @param steps changes of the house's load in the hour
 */
export function garageHour(seed: number, steps: number): ParkPlan {
  const random = sequence(seed);
  const cars = Array.from({ length: 40 }, (_, i): ParkCar => {
    const carPhases = i % 5 === 2 ? 1 : 3;
    return {
      zone: i < 16 ? 1 : i < 32 ? 2 : 0,
      phases: i % 4 === 3 ? 1 : 3,
      rotation: ROTATIONS[i % 3]!,
      maxA: i % 2 === 1 ? 32 : 16,
      wantsA: [16, 32, 16, 11][i % 4]!,
      carPhases,
      fromS: i < 20 ? 0 : Math.floor(random() * 1800),
      reportS: REPORTS_S[i % 5]!,
      lagS: 5 + Math.floor(random() * 26),
      slewAps: 5 + random() * 20,
      overdraw: i % 8 === 1 ? 0.08 : 0,
      ignoresFromS: null,
      offline: null,
      ...(i % 6 === 0 && { stepA: 1 }),
      ...(i % 9 === 4 && { refusesBelowA: 8 }),
      ...(i % 7 === 3 && {
        changes: { fromS: 600 + Math.floor(random() * 2400), carPhases: carPhases === 1 ? 3 : 1 },
      }),
      ...(i % 4 === 0 && { loss: 0.05 }),
      ...(i % 5 === 0 && { full: { fromS: 900 + Math.floor(random() * 1800), tells: i % 2 === 0 } }),
    };
  });
  const house = (count: number, mostA: number) =>
    Array.from({ length: count }, (_, k) => ({
      fromS: Math.floor((k * HOUR_S) / count),
      loadA: [random() * mostA, random() * mostA, random() * mostA] as Triple,
    }));
  return {
    zones: [
      { parent: null, limitA: 200, headroomA: 0, meter: "including", house: house(steps, 70) },
      { parent: 0, limitA: 80, headroomA: 0, meter: "including", house: house(Math.ceil(steps / 3), 15) },
      { parent: 0, limitA: 80, headroomA: 0, meter: "none", house: [] },
    ],
    cars,
    cycleS: 5,
    durationS: HOUR_S,
  };
}
