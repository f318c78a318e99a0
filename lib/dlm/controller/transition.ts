import type { AllocationConfig, AllocationResult, ControllerConfig, Reason } from "../types.ts";
import { Balance } from "./balance.ts";
import { powerCapacityA, ZoneLoad } from "./load.ts";
import type { Outlet } from "./outlet.ts";
import type { Role, Target } from "./target.ts";
import { EPSILON } from "./timing.ts";
import { forPath, type Tree } from "./tree.ts";

/** A sample not older than this shows the present, s (S4b). */
const SAME_MOMENT_S = 2;

/** A setpoint on its way to the target. */
export interface Step {
  limitA: number;
  /** What held it below the target; null = nothing. */
  held: "SETTLING" | "RAMP" | null;
}

interface Context {
  tree: Tree;
  target: Target;
  /** The allocation if every unseen rise were background; null = there is none. */
  cautious: AllocationResult | null;
  config: ControllerConfig;
  allocation: AllocationConfig;
  /** Time for which ramps rise at this tick, s. */
  rampS: number;
}

/**
 * Moves setpoints towards their targets: decreases first and at once; increases only into what is left when everything
 * is counted that chargers may still draw, from 0 to the minimum, then along the ramp (S1, S2, S3).
 * Updates the memories of the outlets.
 */
export function approach(outlets: readonly Outlet[], context: Context): Step[] {
  const { tree, target, allocation } = context;
  const load = new ZoneLoad(tree, target.result, allocation);
  const balance = new Balance(tree, target.result);
  const steps = outlets.map((outlet): Step => ({ limitA: lowered(outlet, context), held: null }));
  const reserved = outlets.map((outlet, i) => reservedA(outlet, steps[i]!.limitA, context.config));
  outlets.forEach((outlet, i) => {
    load.add(outlet.given.zone, reservedPhases(outlet), reservedTerminals(outlet), reserved[i]!);
    balance.add(outlet, reserved[i]!);
  });
  for (const outlet of outlets) outlet.memory.squeezed = load.slackA(outlet) < -EPSILON;
  raiseInOrder(outlets, steps, reserved, { load, balance }, context);
  if (!balance.free) trim(outlets, steps, reserved, context);
  outlets.forEach((outlet, i) => {
    remember(outlet, steps[i]!.limitA, target.roles[i]!, targetA(outlet, target), context.config.settleS);
  });
  return steps;
}

/** Increases, each into the room that the ones before it leave. */
function raiseInOrder(
  outlets: readonly Outlet[],
  steps: Step[],
  reserved: readonly number[],
  { load, balance }: { load: ZoneLoad; balance: Balance },
  context: Context,
): void {
  for (const i of risingOrder(outlets, steps, context.target)) {
    const outlet = outlets[i]!;
    const { limitA } = steps[i]!;
    const slackA = Math.min(load.slackA(outlet), balance.slackA(outlet));
    const freeA = slackA < -EPSILON ? 0 : slackA + reserved[i]! - limitA;
    const roomA = Math.max(0, Math.min(freeA, ceilingA(outlet, context) - limitA));
    const step = raised(outlet, targetA(outlet, context.target), roomA, context);
    const addedA = Math.max(0, step.limitA - reserved[i]!);
    load.add(outlet.given.zone, outlet.phases, outlet.terminals, addedA);
    balance.add(outlet, addedA);
    steps[i] = step;
  }
}

/** How far a charger may be raised while rises are unseen: those of others, and its own if it will not report it soon. */
function ceilingA(outlet: Outlet, { cautious }: Context): number {
  return cautious === null ? Number.POSITIVE_INFINITY : cautious.connectors[outlet.given.id]!.limitA;
}

function targetA(outlet: Outlet, { result }: Target): number {
  return result.connectors[outlet.given.id]!.limitA;
}

/**
 * The setpoint after decreases. One whose draw is reserved from the others keeps a limit to come back to, its minimum,
 * unless a zone is overloaded even with the others at 0.
 */
function lowered(outlet: Outlet, context: Context): number {
  const { memory } = outlet;
  const pausable = outlet.state === "charging" && outlet.mode !== "off";
  if (memory.uncontrolled && outlet.given.reservedA === undefined && pausable) {
    return isOverloaded(outlet, context) ? 0 : Math.min(memory.setpointA, outlet.minA);
  }
  return Math.min(memory.setpointA, targetA(outlet, context.target));
}

