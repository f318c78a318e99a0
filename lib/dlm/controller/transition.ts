import { SAME_MOMENT_MS } from "../../thresholds.ts";
import { powerCapacityA } from "../allocation/rows.ts";
import type { Solution } from "../allocation/solution.ts";
import type { AllocationConfig, BackgroundEstimate, ControllerConfig } from "../types.ts";
import { Balance } from "./balance.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { ZoneRoom, type ZoneSqueeze } from "./load.ts";
import { reportsLate } from "./observe.ts";
import { isOff } from "./start-plan.ts";
import { EPSILON } from "./timing.ts";
import { forPath, type Tree } from "./topology-cache.ts";

interface Context {
  tree: Tree;
  target: Solution;
  /** How far a connector may be raised at this tick, by its number, A. */
  ceilingA(connector: number): number;
  /** Connectors that may not start, by number. */
  waiting: { has(connector: number): boolean };
  /** The background behind each meter, by zone number: rises have to fit beside the upper one. */
  estimates: ReadonlyMap<number, BackgroundEstimate>;
  config: ControllerConfig;
  allocation: AllocationConfig;
  /** Time for which ramps rise at this tick, s. */
  rampS: number;
}

/** All that may be drawn at the moment, as far as it has been counted. */
interface Reserved {
  load: ZoneRoom;
  balance: Balance;
}

/**
 * Moves setpoints towards their targets: decreases first and at once; increases only into what is left when everything
 * is counted that chargers may still draw, from 0 to the minimum, then along the ramp (S1, S2, S3).
 * Writes `limitA` and `held` of the connectors.
 * @returns where zones were over their capacity before anything was raised
 */
export function approach(connectors: readonly ControlledConnector[], context: Context): ZoneSqueeze {
  const { tree, target } = context;
  const reserved = { load: new ZoneRoom(tree, target), balance: new Balance(tree, target) };
  const rising: number[] = [];
  const back: number[] = [];
  for (let i = 0; i < connectors.length; i++) {
    if (lower(connectors[i]!, i, reserved, context)) rising.push(i);
    if (connectors[i]!.resumed) back.push(i);
  }
  const squeeze = reserved.load.squeeze();
  for (const i of back)
    if (giveWay(connectors[i]!, reserved, context) && rising.includes(i)) rising.splice(rising.indexOf(i), 1);
  // The others may hold more than their share beside what meters may hide.
  reserved.load.hide(tree, context.estimates);
  raiseInOrder(inServingOrder(rising, connectors), connectors, reserved, context);
  if (!reserved.balance.free) trim(connectors, context);
  return squeeze;
}

/** The decrease, if there is one, and what is to be reserved. @returns whether the connector is to be raised instead */
function lower(connector: ControlledConnector, number: number, { load, balance }: Reserved, context: Context): boolean {
  connector.targetA = context.target.limitA[number]!;
  connector.limitA = lowered(connector, context);
  connector.held = null;
  connector.memory.unsure = isUnsure(connector, number, context);
  connector.reservedA = reservedA(connector, connector.limitA, context.config);
  load.add(connector.zone, reservedPhases(connector), reservedTerminals(connector), connector.reservedA);
  balance.add(connector, connector.reservedA);
  if (rises(connector)) return true;
  connector.memory.rampA = 0;
  return false;
}

/**
 * A reconnected connector goes on as far as there is room, or with its minimum: while it was away no decrease could reach it.
 * @returns whether it was lowered
 */
function giveWay(connector: ControlledConnector, { load, balance }: Reserved, { allocation }: Context): boolean {
  const overA = -Math.min(load.slackA(connector), balance.slackA(connector));
  if (overA <= EPSILON || connector.limitA <= connector.minA) return false;
  connector.limitA = lessA(connector, overA, allocation) || connector.minA;
  connector.held = "SETTLING";
  return true;
}

/** It is to start, but its start could not be told from other load. */
function isUnsure(connector: ControlledConnector, number: number, { waiting, ceilingA }: Context): boolean {
  return waiting.has(number) || (connector.targetA > 0 && isOff(connector) && ceilingA(number) === 0);
}

