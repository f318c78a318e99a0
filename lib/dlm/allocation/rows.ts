import type { ZoneTree } from "../topology/tree.ts";
import type { AllocationConfig, Reason, Zone } from "../types.ts";
import { type Background, onPhase } from "./background.ts";
import { findBinding } from "./binding-rows.ts";
import type { Cars } from "./cars.ts";
import { isImbalanceRow, type RowLayout } from "./row-layout.ts";
import { bindingRows, ConnectorRows, type Lists } from "./row-lists.ts";

/** The rows of a problem: what stands on the right of each, and what of it is spoken for. */
export interface LimitRows extends RowLayout {
  /** Infinite in imbalance rows: their bound follows the least loaded phase. */
  readonly capacityA: Float64Array;
  /** Load that no decision changes: offline and uncontrollable connectors. */
  readonly reservedA: Float64Array;
  /** The rows that each connector loads and that may bind, from its own zone to the root; none for one that gets nothing. */
  readonly ofConnector: Lists;
  /** 1 where a limit from outside, not the breaker, sets the capacity of a zone's phase. */
  readonly gridBound: Uint8Array;
}

/** Builds all rows, and finds those of each connector. `surplusW` is what pv and minpv connectors may draw in sum. */
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
  const reservedA = reservations(tree, cars, layout);
  setAlone(tree, cars, layout, capacityA, reservedA);
  const mayBind = findBinding(tree, cars, capacityA, reservedA);
  const ofConnector = bindingRows(tree, cars, layout, mayBind);
  return { ...layout, capacityA, gridBound, reservedA, ofConnector };
}

/** What offline and uncontrollable connectors load every row with. */
function reservations(tree: ZoneTree, cars: Cars, layout: RowLayout): Float64Array {
  const loadA = new Float64Array(layout.count);
  const all = new Uint8Array(layout.count).fill(1);
  const rows = new ConnectorRows(tree, cars, layout, all, layout.count);
  for (let car = 0; car < cars.count; car++) {
    if (cars.reservedA[car] === 0) continue;
    rows.count = 0;
    rows.add(car);
    for (let i = 0; i < rows.count; i++) {
      const row = rows.items[i]!;
      loadA[row]! += (layout.isPower[row] === 1 ? cars.phaseCount[car]! : 1) * cars.reservedA[car]!;
    }
  }
  return loadA;
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
  const hasMore = new Uint8Array(zones.length);
  const assign = (rowsEach: number, wanted: (zone: Zone, number: number) => boolean): Int32Array => {
    const firstRow = new Int32Array(zones.length).fill(-1);
    for (let zone = 0; zone < zones.length; zone++) {
      if (!wanted(zones[zone]!, zone)) continue;
      firstRow[zone] = count;
      hasMore[zone] = 1;
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
  const isPower = new Uint8Array(pvRow + 1);
  isPower[pvRow] = 1;
  for (let zone = 0; zone < zones.length; zone++) {
    zoneOf.fill(zone, 3 * zone, 3 * zone + 3);
    if (aloneRow[zone]! >= 0) zoneOf.fill(zone, aloneRow[zone], aloneRow[zone]! + 3);
    if (imbalanceRow[zone]! >= 0) zoneOf.fill(zone, imbalanceRow[zone], imbalanceRow[zone]! + 3);
  }
  for (const rows of [maxPowerRow, gridPowerRow, alonePowerRow]) {
    for (let zone = 0; zone < zones.length; zone++) {
      const row = rows[zone]!;
      if (row < 0) continue;
      zoneOf[row] = zone;
      isPower[row] = 1;
    }
  }
  return {
    count: pvRow + 1,
    maxPowerRow,
    gridPowerRow,
    imbalanceRow,
    aloneRow,
    alonePowerRow,
    hasMore,
    firstImbalanceRow,
    pvRow,
    isPower,
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

/** The reason that names a row. */
export function rowReason({ rows, tree }: { rows: LimitRows; tree: ZoneTree }, row: number): Reason {
  if (row === rows.pvRow) return { code: "PV" };
  const zone = rows.zone[row]!;
  const { id } = tree.zones[zone]!;
  if (isImbalanceRow(rows, row)) {
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

function phaseNumber(phase: number): 1 | 2 | 3 {
  return phase === 0 ? 1 : phase === 1 ? 2 : 3;
}
