import type { AllocationConfig, AllocationResult } from "../types.ts";
import type { Outlet } from "./outlet.ts";
import { pathOf, type Tree } from "./tree.ts";

/** Capacity and reservations of every zone during one tick: per site phase, and in sum where power is limited. */
export class ZoneLoad {
  readonly #tree: Tree;
  readonly #capacityA: Float64Array;
  readonly #usedA: Float64Array;
  readonly #powerA: Float64Array;
  readonly #usedPowerA: Float64Array;

  /** Takes the capacities from the allocation, so that both work with the same background. */
  constructor(tree: Tree, target: AllocationResult, config: AllocationConfig) {
    const count = tree.zones.length;
    this.#tree = tree;
    this.#capacityA = new Float64Array(count * 3);
    this.#usedA = new Float64Array(count * 3);
    this.#usedPowerA = new Float64Array(count);
    this.#powerA = Float64Array.from(tree.zones, (zone) => powerCapacityA(zone, target, config));
    for (const [i, zone] of tree.zones.entries()) this.#capacityA.set(target.zones[zone.id]!.capacityA, i * 3);
  }

  /** Adds a current on some phases of a zone and of all above it. */
  add(zoneId: string, phases: readonly number[], terminals: number, currentA: number): void {
    if (currentA === 0) return;
    for (const zone of pathOf(this.#tree, zoneId)) {
      for (const phase of phases) this.#usedA[zone * 3 + phase]! += currentA;
      this.#usedPowerA[zone]! += terminals * currentA;
    }
  }

  /** What may still be added for a connector on its phases, A; negative where a zone above it is over its capacity. */
  slackA(outlet: Outlet): number {
    let slack = Number.POSITIVE_INFINITY;
    for (const zone of pathOf(this.#tree, outlet.given.zone)) {
      for (const phase of outlet.phases) {
        slack = Math.min(slack, this.#capacityA[zone * 3 + phase]! - this.#usedA[zone * 3 + phase]!);
      }
      slack = Math.min(slack, (this.#powerA[zone]! - this.#usedPowerA[zone]!) / outlet.terminals);
    }
    return slack;
  }
}

/** Limits on power as a sum of currents over the phases; infinite where there is none. */
export function powerCapacityA(
  zone: Tree["zones"][number],
  target: AllocationResult,
  config: AllocationConfig,
): number {
  const backgroundA = target.zones[zone.id]!.backgroundA.reduce((sum, value) => sum + value, 0);
  const grid = zone.gridLimit;
  let capacityA = Number.POSITIVE_INFINITY;
  if (zone.maxPowerW !== undefined) capacityA = zone.maxPowerW / config.voltageV - backgroundA;
  if (grid?.powerW !== undefined) {
    const limitA = (grid.powerW + (grid.creditW ?? 0)) / config.voltageV;
    capacityA = Math.min(capacityA, grid.scope === "evse" ? limitA : limitA - backgroundA);
  }
  return Math.max(0, capacityA);
}
