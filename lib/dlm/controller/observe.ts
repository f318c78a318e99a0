import { allowedA } from "../../over-limit.ts";
import { LARGEST_A } from "../../thresholds.ts";
import { minimumA } from "../allocation/cars.ts";
import { ceilingA } from "../snapshot/ceilings.ts";
import { loadedPhases, terminalsOnSite } from "../topology/wiring.ts";
import type { AllocationConfig, ControllerConfig, SnapshotConnector } from "../types.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { type DemandSight, learnDemand, NO_DEMAND } from "./demand.ts";
import { type IdleSight, NO_IDLE, wakeUp, watchIdle } from "./idle.ts";
import { type ConnectorMemory, LONG_LOWERED, noteDecrease } from "./memory.ts";
import { knownCarrying, terminalsOf, watchPhases } from "./phases.ts";
import { noPv } from "./pv-day.ts";
import { ageS, EPSILON, held } from "./timing.ts";

/** A charger with a new sample of their moment at so many ticks in a row shows what it draws in time (S4b). */
const PROMPT_TICKS = 2;
const NOTHING: readonly (number | null)[] = [];
/** Less above its setpoint is no excess, A. */
const EXCESS_A = 0.2;

/** Looks at one connector: reads its sample, brings everything that is learnt of it up to now, and gives it its own role. */
export function observe(
  connector: ControlledConnector,
  given: SnapshotConnector,
  { nowMs, elapsedS }: { nowMs: number; elapsedS: number },
  config: ControllerConfig,
  allocation: AllocationConfig,
): void {
  const { memory } = connector;
  connector.given = given;
  connector.resumed = (given.commandedA ?? 0) > memory.setpointA;
  goOnFrom(memory, given, config.settleS);
  memory.sinceDecreaseS += elapsedS;
  if (memory.raisedS !== null) memory.raisedS += elapsedS;
  readOutlet(connector, nowMs, elapsedS);
  if (memory.unseenS !== null) memory.unseenS = connector.fresh ? null : memory.unseenS + elapsedS;
  if (connector.state === "available") forgetCar(memory);
  if (memory.onS !== null) memory.onS += elapsedS;
  if (memory.stoppedS !== null) memory.stoppedS += elapsedS;
  if (memory.stoppedS !== null && memory.stoppedS >= config.minOffS - EPSILON) memory.stoppedS = null;
  if (memory.setpointA > 0 && (connector.drawA ?? 1) >= config.demandTolA) memory.servedS += elapsedS;
  placePhases(connector, elapsedS, allocation);
  watchCompliance(connector, elapsedS, config);
  watchCar(connector, elapsedS, config);
  connector.role = ownRole(memory);
}

/**
 * Starts from the limit that was commanded, where that is not the one decided here last: the guard lowered it, its lease ended, or the
 * connector was away and still follows a higher one, which was reserved meanwhile.
 */
function goOnFrom(memory: ConnectorMemory, given: SnapshotConnector, settleS: number): void {
  const { commandedA, leaseEnded, state = "charging" } = given;
  const { setpointA } = memory;
  if (commandedA === undefined || commandedA === setpointA) return;
  memory.setpointA = commandedA;
  memory.rampA = 0;
  if (leaseEnded) Object.assign(memory, LONG_LOWERED);
  else if (commandedA > setpointA) {
    memory.oldA = Math.max(memory.oldA, commandedA);
    memory.onS = 0;
  } else {
    noteDecrease(memory, setpointA, settleS);
    memory.unseenS ??= 0;
    const isStopped = commandedA === 0 && (state === "charging" || state === "waiting") && !memory.uncontrolled;
    if (isStopped) memory.stoppedS = 0;
  }
  if (commandedA === 0) memory.onS = null;
}

/** The role that it has unless the surplus says otherwise. */
function ownRole({ stoppedS, idle }: ConnectorMemory): ControlledConnector["role"] {
  if (stoppedS !== null) return "blocked";
  return idle.wakeOffS === null ? "part" : "waking";
}

function readOutlet(connector: ControlledConnector, nowMs: number, elapsedS: number): void {
  const { given, memory } = connector;
  const { phases = 3, rotation = "RST", state = "charging", mode = "fast", measuredTsMs } = given;
  const drawA = drawOf(given);
  const sampleAgeS = drawA === null || measuredTsMs === undefined ? 0 : ageS(nowMs, measuredTsMs);
  const lastAgeS = memory.sampleAgeS;
  const stamped = measuredTsMs !== undefined;
  const fresh = drawA !== null && (!stamped || lastAgeS === null || sampleAgeS < lastAgeS + elapsedS - 5e-4);
  memory.sampleAgeS = drawA === null ? null : sampleAgeS;
  memory.promptTicks = fresh ? Math.min(PROMPT_TICKS, memory.promptTicks + 1) : 0;
  connector.state = state;
  connector.mode = mode;
  connector.wiredPhases = loadedPhases(phases, rotation);
  connector.phases = connector.wiredPhases;
  connector.terminals = phases;
  connector.detectedPhases = undefined;
  connector.minA = 0;
  connector.maxA = Math.min(given.maxA ?? LARGEST_A, ceilingA(given) ?? Number.POSITIVE_INFINITY);
  connector.drawA = drawA;
  connector.sampleAgeS = sampleAgeS;
  connector.fresh = fresh;
}

