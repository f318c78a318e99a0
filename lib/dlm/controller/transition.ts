import type { AllocationConfig, ControllerConfig, Reason } from "../types.ts";
import { Balance } from "./balance.ts";
import { ZoneLoad } from "./load.ts";
import type { Outlet } from "./outlet.ts";
import type { Role, Target } from "./target.ts";
import { EPSILON } from "./timing.ts";
import type { Tree } from "./tree.ts";

/** A setpoint on its way to the target. */
export interface Step {
  limitA: number;
  /** What held it below the target; null = nothing. */
  held: "SETTLING" | "RAMP" | null;
}

interface Context {
  tree: Tree;
  target: Target;
  config: ControllerConfig;
  allocation: AllocationConfig;
  elapsedS: number;
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
    load.add(outlet.given.zone, reservedPhases(outlet), outlet.terminals, reserved[i]!);
    balance.add(outlet, reserved[i]!);
  });
  for (const outlet of outlets) outlet.memory.squeezed = load.slackA(outlet) < -EPSILON;
  for (const i of risingOrder(outlets, steps, target)) {
    const outlet = outlets[i]!;
    const ownA = reserved[i]! - steps[i]!.limitA;
    const roomA = Math.min(load.slackA(outlet), balance.slackA(outlet)) + ownA;
    const step = raised(outlet, targetA(outlet, target), roomA, context);
    const addedA = Math.max(0, step.limitA - reserved[i]!);
    if (addedA > 0) {
      load.add(outlet.given.zone, outlet.phases, outlet.terminals, addedA);
      balance.add(outlet, addedA);
    }
    steps[i] = step;
  }
  if (!balance.free) trim(outlets, steps, balance, reserved, allocation.stepA);
  outlets.forEach((outlet, i) => {
    remember(outlet, steps[i]!.limitA, target.roles[i]!, targetA(outlet, target));
  });
  return steps;
}

function targetA(outlet: Outlet, { result }: Target): number {
  return result.connectors[outlet.given.id]!.limitA;
}

/** The setpoint after decreases. One whose draw is reserved from the others keeps a limit to come back to: its minimum. */
function lowered(outlet: Outlet, { target }: Context): number {
  const { memory } = outlet;
  const aimA = targetA(outlet, target);
  if (
    memory.uncontrolled &&
    outlet.given.reservedA === undefined &&
    outlet.state === "charging" &&
    outlet.mode !== "off"
  ) {
    return Math.min(memory.setpointA, outlet.minA);
  }
  return Math.min(memory.setpointA, aimA);
}

/**
 * What the connector may draw at the moment (S1): its setpoint; its measured current where that is above it by more
 * than the tolerance; its old limit while nothing has confirmed the lower one. Offline: what the snapshot says.
 */
function reservedA(outlet: Outlet, limitA: number, config: ControllerConfig): number {
  const { given, memory, drawA } = outlet;
  if (outlet.state === "offline") return given.disconnectedA ?? outlet.given.maxA ?? outlet.maxA;
  let reserved = limitA;
  if (drawA === null) {
    const freshDecreaseA = limitA < memory.setpointA ? memory.setpointA : 0;
    const olderA = memory.sinceDecreaseS < config.settleS - EPSILON ? memory.oldA : 0;
    reserved = Math.max(reserved, freshDecreaseA, olderA);
  } else if (drawA > limitA + config.settleTolA) reserved = drawA;
  return Math.max(reserved, given.reservedA ?? 0, memory.uncontrolled ? (drawA ?? 0) : 0);
}

function reservedPhases(outlet: Outlet): readonly number[] {
  return outlet.state === "offline" ? outlet.wiredPhases : outlet.phases;
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
function raised(outlet: Outlet, aimA: number, roomA: number, { config, allocation, elapsedS }: Context): Step {
  const { memory, minA } = outlet;
  const fromA = memory.setpointA;
  if (fromA < minA - EPSILON) {
    const startA = Math.min(minA, aimA);
    return roomA >= startA - fromA - EPSILON
      ? { limitA: startA, held: startA < aimA - EPSILON ? "RAMP" : null }
      : { limitA: fromA, held: "SETTLING" };
  }
  const dueA = memory.rampA + config.rampUpAps * elapsedS;
  const wantedA = Math.min(aimA, fromA + dueA);
  const limitA = Math.max(fromA, floorTo(Math.min(wantedA, fromA + roomA), allocation.stepA, aimA));
  const held = limitA >= aimA - EPSILON ? null : fromA + roomA < wantedA - EPSILON ? "SETTLING" : "RAMP";
  if (held !== null && limitA - fromA < config.deadbandA - EPSILON) {
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

/** Lowers unbalanced cars where the currents on their way leave a phase too high. Only ever down, so it ends. */
function trim(
  outlets: readonly Outlet[],
  steps: Step[],
  balance: Balance,
  reserved: readonly number[],
  stepA: number,
): void {
  for (let i = outlets.length - 1; i >= 0; i--) {
    const outlet = outlets[i]!;
    const overA = -balance.slackA(outlet);
    const step = steps[i]!;
    if (overA <= EPSILON || step.limitA === 0 || reserved[i]! > step.limitA) continue;
    const roomA = floorTo(step.limitA - overA, stepA, step.limitA);
    const limitA = roomA >= outlet.minA - EPSILON ? roomA : 0;
    balance.add(outlet, limitA - step.limitA);
    steps[i] = { limitA, held: "SETTLING" };
  }
}

function remember(outlet: Outlet, limitA: number, role: Role, aimA: number): void {
  const { memory } = outlet;
  const beforeA = memory.setpointA;
  if (outlet.state === "offline") {
    memory.oldA = Math.max(memory.oldA, beforeA);
    memory.sinceDecreaseS = 0;
  } else if (limitA < beforeA - EPSILON) {
    memory.oldA = Math.max(memory.sinceDecreaseS === 0 ? memory.oldA : 0, beforeA);
    memory.sinceDecreaseS = 0;
  }
  const stopped = beforeA > 0 && limitA === 0;
  if (stopped && role === "part" && (outlet.state === "charging" || outlet.state === "waiting") && !memory.uncontrolled)
    memory.stoppedS = 0;
  memory.setpointA = limitA;
  memory.onS = limitA > 0 ? (memory.onS ?? 0) : null;
  memory.granted = aimA > 0;
}

/** Why a connector has what it has, the binding reason first. */
export function reasonsOf(outlet: Outlet, role: Role, step: Step, allocated: readonly Reason[]): Reason[] {
  if (outlet.memory.uncontrolled && outlet.state !== "offline") {
    return [{ code: "SETTLING", text: "does not obey its limit: what it draws is reserved" }, ...allocated];
  }
  if (outlet.state !== "offline" && outlet.mode !== "off") {
    if (role === "blocked") return [{ code: "MIN_OFF" }];
    if (role === "waking") return [{ code: "IDLE", text: "switched off for a moment to wake the car" }];
    if (role === "sun") return [{ code: "PV" }];
    if (role === "held" && step.held === null) return [{ code: "PV_HOLD" }, ...allocated];
  }
  return step.held === null ? [...allocated] : [{ code: step.held }, ...allocated];
}
