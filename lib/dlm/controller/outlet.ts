import { minimumA } from "../cars.ts";
import { knownCarrying, terminalsOf, watchPhases } from "../phases.ts";
import type { AllocationConfig, ChargingMode, ConnectorState, ControllerConfig, Snapshot } from "../types.ts";
import { loadedPhases, terminalPhases } from "../wiring.ts";
import { learnDemand, noDemand } from "./demand.ts";
import { type IdleSight, noIdle, wakeUp, watchIdle } from "./idle.ts";
import type { ConnectorMemory } from "./memory.ts";
import { PROMPT_TICKS } from "./pending.ts";
import { noPv } from "./pv-hold.ts";
import { ageS, EPSILON, held } from "./timing.ts";

/** One connector as the snapshot gives it. */
export type GivenConnector = Snapshot["connectors"][number];

/** One connector during one tick: what is given, what is remembered, and what follows from both. */
export interface Outlet {
  given: GivenConnector;
  /** A working copy; it becomes the memory when the tick succeeds. */
  memory: ConnectorMemory;
  /** This controller has commanded it before. */
  known: boolean;
  state: ConnectorState;
  mode: ChargingMode;
  /** Site phases (0 = L1) that it may load at all, and those its present car loads. */
  wiredPhases: readonly number[];
  phases: readonly number[];
  /** Terminals in use: what a current is multiplied with to get power. */
  terminals: number;
  detectedPhases: number[] | undefined;
  minA: number;
  maxA: number;
  /** Largest terminal current, A; null = unmeasured. */
  drawA: number | null;
  sampleAgeS: number;
  /** The sample was not there at the last tick. */
  fresh: boolean;
}

const DEFAULT_MAX_A = 32;
/** Less above its setpoint is no excess, A. */
const EXCESS_A = 0.2;

/** Whether a car is connected that may be given current. */
export function isRequesting(outlet: Outlet): boolean {
  return (outlet.state === "charging" || outlet.state === "waiting") && outlet.mode !== "off";
}

/** Looks at one connector: reads its sample and brings everything that is learnt of it up to now. */
export function observe(
  given: GivenConnector,
  remembered: ConnectorMemory | null,
  blank: () => ConnectorMemory,
  times: { nowMs: number; elapsedS: number },
  config: ControllerConfig,
  allocation: AllocationConfig,
): Outlet {
  const memory = { ...(remembered ?? blank()) };
  const { elapsedS } = times;
  memory.sinceDecreaseS += elapsedS;
  if (memory.raisedS !== null) memory.raisedS += elapsedS;
  const outlet = readOutlet(given, memory, remembered !== null, times);
  if (memory.unseenS !== null) memory.unseenS = outlet.fresh ? null : memory.unseenS + elapsedS;
  if (outlet.state === "available") forgetCar(memory);
  if (memory.onS !== null) memory.onS += elapsedS;
  if (memory.stoppedS !== null) memory.stoppedS += elapsedS;
  if (memory.stoppedS !== null && memory.stoppedS >= config.minOffS - EPSILON) memory.stoppedS = null;
  if (memory.setpointA > 0 && (outlet.drawA ?? 1) >= config.demandTolA) memory.servedS += elapsedS;
  placePhases(outlet, elapsedS, allocation);
  watchObedience(outlet, elapsedS, config);
  watchCar(outlet, elapsedS, config);
  return outlet;
}

function readOutlet(
  given: GivenConnector,
  memory: ConnectorMemory,
  known: boolean,
  times: { nowMs: number; elapsedS: number },
): Outlet {
  const drawA = drawOf(given);
  const sampleAgeS = drawA === null || given.measuredTsMs === undefined ? 0 : ageS(times.nowMs, given.measuredTsMs);
  const lastAgeS = memory.sampleAgeS;
  const stamped = given.measuredTsMs !== undefined;
  const fresh = drawA !== null && (!stamped || lastAgeS === null || sampleAgeS < lastAgeS + times.elapsedS - 5e-4);
  memory.sampleAgeS = drawA === null ? null : sampleAgeS;
  memory.promptTicks = fresh ? (known ? Math.min(PROMPT_TICKS, memory.promptTicks + 1) : PROMPT_TICKS) : 0;
  const wiredPhases = loadedPhases(given.phases ?? 3, given.rotation ?? "RST");
  return {
    given,
    memory,
    known,
    state: given.state ?? "charging",
    mode: given.mode ?? "fast",
    wiredPhases,
    phases: wiredPhases,
    terminals: given.phases ?? 3,
    detectedPhases: undefined,
    minA: 0,
    maxA: Math.min(given.maxA ?? DEFAULT_MAX_A, given.externalLimitA ?? Number.POSITIVE_INFINITY),
    drawA,
    sampleAgeS,
    fresh,
  };
}