function drawOf(given: SnapshotConnector): number | null {
  if (given.state === "offline") return null;
  let largest: number | null = null;
  const measuredA = given.measuredA ?? NOTHING;
  for (let t = 0; t < measuredA.length; t++) {
    const value = measuredA[t]!;
    if (value !== null) largest = Math.max(largest ?? 0, Math.abs(value));
  }
  return largest;
}

function forgetCar(memory: ConnectorMemory): void {
  memory.demand = NO_DEMAND;
  memory.idle = NO_IDLE;
  memory.pv = noPv();
  memory.stoppedS = null;
  memory.servedS = 0;
}

function placePhases(connector: ControlledConnector, elapsedS: number, allocation: AllocationConfig): void {
  const { given, memory } = connector;
  const wired = given.phases ?? 3;
  const terminalsA = connector.drawA === null ? null : (given.measuredA ?? null);
  memory.phases = watchPhases(memory.phases, {
    wired,
    plugged: connector.state !== "available",
    terminalsA,
    fresh: connector.fresh,
    setpointA: memory.setpointA,
    minA: minimumOf(connector, allocation),
    elapsedS,
  });
  connector.detectedPhases = detectedPhases(given, memory, terminalsA, wired);
  if (allocation.itNetwork && wired === 1) {
    connector.wiredPhases = terminalsOnSite([1], given.rotation ?? "RST", true);
    connector.phases = connector.wiredPhases;
  }
  if (connector.detectedPhases) {
    connector.terminals = connector.detectedPhases.length;
    connector.phases = terminalsOnSite(connector.detectedPhases, given.rotation ?? "RST", allocation.itNetwork);
  }
  connector.minA = minimumOf(connector, allocation);
}

function minimumOf(connector: ControlledConnector, allocation: AllocationConfig): number {
  return minimumA(connector.given, connector.terminals, allocation);
}

function detectedPhases(
  given: SnapshotConnector,
  memory: ConnectorMemory,
  terminalsA: readonly (number | null)[] | null,
  wired: number,
): number[] | undefined {
  if (given.detectedPhases === undefined || given.detectedPhases.length === 0) {
    return memory.phases.detected === null ? given.detectedPhases : terminalsOf(memory.phases.detected);
  }
  const carrying = terminalsA === null ? [] : terminalsOf(knownCarrying(terminalsA, wired));
  return [...new Set([...given.detectedPhases, ...carrying])].sort();
}

/**
 * Watches whether a charger keeps to its setpoint. Above it by more than 1 A or 10 % for `nonCompliantS` it counts as
 * uncontrolled, sooner while there is too little room; above it by `settleTolA` while there is too little room, its
 * excess is taken from the others. Both need a sample well later than the first that showed it: a charger that reports seldom may have
 * obeyed meanwhile.
 */
function watchCompliance(connector: ControlledConnector, elapsedS: number, config: ControllerConfig): void {
  const { memory, drawA, sampleAgeS } = connector;
  const { setpointA } = memory;
  if (connector.state === "offline" || connector.given.reservedA !== undefined || drawA === null) {
    memory.overS = null;
    memory.disobeyS = null;
    memory.uncontrolled = false;
    memory.excess = false;
    return;
  }
  const answered = sampleAgeS <= memory.sinceDecreaseS + EPSILON;
  const over = drawA > setpointA + config.settleTolA;
  const disobeys = drawA > allowedA(setpointA, config.settleTolA);
  memory.overS = held(memory.overS, over && (answered || memory.overS !== null), elapsedS);
  memory.disobeyS = held(memory.disobeyS, disobeys && (answered || memory.disobeyS !== null), elapsedS);
  const shownS = sampleAgeS + config.settleS - EPSILON;
  if (memory.disobeyS === null) memory.uncontrolled = false;
  else if (memory.disobeyS >= shownS && (memory.squeezed || memory.disobeyS >= config.nonCompliantS - EPSILON))
    memory.uncontrolled = true;
  if (drawA <= setpointA + EXCESS_A || setpointA === 0) memory.excess = false;
  else if (memory.squeezed && memory.overS !== null && memory.overS >= shownS) memory.excess = true;
}

function watchCar(connector: ControlledConnector, elapsedS: number, config: ControllerConfig): void {
  const { memory, given } = connector;
  if (connector.state === "offline" || connector.state === "available") return;
  const sight: DemandSight & IdleSight = {
    setpointA: memory.setpointA,
    drawA: connector.drawA,
    fresh: connector.fresh,
    minA: connector.minA,
    maxA: connector.maxA,
    onS: memory.onS,
    reportedIdle: connector.state === "idle",
    served: memory.servedS > 0 || (given.chargingS ?? 0) > 0 || (given.energyWh ?? 0) > 0,
    elapsedS,
  };
  memory.demand = learnDemand(memory.demand, sight, config);
  memory.idle = wakeUp(watchIdle(memory.idle, sight, config), sight, config);
}

/** Whether the charger may leave a rise unreported for longer than until the next tick. */
export function reportsLate({ state, given, memory, drawA }: ControlledConnector): boolean {
  if (state === "offline" || given.reservedA !== undefined || memory.uncontrolled) return false;
  return drawA === null || memory.promptTicks < PROMPT_TICKS;
}
