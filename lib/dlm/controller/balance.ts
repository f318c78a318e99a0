import type { Solution } from "../allocation/solution.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { EPSILON } from "./timing.ts";
import { forPath, type Tree } from "./topology-cache.ts";

/**
 * Unbalanced load of the zones that limit how much their phases may differ, during one tick: the currents that are
 * commanded while setpoints are on their way can differ more than those that are aimed at. Cars on three phases cancel out.
 */
export class Balance {
  readonly #tree: Tree;
  readonly #loadA = new Map<number, Float64Array>();

  constructor(tree: Tree, { problem }: Solution) {
    this.#tree = tree;
    tree.zones.forEach((zone, i) => {
      if (zone.imbalanceA === undefined) return;
      const first = 3 * problem.tree.position[i]!;
      this.#loadA.set(i, problem.backgroundA.slice(first, first + 3));
    });
  }

  /** True when no zone limits it: nothing here has to be asked. */
  get free(): boolean {
    return this.#loadA.size === 0;
  }

  add(connector: ControlledConnector, currentA: number): void {
    if (this.free || connector.phases.length === 3 || currentA === 0) return;
    this.#eachZone(connector, (loadA) => {
      for (const phase of connector.phases) loadA[phase]! += currentA;
    });
  }

  /** How much more this connector may be given; negative where a limit is exceeded already on one of its phases. */
  slackA(connector: ControlledConnector): number {
    let slack = Number.POSITIVE_INFINITY;
    if (this.free || connector.phases.length === 3) return slack;
    this.#eachZone(connector, (loadA, imbalanceA) => {
      const others = [0, 1, 2].filter((phase) => !connector.phases.includes(phase));
      const leastA = Math.min(...others.map((phase) => loadA[phase]!));
      for (const phase of connector.phases) slack = Math.min(slack, leastA + imbalanceA - loadA[phase]!);
    });
    return slack;
  }

  #eachZone(connector: ControlledConnector, visit: (loadA: Float64Array, imbalanceA: number) => void): void {
    forPath(this.#tree, connector.zone, (zone) => {
      const loadA = this.#loadA.get(zone);
      if (loadA) visit(loadA, this.#tree.zones[zone]!.imbalanceA! + EPSILON);
    });
  }
}
