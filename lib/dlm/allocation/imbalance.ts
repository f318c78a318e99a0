import { type AllocationLedger, TOLERANCE_A } from "./allocation-ledger.ts";
import type { Draft } from "./draft.ts";
import type { Filler } from "./fill.ts";
import { rowsOf } from "./incidence.ts";

/** Half-open range of connectors of one priority class. */
export interface ClassRange {
  readonly first: number;
  readonly last: number;
}

/** The largest current on the charger's grid that is not above the given one, nor below its minimum. */
type FloorTo = (car: number, currentA: number) => number;

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
function tightenBounds(ledger: AllocationLedger): boolean {
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
  ledger: AllocationLedger,
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
 */
export function trimImbalance(draft: Draft, floorTo: FloorTo): void {
  const { ledger } = draft;
  const { tree } = ledger.problem;
  for (let changed = true; changed; ) {
    changed = false;
    eachImbalanceRow(ledger, (row, zone, phase, leastA) => {
      const excessA = ledger.unbalancedA(zone, phase) - leastA - tree.zones[zone]!.imbalanceA!;
      if (excessA > TOLERANCE_A && lower(draft, row, excessA, floorTo)) changed = true;
    });
  }
}

/** Takes an excess from the cars on a row; false when all are at their minimum already. */
function lower(draft: Draft, row: number, excessA: number, floorTo: FloorTo): boolean {
  const { ledger, currentA, binding } = draft;
  const { minA } = ledger.problem.cars;
  const members = carsAboveMinimum(draft, row);
  const spareA = members.reduce((sum, car) => sum + currentA[car]! - minA[car]!, 0);
  const share = Math.min(1, excessA / spareA);
  for (const car of members) {
    // At least the tolerance, so that a share too small to count still costs a step and the trimming ends.
    const loweredA = floorTo(car, currentA[car]! - Math.max(TOLERANCE_A, share * (currentA[car]! - minA[car]!)));
    ledger.add(car, loweredA - currentA[car]!);
    currentA[car] = loweredA;
    binding[car] = row;
  }
  return members.length > 0;
}

function carsAboveMinimum(draft: Draft, row: number): number[] {
  const { ledger, currentA } = draft;
  const found: number[] = [];
  for (let car = 0; car < currentA.length; car++) {
    const isAbove = currentA[car]! > ledger.problem.cars.minA[car]!;
    if (isAbove && rowsOf(ledger.incidence, car).includes(row)) found.push(car);
  }
  return found;
}
