import { OVERDRAW_A } from "../../thresholds.ts";
import type { Solution } from "../allocation/solution.ts";
import type { BackgroundEstimate, Reason } from "../types.ts";
import { Balance } from "./balance.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { ZoneRoom } from "./load.ts";
import { EPSILON } from "./timing.ts";
import { forPath, isMetered, type Tree } from "./topology-cache.ts";

/**
 * What is left of the zones of a target when every connector has its minimum, to see whether a start can be borne twice: once as
 * what the connector is given, and once as the background that an including meter seems to show until its charger has reported.
 */
export class StartRoom {
  readonly #tree: Tree;
  readonly #load: ZoneRoom;
  readonly #balance: Balance;
  /** Per zone: the first zone upwards from it that a meter with the chargers inside measures; -1 = none. */
  readonly #metered: Int32Array;

  constructor(tree: Tree, target: Solution) {
    this.#tree = tree;
    this.#load = new ZoneRoom(tree, target);
    this.#balance = new Balance(tree, target);
    this.#metered = firstMetered(tree);
    const { order, cars } = target.problem;
    for (let car = 0; car < order.length; car++) this.#reserve(cars, car, target.problem.tree);
  }

  /** A rise of this connector would look like background somewhere. */
  isSeen({ zone }: ControlledConnector): boolean {
    return this.#metered[zone]! >= 0;
  }

  /** As `ZoneRoom.hide`. */
  hide(estimates: ReadonlyMap<number, BackgroundEstimate>): void {
    this.#load.hide(this.#tree, estimates);
  }

  /** A rise that meters show, or will show in a moment, as background. */
  see(connector: ControlledConnector, riseA: number): void {
    const metered = this.#metered[connector.zone]!;
    if (metered < 0) return;
    this.#load.add(metered, connector.phases, connector.terminals, riseA);
    this.#balance.add(connector, riseA);
  }

  /** Gives the connector a current, whether it fits or not. */
  give(connector: ControlledConnector, currentA: number): void {
    this.#load.add(connector.zone, connector.phases, connector.terminals, currentA);
    this.#balance.add(connector, currentA);
  }

  /** Gives the connector its minimum, and that much background with it, if both fit. @returns what is in the way; null = they fit */
  start(connector: ControlledConnector, unseen: boolean): Reason[] | null {
    const riseA = unseen ? connector.minA + OVERDRAW_A : 0;
    this.give(connector, connector.minA);
    this.see(connector, riseA);
    const obstacle = this.#obstacle(connector);
    if (obstacle === null) return null;
    this.give(connector, -connector.minA);
    this.see(connector, -riseA);
    return obstacle;
  }

  #obstacle(connector: ControlledConnector): Reason[] | null {
    const full = this.#load.fullest(connector);
    const place = full && { zone: this.#tree.zones[full.zone]!.id, ...(full.phase !== null && { phase: full.phase }) };
    if (place)
      return [
        { code: "WAIT", ...place },
        { code: place.phase === undefined ? "POWER" : "ZONE", ...place },
      ];
    return this.#balance.slackA(connector) < -EPSILON ? [{ code: "WAIT" }, { code: "IMBALANCE" }] : null;
  }

  /** What is drawn whatever is decided. */
  #reserve(cars: Solution["problem"]["cars"], car: number, { home, position }: Solution["problem"]["tree"]): void {
    const reservedA = cars.reservedA[car]!;
    if (reservedA === 0) return;
    const mask = cars.phaseMask[car]!;
    const phases = [0, 1, 2].filter((phase) => ((mask >> phase) & 1) === 1);
    this.#load.add(position.indexOf(home[car]!), phases, cars.phaseCount[car]!, reservedA);
  }
}

function firstMetered(tree: Tree): Int32Array {
  const metered = tree.zones.map(isMetered);
  return Int32Array.from(tree.zones, (_, zone) => {
    let first = -1;
    forPath(tree, zone, (at) => {
      if (first < 0 && metered[at]) first = at;
    });
    return first;
  });
}
