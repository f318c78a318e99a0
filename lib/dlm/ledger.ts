import { ROLE } from "./cars.ts";
import type { Problem } from "./prepare.ts";
import { RowList } from "./rows.ts";

/** Currents closer than this count as equal, A. */
export const TOLERANCE_A = 1e-7;

/** The rows of each connector, as compressed lists: those of connector c are at `start[c]` … `start[c + 1] − 1`. */
export interface Incidence {
  readonly start: Int32Array;
  readonly row: Int32Array;
  readonly coefficient: Uint8Array;
}

/**
 * The load on every row of a problem, to be tested and added to. It starts with what offline and uncontrollable
 * connectors reserve. Connectors are named by their position in `problem.cars`.
 */
export class Ledger {
  readonly problem: Problem;
  readonly loadA: Float64Array;
  /** A copy of the rows' capacities, as balancing bounds the imbalance rows. */
  readonly capacityA: Float64Array;
  readonly incidence: Incidence;

  /** @param everyRow keep the rows that the connectors' own maximums cannot exceed, for loads above those maximums */
  constructor(problem: Problem, everyRow = false) {
    this.problem = problem;
    this.loadA = problem.rows.reservedA.slice();
    this.capacityA = problem.rows.capacityA.slice();
    this.incidence = collect(problem, everyRow);
  }

  /** Adds a current, A per phase, to all rows of a connector; negative takes it back. */
  add(car: number, currentA: number): void {
    const { start, row, coefficient } = this.incidence;
    const { loadA } = this;
    for (let i = start[car]!, end = start[car + 1]!; i < end; i++) loadA[row[i]!]! += coefficient[i]! * currentA;
  }

  /**
   * The first row that does not admit `currentA` more for this connector, from its own zone towards the root, or -1.
   * The PV row is the last one tested.
   */
  blockedBy(car: number, currentA: number): number {
    const { start, row, coefficient } = this.incidence;
    const { firstImbalanceRow, pvRow } = this.problem.rows;
    const { loadA, capacityA } = this;
    for (let i = start[car]!, end = start[car + 1]!; i < end; i++) {
      const r = row[i]!;
      if (r >= firstImbalanceRow && r < pvRow) {
        if (!this.#staysBalanced(car, r, currentA)) return r;
      } else if (loadA[r]! + coefficient[i]! * currentA > capacityA[r]! + TOLERANCE_A) return r;
    }
    return -1;
  }

  /** A row's phase may exceed the least loaded phase of its zone by the zone's imbalance limit. Balanced cars cancel out. */
  #staysBalanced(car: number, row: number, currentA: number): boolean {
    const { rows, cars, tree } = this.problem;
    const zone = rows.zone[row]!;
    const first = rows.imbalanceRow[zone]!;
    const mask = cars.phaseMask[car]!;
    let leastA = Number.POSITIVE_INFINITY;
    for (let phase = 0; phase < 3; phase++) {
      const addedA = ((mask >> phase) & 1) === 1 ? currentA : 0;
      leastA = Math.min(leastA, this.unbalancedA(zone, phase) + addedA);
    }
    const reachedA = this.unbalancedA(zone, row - first) + currentA;
    return reachedA <= leastA + tree.zones[zone]!.imbalanceA! + TOLERANCE_A;
  }

  /** Background and unbalanced cars on one phase (0..2) of a zone that has an imbalance limit. */
  unbalancedA(zone: number, phase: number): number {
    const { rows, backgroundA } = this.problem;
    return backgroundA[3 * zone + phase]! + this.loadA[rows.imbalanceRow[zone]! + phase]!;
  }
}

function collect(problem: Problem, everyRow: boolean): Incidence {
  const { tree, cars, rows } = problem;
  const kept = everyRow ? new Uint8Array(rows.count).fill(1) : rows.mayBind;
  const most = mostRowsPerPath(problem, kept);
  const start = new Int32Array(cars.count + 1);
  let size = 0;
  for (let car = 0; car < cars.count; car++) size += most[tree.home[car]!]!;
  const row = new Int32Array(size);
  const coefficient = new Uint8Array(size);
  const list = new RowList(tree, cars, rows);
  let end = 0;
  for (let car = 0; car < cars.count; car++) {
    if (everyRow || cars.role[car]! <= ROLE.idle) {
      list.find(car);
      for (let i = 0; i < list.length; i++) {
        if (kept[list.row[i]!] === 0) continue;
        row[end] = list.row[i]!;
        coefficient[end++] = list.coefficient[i]!;
      }
    }
    start[car + 1] = end;
  }
  return { start, row: row.subarray(0, end), coefficient: coefficient.subarray(0, end) };
}

/** An upper bound of the rows kept for a connector of each zone. */
function mostRowsPerPath(problem: Problem, kept: Uint8Array): Int32Array {
  const { tree, rows } = problem;
  const most = new Int32Array(tree.zones.length);
  for (let zone = most.length - 1; zone >= 0; zone--) {
    const parent = tree.parent[zone]!;
    const phases = kept[3 * zone]! + kept[3 * zone + 1]! + kept[3 * zone + 2]!;
    const power = (rows.maxPowerRow[zone]! < 0 ? 0 : 1) + (rows.gridPowerRow[zone]! < 0 ? 0 : 1);
    most[zone] = phases + power + (rows.imbalanceRow[zone]! < 0 ? 0 : 3) + (parent < 0 ? 1 : most[parent]!);
  }
  return most;
}
