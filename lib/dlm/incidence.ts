import { type Cars, PV_MODE, ROLE } from "./cars.ts";
import type { Rows } from "./rows.ts";
import type { ZoneTree } from "./tree.ts";

/** The rows of each connector, as compressed lists: those of connector c are at `start[c]` … `start[c + 1] − 1`. */
export interface Incidence {
  readonly start: Int32Array;
  readonly row: Int32Array;
  readonly coefficient: Uint8Array;
}

/** Number of phases in a mask of phases. */
const BITS = [0, 1, 1, 2, 1, 2, 2, 3];

/**
 * Collects the rows of all connectors, each one's own zone first, the root last, then the PV row (not for one that is
 * offline: the surplus is reckoned without it).
 * @param everyRow all rows of all connectors; else only those that may bind, of connectors that may be given current
 */
export function collectIncidence(tree: ZoneTree, cars: Cars, rows: Rows, everyRow: boolean): Incidence {
  const kept = everyRow ? new Uint8Array(rows.count).fill(1) : rows.mayBind;
  const collector = new Collector(tree, rows, kept, mostRows(tree, cars, rows, kept));
  const start = new Int32Array(cars.count + 1);
  for (let car = 0; car < cars.count; car++) {
    const role = cars.role[car]!;
    if (everyRow || role <= ROLE.idle) {
      collector.add(tree.home[car]!, cars.phaseMask[car]!, cars.phaseCount[car]!);
      if (cars.pvMode[car] !== PV_MODE.none && role !== ROLE.offline) collector.addPv(cars.phaseCount[car]!);
    }
    start[car + 1] = collector.end;
  }
  const { row, coefficient, end } = collector;
  return { start, row: row.subarray(0, end), coefficient: coefficient.subarray(0, end) };
}

/**
 * Writes lists of rows one after the other. What lies above a connector's own zone is the same for all who hang there on
 * the same phases: it is walked once and copied afterwards.
 */
class Collector {
  readonly row: Int32Array;
  readonly coefficient: Uint8Array;
  end = 0;
  readonly #tree: ZoneTree;
  readonly #rows: Rows;
  readonly #kept: Uint8Array;
  /** Where the list of a zone and mask of phases was written first, and its length; -1 = not yet. */
  readonly #known: Int32Array;
  readonly #length: Int32Array;

  constructor(tree: ZoneTree, rows: Rows, kept: Uint8Array, size: number) {
    this.row = new Int32Array(size);
    this.coefficient = new Uint8Array(size);
    this.#tree = tree;
    this.#rows = rows;
    this.#kept = kept;
    this.#known = new Int32Array(8 * tree.zones.length).fill(-1);
    this.#length = new Int32Array(8 * tree.zones.length);
  }

  add(home: number, mask: number, phaseCount: number): void {
    this.#addZone(home, mask, phaseCount);
    const above = this.#tree.parent[home]!;
    if (above < 0) return;
    const key = 8 * above + mask;
    const shared = BITS[mask] === phaseCount;
    if (shared && this.#known[key]! >= 0) {
      this.#copy(this.#known[key]!, this.#length[key]!);
      return;
    }
    const first = this.end;
    for (let zone = above; zone >= 0; zone = this.#tree.parent[zone]!) this.#addZone(zone, mask, phaseCount);
    if (!shared) return;
    this.#known[key] = first;
    this.#length[key] = this.end - first;
  }

  addPv(phaseCount: number): void {
    this.#addRow(this.#rows.pvRow, phaseCount);
  }

  #copy(from: number, length: number): void {
    const { row, coefficient, end } = this;
    for (let i = 0; i < length; i++) {
      row[end + i] = row[from + i]!;
      coefficient[end + i] = coefficient[from + i]!;
    }
    this.end = end + length;
  }

  #addZone(zone: number, mask: number, phaseCount: number): void {
    const { imbalanceRow, maxPowerRow, gridPowerRow } = this.#rows;
    this.#addPhases(3 * zone, mask);
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
    this.row[this.end] = row;
    this.coefficient[this.end++] = coefficient;
  }
}

/** An upper bound of the number of rows of all connectors together. */
function mostRows(tree: ZoneTree, cars: Cars, rows: Rows, kept: Uint8Array): number {
  const most = new Int32Array(tree.zones.length);
  for (let zone = most.length - 1; zone >= 0; zone--) {
    const parent = tree.parent[zone]!;
    const phases = kept[3 * zone]! + kept[3 * zone + 1]! + kept[3 * zone + 2]!;
    const power = (rows.maxPowerRow[zone]! < 0 ? 0 : 1) + (rows.gridPowerRow[zone]! < 0 ? 0 : 1);
    most[zone] = phases + power + (rows.imbalanceRow[zone]! < 0 ? 0 : 3) + (parent < 0 ? 1 : most[parent]!);
  }
  let size = 0;
  for (let car = 0; car < cars.count; car++) size += most[tree.home[car]!]!;
  return size;
}
