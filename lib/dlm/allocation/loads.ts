import type { ZoneTree } from "../topology/tree.ts";
import { sumUpwards } from "./background.ts";
import { type Cars, PV_MODE, ROLE } from "./cars.ts";
import type { RowLayout } from "./row-layout.ts";

/** The load that currents make on every row: each connector's on its own zone, then summed up from zone to zone. */
export function loadsOf(currentA: Float64Array, tree: ZoneTree, cars: Cars, layout: RowLayout): Float64Array {
  const loadA = new Float64Array(layout.count);
  const { pvRow } = layout;
  for (let car = 0; car < cars.count; car++) {
    const carA = currentA[car]!;
    if (carA === 0) continue;
    addPhases(loadA, 3 * tree.home[car]!, cars.phaseMask[car]!, carA);
    if (cars.pvMode[car] === PV_MODE.none || cars.role[car] === ROLE.offline) continue;
    loadA[pvRow]! += cars.phaseCount[car]! * carA;
  }
  sumUpwards(tree, loadA);
  if (layout.aloneRow.some((row) => row >= 0)) addFallingBack(loadA, currentA, tree, cars, layout);
  if (layout.firstImbalanceRow > 3 * tree.zones.length) addPowers(loadA, currentA, tree, cars, layout);
  if (pvRow > layout.firstImbalanceRow) addUnbalanced(loadA, currentA, tree, cars, layout);
  return loadA;
}

function addPhases(loadA: Float64Array, first: number, mask: number, carA: number): void {
  if ((mask & 1) !== 0) loadA[first]! += carA;
  if ((mask & 2) !== 0) loadA[first + 1]! += carA;
  if ((mask & 4) !== 0) loadA[first + 2]! += carA;
}

/** Rows beside connectors that do not fall back hold the others. */
function addFallingBack(
  loadA: Float64Array,
  currentA: Float64Array,
  tree: ZoneTree,
  cars: Cars,
  { aloneRow, alonePowerRow }: RowLayout,
): void {
  const sumA = new Float64Array(3 * tree.parent.length);
  const powerA = new Float64Array(tree.parent.length);
  for (let car = 0; car < cars.count; car++) {
    if (cars.aloneA[car] !== 0) continue;
    addPhases(sumA, 3 * tree.home[car]!, cars.phaseMask[car]!, currentA[car]!);
    powerA[tree.home[car]!]! += cars.phaseCount[car]! * currentA[car]!;
  }
  sumUpwards(tree, sumA);
  for (let zone = 0; zone < aloneRow.length; zone++) {
    const first = aloneRow[zone]!;
    if (first >= 0) loadA.set(sumA.subarray(3 * zone, 3 * zone + 3), first);
    if (tree.parent[zone]! >= 0) powerA[tree.parent[zone]!]! += powerA[zone]!;
    if (alonePowerRow[zone]! >= 0) loadA[alonePowerRow[zone]!] = powerA[zone]!;
  }
}

function addPowers(
  loadA: Float64Array,
  currentA: Float64Array,
  { parent, home }: ZoneTree,
  cars: Cars,
  { maxPowerRow, gridPowerRow }: RowLayout,
): void {
  const sumA = new Float64Array(parent.length);
  for (let car = 0; car < cars.count; car++) sumA[home[car]!]! += cars.phaseCount[car]! * currentA[car]!;
  for (let zone = 0; zone < parent.length; zone++) {
    if (parent[zone]! >= 0) sumA[parent[zone]!]! += sumA[zone]!;
    if (maxPowerRow[zone]! >= 0) loadA[maxPowerRow[zone]!] = sumA[zone]!;
    if (gridPowerRow[zone]! >= 0) loadA[gridPowerRow[zone]!] = sumA[zone]!;
  }
}

function addUnbalanced(
  loadA: Float64Array,
  currentA: Float64Array,
  tree: ZoneTree,
  cars: Cars,
  { imbalanceRow }: RowLayout,
): void {
  const sumA = new Float64Array(3 * tree.parent.length);
  for (let car = 0; car < cars.count; car++) {
    const mask = cars.phaseMask[car]!;
    if (mask !== 7) addPhases(sumA, 3 * tree.home[car]!, mask, currentA[car]!);
  }
  sumUpwards(tree, sumA);
  for (let zone = 0; zone < imbalanceRow.length; zone++) {
    const first = imbalanceRow[zone]!;
    if (first >= 0) loadA.set(sumA.subarray(3 * zone, 3 * zone + 3), first);
  }
}
