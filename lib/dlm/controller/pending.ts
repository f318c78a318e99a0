import type { Triple } from "../../units.ts";
import type { AllocationInput, AllocationResult, ControllerConfig } from "../types.ts";
import type { Outlet } from "./outlet.ts";
import { EPSILON } from "./timing.ts";
import { forPath, type Tree, withLoads } from "./tree.ts";

/** A charger and its car have followed a raised setpoint after this, s: an earlier sample says nothing of it. */
const FOLLOWED_S = 5;
/** A charger with a new sample at so many ticks in a row reports as often as it is asked about. */
export const PROMPT_TICKS = 2;

type Zones = AllocationInput["zones"];

/**
 * A rise that a charger has not reported yet looks like background to a meter that includes it (S4b), and whoever that
 * background displaces would be lowered or stopped until the report comes. So increases of chargers that report seldom,
 * or never, are only made as far as the allocation can bear them twice.
 * @returns the zones with these rises as additional load; null when there are none
 */
export function zonesWithUnseenRises(
  outlets: readonly Outlet[],
  tree: Tree,
  target: AllocationResult,
  times: { elapsedS: number },
  config: ControllerConfig,
): Zones | null {
  const risesA = new Map<number, Triple>();
  for (const outlet of outlets) {
    if (!reportsLate(outlet)) continue;
    const aimA = target.connectors[outlet.given.id]!.limitA;
    const riseA = intendedA(outlet, aimA, times.elapsedS, config) + unreportedA(outlet, config);
    if (riseA > 0) addBehindMeters(risesA, outlet, riseA, tree);
  }
  if (risesA.size === 0) return null;
  return withLoads(tree.zones, risesA);
}

/** Whether the charger may leave a rise unreported for longer than until the next tick. */
export function reportsLate({ state, given, memory, drawA }: Outlet): boolean {
  if (state === "offline" || given.reservedA !== undefined || memory.uncontrolled) return false;
  return drawA === null || memory.promptTicks < PROMPT_TICKS;
}

/** What would be raised at this tick. */
function intendedA({ memory, minA }: Outlet, aimA: number, elapsedS: number, config: ControllerConfig): number {
  const leftA = aimA - memory.setpointA;
  if (leftA <= 0) return 0;
  const stepA = memory.setpointA < minA - EPSILON ? minA : memory.rampA + config.rampUpAps * elapsedS;
  return Math.min(leftA, stepA);
}

/** What was raised a moment ago: neither the charger nor the meter needs to show it yet. */
function unreportedA({ memory, drawA, sampleAgeS }: Outlet, config: ControllerConfig): number {
  if (drawA === null || memory.raisedS === null || memory.raisedS >= FOLLOWED_S - EPSILON) return 0;
  return sampleAgeS <= memory.raisedS ? 0 : Math.max(0, memory.setpointA - config.settleTolA - drawA);
}

function addBehindMeters(risesA: Map<number, Triple>, outlet: Outlet, riseA: number, tree: Tree): void {
  forPath(tree, outlet.given.zone, (zone) => {
    if (!tree.zones[zone]!.meters?.some(({ location }) => location === "including")) return;
    const sumA: Triple = risesA.get(zone) ?? [0, 0, 0];
    for (const phase of outlet.phases) sumA[phase as 0 | 1 | 2] += riseA;
    risesA.set(zone, sumA);
  });
}
