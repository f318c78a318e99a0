import { allocate } from "../allocate.ts";
import type {
  AllocationConfig,
  AllocationInput,
  AllocationResult,
  Connector,
  ControllerConfig,
  Reason,
} from "../types.ts";
import { isRequesting, type Outlet } from "./outlet.ts";
import { judgePv, type PvVerdict } from "./pv-hold.ts";
import { EPSILON } from "./timing.ts";

/** What the allocator was asked and said, with the roles that the asking gave the connectors. */
export interface Target {
  result: AllocationResult;
  roles: Role[];
  /** How long some car has waited for its minimum since the last rotation, s; null while none waits. */
  waitS: number | null;
  /** The same question with other zones. */
  ask(zones: AllocationInput["zones"]): AllocationResult;
  /** The same question without some connectors: what they would have had is for the others. By position, with why they wait. */
  without(waiting: ReadonlyMap<number, Reason[]>): Target;
}

/**
 * How a connector takes part in the allocation: `part` as it is; `blocked` = stopped a moment ago, may not start yet;
 * `waking` = switched off to wake its car; `sun` = waits for surplus; `held` = keeps its minimum without surplus;
 * `unsure` = its start could not be told from other load.
 */
export type Role = "part" | "blocked" | "waking" | "sun" | "held" | "unsure";

export interface Question {
  input: AllocationInput;
  outlets: readonly Outlet[];
  /** Measured currents to count behind including meters, A per terminal; undefined = as measured. */
  drawsA: readonly ((number | null)[] | undefined)[];
  gridW: number | undefined;
  waitS: number | null;
  elapsedS: number;
}

/** Asks the allocator, a second time when it is some waiting car's turn (rotation). */
export function findTarget(question: Question, config: ControllerConfig, allocation: AllocationConfig): Target {
  const surplusW = surplusOf(question, config, allocation.voltageV);
  const roles = rolesOf(question, surplusW, config, allocation.voltageV);
  const pv = surplusW === null ? question.input.pv : { surplusW: Math.max(0, surplusW) };
  const core = (rotate: boolean) => coreInput(question, roles, pv, rotate, config, allocation);
  const answer = (asked: AllocationInput, waitS: number | null): Target => ({
    result: allocate(asked),
    roles,
    waitS,
    ask: (zones) => allocate({ ...asked, zones }),
    without: (waiting) => withoutStarts(answer(withoutConnectors(asked, waiting), waitS), waiting, asked),
  });
  const target = answer(core(false), null);
  const waiting = question.outlets.some((outlet, i) => waits(outlet, roles[i]!, target.result));
  if (!waiting) return target;
  const waitS = (question.waitS ?? 0) + (question.waitS === null ? 0 : question.elapsedS);
  if (waitS < config.rotationS - EPSILON) return { ...target, waitS };
  return answer(core(true), 0);
}

function withoutConnectors(asked: AllocationInput, waiting: ReadonlyMap<number, unknown>): AllocationInput {
  const connectors = asked.connectors.map(
    (connector, i): Connector => (waiting.has(i) ? { ...connector, state: "available" } : connector),
  );
  return { ...asked, connectors };
}

function withoutStarts(
  target: Target,
  waiting: ReadonlyMap<number, Reason[]>,
  { connectors }: AllocationInput,
): Target {
  const roles = target.roles.map((role, i): Role => (waiting.has(i) ? "unsure" : role));
  for (const [i, reasons] of waiting) target.result.connectors[connectors[i]!.id]!.reasons = reasons;
  return { ...target, roles };
}

function waits(outlet: Outlet, role: Role, result: AllocationResult): boolean {
  if (!isRequesting(outlet) || role !== "part" || outlet.memory.uncontrolled) return false;
  if (outlet.memory.unsure) return true;
  const allocated = result.connectors[outlet.given.id]!;
  return allocated.limitA === 0 && allocated.reasons[0]?.code === "WAIT";
}

