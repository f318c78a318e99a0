import type { ZoneTree } from "../topology/tree.ts";
import { type Cars, PV_MODE, ROLE } from "./cars.ts";
import type { RowLayout } from "./row-layout.ts";

/**
 * The rows that a connector loads, from its own zone to the root; the PV row is the last (not for one that is offline: the
 * surplus is reckoned without it).
 * @param kept rows marked 0 are left out; null = all rows
 */
export function rowsOf(
  car: number,
  tree: ZoneTree,
  cars: Cars,
  layout: RowLayout,
  kept: Uint8Array | null = null,
): number[] {
  const mask = cars.phaseMask[car]!;
  const fallsBack = cars.aloneA[car] === 0;
  const rows: number[] = [];
  for (let zone = tree.home[car]!; zone >= 0; zone = tree.parent[zone]!) {
    addPhases(rows, 3 * zone, mask, kept);
    if (fallsBack) addPhases(rows, layout.aloneRow[zone]!, mask, kept);
    if (fallsBack) add(rows, layout.alonePowerRow[zone]!, kept);
    // A car on all phases changes nothing in their balance.
    if (mask !== 7) addPhases(rows, layout.imbalanceRow[zone]!, mask, kept);
    add(rows, layout.maxPowerRow[zone]!, kept);
    add(rows, layout.gridPowerRow[zone]!, kept);
  }
  if (cars.pvMode[car] !== PV_MODE.none && cars.role[car] !== ROLE.offline) add(rows, layout.pvRow, kept);
  return rows;
}

function addPhases(rows: number[], first: number, mask: number, kept: Uint8Array | null): void {
  if (first < 0) return;
  for (let phase = 0; phase < 3; phase++) if (((mask >> phase) & 1) === 1) add(rows, first + phase, kept);
}

function add(rows: number[], row: number, kept: Uint8Array | null): void {
  if (row >= 0 && kept?.[row] !== 0) rows.push(row);
}

/** How often the current of a connector counts in a row. */
export function coefficientOf(row: number, phaseCount: number, { isPower }: RowLayout): number {
  return isPower[row] === 1 ? phaseCount : 1;
}

/** Adds a current, A per phase, to rows of a connector; a negative one takes it back. */
export function addLoad(
  loadA: Float64Array,
  rows: readonly number[],
  currentA: number,
  phaseCount: number,
  layout: RowLayout,
): void {
  for (const row of rows) loadA[row]! += coefficientOf(row, phaseCount, layout) * currentA;
}
