import { CHARGING_A, FOLLOWED_SLOWLY_MS, STARTED_MS } from "../../thresholds.ts";
import type { Triple } from "../../units.ts";
import type { Solution } from "../allocation/solution.ts";
import type { AllocationInput, BackgroundEstimate, ControllerConfig } from "../types.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { isOff, planStarts, type StartPlan } from "./start-plan.ts";
import type { Target } from "./target.ts";
import { EPSILON } from "./timing.ts";
import { forPath, isMetered, type Tree, withLoads } from "./topology-cache.ts";

/** A meter's current differs by so much from one sample to the next although nothing changes, A. */
const NOISE_A = 0.1;

type Zones = AllocationInput["zones"];

/** A target that can be approached, and how far each connector may be raised towards it at this tick. */
export interface CautiousTarget {
  target: Target;
  /** Connectors that may not start, by number. */
  waiting: StartPlan["waiting"];
  ceilingA(connector: number): number;
}

/** What rises are judged by. */
interface Sight {
  connectors: readonly ControlledConnector[];
  tree: Tree;
  estimates: ReadonlyMap<number, BackgroundEstimate>;
  elapsedS: number;
  config: ControllerConfig;
}

/**
 * A rise that a charger has not reported yet looks like background to a meter that includes it (S4b), and the connectors that this
 * background displaces would be lowered or stopped until the report comes. So chargers that report seldom, or never, rise only as far
 * as the allocation can bear the rise twice. A connector that cannot even start in this way waits for its minimum, and its share is for
 * the others.
 * @param late numbers of those chargers
 * @param estimates the background behind each meter, by zone number: rises are judged by the upper one
 */
export function cautiousTarget(
  connectors: readonly ControlledConnector[],
  late: ReadonlySet<number>,
  tree: Tree,
  target: Target,
  estimates: ReadonlyMap<number, BackgroundEstimate>,
  elapsedS: number,
  config: ControllerConfig,
): CautiousTarget {
  const sight = { connectors, tree, estimates, elapsedS, config };
  const starting = [...late].some((i) => isOff(connectors[i]!) && target.solution.isServed(i));
  const plan = starting
    ? planStarts({ connectors, tree, late, estimates, unreportedA }, target.solution, target.rotated)
    : NO_STARTS;
  const nobody = plan.waiting.size + plan.yielding.size === 0;
  const rest = nobody ? target : target.without(plan.waiting, plan.yielding);
  return { target: rest, waiting: plan.waiting, ceilingA: ceilings(sight, late, rest, plan) };
}

const NO_STARTS: StartPlan = { admitted: new Set(), waiting: new Map(), yielding: new Map() };

/** What the allocation would give if every unseen rise were background. Starts that are proven to fit come before ramps. */
function ceilings(
  sight: Sight,
  late: ReadonlySet<number>,
  { solution, ask }: Target,
  { admitted }: StartPlan,
): CautiousTarget["ceilingA"] {
  const askedWith = (ramps: boolean) => {
    const zones = zonesWithRises(sight, late, solution, ramps);
    return zones && ask(zones);
  };
  const first = askedWith(true);
  if (first === null) return () => Number.POSITIVE_INFINITY;
  const fits = [...admitted].every((i) => first.isServed(i));
  if (fits) return (i) => first.limitA[i]!;
  const calm = askedWith(false);
  return (i) => {
    if (admitted.has(i)) return Number.POSITIVE_INFINITY;
    const { memory } = sight.connectors[i]!;
    const mostA = calm === null ? Number.POSITIVE_INFINITY : calm.limitA[i]!;
    return late.has(i) ? Math.min(memory.setpointA, mostA) : mostA;
  };
}

function zonesWithRises(
  { connectors, tree, estimates, elapsedS, config }: Sight,
  late: ReadonlySet<number>,
  { limitA }: Solution,
  ramps: boolean,
): Zones | null {
  const risesA = new Map<number, Triple>();
  for (const [zone, { nominalA, upperA }] of estimates) {
    const hiddenA = upperA.map((upper, p) =>
      Math.max(0, upper) > Math.max(0, nominalA[p]!) ? upper - nominalA[p]! : 0,
    );
    if (hiddenA.some((value) => value > 0)) risesA.set(zone, hiddenA as Triple);
  }
  for (const i of late) {
    const connector = connectors[i]!;
    const intends = ramps || isOff(connector);
    const riseA = (intends ? intendedA(connector, limitA[i]!, elapsedS, config) : 0) + unreportedA(connector);
    if (riseA > 0) addBehindMeters(risesA, connector, riseA, tree);
  }
  return risesA.size === 0 ? null : withLoads(tree.zones, risesA);
}

/** What would be raised at this tick. */
function intendedA(connector: ControlledConnector, aimA: number, elapsedS: number, config: ControllerConfig): number {
  const { memory, minA } = connector;
  const leftA = aimA - memory.setpointA;
  if (leftA <= 0) return 0;
  if (isOff(connector)) return Math.min(leftA, minA);
  const rampA = memory.rampA + config.rampUpAps * elapsedS;
  // Half of what is left, because it must fit twice: a whole one would leave no room for itself. The meter's noise fits, too.
  return Math.min(leftA / 2 + (config.calmS > 0 && leftA > 2 * config.deadbandA ? NOISE_A : 0), rampA);
}

/** What was raised a moment ago: neither the charger nor the meter needs to show it yet. */
function unreportedA({ memory, drawA }: ControlledConnector): number {
  const { onS, raisedS, setpointA } = memory;
  if (drawA === null) return onS !== null && onS < FOLLOWED_SLOWLY_MS / 1000 - EPSILON ? setpointA : 0;
  const begins = drawA < CHARGING_A && onS !== null && onS < STARTED_MS / 1000 - EPSILON;
  if (!begins && (raisedS === null || raisedS >= FOLLOWED_SLOWLY_MS / 1000 - EPSILON)) return 0;
  return Math.max(0, setpointA - drawA);
}

function addBehindMeters(risesA: Map<number, Triple>, connector: ControlledConnector, riseA: number, tree: Tree): void {
  forPath(tree, connector.zone, (zone) => {
    if (!isMetered(tree.zones[zone]!)) return;
    const sumA: Triple = risesA.get(zone) ?? [0, 0, 0];
    for (const phase of connector.phases) sumA[phase as 0 | 1 | 2] += riseA;
    risesA.set(zone, sumA);
  });
}