function drawOf(given: GivenConnector): number | null {
  if (given.state === "offline") return null;
  let largest: number | null = null;
  for (const value of given.measuredA ?? []) if (value !== null) largest = Math.max(largest ?? 0, Math.abs(value));
  return largest;
}

function forgetCar(memory: ConnectorMemory): void {
  memory.demand = noDemand();
  memory.idle = noIdle();
  memory.pv = noPv();
  memory.stoppedS = null;
  memory.servedS = 0;
}

function placePhases(outlet: Outlet, elapsedS: number, allocation: AllocationConfig): void {
  const { given, memory } = outlet;
  const wired = given.phases ?? 3;
  const terminalsA = outlet.drawA === null ? null : (given.measuredA ?? null);
  const minA = minimumOf(outlet, allocation);
  const sight = {
    wired,
    plugged: outlet.state !== "available",
    terminalsA,
    fresh: outlet.fresh,
    setpointA: memory.setpointA,
    minA,
    elapsedS,
  };
  memory.phases = watchPhases(memory.phases, sight);
  outlet.detectedPhases = detectedPhases(given, memory, terminalsA, wired);
  if (outlet.detectedPhases) {
    outlet.terminals = outlet.detectedPhases.length;
    outlet.phases = sitePhases(given, outlet.detectedPhases, allocation.itNetwork);
  } else if (allocation.itNetwork && wired === 1) {
    outlet.phases = sitePhases(given, [1], true);
    outlet.wiredPhases = outlet.phases;
  }
  outlet.minA = minimumOf(outlet, allocation);
}

function minimumOf(outlet: Outlet, allocation: AllocationConfig): number {
  return minimumA(outlet.given, outlet.terminals, allocation);
}

function detectedPhases(
  given: GivenConnector,
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

/** Site phases of terminals; on an IT network a single terminal loads two lines. */
function sitePhases(given: GivenConnector, terminals: readonly number[], itNetwork: boolean): readonly number[] {
  const byTerminal = terminalPhases(3, given.rotation ?? "RST");
  if (byTerminal === null) return [0, 1, 2];
  const used = itNetwork && terminals.length === 1 ? [terminals[0]!, (terminals[0]! % 3) + 1] : terminals;
  return used.map((terminal) => byTerminal[terminal - 1]!);
}

/**
 * Watches whether a charger keeps to its setpoint. Above it by more than 1 A or 10 % for `nonCompliantS` it counts as
 * uncontrolled, sooner while there is too little room; above it by `settleTolA` while there is too little room, its
 * excess is taken from the others. Both need a sample that is well later than the first one that showed it: a charger that reports seldom has obeyed meanwhile.
 */
function watchObedience(outlet: Outlet, elapsedS: number, config: ControllerConfig): void {
  const { memory, drawA, sampleAgeS } = outlet;
  const ruled = outlet.state !== "offline" && outlet.given.reservedA === undefined && drawA !== null;
  const answered = sampleAgeS <= memory.sinceDecreaseS + EPSILON;
  const since = (beforeS: number | null, toleranceA: number) =>
    held(beforeS, ruled && drawA > memory.setpointA + toleranceA && (answered || beforeS !== null), elapsedS);
  memory.overS = since(memory.overS, config.settleTolA);
  memory.disobeyS = since(memory.disobeyS, Math.max(config.settleTolA, memory.setpointA / 10));
  const confirmed = (sinceS: number | null) => sinceS !== null && sinceS - sampleAgeS >= config.settleS - EPSILON;
  if (memory.disobeyS === null) memory.uncontrolled = false;
  else if (confirmed(memory.disobeyS) && (memory.squeezed || memory.disobeyS >= config.nonCompliantS - EPSILON))
    memory.uncontrolled = true;
  if (!ruled || drawA <= memory.setpointA + EXCESS_A || memory.setpointA === 0) memory.excess = false;
  else if (memory.squeezed && confirmed(memory.overS)) memory.excess = true;
}

function watchCar(outlet: Outlet, elapsedS: number, config: ControllerConfig): void {
  const { memory, given } = outlet;
  if (outlet.state === "offline" || outlet.state === "available") return;
  const common = { setpointA: memory.setpointA, drawA: outlet.drawA, fresh: outlet.fresh, minA: outlet.minA, elapsedS };
  memory.demand = learnDemand(memory.demand, { ...common, maxA: outlet.maxA }, config);
  const served = memory.servedS > 0 || (given.chargingS ?? 0) > 0 || (given.energyWh ?? 0) > 0;
  const sight: IdleSight = { ...common, reportedIdle: outlet.state === "idle", onS: memory.onS, served };
  memory.idle = wakeUp(watchIdle(memory.idle, sight, config), sight, config);
}
