import { powerCapacityA } from "../allocation/rows.ts";
import type { Solution } from "../allocation/solution.ts";
import type { BackgroundEstimate } from "../types.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { EPSILON } from "./timing.ts";
import { isMetered, type Tree } from "./topology-cache.ts";

/** Capacity and reservations of every zone during one tick: per site phase, and in sum where power is limited. */
export class ZoneRoom {
  readonly #parent: Int32Array;
  readonly #capacityA: Float64Array;
  readonly #usedA: Float64Array;
  readonly #powerA: Float64Array;
  readonly #usedPowerA: Float64Array;

  /** Takes the capacities from the allocation, so that both work with the same background. */
  constructor({ zones, parent }: Tree, { problem }: Solution) {
    const { position } = problem.tree;
    this.#parent = parent;
    this.#capacityA = new Float64Array(zones.length * 3);
    this.#usedA = new Float64Array(zones.length * 3);
    this.#powerA = new Float64Array(zones.length);
    this.#usedPowerA = new Float64Array(zones.length);
    for (let zone = 0; zone < zones.length; zone++) {
      const first = 3 * position[zone]!;
      for (let phase = 0; phase < 3; phase++)
        this.#capacityA[3 * zone + phase] = problem.rows.capacityA[first + phase]!;
      this.#powerA[zone] = powerCapacityA(problem.rows, position[zone]!);
    }
  }

  /** Where limits are exceeded at this moment; what is added later does not show in it. */
  squeeze(): ZoneSqueeze {
    return new ZoneSqueeze(this.#parent, (zone, row) =>
      row === POWER
        ? this.#powerA[zone]! - this.#usedPowerA[zone]!
        : this.#capacityA[zone * 3 + row]! - this.#usedA[zone * 3 + row]!,
    );
  }

  /** Adds a current on some phases of a zone and of all above it. */
  add(from: number, phases: readonly number[], terminals: number, currentA: number): void {
    if (currentA === 0) return;
    for (let zone = from; zone >= 0; zone = this.#parent[zone]!) {
      for (let i = 0; i < phases.length; i++) this.#usedA[zone * 3 + phases[i]!]! += currentA;
      this.#usedPowerA[zone]! += terminals * currentA;
    }
  }

  /** Adds a current on one phase of one zone alone. */
  #addAt(zone: number, phase: number, currentA: number): void {
    this.#usedA[zone * 3 + phase]! += currentA;
    this.#usedPowerA[zone]! += currentA;
  }

  /**
   * Adds what may be hidden behind meters: the background by the upper estimate of each, by number of its zone, beyond the nominal one. The
   * zones above feel it up to the next one with a meter of its own.
   */
  hide({ zones, parent }: Tree, estimates: ReadonlyMap<number, BackgroundEstimate>): void {
    for (const [zone, { nominalA, upperA }] of estimates) {
      const hiddenA = upperA.map((upper, phase) => Math.max(0, upper) - Math.max(0, nominalA[phase]!));
      if (hiddenA.every((currentA) => currentA <= 0)) continue;
      for (let at = zone; at >= 0 && (at === zone || !isMetered(zones[at]!)); at = parent[at]!)
        for (let phase = 0; phase < 3; phase++) this.#addAt(at, phase, hiddenA[phase]!);
    }
  }

  /** The fullest limit on a connector's way up of those that are exceeded; `phase` null = a power. null = none is. */
  fullest({ zone: from, phases, terminals }: ControlledConnector): { zone: number; phase: 1 | 2 | 3 | null } | null {
    let least = -EPSILON;
    let found: { zone: number; phase: 1 | 2 | 3 | null } | null = null;
    for (let zone = from; zone >= 0; zone = this.#parent[zone]!) {
      for (const phase of phases) {
        const leftA = this.#capacityA[zone * 3 + phase]! - this.#usedA[zone * 3 + phase]!;
        if (leftA >= least) continue;
        least = leftA;
        found = { zone, phase: (phase + 1) as 1 | 2 | 3 };
      }
      const powerA = (this.#powerA[zone]! - this.#usedPowerA[zone]!) / terminals;
      if (powerA >= least) continue;
      least = powerA;
      found = { zone, phase: null };
    }
    return found;
  }

  /** What may still be added for a connector on its phases, A; negative where a zone above it is over its capacity. */
  slackA({ zone: from, phases, terminals }: ControlledConnector): number {
    let slack = Number.POSITIVE_INFINITY;
    for (let zone = from; zone >= 0; zone = this.#parent[zone]!) {
      for (let i = 0; i < phases.length; i++) {
        const row = zone * 3 + phases[i]!;
        const leftA = this.#capacityA[row]! - this.#usedA[row]!;
        if (leftA < slack) slack = leftA;
      }
      const powerA = (this.#powerA[zone]! - this.#usedPowerA[zone]!) / terminals;
      if (powerA < slack) slack = powerA;
    }
    return slack;
  }
}

/** Beside the phases 0 … 2 of a zone. */
const POWER = 3;

/** The least that is left of any limit on the way up from each zone: per phase, and in sum where power is limited. */
export class ZoneSqueeze {
  /** A at zone × 4 + phase, or + 3 for the power. */
  readonly #leftA: Float64Array;

  constructor(parent: Int32Array, leftA: (zone: number, row: number) => number) {
    const ownA = Float64Array.from({ length: 4 * parent.length }, (_, cell) => leftA(cell >> 2, cell & 3));
    this.#leftA = ownA.slice();
    for (let zone = 0; zone < parent.length; zone++) {
      for (let above = parent[zone]!; above >= 0; above = parent[above]!) {
        for (let row = 0; row < 4; row++) {
          if (ownA[4 * above + row]! < this.#leftA[4 * zone + row]!)
            this.#leftA[4 * zone + row] = ownA[4 * above + row]!;
        }
      }
    }
  }

  /** Whether a limit is exceeded that holds for this connector. */
  holds({ zone, phases, terminals }: ControlledConnector): boolean {
    for (let i = 0; i < phases.length; i++) if (this.#leftA[4 * zone + phases[i]!]! < -EPSILON) return true;
    return this.#leftA[4 * zone + POWER]! / terminals < -EPSILON;
  }
}
