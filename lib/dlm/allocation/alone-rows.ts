import { type Triple, triple } from "../../units.ts";
import type { AloneRows } from "../types.ts";
import type { AllocationProblem } from "./prepare.ts";
import { powerCapacityA } from "./rows.ts";

/** Rows of a zone: its phases L1 to L3, then its power in A over all phases. */
const ROWS = 4;
const POWER = 3;

/** Sums closer to a limit than this fit it, A. */
const TOLERANCE_A = 0.01;

/** A connector in the rows of its zones. */
export interface AloneConnector {
  id: string;
  /** Number of its zone. */
  readonly zone: number;
  /** Site phases it loads, bit p for phase p. */
  readonly phaseMask: number;
  /** Number of terminals that carry its power. */
  readonly phaseCount: number;
}

/** The rows of a problem as it was solved, kept when the problem is gone. */
export class CapacityRows implements AloneRows {
  readonly connectors: readonly AloneConnector[];
  readonly #parent: Int32Array;
  readonly #capacityA: Float64Array;
  /** The same with the load that is assumed when no meter is read any more. */
  readonly #afterwardsA: Float64Array;

  /** @param assumed the load assumed in each zone and below when no meter is read any more, A per phase */
  constructor({ tree, cars, rows }: AllocationProblem, assumed: ReadonlyMap<string, { loadA: Triple }>) {
    const zones = tree.zones.length;
    this.#parent = tree.parent.slice();
    this.#capacityA = new Float64Array(ROWS * zones).fill(Number.POSITIVE_INFINITY);
    this.#afterwardsA = this.#capacityA.slice();
    for (let zone = 0; zone < zones; zone++) {
      const { id, limitA, headroomA = 0 } = tree.zones[zone]!;
      const [limits, headroom] = [triple(limitA), triple(headroomA)];
      const loadA = assumed.get(id)?.loadA ?? [0, 0, 0];
      for (const phase of [0, 1, 2] as const)
        this.#afterwardsA[ROWS * zone + phase] = limits[phase] - headroom[phase] - loadA[phase];
      for (let phase = 0; phase < 3; phase++) this.#capacityA[ROWS * zone + phase] = rows.capacityA[3 * zone + phase]!;
      this.#capacityA[ROWS * zone + POWER] = powerCapacityA(rows, zone);
    }
    this.connectors = cars.ids.map((id, car) => ({
      id,
      zone: tree.home[car]!,
      phaseMask: cars.phaseMask[car]!,
      phaseCount: cars.phaseCount[car]!,
    }));
  }

  fits(
    id: string,
    currentA: number,
    holdsA: (connector: string) => number,
    when: "now" | "afterwards" = "now",
  ): boolean {
    const capacityA = when === "now" ? this.#capacityA : this.#afterwardsA;
    const asked = this.connectors.find((one) => one.id === id);
    if (!asked) return true;
    const loadA = new Map<number, number>();
    for (let zone = asked.zone; zone >= 0; zone = this.#parent[zone]!) {
      for (let row = 0; row < ROWS; row++) {
        const counts = row === POWER || ((asked.phaseMask >> row) & 1) === 1;
        if (counts && capacityA[ROWS * zone + row]! < Number.POSITIVE_INFINITY) loadA.set(ROWS * zone + row, 0);
      }
    }
    for (const one of this.connectors) this.#load(one, one === asked ? currentA : holdsA(one.id), loadA);
    for (const [row, sumA] of loadA) if (sumA > capacityA[row]! + TOLERANCE_A) return false;
    return true;
  }

  #load({ zone: home, phaseMask, phaseCount }: AloneConnector, currentA: number, loadA: Map<number, number>): void {
    if (currentA === 0) return;
    for (let zone = home; zone >= 0; zone = this.#parent[zone]!) {
      for (let row = 0; row < ROWS; row++) {
        const sumA = loadA.get(ROWS * zone + row);
        if (sumA === undefined) continue;
        const weight = row === POWER ? phaseCount : (phaseMask >> row) & 1;
        loadA.set(ROWS * zone + row, sumA + weight * currentA);
      }
    }
  }
}
