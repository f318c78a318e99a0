import { classRanges, ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { trimImbalance } from "./imbalance.ts";
import { isImbalanceRow } from "./row-layout.ts";
import { TOLERANCE_A } from "./row-loads.ts";
import { sortUpwards } from "./sorted.ts";

/** A quotient this close below a whole number of steps counts as that number. */
const STEP_TOLERANCE = 1e-9;
/** Remainders are compared as whole millionths of a step, so that noise decides nothing. */
const REMAINDER_DIGITS = 1e6;

/**
 * Lowers every current to the charger's step, never below the minimum, then hands what that freed out again: one step
 * at a time, in order of class, largest remainder and activation, while every row, the imbalance limits and the
 * maximum permit, until nobody can gain.
 */
export function quantise(draft: Draft): void {
  const { cars, config } = draft.rowLoads.problem;
  const candidates = lower(draft);
  trimImbalance(draft, (car, value) => Math.max(cars.minA[car]!, onGrid(value, config.stepA)));
  handOut(draft, candidates);
}

/** Lowers every current to the step, in the row loads, too; returns the connectors that may gain by it, each in its turn. */
function lower({ rowLoads, currentA }: Draft): Int32Array {
  const { cars, config } = rowLoads.problem;
  const { stepA } = config;
  // One number per connector that sorts as its turn, remainder first: numbers alone sort far quicker than with a comparator.
  // It is above 0 even where a current was rounded down by a little more than a step.
  const turns = new Float64Array(cars.count);
  let count = 0;
  rowLoads.restart();
  for (const { first, last } of classRanges(cars)) {
    const classBegins = count;
    for (let car = first; car < last; car++) {
      const exactA = currentA[car]!;
      if (exactA === 0) continue;
      const isIdle = cars.role[car] !== ROLE.requesting;
      const flooredA = isIdle ? exactA : Math.max(cars.minA[car]!, onGrid(exactA, stepA));
      currentA[car] = flooredA;
      rowLoads.add(car, flooredA);
      if (isIdle) continue;
      const remainder = Math.round(((exactA - flooredA) / stepA) * REMAINDER_DIGITS);
      const roomA = cars.maxA[car]! - flooredA;
      if (roomA >= 2 * stepA || onGrid(flooredA, stepA, 1) <= cars.maxA[car]! + TOLERANCE_A)
        turns[count++] = (2 * REMAINDER_DIGITS - remainder) * cars.count + car;
    }
    sortUpwards(turns.subarray(classBegins, count));
  }
  const candidates = new Int32Array(count);
  for (let i = 0; i < count; i++) candidates[i] = turns[i]! - Math.floor(turns[i]! / cars.count) * cars.count;
  return candidates;
}

/** The largest multiple of the step that is not above a current, free of binary noise, or so many steps above it. */
function onGrid(currentA: number, stepA: number, stepsMore = 0): number {
  const steps = Math.floor(currentA / stepA + STEP_TOLERANCE) + stepsMore;
  return Math.round(steps * stepA * 1e9) / 1e9;
}

/**
 * Rows only fill up, so who is refused by a row stays refused; who is refused by an imbalance limit may gain later,
 * when another phase has risen.
 */
function handOut(draft: Draft, candidates: Int32Array): void {
  const { rowLoads, currentA, binding } = draft;
  const { cars, rows, config } = rowLoads.problem;
  let waiting = candidates;
  for (let gained = true; gained; ) {
    gained = false;
    let kept = 0;
    for (let i = 0; i < waiting.length; i++) {
      const car = waiting[i]!;
      const nextA = onGrid(currentA[car]!, config.stepA, 1);
      if (nextA > cars.maxA[car]! + TOLERANCE_A) {
        binding[car] = BINDING.max;
        continue;
      }
      const moreA = nextA - currentA[car]!;
      const bound = binding[car]!;
      const isForGood = bound >= 0 && !isImbalanceRow(rows, bound);
      // Most are held by what bound them before: then their other rows need not be looked at.
      if (isForGood && !rowLoads.admits(bound, car, moreA)) continue;
      const row = rowLoads.blockedBy(car, moreA);
      if (row < 0) {
        rowLoads.add(car, moreA);
        currentA[car] = nextA;
        gained = true;
      } else if (isImbalanceRow(rows, bound)) binding[car] = row;
      if (row < 0 || isImbalanceRow(rows, row)) waiting[kept++] = car;
    }
    waiting = waiting.subarray(0, kept);
  }
}