function isOverloaded(outlet: Outlet, { tree, target: { result }, allocation }: Context): boolean {
  let overloaded = false;
  forPath(tree, outlet.given.zone, (zone) => {
    const { loadA, capacityA } = result.zones[tree.zones[zone]!.id]!;
    overloaded ||= outlet.phases.some((phase) => loadA[phase]! > capacityA[phase]! + EPSILON);
    overloaded ||= loadA[0] + loadA[1] + loadA[2] > powerCapacityA(tree.zones[zone]!, result, allocation) + EPSILON;
  });
  return overloaded;
}

/**
 * What the connector may draw at the moment (S1): its setpoint; its measured current where that is above it by more
 * than the tolerance; its old limit while nothing has confirmed the lower one. Offline: what the snapshot says. An
 * excess that is background already is not counted again.
 */
function reservedA(outlet: Outlet, limitA: number, config: ControllerConfig): number {
  const { given, memory, drawA } = outlet;
  if (outlet.state === "offline") return given.disconnectedA ?? outlet.given.maxA ?? outlet.maxA;
  let reserved = isConfirmed(outlet, limitA) ? limitA : Math.max(limitA, unconfirmedA(outlet, limitA, config));
  if (memory.excess) reserved = Math.max(reserved, memory.setpointA);
  else if (drawA !== null && drawA > limitA + config.settleTolA) reserved = Math.max(reserved, drawA);
  return Math.max(reserved, given.reservedA ?? 0, memory.uncontrolled ? (drawA ?? 0) : 0);
}

/** Whether a measurement shows what the connector draws since it was lowered (S2); one lowered now needs one of now. */
function isConfirmed({ memory, drawA, sampleAgeS }: Outlet, limitA: number): boolean {
  if (drawA === null) return false;
  return sampleAgeS <= (limitA < memory.setpointA - EPSILON ? SAME_MOMENT_S : memory.sinceDecreaseS + EPSILON);
}

/** The limit from which it was lowered, as long as it may still be in force. */
function unconfirmedA({ memory }: Outlet, limitA: number, config: ControllerConfig): number {
  if (limitA < memory.setpointA - EPSILON) return memory.setpointA;
  return memory.sinceDecreaseS < config.settleS - EPSILON ? memory.oldA : 0;
}

/** Offline, another car may have come: whatever is wired may draw. */
function reservedPhases(outlet: Outlet): readonly number[] {
  return outlet.state === "offline" ? outlet.wiredPhases : outlet.phases;
}

function reservedTerminals({ state, given, terminals }: Outlet): number {
  return state === "offline" ? (given.phases ?? 3) : terminals;
}

/** Those that are to rise, in the order in which they are served: class, those that run, arrival, id. */
function risingOrder(outlets: readonly Outlet[], steps: readonly Step[], target: Target): number[] {
  const rising: number[] = [];
  outlets.forEach((outlet, i) => {
    if (!outlet.memory.uncontrolled && targetA(outlet, target) > steps[i]!.limitA + EPSILON) rising.push(i);
    else outlet.memory.rampA = 0;
  });
  const rank = (i: number) => 2 * (outlets[i]!.given.priorityClass ?? 1) + (outlets[i]!.memory.setpointA > 0 ? 0 : 1);
  return rising.sort((a, b) => {
    const arrival = (outlets[a]!.given.arrivalS ?? 0) - (outlets[b]!.given.arrivalS ?? 0);
    return rank(a) - rank(b) || arrival || (outlets[a]!.given.id < outlets[b]!.given.id ? -1 : 1);
  });
}

/** One increase. What is due by the ramp but too small to be sent is kept for the next tick. */
function raised(outlet: Outlet, aimA: number, roomA: number, { config, allocation, rampS }: Context): Step {
  const { memory, minA } = outlet;
  const fromA = memory.setpointA;
  if (fromA < minA - EPSILON) {
    const startA = Math.min(minA, aimA);
    return roomA >= startA - fromA - EPSILON
      ? { limitA: startA, held: startA < aimA - EPSILON ? "RAMP" : null }
      : { limitA: fromA, held: "SETTLING" };
  }
  const dueA = memory.rampA + config.rampUpAps * rampS;
  const wantedA = Math.min(aimA, fromA + dueA);
  const limitA = Math.max(fromA, floorTo(Math.min(wantedA, fromA + roomA), allocation.stepA, aimA));
  const held = limitA >= aimA - EPSILON ? null : fromA + roomA < wantedA - EPSILON ? "SETTLING" : "RAMP";
  const rising = memory.raisedS !== null && memory.raisedS <= memory.sinceDecreaseS;
  if ((held !== null || !rising) && limitA - fromA < config.deadbandA - EPSILON) {
    memory.rampA = Math.min(dueA, aimA - fromA);
    return { limitA: fromA, held };
  }
  memory.rampA = 0;
  return { limitA, held };
}