/** Increases, each into the room that the ones before it leave. */
function raiseInOrder(
  rising: readonly number[],
  connectors: readonly ControlledConnector[],
  { load, balance }: Reserved,
  context: Context,
): void {
  for (const i of rising) {
    const connector = connectors[i]!;
    const { limitA } = connector;
    const slackA = Math.min(load.slackA(connector), balance.slackA(connector));
    const freeA = slackA < -EPSILON ? 0 : slackA + connector.reservedA - limitA;
    raise(connector, Math.max(0, Math.min(freeA, context.ceilingA(i) - limitA)), context);
    const addedA = Math.max(0, connector.limitA - connector.reservedA);
    load.add(connector.zone, connector.phases, connector.terminals, addedA);
    balance.add(connector, addedA);
  }
}

/**
 * The setpoint after decreases. One whose draw is reserved from the others keeps a limit to come back to, its minimum,
 * unless a zone is overloaded even with the others at 0.
 */
function lowered(connector: ControlledConnector, context: Context): number {
  const { memory } = connector;
  const pausable = connector.state === "charging" && connector.mode !== "off";
  if (memory.uncontrolled && connector.given.reservedA === undefined && pausable) {
    return isOverloaded(connector, context) ? 0 : Math.min(memory.setpointA, connector.minA);
  }
  return Math.min(memory.setpointA, connector.targetA);
}

function isOverloaded(connector: ControlledConnector, { tree, target }: Context): boolean {
  const { position } = target.problem.tree;
  let overloaded = false;
  forPath(tree, connector.zone, (zone) => {
    const { loadA, capacityA } = target.zones[tree.zones[zone]!.id]!;
    overloaded ||= connector.phases.some((phase) => loadA[phase]! > capacityA[phase]! + EPSILON);
    overloaded ||= loadA[0] + loadA[1] + loadA[2] > powerCapacityA(target.problem.rows, position[zone]!) + EPSILON;
  });
  return overloaded;
}

/**
 * What the connector may draw at the moment (S1): its setpoint; its measured current where that is above it by more
 * than the tolerance; its old limit while nothing has confirmed the lower one. Offline: what the snapshot says. An
 * excess that is background already is not counted again.
 */
function reservedA(connector: ControlledConnector, limitA: number, config: ControllerConfig): number {
  const { given, memory, drawA } = connector;
  if (connector.state === "offline")
    return Math.max(given.reservedA ?? 0, given.disconnectedA ?? given.maxA ?? connector.maxA);
  let reserved = isConfirmed(connector, limitA) ? limitA : Math.max(limitA, unconfirmedA(connector, limitA, config));
  if (memory.excess) reserved = Math.max(reserved, memory.setpointA);
  else if (drawA !== null && drawA > limitA + config.settleTolA) reserved = Math.max(reserved, drawA);
  return Math.max(reserved, given.reservedA ?? 0, memory.uncontrolled ? (drawA ?? 0) : 0);
}

/** Whether a measurement shows what the connector draws since it was lowered (S2); one lowered now needs one of now. */
function isConfirmed({ memory, drawA, sampleAgeS }: ControlledConnector, limitA: number): boolean {
  if (drawA === null) return false;
  return sampleAgeS <= (limitA < memory.setpointA - EPSILON ? SAME_MOMENT_MS / 1000 : memory.sinceDecreaseS + EPSILON);
}

/** The limit from which it was lowered, as long as it may still be in force. */
function unconfirmedA({ memory }: ControlledConnector, limitA: number, config: ControllerConfig): number {
  if (limitA < memory.setpointA - EPSILON) return memory.setpointA;
  return memory.sinceDecreaseS < config.settleS - EPSILON ? memory.oldA : 0;
}

/** Offline, another car may have come: whatever is wired may draw. */
function reservedPhases(connector: ControlledConnector): readonly number[] {
  return connector.state === "offline" ? connector.wiredPhases : connector.phases;
}

function reservedTerminals({ state, given, terminals }: ControlledConnector): number {
  return state === "offline" ? (given.phases ?? 3) : terminals;
}

function rises({ memory, targetA, limitA }: ControlledConnector): boolean {
  return !memory.uncontrolled && targetA > limitA + EPSILON;
}