/** Power that would be exported without the cars on surplus: −grid − residual + what they draw. null = no grid reading. */
function surplusOf({ gridW, outlets }: Question, config: ControllerConfig, voltageV: number): number | null {
  if (gridW === undefined) return null;
  let drawnA = 0;
  for (const { mode, state, given } of outlets) {
    if ((mode !== "pv" && mode !== "minpv") || state === "offline") continue;
    for (const current of given.measuredA ?? []) drawnA += Math.abs(current ?? 0);
  }
  return drawnA * voltageV - gridW - config.residualW;
}

function rolesOf(question: Question, surplusW: number | null, config: ControllerConfig, voltageV: number): Role[] {
  const { outlets, input, elapsedS } = question;
  const roles = outlets.map(({ memory }): Role => {
    if (memory.stoppedS !== null) return "blocked";
    return memory.idle.wakeOffS === null ? "part" : "waking";
  });
  const suns = outlets.map((_, i) => i).filter((i) => outlets[i]!.mode === "pv" && isRequesting(outlets[i]!));
  const needW = (outlet: Outlet) => outlet.minA * outlet.terminals * voltageV;
  const poolW = outlets
    .filter((outlet) => outlet.mode === "minpv" && isRequesting(outlet))
    .reduce((left, outlet) => left - needW(outlet), surplusW ?? input.pv?.surplusW ?? 0);
  const cars = suns.map((i) => {
    const { memory, given } = outlets[i]!;
    const { priorityClass = 1, arrivalS = 0, id } = given;
    return { memory: memory.pv, on: memory.setpointA > 0, needW: needW(outlets[i]!), priorityClass, arrivalS, id };
  });
  judgePv(cars, poolW, elapsedS, config).forEach(({ verdict, memory }, n) => {
    const i = suns[n]!;
    outlets[i]!.memory.pv = memory;
    if (roles[i] === "part") roles[i] = SUN_ROLES[verdict];
  });
  return roles;
}

const SUN_ROLES: Record<PvVerdict, Role> = { run: "part", hold: "held", wait: "sun" };

function coreInput(
  { input, outlets, drawsA }: Question,
  roles: readonly Role[],
  pv: AllocationInput["pv"],
  rotate: boolean,
  config: ControllerConfig,
  allocation: AllocationConfig,
): AllocationInput {
  const connectors = outlets.map((outlet, i) => coreConnector(outlet, roles[i]!, drawsA[i], rotate, config));
  const shedding = rotate && allocation.shedding === "fifo" ? "duration" : allocation.shedding;
  return { zones: input.zones, connectors, config: { ...allocation, shedding }, ...(pv && { pv }) };
}

function coreConnector(
  outlet: Outlet,
  role: Role,
  drawsA: (number | null)[] | undefined,
  rotate: boolean,
  config: ControllerConfig,
): Connector {
  const { given, memory } = outlet;
  const core: Connector = { ...given, chargingS: given.chargingS ?? memory.servedS };
  if (drawsA) core.measuredA = drawsA;
  if (outlet.detectedPhases) core.detectedPhases = outlet.detectedPhases;
  if (memory.demand.capA !== null)
    core.demandCapA = Math.min(memory.demand.capA, given.demandCapA ?? Number.POSITIVE_INFINITY);
  if (outlet.state === "charging" && memory.idle.idle) core.state = "idle";
  if (role === "held") core.mode = "minpv";
  else if (role !== "part" && isRequesting(outlet)) core.state = "available";
  if (given.incumbent === undefined || rotate) core.incumbent = memory.granted || memory.setpointA > 0;
  if (rotate && (memory.onS ?? 0) >= config.minOnS - EPSILON) core.incumbent = false;
  if (memory.uncontrolled && outlet.state !== "offline") {
    core.reservedA = Math.max(given.reservedA ?? 0, outlet.drawA ?? 0, memory.setpointA);
  }
  return core;
}
