import type { ZoneTree } from "../topology/tree.ts";
import type { AllocationConfig, Reason, Zone } from "../types.ts";
import { type Background, onPhase } from "./background.ts";
import { type Cars, ROLE } from "./cars.ts";
import { loadsOf } from "./loads.ts";
import type { RowLayout } from "./row-layout.ts";

/** The rows of a problem: what stands on the right of each, and what of it is spoken for. */
export interface LimitRows extends RowLayout {
  /** Infinite in imbalance rows: their bound follows the least loaded phase. */
  readonly capacityA: Float64Array;
  /** Load that no decision changes: offline and uncontrollable connectors. */
  readonly reservedA: Float64Array;
  /** 0 where the row cannot be exceeded while the other rows hold and no connector exceeds its maximum. */
  readonly mayBind: Uint8Array;
  /** 1 where a limit from outside, not the breaker, sets the capacity of a zone's phase. */
  readonly gridBound: Uint8Array;
}

/** Builds all rows. `surplusW` is what pv and minpv connectors may draw in sum. */
export function buildRows(
  tree: ZoneTree,
  cars: Cars,
  background: Background,
  config: AllocationConfig,
  surplusW: number,
): LimitRows {
  const layout = layOut(tree.zones, zonesWithAlone(tree, cars));
  const capacityA = new Float64Array(layout.count).fill(Number.POSITIVE_INFINITY);
  const gridBound = new Uint8Array(3 * tree.zones.length);
  for (let zone = 0; zone < tree.zones.length; zone++) {
    const given = tree.zones[zone]!;
    for (let phase = 0; phase < 3; phase++) {
      setPhaseCapacity(given, phase, background.loadA[3 * zone + phase]!, 3 * zone + phase, capacityA, gridBound);
    }
    setPowerCapacities(given, zone, layout, background.loadA, config.voltageV, capacityA);
  }
  capacityA[layout.pvRow] = Math.max(0, surplusW / config.voltageV);
  const reservedA = loadsOf(cars.reservedA, tree, cars, layout);
  setAlone(tree, cars, layout, capacityA, reservedA);
  const mayBind = findBinding(tree, cars, capacityA, reservedA);
  dropShadowed(tree, cars, capacityA, reservedA, mayBind);
  return { ...layout, capacityA, gridBound, reservedA, mayBind };
}

/** Zones above a connector that does not fall back by itself; null = there are none. */
function zonesWithAlone({ parent, home }: ZoneTree, { aloneA, count }: Cars): Uint8Array | null {
  let found: Uint8Array | null = null;
  for (let car = 0; car < count; car++) {
    if (aloneA[car] === 0) continue;
    found ??= new Uint8Array(parent.length);
    for (let zone = home[car]!; zone >= 0 && found[zone] === 0; zone = parent[zone]!) found[zone] = 1;
  }
  return found;
}

/** Those that do not fall back stand in these rows with what they take alone, or have reserved where that is more. */
function setAlone(tree: ZoneTree, cars: Cars, layout: RowLayout, capacityA: Float64Array, loadA: Float64Array): void {
  const { aloneRow, alonePowerRow } = layout;
  for (let car = 0; car < cars.count; car++) {
    if (cars.aloneA[car] === 0) continue;
    const takenA = Math.max(cars.aloneA[car]!, cars.reservedA[car]!);
    const mask = cars.phaseMask[car]!;
    for (let zone = tree.home[car]!; zone >= 0; zone = tree.parent[zone]!) {
      for (let phase = 0; phase < 3; phase++)
        if (((mask >> phase) & 1) === 1) loadA[aloneRow[zone]! + phase]! += takenA;
      if (alonePowerRow[zone]! >= 0) loadA[alonePowerRow[zone]!]! += cars.phaseCount[car]! * takenA;
    }
  }
  for (let zone = 0; zone < aloneRow.length; zone++) {
    if (aloneRow[zone]! < 0) continue;
    for (let phase = 0; phase < 3; phase++) capacityA[aloneRow[zone]! + phase] = capacityA[3 * zone + phase]!;
    if (alonePowerRow[zone]! >= 0) capacityA[alonePowerRow[zone]!] = powerCapacityA({ ...layout, capacityA }, zone);
  }
}

/** The least limit on the power of a zone, as a sum of currents over the phases beside its background; infinite where there is none. */
export function powerCapacityA(
  { maxPowerRow, gridPowerRow, capacityA }: Pick<LimitRows, "maxPowerRow" | "gridPowerRow" | "capacityA">,
  zone: number,
): number {
  const most = maxPowerRow[zone]!;
  const grid = gridPowerRow[zone]!;
  const mostA = most < 0 ? Number.POSITIVE_INFINITY : capacityA[most]!;
  return grid < 0 ? mostA : Math.min(mostA, capacityA[grid]!);
}

