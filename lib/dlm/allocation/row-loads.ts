import type { AllocationProblem } from "./prepare.ts";

/** Currents closer than this count as equal, A. */
export const TOLERANCE_A = 1e-7;

/**
 * The load on every row of a problem, to be tested and added to. It starts with what offline and uncontrollable
 * connectors reserve. Connectors are named by their position in `problem.cars`. Rows that no currents up to the connectors'
 * maximums can fill are left out: they hold only what is reserved.
 */
export class RowLoads {
  readonly problem: AllocationProblem;
  readonly loadA: Float64Array;
  /** A copy of the rows' capacities, as balancing bounds the imbalance rows. */
  readonly capacityA: Float64Array;

  constructor(problem: AllocationProblem) {
    this.problem = problem;
    this.loadA = problem.rows.reservedA.slice();
    this.capacityA = problem.rows.capacityA.slice();
  }

  /** Adds a current, A per phase, to all rows of a connector; negative takes it back. */
  add(car: number, currentA: number): void {
    const { isPower, ofConnector } = this.problem.rows;
    const { start, items } = ofConnector;
    const loadA = this.loadA;
    const powerA = this.problem.cars.phaseCount[car]! * currentA;
    const end = start[car + 1]!;
    for (let i = start[car]!; i < end; i++) {
      const row = items[i]!;
      loadA[row]! += isPower[row] === 1 ? powerA : currentA;
    }
  }

  /** Whether one row of a connector, no imbalance row, has room for `currentA` more. */
  admits(row: number, car: number, currentA: number): boolean {
    const { rows, cars } = this.problem;
    const addedA = rows.isPower[row] === 1 ? cars.phaseCount[car]! * currentA : currentA;
    return this.loadA[row]! + addedA <= this.capacityA[row]! + TOLERANCE_A;
  }

  /** Starts anew, with reserved loads alone in place of all that was added. */
  restart(): void {
    this.loadA.set(this.problem.rows.reservedA);
  }

  /**
   * The first row that does not admit `currentA` more for this connector, from its own zone towards the root, or -1.
   * The PV row is the last one tested.
   */
  blockedBy(car: number, currentA: number): number {
    const { rows, cars } = this.problem;
    const { firstImbalanceRow, pvRow, isPower } = rows;
    const { start, items } = rows.ofConnector;
    const { loadA, capacityA } = this;
    const powerA = cars.phaseCount[car]! * currentA;
    const end = start[car + 1]!;
    for (let i = start[car]!; i < end; i++) {
      const row = items[i]!;
      const isBalance = row >= firstImbalanceRow && row < pvRow;
      const addedA = isPower[row] === 1 ? powerA : currentA;
      const admits = isBalance
        ? this.#staysBalanced(car, row, currentA)
        : loadA[row]! + addedA <= capacityA[row]! + TOLERANCE_A;
      if (!admits) return row;
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
