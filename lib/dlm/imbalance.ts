import type { Draft } from "./draft.ts";
import type { Filler } from "./fill.ts";
import { type Ledger, TOLERANCE_A } from "./ledger.ts";

/** Half-open range of connectors of one priority class. */
export interface ClassRange {
  readonly first: number;
  readonly last: number;
}

const MOST_ROUNDS = 12;

/**
 * Fills class by class. An imbalance limit is no row of its own, as its bound moves with the least loaded phase, so
 * the fill is repeated: each round bounds the unbalanced current of every phase by what the least loaded phase of the
 * last round allows, until the bounds stand still. What a last round still leaves too high is for `trimImbalance`.
 */
export function fillBalanced(draft: Draft, filler: Filler, classes: readonly ClassRange[]): void {
  const { ledger, currentA } = draft;
  const floors = { loadA: ledger.loadA.slice(), currentA: currentA.slice() };
  for (let round = 0; ; round++) {
    for (const { first, last } of classes) filler.fill(first, last);
    if (round === MOST_ROUNDS || !tightenBounds(ledger)) return;
    ledger.loadA.set(floors.loadA);
    currentA.set(floors.currentA);
  }
}

/** Bounds the imbalance rows by the present loads; tells whether a bound moved that matters. */
function tightenBounds(ledger: Ledger): boolean {
  let moved = false;
  eachImbalanceRow(ledger, (row, zone, phase, leastA) => {
    const { tree, backgroundA } = ledger.problem;
    const boundA = leastA + tree.zones[zone]!.imbalanceA! - backgroundA[3 * zone + phase]!;
    const before = ledger.capacityA[row]!;
    const matters = Math.min(before, boundA) <= ledger.loadA[row]! + TOLERANCE_A;
    if (matters && Math.abs(before - boundA) > TOLERANCE_A) moved = true;
    ledger.capacityA[row] = boundA;
  });
  return moved;
}

/**
 * Visits the rows with unbalanced cars, telling the load of the zone's least loaded phase, background and unbalanced
 * cars together.
 */
function eachImbalanceRow(
  ledger: Ledger,
  visit: (row: number, zone: number, phase: number, leastA: number) => void,
): void {
  const { rows } = ledger.problem;
  for (let first = rows.firstImbalanceRow; first < rows.pvRow; first += 3) {
    const zone = rows.zone[first]!;
    const leastA = Math.min(ledger.unbalancedA(zone, 0), ledger.unbalancedA(zone, 1), ledger.unbalancedA(zone, 2));
    for (let phase = 0; phase < 3; phase++) visit(first + phase, zone, phase, leastA);
  }
}

/**
 * Lowers unbalanced cars, each in proportion to what it has above its minimum and down to a step of the grid, until
 * no phase exceeds its imbalance limit. It ends because currents only fall and the minimums are balanced.
 * @param floorTo the largest current on the charger's grid that is not above the given one
 */
export function trimImbalance(draft: Draft, floorTo: (car: number, currentA: number) => number): void {
  const { ledger } = draft;
  const { tree, cars } = ledger.problem;
  for (let changed = true; changed; ) {
    changed = false;
    eachImbalanceRow(ledger, (row, zone, phase, leastA) => {
      const excessA = ledger.unbalancedA(zone, phase) - leastA - tree.zones[zone]!.imbalanceA!;
      if (excessA > TOLERANCE_A && lower(draft, carsOn(ledger, row), row, excessA, floorTo)) changed = true;
    });
  }

  function carsOn(on: Ledger, row: number): number[] {
    const { start, row: rowOf } = on.incidence;
    const found: number[] = [];
    for (let car = 0; car < cars.count; car++) {
      if (draft.currentA[car]! <= cars.minA[car]!) continue;
      if (rowOf.subarray(start[car]!, start[car + 1]!).includes(row)) found.push(car);
    }
    return found;
  }
}

function lower(
  draft: Draft,
  members: readonly number[],
  row: number,
  excessA: number,
  floorTo: (car: number, currentA: number) => number,
): boolean {
  const { ledger, currentA, binding } = draft;
  const { minA } = ledger.problem.cars;
  const spareA = members.reduce((sum, car) => sum + currentA[car]! - minA[car]!, 0);
  const share = Math.min(1, excessA / spareA);
  for (const car of members) {
    const loweredA = floorTo(car, currentA[car]! - share * (currentA[car]! - minA[car]!));
    ledger.add(car, loweredA - currentA[car]!);
    currentA[car] = loweredA;
    binding[car] = row;
  }
  return members.length > 0;
}
