import type { Triple } from "../../units.ts";
import type { Solution } from "../solution.ts";
import type { AllocationInput, ControllerConfig, Reason } from "../types.ts";
import type { Outlet } from "./outlet.ts";
import type { Target } from "./target.ts";
import { EPSILON } from "./timing.ts";
import { forPath, type Tree, withLoads } from "./tree.ts";

/** A charger and its car have followed a raised setpoint after this, s: from then on a meter shows it. */
const FOLLOWED_S = 15;
/** A charger with a new sample at so many ticks in a row reports as often as it is asked about. */
export const PROMPT_TICKS = 2;

type Zones = AllocationInput["zones"];

/** A target that can be approached, and the allocation if every unseen rise were background; null when there is none. */
export interface CautiousTarget {
  target: Target;
  cautious: Solution | null;
}

/**
 * A rise that a charger has not reported yet looks like background to a meter that includes it (S4b), and whoever that
 * background displaces would be lowered or stopped until the report comes. So increases of chargers that report seldom,
 * or never, are only made as far as the allocation can bear them twice. One that cannot even start so waits for its
 * minimum like one that does not fit, and what it would have had is for the others.
 * @param doubtsA background that may still be there although the meters do not show it, by zone number
 */
export function cautiousTarget(
  outlets: readonly Outlet[],
  tree: Tree,
  target: Target,
  doubtsA: ReadonlyMap<number, Triple>,
  elapsedS: number,
  config: ControllerConfig,
): CautiousTarget {
  const late: number[] = [];
  for (let i = 0; i < outlets.length; i++) if (reportsLate(outlets[i]!)) late.push(i);
  const ask = (asking: readonly number[], asked: Target) => {
    const zones = zonesWithRises(outlets, asking, tree, asked.solution, doubtsA, elapsedS, config);
    return zones && asked.ask(zones);
  };
  const first = ask(late, target);
  for (let i = 0; i < outlets.length; i++) {
    const outlet = outlets[i]!;
    outlet.memory.unsure = first !== null && isOff(outlet) && first.limitA[i] === 0 && target.solution.limitA[i]! > 0;
  }
  const waiting = new Map<number, Reason[]>();
  for (const i of late) if (outlets[i]!.memory.unsure) waiting.set(i, first!.reasons(i));
  if (waiting.size === 0) return { target, cautious: first };
  const rest = target.without(waiting);
  const asking = late.filter((i) => !waiting.has(i));
  return { target: rest, cautious: ask(asking, rest) };
}

function isOff({ memory, minA }: Outlet): boolean {
  return memory.setpointA < minA - EPSILON;
}

function zonesWithRises(
  outlets: readonly Outlet[],
  asking: readonly number[],
  tree: Tree,
  { limitA }: Solution,
  doubtsA: ReadonlyMap<number, Triple>,
  elapsedS: number,
  config: ControllerConfig,
): Zones | null {
  const risesA = new Map([...doubtsA].map(([zone, doubtA]): [number, Triple] => [zone, [...doubtA]]));
  for (const i of asking) {
    const outlet = outlets[i]!;
    const riseA = intendedA(outlet, limitA[i]!, elapsedS, config) + unreportedA(outlet);
    if (riseA > 0) addBehindMeters(risesA, outlet, riseA, tree);
  }
  return risesA.size === 0 ? null : withLoads(tree.zones, risesA);
}

/** Whether the charger may leave a rise unreported for longer than until the next tick. */
export function reportsLate({ state, given, memory, drawA }: Outlet): boolean {
  if (state === "offline" || given.reservedA !== undefined || memory.uncontrolled) return false;
  return drawA === null || memory.promptTicks < PROMPT_TICKS;
}

/** What would be raised at this tick. */
function intendedA(outlet: Outlet, aimA: number, elapsedS: number, config: ControllerConfig): number {
  const { memory, minA } = outlet;
  const leftA = aimA - memory.setpointA;
  if (leftA <= 0) return 0;
  // Half of what is left, because it must fit twice: a whole one would leave no room for itself.
  return isOff(outlet) ? Math.min(leftA, minA) : Math.min(leftA / 2, memory.rampA + config.rampUpAps * elapsedS);
}

/** What was raised a moment ago: neither the charger nor the meter needs to show it yet. */
function unreportedA({ memory, drawA }: Outlet): number {
  if (drawA === null || memory.raisedS === null || memory.raisedS >= FOLLOWED_S - EPSILON) return 0;
  return Math.max(0, memory.setpointA - drawA);
}

function addBehindMeters(risesA: Map<number, Triple>, outlet: Outlet, riseA: number, tree: Tree): void {
  forPath(tree, outlet.zone, (zone) => {
    if (!tree.zones[zone]!.meters?.some(({ location }) => location === "including")) return;
    const sumA: Triple = risesA.get(zone) ?? [0, 0, 0];
    for (const phase of outlet.phases) sumA[phase as 0 | 1 | 2] += riseA;
    risesA.set(zone, sumA);
  });
}