/** The serving order: class, running before waiting, arrival, id. */
function inServingOrder(rising: number[], connectors: readonly ControlledConnector[]): number[] {
  const rank = (i: number) =>
    2 * (connectors[i]!.given.priorityClass ?? 1) + (connectors[i]!.memory.setpointA > 0 ? 0 : 1);
  return rising.sort((a, b) => {
    const arrival = (connectors[a]!.given.arrivalS ?? 0) - (connectors[b]!.given.arrivalS ?? 0);
    return rank(a) - rank(b) || arrival || (connectors[a]!.given.id < connectors[b]!.given.id ? -1 : 1);
  });
}

/** One increase. What is due by the ramp but too small to be sent is kept for the next tick. */
function raise(connector: ControlledConnector, roomA: number, { config, allocation, rampS }: Context): void {
  const { memory, minA, targetA: aimA } = connector;
  const fromA = memory.setpointA;
  if (fromA < minA - EPSILON) {
    const startA = Math.min(minA, aimA);
    const fits = roomA >= startA - fromA - EPSILON;
    connector.limitA = fits ? startA : fromA;
    connector.held = fits ? (startA < aimA - EPSILON ? "RAMP" : null) : "SETTLING";
    return;
  }
  const dueA = memory.rampA + config.rampUpAps * rampS;
  const wantedA = Math.min(aimA, fromA + dueA);
  const limitA = Math.max(fromA, floorTo(Math.min(wantedA, fromA + roomA), allocation.stepA, aimA));
  connector.held = limitA >= aimA - EPSILON ? null : fromA + roomA < wantedA - EPSILON ? "SETTLING" : "RAMP";
  const tooSmall = !completes(connector, limitA, config) && limitA - fromA < leastA(connector, config) - EPSILON;
  memory.rampA = tooSmall ? Math.min(dueA, aimA - fromA) : 0;
  connector.limitA = tooSmall ? fromA : limitA;
}

/** An increase that is sent however small it is. */
function completes({ memory, held, maxA }: ControlledConnector, limitA: number, { calmS }: ControllerConfig): boolean {
  if (calmS > 0) return limitA >= maxA - EPSILON;
  return held === null && memory.raisedS !== null && memory.raisedS <= memory.sinceDecreaseS;
}

/** An increase worth sending. Slow reporters rise by half the gap, so for them half the dead band is worth sending. */
function leastA(connector: ControlledConnector, { deadbandA, calmS }: ControllerConfig): number {
  const { sinceDecreaseS, raisedS } = connector.memory;
  if (calmS > 0) {
    // The limit of a connector that has not changed for long is about to be renewed anyway.
    if (Math.min(sinceDecreaseS, raisedS ?? Number.POSITIVE_INFINITY) >= calmS) return deadbandA / 2;
    // The load that took the current may come again.
    if (sinceDecreaseS < calmS) return 2 * deadbandA;
  }
  return reportsLate(connector) ? deadbandA / 2 : deadbandA;
}

/** Its limit when it gives up so much: a legal one. */
function lessA({ limitA, minA }: ControlledConnector, overA: number, { stepA }: AllocationConfig): number {
  const leftA = floorTo(limitA - overA, stepA, limitA);
  return leftA >= minA - EPSILON ? leftA : 0;
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
function trim(connectors: readonly ControlledConnector[], { tree, target, allocation }: Context): void {
  const balance = new Balance(tree, target);
  for (const connector of connectors)
    balance.add(connector, isFixed(connector) ? connector.reservedA : connector.limitA);
  for (const connector of connectors.toReversed()) {
    const overA = -balance.slackA(connector);
    if (overA <= EPSILON || connector.limitA === 0 || isFixed(connector)) continue;
    const limitA = lessA(connector, overA, allocation);
    balance.add(connector, limitA - connector.limitA);
    connector.limitA = limitA;
    connector.held = "SETTLING";
  }
}

/** It draws what it does, whatever it is told. */
function isFixed({ state, given, memory }: ControlledConnector): boolean {
  return state === "offline" || given.reservedA !== undefined || memory.uncontrolled;
}
