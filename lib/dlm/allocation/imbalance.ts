import type { ClassRange } from "./cars.ts";
import type { Draft } from "./draft.ts";
import { Filler } from "./fill.ts";
import { listAt } from "./row-lists.ts";
import { type RowLoads, TOLERANCE_A } from "./row-loads.ts";

/** The largest current on the charger's grid that is not above the given one, nor below its minimum. */
type FloorTo = (car: number, currentA: number) => number;

const MOST_ROUNDS = 12;

/**
 * Fills class by class. An imbalance limit is no row of its own, as its bound moves with the least loaded phase, so
 * the fill is repeated: each round bounds the unbalanced current of every phase by what the least loaded phase of the
 * last round allows, until the bounds stand still. What a last round still leaves too high is for `trimImbalance`.
 */
export function fillBalanced(draft: Draft, classes: readonly ClassRange[]): void {
  const { rowLoads, currentA } = draft;
  const floors = { loadA: rowLoads.loadA.slice(), currentA: currentA.slice() };
  const filler = new Filler(draft);
  for (let round = 0; ; round++) {
    filler.fill(classes);
    if (round === MOST_ROUNDS || !tightenBounds(rowLoads)) return;
    rowLoads.loadA.set(floors.loadA);
    currentA.set(floors.currentA);
  }
}

/** Bounds the imbalance rows by the present loads; tells whether a bound moved that matters. */
function tightenBounds(rowLoads: RowLoads): boolean {
  let moved = false;
  eachImbalanceRow(rowLoads, (row, zone, phase, leastA) => {
    const { tree, backgroundA } = rowLoads.problem;
    const boundA = leastA + tree.zones[zone]!.imbalanceA! - backgroundA[3 * zone + phase]!;
    const before = rowLoads.capacityA[row]!;
    const matters = Math.min(before, boundA) <= rowLoads.loadA[row]! + TOLERANCE_A;
    if (matters && Math.abs(before - boundA) > TOLERANCE_A) moved = true;
    rowLoads.capacityA[row] = boundA;
  });
  return moved;
}

/**
 * Visits the rows with unbalanced cars, telling the load of the zone's least loaded phase, background and unbalanced
 * cars together.
 */
function eachImbalanceRow(
  rowLoads: RowLoads,
  visit: (row: number, zone: number, phase: number, leastA: number) => void,
): void {
  const { rows } = rowLoads.problem;
  for (let first = rows.firstImbalanceRow; first < rows.pvRow; first += 3) {
    const zone = rows.zone[first]!;
    const leastA = Math.min(
      rowLoads.unbalancedA(zone, 0),
      rowLoads.unbalancedA(zone, 1),
      rowLoads.unbalancedA(zone, 2),
    );
    for (let phase = 0; phase < 3; phase++) visit(first + phase, zone, phase, leastA);
  }
}

/**
 * Lowers unbalanced cars, each in proportion to what it has above its minimum and down to a step of the grid, until
 * no phase exceeds its imbalance limit. It ends because currents only fall and the minimums are balanced.
 */
export function trimImbalance(draft: Draft, floorTo: FloorTo): void {
  const { rowLoads } = draft;
  const { tree } = rowLoads.problem;
  for (let changed = true; changed; ) {
    changed = false;
    eachImbalanceRow(rowLoads, (row, zone, phase, leastA) => {
      const excessA = rowLoads.unbalancedA(zone, phase) - leastA - tree.zones[zone]!.imbalanceA!;
      if (excessA > TOLERANCE_A && lower(draft, row, excessA, floorTo)) changed = true;
    });
  }
}

/** Takes an excess from the cars on a row; false when all are at their minimum already. */
function lower(draft: Draft, row: number, excessA: number, floorTo: FloorTo): boolean {
  const { rowLoads, currentA, binding } = draft;
  const { minA } = rowLoads.problem.cars;
  const members = carsAboveMinimum(draft, row);
  const spareA = members.reduce((sum, car) => sum + currentA[car]! - minA[car]!, 0);
  const share = Math.min(1, excessA / spareA);
  for (const car of members) {
    // At least the tolerance, so that a share too small to count still costs a step and the trimming ends.
    const loweredA = floorTo(car, currentA[car]! - Math.max(TOLERANCE_A, share * (currentA[car]! - minA[car]!)));
    rowLoads.add(car, loweredA - currentA[car]!);
    currentA[car] = loweredA;
    binding[car] = row;
  }
  return members.length > 0;
}

function carsAboveMinimum(draft: Draft, row: number): number[] {
  const { rowLoads, currentA } = draft;
  const { cars, rows } = rowLoads.problem;
  const found: number[] = [];
  for (let car = 0; car < currentA.length; car++) {
    const isAbove = currentA[car]! > cars.minA[car]!;
    if (isAbove && listAt(rows.ofConnector, car).includes(row)) found.push(car);
  }
  return found;
}