function layOut(zones: readonly Zone[], withAlone: Uint8Array | null): RowLayout {
  let count = 3 * zones.length;
  const assign = (rowsEach: number, wanted: (zone: Zone, number: number) => boolean): Int32Array => {
    const firstRow = new Int32Array(zones.length).fill(-1);
    for (let zone = 0; zone < zones.length; zone++) {
      if (!wanted(zones[zone]!, zone)) continue;
      firstRow[zone] = count;
      count += rowsEach;
    }
    return firstRow;
  };
  const maxPowerRow = assign(1, (zone) => zone.maxPowerW !== undefined);
  const gridPowerRow = assign(1, (zone) => zone.gridLimit?.powerW !== undefined);
  const aloneRow = assign(3, (_, zone) => withAlone !== null && withAlone[zone] === 1);
  const limitsPower = (zone: Zone) => zone.maxPowerW !== undefined || zone.gridLimit?.powerW !== undefined;
  const alonePowerRow = assign(1, (zone, number) => aloneRow[number]! >= 0 && limitsPower(zone));
  const firstImbalanceRow = count;
  const imbalanceRow = assign(3, (zone) => zone.imbalanceA !== undefined);
  const pvRow = count;
  const zoneOf = new Int32Array(pvRow);
  for (let zone = 0; zone < zones.length; zone++) {
    zoneOf.fill(zone, 3 * zone, 3 * zone + 3);
    if (maxPowerRow[zone]! >= 0) zoneOf[maxPowerRow[zone]!] = zone;
    if (gridPowerRow[zone]! >= 0) zoneOf[gridPowerRow[zone]!] = zone;
    if (aloneRow[zone]! >= 0) zoneOf.fill(zone, aloneRow[zone], aloneRow[zone]! + 3);
    if (alonePowerRow[zone]! >= 0) zoneOf[alonePowerRow[zone]!] = zone;
    if (imbalanceRow[zone]! >= 0) zoneOf.fill(zone, imbalanceRow[zone], imbalanceRow[zone]! + 3);
  }
  return {
    count: pvRow + 1,
    maxPowerRow,
    gridPowerRow,
    imbalanceRow,
    aloneRow,
    alonePowerRow,
    firstImbalanceRow,
    pvRow,
    zone: zoneOf,
  };
}

function setPhaseCapacity(
  zone: Zone,
  phase: number,
  backgroundA: number,
  row: number,
  capacityA: Float64Array,
  gridBound: Uint8Array,
): void {
  let limitA = onPhase(zone.limitA, phase);
  if (zone.operatorLimitA !== undefined) limitA = Math.min(limitA, onPhase(zone.operatorLimitA, phase));
  const takenA = onPhase(zone.headroomA, phase) + backgroundA;
  const breakerA = limitA - takenA;
  const grid = zone.gridLimit;
  const gridA = grid?.currentA === undefined ? breakerA : grid.currentA - (grid.scope === "total" ? takenA : 0);
  capacityA[row] = Math.max(0, Math.min(breakerA, gridA));
  gridBound[row] = gridA < breakerA ? 1 : 0;
}

function setPowerCapacities(
  zone: Zone,
  index: number,
  layout: RowLayout,
  backgroundA: Float64Array,
  voltageV: number,
  capacityA: Float64Array,
): void {
  const totalA = backgroundA[3 * index]! + backgroundA[3 * index + 1]! + backgroundA[3 * index + 2]!;
  if (zone.maxPowerW !== undefined) {
    capacityA[layout.maxPowerRow[index]!] = Math.max(0, zone.maxPowerW / voltageV - totalA);
  }
  const grid = zone.gridLimit;
  if (grid?.powerW !== undefined) {
    const allowedA = (grid.powerW + (grid.creditW ?? 0)) / voltageV;
    capacityA[layout.gridPowerRow[index]!] = Math.max(0, allowedA - (grid.scope === "total" ? totalA : 0));
  }
}

/** More than the tolerances of the rows below can add up to, A. */
const SURE_MARGIN_A = 0.01;

/**
 * A zone's phase is out of question if what its connectors can draw at their maximums, as far as the zones below let
 * them, fits it with a margin. Only the phases of zones are tested; the other rows are few.
 */
function findBinding(tree: ZoneTree, cars: Cars, capacityA: Float64Array, reservedA: Float64Array): Uint8Array {
  const mostA = new Float64Array(3 * tree.zones.length);
  for (let car = 0; car < cars.count; car++) {
    const mask = cars.phaseMask[car]!;
    const first = 3 * tree.home[car]!;
    const maxA = cars.role[car]! > ROLE.idle ? cars.reservedA[car]! : cars.maxA[car]!;
    if ((mask & 1) !== 0) mostA[first]! += maxA;
    if ((mask & 2) !== 0) mostA[first + 1]! += maxA;
    if ((mask & 4) !== 0) mostA[first + 2]! += maxA;
  }
  const mayBind = new Uint8Array(capacityA.length).fill(1);
  for (let zone = 0; zone < tree.parent.length; zone++) {
    const parent = tree.parent[zone]!;
    for (let phase = 0; phase < 3; phase++) {
      const row = 3 * zone + phase;
      if (mostA[row]! + SURE_MARGIN_A <= capacityA[row]!) mayBind[row] = 0;
      if (parent >= 0) mostA[3 * parent + phase]! += Math.max(reservedA[row]!, Math.min(capacityA[row]!, mostA[row]!));
    }
  }
  return mayBind;
}

