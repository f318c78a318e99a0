import type { Solution } from "../allocation/solution.ts";
import type { BackgroundEstimate, Reason } from "../types.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { StartRoom } from "./start-room.ts";
import { EPSILON } from "./timing.ts";
import type { Tree } from "./topology-cache.ts";

/** What a plan of starts is made from. */
export interface StartQuestion {
  connectors: readonly ControlledConnector[];
  tree: Tree;
  /** Numbers of the connectors whose charger may leave a rise unreported. */
  late: ReadonlySet<number>;
  /** The background behind each meter, by zone number: a start must fit beside the upper one. */
  estimates: ReadonlyMap<number, BackgroundEstimate>;
  /** By how much a connector was raised a moment ago, while no meter or charger need show it yet, A. */
  unreportedA(connector: ControlledConnector): number;
}

/** Which connectors start, wait, or give up their place, by number. */
export interface StartPlan {
  /** Chargers that report seldom and may start now. */
  admitted: ReadonlySet<number>;
  /** Connectors that may not start yet, with what is in the way. */
  waiting: ReadonlyMap<number, Reason[]>;
  /** Connectors that charge and make room, with the limit that both cannot share. */
  yielding: ReadonlyMap<number, Reason[]>;
}

/** Whether the connector would have to be switched on. */
export function isOff({ memory, minA }: ControlledConnector): boolean {
  return memory.setpointA < minA - EPSILON;
}

/**
 * Picks the connectors that may start now, in the order in which they are served. A connector starts only if its minimum can be borne
 * twice beside the minimums of all that charge or start before it. A connector that does not fit is passed over and holds up none behind
 * it. At a waiting car's turn (`rotate`), charging connectors stand in the same order, and give up their place if that lets one more start.
 */
export function planStarts(question: StartQuestion, target: Solution, rotate: boolean): StartPlan {
  const calm = plan(question, target, false);
  if (!rotate || calm.waiting.size === 0) return calm;
  const turned = plan(question, target, true);
  return isRelieved(calm, turned) ? turned : calm;
}

/** Whether a connector that had to wait has come to its turn, at the expense of others. */
function isRelieved(calm: StartPlan, turned: StartPlan): boolean {
  return [...calm.waiting.keys()].some((i) => turned.admitted.has(i));
}

function plan(question: StartQuestion, target: Solution, rotate: boolean): StartPlan {
  const { connectors, late } = question;
  const room = roomOf(question, target);
  const made = {
    admitted: new Set<number>(),
    waiting: new Map<number, Reason[]>(),
    yielding: new Map<number, Reason[]>(),
  };
  for (const candidates of byClass(target)) {
    const charging = candidates.filter((i) => !isOff(connectors[i]!));
    if (!rotate) for (const i of charging) room.give(connectors[i]!, connectors[i]!.minA);
    for (const i of rotate ? candidates : candidates.filter((i) => isOff(connectors[i]!))) {
      const connector = connectors[i]!;
      const unseen = late.has(i) && isOff(connector);
      const obstacle = room.start(connector, unseen);
      if (obstacle === null) {
        if (unseen) made.admitted.add(i);
      } else if (unseen && room.isSeen(connector)) made.waiting.set(i, obstacle);
      else if (!isOff(connector) && made.admitted.size > 0) made.yielding.set(i, obstacle);
      else room.give(connector, connector.minA);
    }
  }
  return made;
}

function roomOf({ connectors, tree, late, estimates, unreportedA }: StartQuestion, target: Solution): StartRoom {
  const room = new StartRoom(tree, target);
  room.hide(estimates);
  for (const i of late) if (!isOff(connectors[i]!)) room.see(connectors[i]!, unreportedA(connectors[i]!));
  return room;
}

/** Connectors that the target serves, class by class in their order. Idle cars get what these leave, so they hold up no start. */
function byClass(target: Solution): number[][] {
  const { order, cars } = target.problem;
  const classes: number[][] = [];
  let last = Number.NaN;
  for (let car = 0; car < order.length; car++) {
    if (!target.isServed(order[car]!)) continue;
    if (cars.priorityClass[car] !== last) classes.push([]);
    last = cars.priorityClass[car]!;
    classes.at(-1)!.push(order[car]!);
  }
  return classes;
}
