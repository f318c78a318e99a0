import { collectIncidence, type Incidence } from "./incidence.ts";
import { loadsOf } from "./loads.ts";
import type { AllocationProblem } from "./prepare.ts";

/** Currents closer than this count as equal, A. */
export const TOLERANCE_A = 1e-7;

/**
 * The load on every row of a problem, to be tested and added to. It starts with what offline and uncontrollable
 * connectors reserve. Connectors are named by their position in `problem.cars`.
 */
export class RowLoads {
  readonly problem: AllocationProblem;
  readonly loadA: Float64Array;
  /** A copy of the rows' capacities, as balancing bounds the imbalance rows. */
  readonly capacityA: Float64Array;
  readonly incidence: Incidence;
  /** The first rows are the phases of zones, in which every coefficient is 1. */
  readonly #phaseRows: number;

  /** @param everyRow keep the rows that the connectors' own maximums cannot exceed, for loads above those maximums */
  constructor(problem: AllocationProblem, everyRow = false) {
    this.problem = problem;
    this.loadA = problem.rows.reservedA.slice();
    this.capacityA = problem.rows.capacityA.slice();
    this.incidence = collectIncidence(problem.tree, problem.cars, problem.rows, everyRow);
    this.#phaseRows = 3 * problem.tree.zones.length;
  }

  /** Adds a current, A per phase, to all rows of a connector; negative takes it back. */
  add(car: number, currentA: number): void {
    const { list, start, end, row, coefficient } = this.incidence;
    const { loadA } = this;
    for (let i = start[list[car]!]!, last = end[list[car]!]!; i < last; i++)
      loadA[row[i]!]! += coefficient[i]! * currentA;
  }

  /** Starts anew: reserved loads, and these currents, A per phase, in place of all that was added. */
  restart(currentA: Float64Array): void {
    const { tree, cars, rows } = this.problem;
    const loadA = loadsOf(currentA, tree, cars, rows);
    for (let row = 0; row < loadA.length; row++) this.loadA[row] = rows.reservedA[row]! + loadA[row]!;
  }

  /**
   * The first row that does not admit `currentA` more for this connector, from its own zone towards the root, or -1.
   * The PV row is the last one tested.
   * @param suspect a row with coefficient 1 to be tested before all others; -1 or less = none
   */
  blockedBy(car: number, currentA: number, suspect = -1): number {
    if (
      suspect >= 0 &&
      suspect < this.#phaseRows &&
      this.loadA[suspect]! + currentA > this.capacityA[suspect]! + TOLERANCE_A
    )
      return suspect;
    const { list, start, end, row, coefficient } = this.incidence;
    const { firstImbalanceRow, pvRow } = this.problem.rows;
    const { loadA, capacityA } = this;
    for (let i = start[list[car]!]!, last = end[list[car]!]!; i < last; i++) {
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