/** At 3 × p + q: the set of phase masks that have phase p but not phase q, mask m as bit m. */
const WITHOUT = Uint8Array.from({ length: 9 }, (_, pair) => {
  const [p, q] = [Math.floor(pair / 3), pair % 3];
  const masks = [0, 1, 2, 3, 4, 5, 6, 7].filter((mask) => (mask >> p) % 2 === 1 && (mask >> q) % 2 === 0);
  return masks.reduce((set, mask) => set | (1 << mask), 0);
});

/** A phase is out of question, too, if an earlier one of its zone has no more room and all who load it load that one as well. */
function dropShadowed(
  tree: ZoneTree,
  cars: Cars,
  capacityA: Float64Array,
  reservedA: Float64Array,
  mayBind: Uint8Array,
): void {
  const masks = new Uint8Array(tree.zones.length);
  for (let car = 0; car < cars.count; car++) {
    if (cars.role[car]! <= ROLE.idle) masks[tree.home[car]!]! |= 1 << cars.phaseMask[car]!;
  }
  for (let zone = 0; zone < masks.length; zone++) {
    const parent = tree.parent[zone]!;
    if (parent >= 0) masks[parent]! |= masks[zone]!;
    for (let p = 1; p < 3; p++) {
      const row = 3 * zone + p;
      const roomA = capacityA[row]! - reservedA[row]!;
      for (let q = 0; q < p; q++) {
        const other = 3 * zone + q;
        const isShadowed = (masks[zone]! & WITHOUT[3 * p + q]!) === 0;
        if (isShadowed && capacityA[other]! - reservedA[other]! <= roomA) mayBind[row] = 0;
      }
    }
  }
}

/** The reason that names a row. */
export function rowReason({ rows, tree }: { rows: LimitRows; tree: ZoneTree }, row: number): Reason {
  if (row === rows.pvRow) return { code: "PV" };
  const zone = rows.zone[row]!;
  const { id } = tree.zones[zone]!;
  if (row >= rows.firstImbalanceRow) {
    return { code: "IMBALANCE", zone: id, phase: phaseNumber(row - rows.imbalanceRow[zone]!) };
  }
  const phase = phaseOf(rows, zone, row);
  if (phase >= 0) {
    return { code: rows.gridBound[3 * zone + phase] === 1 ? "GRID" : "ZONE", zone: id, phase: phaseNumber(phase) };
  }
  return { code: isGridPower(rows, zone, row) ? "GRID" : "POWER", zone: id };
}

/** Phase (0..2) of a row, of the zone itself or beside connectors that do not fall back; -1 = it is a power. */
function phaseOf({ aloneRow }: LimitRows, zone: number, row: number): number {
  for (const first of [3 * zone, aloneRow[zone]!])
    if (first >= 0 && row >= first && row < first + 3) return row - first;
  return -1;
}

/** A limit from outside sets the capacity of this power row. */
function isGridPower(
  { maxPowerRow, gridPowerRow, alonePowerRow, capacityA }: LimitRows,
  zone: number,
  row: number,
): boolean {
  const grid = gridPowerRow[zone]!;
  if (grid < 0 || row !== alonePowerRow[zone]) return row === grid;
  const most = maxPowerRow[zone]!;
  return most < 0 || capacityA[grid]! < capacityA[most]!;
}

/** So many reasons name one zone. */
export const REASONS_PER_ZONE = 11;

/** Number of the reason that names a row: the same for the same zones, however they are ordered. Not for the PV row. */
export function rowReasonNumber({ rows, tree }: { rows: LimitRows; tree: ZoneTree }, row: number): number {
  const zone = rows.zone[row]!;
  const first = REASONS_PER_ZONE * tree.number[zone]!;
  if (row >= rows.firstImbalanceRow) return first + 8 + row - rows.imbalanceRow[zone]!;
  const phase = phaseOf(rows, zone, row);
  if (phase >= 0) return first + 3 * rows.gridBound[3 * zone + phase]! + phase;
  return first + (isGridPower(rows, zone, row) ? 7 : 6);
}

function phaseNumber(phase: number): 1 | 2 | 3 {
  return phase === 0 ? 1 : phase === 1 ? 2 : 3;
}
