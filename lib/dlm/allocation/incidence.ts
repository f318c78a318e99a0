import type { ZoneTree } from "../topology/tree.ts";
import { type Cars, PV_MODE, ROLE } from "./cars.ts";
import type { LimitRows } from "./rows.ts";
import { bytes, integers } from "./scratch.ts";

/**
 * The rows of each connector. Connectors wired alike share one list: that of connector c is number `list[c]`, and the rows of
 * list l are at `start[l]` … `end[l] − 1`. List 0 is empty.
 */
export interface Incidence {
  readonly list: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly row: Int32Array;
  readonly coefficient: Uint8Array;
}

/** The rows of one connector. */
export function rowsOf({ list, start, end, row }: Incidence, car: number): Int32Array {
  return row.subarray(start[list[car]!], end[list[car]!]);
}

/** Number of phases in a mask of phases. */
const BITS = [0, 1, 1, 2, 1, 2, 2, 3];

/**
 * Collects the rows of all connectors, each one's own zone first, the root last, then the PV row (not for one that is
 * offline: the surplus is reckoned without it).
 * @param everyRow all rows of all connectors; else only those that may bind, of connectors that may be given current
 */
export function collectIncidence(tree: ZoneTree, cars: Cars, rows: LimitRows, everyRow: boolean): Incidence {
  const kept = everyRow ? new Uint8Array(rows.count).fill(1) : rows.mayBind;
  const collector = new Collector(tree, rows, kept, mostRows(tree, cars, rows, kept), cars.count);
  const list = new Int32Array(cars.count);
  for (let car = 0; car < cars.count; car++) {
    const role = cars.role[car]!;
    if (!everyRow && role > ROLE.idle) continue;
    const onSurplus = cars.pvMode[car] !== PV_MODE.none && role !== ROLE.offline;
    const fallsBack = cars.aloneA[car] === 0;
    list[car] = collector.listOf(tree.home[car]!, cars.phaseMask[car]!, cars.phaseCount[car]!, onSurplus, fallsBack);
  }
  return { list, ...collector.lists() };
}

const SPACE = { row: integers(), coefficient: bytes(), start: integers(), end: integers(), known: integers() };

/**
 * Writes lists of rows one after the other. The way from a zone to the root is the same for all who hang there on the same
 * phases: it is walked once, used again, and copied behind the rows of the zones below.
 */
class Collector {
  readonly #row: Int32Array;
  readonly #coefficient: Uint8Array;
  #written = 0;
  readonly #start: Int32Array;
  readonly #end: Int32Array;
  #count = 1;
  /** Number of the list of each zone and mask of phases; 0 = not written yet. */
  readonly #known: Int32Array;
  readonly #tree: ZoneTree;
  readonly #rows: LimitRows;
  readonly #kept: Uint8Array;

  constructor(tree: ZoneTree, rows: LimitRows, kept: Uint8Array, size: number, carCount: number) {
    const ways = 8 * tree.zones.length;
    this.#row = SPACE.row.take(size);
    this.#coefficient = SPACE.coefficient.take(size);
    this.#start = SPACE.start.take(1 + ways + carCount);
    this.#end = SPACE.end.take(1 + ways + carCount);
    this.#known = SPACE.known.take(ways);
    this.#tree = tree;
    this.#rows = rows;
    this.#kept = kept;
  }

  lists(): Omit<Incidence, "list"> {
    return {
      start: this.#start.slice(0, this.#count),
      end: this.#end.slice(0, this.#count),
      row: this.#row.slice(0, this.#written),
      coefficient: this.#coefficient.slice(0, this.#written),
    };
  }

  /** Number of the list of a connector. */
  listOf(home: number, mask: number, phaseCount: number, onSurplus: boolean, fallsBack: boolean): number {
    // Between two lines, or with its wiring unknown, other phases carry its power than those it loads.
    const isUsual = !onSurplus && fallsBack && BITS[mask] === phaseCount;
    if (isUsual) return this.#known[8 * home + mask]! || this.#walk(home, mask);
    this.#start[this.#count] = this.#written;
    for (let zone = home; zone >= 0; zone = this.#tree.parent[zone]!) this.#addZone(zone, mask, phaseCount, fallsBack);
    if (onSurplus) this.#addRow(this.#rows.pvRow, phaseCount);
    this.#end[this.#count] = this.#written;
    return this.#count++;
  }

  /** Writes the way from a zone to the root, and makes a list of what is left of it for every zone on it. */
  #walk(home: number, mask: number): number {
    const first = this.#count;
    let zone = home;
    for (; zone >= 0 && this.#known[8 * zone + mask] === 0; zone = this.#tree.parent[zone]!) {
      this.#known[8 * zone + mask] = this.#count;
      this.#start[this.#count++] = this.#written;
      this.#addZone(zone, mask, BITS[mask]!, true);
    }
    if (zone >= 0) this.#copy(this.#known[8 * zone + mask]!);
    for (let list = first; list < this.#count; list++) this.#end[list] = this.#written;
    return first;
  }

  #copy(list: number): void {
    for (let i = this.#start[list]!, end = this.#end[list]!; i < end; i++) {
      this.#row[this.#written] = this.#row[i]!;
      this.#coefficient[this.#written++] = this.#coefficient[i]!;
    }
  }

  #addZone(zone: number, mask: number, phaseCount: number, fallsBack: boolean): void {
    const { imbalanceRow, maxPowerRow, gridPowerRow, aloneRow, alonePowerRow } = this.#rows;
    this.#addPhases(3 * zone, mask);
    if (fallsBack && aloneRow[zone]! >= 0) this.#addPhases(aloneRow[zone]!, mask);
    if (fallsBack && alonePowerRow[zone]! >= 0) this.#addRow(alonePowerRow[zone]!, phaseCount);
    if (mask !== 7 && imbalanceRow[zone]! >= 0) this.#addPhases(imbalanceRow[zone]!, mask);
    if (maxPowerRow[zone]! >= 0) this.#addRow(maxPowerRow[zone]!, phaseCount);
    if (gridPowerRow[zone]! >= 0) this.#addRow(gridPowerRow[zone]!, phaseCount);
  }

  #addPhases(first: number, mask: number): void {
    if ((mask & 1) !== 0) this.#addRow(first, 1);
    if ((mask & 2) !== 0) this.#addRow(first + 1, 1);
    if ((mask & 4) !== 0) this.#addRow(first + 2, 1);
  }

  #addRow(row: number, coefficient: number): void {
    if (this.#kept[row] === 0) return;
    this.#row[this.#written] = row;
    this.#coefficient[this.#written++] = coefficient;
  }
}

/** An upper bound of the number of rows of all connectors together. */
function mostRows(tree: ZoneTree, cars: Cars, rows: LimitRows, kept: Uint8Array): number {
  const most = new Int32Array(tree.zones.length);
  for (let zone = most.length - 1; zone >= 0; zone--) {
    const parent = tree.parent[zone]!;
    const phases = kept[3 * zone]! + kept[3 * zone + 1]! + kept[3 * zone + 2]!;
    const power = (rows.maxPowerRow[zone]! < 0 ? 0 : 1) + (rows.gridPowerRow[zone]! < 0 ? 0 : 1);
    const alone = rows.aloneRow[zone]! < 0 ? 0 : 4;
    most[zone] = phases + power + alone + (rows.imbalanceRow[zone]! < 0 ? 0 : 3) + (parent < 0 ? 1 : most[parent]!);
  }
  let size = 0;
  for (let car = 0; car < cars.count; car++) size += most[tree.home[car]!]!;
  return size;
}
