import { ROLE } from "./cars.ts";
import { BINDING, type Draft } from "./draft.ts";
import { trimImbalance } from "./imbalance.ts";
import { sortByKey } from "./order.ts";
import { TOLERANCE_A } from "./row-loads.ts";
import { doubles, indices } from "./scratch.ts";

/** A quotient this close below a whole number of steps counts as that number. */
const STEP_TOLERANCE = 1e-9;
/** Remainders are compared as whole millionths of a step, so that noise decides nothing. */
const REMAINDER_DIGITS = 1e6;
/** Further apart than any two remainders: the turns of one class come before those of the next. */
const TURNS_OF_CLASS = 2 ** 20;

const SPACE = { turn: doubles(), candidates: indices() };

/**
 * Lowers every current to the charger's step, never below the minimum, then hands what that freed out again: one step
 * at a time, in order of class, largest remainder and activation, while every row, the imbalance limits and the
 * maximum permit, until nobody can gain.
 */
export function quantise(draft: Draft): void {
  const { rowLoads, currentA } = draft;
  const { cars, config } = rowLoads.problem;
  const grid = gridOf(config.stepA);
  const turn = SPACE.turn.take(cars.count);
  let classNumber = 0;
  const candidates = SPACE.candidates.take(cars.count);
  let count = 0;
  for (let car = 0; car < cars.count; car++) {
    if (car > 0 && cars.priorityClass[car] !== cars.priorityClass[car - 1]) classNumber++;
    const exactA = currentA[car]!;
    if (exactA === 0 || cars.role[car] !== ROLE.requesting) continue;
    const flooredA = Math.max(cars.minA[car]!, grid.floor(exactA));
    const remainder = Math.round(((exactA - flooredA) / config.stepA) * REMAINDER_DIGITS);
    turn[car] = (classNumber + 1) * TURNS_OF_CLASS - remainder;
    currentA[car] = flooredA;
    if (grid.next(flooredA) <= cars.maxA[car]! + TOLERANCE_A) candidates[count++] = car;
  }
  rowLoads.restart(currentA);
  trimImbalance(draft, (car, value) => Math.max(cars.minA[car]!, grid.floor(value)));
  const order = candidates.subarray(0, count);
  sortByKey(order, turn);
  handOut(draft, order, grid);
}

/** As many multiples are looked up instead of computed. */
const KNOWN_STEPS = 1024;

/** Currents that are whole multiples of the step, free of binary noise. */
class Grid {
  readonly stepA: number;
  readonly #values: Float64Array;

  constructor(stepA: number) {
    this.stepA = stepA;
    this.#values = Float64Array.from({ length: KNOWN_STEPS }, (_, steps) => this.#compute(steps));
  }

  floor(currentA: number): number {
    return this.#at(Math.floor(currentA / this.stepA + STEP_TOLERANCE));
  }

  /** The next value above. */
  next(currentA: number): number {
    return this.#at(Math.floor(currentA / this.stepA + STEP_TOLERANCE) + 1);
  }

  #at(steps: number): number {
    return steps < KNOWN_STEPS ? this.#values[steps]! : this.#compute(steps);
  }

  #compute(steps: number): number {
    return Math.round(steps * this.stepA * 1e9) / 1e9;
  }
}

/** Everybody asks with the same step, as a rule. */
let lastGrid = new Grid(0.1);

function gridOf(stepA: number): Grid {
  if (lastGrid.stepA !== stepA) lastGrid = new Grid(stepA);
  return lastGrid;
}

/**
 * Rows only fill up, so who is refused by a row stays refused; who is refused by an imbalance limit may gain later,
 * when another phase has risen.
 */
function handOut(draft: Draft, order: Uint32Array, grid: Grid): void {
  const { rowLoads, currentA, binding } = draft;
  const { cars, rows } = rowLoads.problem;
  const isImbalance = (row: number): boolean => row >= rows.firstImbalanceRow && row < rows.pvRow;
  let waiting = order;
  for (let gained = true; gained; ) {
    gained = false;
    let kept = 0;
    for (let i = 0; i < waiting.length; i++) {
      const car = waiting[i]!;
      const nextA = grid.next(currentA[car]!);
      if (nextA > cars.maxA[car]! + TOLERANCE_A) {
        binding[car] = BINDING.max;
        continue;
      }
      const row = rowLoads.blockedBy(car, nextA - currentA[car]!, binding[car]!);
      if (row < 0) {
        rowLoads.add(car, nextA - currentA[car]!);
        currentA[car] = nextA;
        gained = true;
      } else if (isImbalance(binding[car]!)) binding[car] = row;
      if (row < 0 || isImbalance(row)) waiting[kept++] = car;
    }
    waiting = waiting.subarray(0, kept);
  }
}