/** Down to the charger's step; the target itself is on the grid already. */
function floorTo(currentA: number, stepA: number, aimA: number): number {
  if (currentA >= aimA - EPSILON) return aimA;
  return Math.round(Math.floor(currentA / stepA + EPSILON) * stepA * 1e6) / 1e6;
}

/**
 * Lowers unbalanced cars where the setpoints on their way leave a phase too high. What may still be in force of old ones only
 * holds increases back. Only ever down, so it ends.
 */
function trim(
  outlets: readonly Outlet[],
  steps: Step[],
  reserved: readonly number[],
  { tree, target, allocation }: Context,
): void {
  const balance = new Balance(tree, target.result);
  outlets.forEach((outlet, i) => {
    balance.add(outlet, isFixed(outlet) ? reserved[i]! : steps[i]!.limitA);
  });
  for (let i = outlets.length - 1; i >= 0; i--) {
    const outlet = outlets[i]!;
    const overA = -balance.slackA(outlet);
    const step = steps[i]!;
    if (overA <= EPSILON || step.limitA === 0 || isFixed(outlet)) continue;
    const roomA = floorTo(step.limitA - overA, allocation.stepA, step.limitA);
    const limitA = roomA >= outlet.minA - EPSILON ? roomA : 0;
    balance.add(outlet, limitA - step.limitA);
    steps[i] = { limitA, held: "SETTLING" };
  }
}

/** It draws what it does, whatever it is told. */
function isFixed({ state, given, memory }: Outlet): boolean {
  return state === "offline" || given.reservedA !== undefined || memory.uncontrolled;
}

function remember(outlet: Outlet, limitA: number, role: Role, aimA: number, settleS: number): void {
  const { memory } = outlet;
  const beforeA = memory.setpointA;
  if (outlet.state === "offline") {
    memory.oldA = Math.max(memory.oldA, beforeA);
    memory.sinceDecreaseS = 0;
  } else if (limitA < beforeA - EPSILON) {
    memory.oldA = Math.max(memory.sinceDecreaseS < settleS ? memory.oldA : 0, beforeA);
    memory.sinceDecreaseS = 0;
    memory.unseenS ??= 0;
  }
  const stopped = beforeA > 0 && limitA === 0;
  if (stopped && role === "part" && (outlet.state === "charging" || outlet.state === "waiting") && !memory.uncontrolled)
    memory.stoppedS = 0;
  if (limitA > beforeA + EPSILON) memory.raisedS = 0;
  else if (limitA === 0) memory.raisedS = null;
  memory.setpointA = limitA;
  memory.onS = limitA > 0 ? (memory.onS ?? 0) : null;
  memory.granted = aimA > 0;
}

const UNSURE = "its charger reports seldom: it starts when there is room for its start and as much other load";

/** Why a connector has what it has, the binding reason first. */
export function reasonsOf(outlet: Outlet, role: Role, step: Step, allocated: readonly Reason[]): Reason[] {
  if (outlet.memory.uncontrolled && outlet.state !== "offline") {
    return [{ code: "SETTLING", text: "does not obey its limit: what it draws is reserved" }, ...allocated];
  }
  if (outlet.state !== "offline" && outlet.mode !== "off") {
    if (role === "blocked") return [{ code: "MIN_OFF" }];
    if (role === "waking") return [{ code: "IDLE", text: "switched off for a moment to wake the car" }];
    if (role === "sun") return [{ code: "PV" }];
    if (role === "unsure") return [{ code: "SETTLING", text: UNSURE }, ...allocated];
    if (role === "held" && step.held === null) return [{ code: "PV_HOLD" }, ...allocated];
  }
  return step.held === null ? [...allocated] : [{ code: step.held }, ...allocated];
}
