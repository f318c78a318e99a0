import type { ZoneTree } from "../topology/tree.ts";
import { type Cars, PV_MODE, ROLE } from "./cars.ts";
import type { RowLayout } from "./row-layout.ts";

/**
 * Many lists of numbers, one behind the other in one array, which is much quicker to walk than thousands of small arrays:
 * list `i` is `items[start[i]]` … `items[start[i + 1] − 1]`.
 */
export interface Lists {
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** One of the lists. */
export function listAt({ start, items }: Lists, list: number): Int32Array {
  return items.subarray(start[list], start[list + 1]);
}

/** The rows that each connector loads and that may bind: one list per connector, empty for one that is given nothing. */
export function bindingRows(tree: ZoneTree, cars: Cars, layout: RowLayout, mayBind: Uint8Array): Lists {
  const start = new Int32Array(cars.count + 1);
  const rows = new ConnectorRows(tree, cars, layout, mayBind, mostRows(tree, layout, mayBind));
  for (let car = 0; car < cars.count; car++) {
    if (cars.role[car]! <= ROLE.idle) rows.add(car);
    start[car + 1] = rows.count;
  }
  return { start, items: rows.items.subarray(0, rows.count) };
}

/** As many rows as all connectors together can load at most: each one all that are kept from its zone to the root, and the PV row. */
function mostRows(tree: ZoneTree, layout: RowLayout, kept: Uint8Array): number {
  const most = new Int32Array(tree.zones.length);
  for (let row = 0; row < layout.pvRow; row++) most[layout.zone[row]!]! += kept[row]!;
  for (let zone = most.length - 1; zone >= 0; zone--) {
    const parent = tree.parent[zone]!;
    most[zone]! += parent < 0 ? 1 : most[parent]!;
  }
  let count = 0;
  for (let car = 0; car < tree.home.length; car++) count += most[tree.home[car]!]!;
  return count;
}

/** Writes down the rows that connectors load, one connector behind the other. */
export class ConnectorRows {
  readonly items: Int32Array;
  /** So many are written; what is behind them is free. */
  count = 0;
  readonly #tree: ZoneTree;
  readonly #cars: Cars;
  readonly #layout: RowLayout;
  readonly #kept: Uint8Array;
  /** Per row: which of it and the two behind it are kept, bit p for the row p behind it. */
  readonly #keptPhases: Uint8Array;

  /** @param kept rows marked 0 are left out @param room for so many rows */
  constructor(tree: ZoneTree, cars: Cars, layout: RowLayout, kept: Uint8Array, room: number) {
    this.items = new Int32Array(room);
    this.#tree = tree;
    this.#cars = cars;
    this.#layout = layout;
    this.#kept = kept;
    this.#keptPhases = new Uint8Array(kept.length);
    for (let row = 0; row < kept.length - 2; row++)
      this.#keptPhases[row] = kept[row]! + 2 * kept[row + 1]! + 4 * kept[row + 2]!;
  }

  /**
   * The rows of one connector, from its own zone to the root; the PV row is the last (not for one that is offline: the surplus
   * is reckoned without it).
   */
  add(car: number): void {
    const { hasMore, pvRow } = this.#layout;
    const { parent, home } = this.#tree;
    const mask = this.#cars.phaseMask[car]!;
    for (let zone = home[car]!; zone >= 0; zone = parent[zone]!) {
      this.#addPhases(3 * zone, mask);
      if (hasMore[zone] === 1) this.#addMore(car, zone, mask);
    }
    if (this.#cars.pvMode[car] !== PV_MODE.none && this.#cars.role[car] !== ROLE.offline) this.#addRow(pvRow);
  }

  /** The rows of a zone beside those of its phases. */
  #addMore(car: number, zone: number, mask: number): void {
    const { aloneRow, alonePowerRow, imbalanceRow, maxPowerRow, gridPowerRow } = this.#layout;
    if (this.#cars.aloneA[car] === 0) {
      this.#addPhases(aloneRow[zone]!, mask);
      this.#addRow(alonePowerRow[zone]!);
    }
    // A car on all phases changes nothing in their balance.
    if (mask !== 7) this.#addPhases(imbalanceRow[zone]!, mask);
    this.#addRow(maxPowerRow[zone]!);
    this.#addRow(gridPowerRow[zone]!);
  }

  /** @param first of three rows, one per phase; -1 = there are none */
  #addPhases(first: number, mask: number): void {
    if (first < 0) return;
    const phases = mask & this.#keptPhases[first]!;
    // Each is written, and counted where it is kept: a condition that holds at random takes longer.
    this.items[this.count] = first;
    this.count += phases & 1;
    this.items[this.count] = first + 1;
    this.count += (phases >> 1) & 1;
    this.items[this.count] = first + 2;
    this.count += phases >> 2;
  }

  #addRow(row: number): void {
    if (row >= 0 && this.#kept[row] === 1) this.items[this.count++] = row;
  }
}

/** Room to turn the lists round: where in an array, row by row, the connectors of each row begin if all are written there. */
export function placesOfRows({ items }: Lists, rowCount: number): Int32Array {
  const first = new Int32Array(rowCount + 1);
  for (let i = 0; i < items.length; i++) first[items[i]! + 1]!++;
  for (let row = 0; row < rowCount; row++) first[row + 1]! += first[row]!;
  return first;
}
