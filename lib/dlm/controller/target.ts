import { prepareChecked } from "../allocation/prepare.ts";
import { Solution } from "../allocation/solution.ts";
import type { Forest } from "../topology/tree.ts";
import type { AllocationConfig, AllocationInput, ControllerConfig, Reason } from "../types.ts";
import { fillCore } from "./core.ts";
import { type CoreConnector, isRequesting, type Outlet } from "./outlet.ts";
import { judgePv, type PvVerdict } from "./pv-hold.ts";
import type { Survey } from "./survey.ts";
import { EPSILON } from "./timing.ts";

/** What the allocator was asked and said. */
export interface Target {
  solution: Solution;
  /** Reasons that stand in for those of the allocation, by number of the connector. */
  reasons: ReadonlyMap<number, Reason[]>;
  /** How long some car has waited for its minimum since the last rotation, s; null while none waits. */
  waitS: number | null;
  /** The same question with other zones. */
  ask(zones: AllocationInput["zones"]): Solution;
  /** It is a waiting car's turn. */
  rotated: boolean;
  /**
   * The same question without some connectors: what they would have had is for the others. By number, with why they wait or
   * give up their place.
   */
  without(waiting: ReadonlyMap<number, Reason[]>, yielding: ReadonlyMap<number, Reason[]>): Target;
}

export interface Question {
  input: AllocationInput;
  forest: Forest;
  outlets: readonly Outlet[];
  seen: Survey;
  gridW: number | undefined;
  waitS: number | null;
  elapsedS: number;
  /** The activation order of the last tick. */
  likely: Uint32Array | undefined;
}

/** Asks the allocator, a second time when it is some waiting car's turn (rotation). Gives the connectors on surplus their roles. */
export function findTarget(question: Question, config: ControllerConfig, allocation: AllocationConfig): Target {
  const { outlets } = question;
  const surplusW = surplusOf(question, config, allocation.voltageV);
  assignSun(question, surplusW, config, allocation.voltageV);
  const pvW = surplusW === null ? (question.input.pv?.surplusW ?? 0) : Math.max(0, surplusW);
  const target = decide(question, pvW, false, config, allocation);
  if (!outlets.some((outlet, i) => waits(outlet, i, target.solution))) return target;
  const waitS = (question.waitS ?? 0) + (question.waitS === null ? 0 : question.elapsedS);
  if (waitS < config.rotationS - EPSILON) return { ...target, waitS };
  return decide(question, pvW, true, config, allocation);
}

function decide(
  { input, forest, outlets, seen, likely }: Question,
  surplusW: number,
  rotate: boolean,
  config: ControllerConfig,
  allocation: AllocationConfig,
): Target {
  const shedding = rotate && allocation.shedding === "fifo" ? "duration" : allocation.shedding;
  const settings = { ...allocation, shedding };
  for (let i = 0; i < outlets.length; i++) fillCore(outlets[i]!, seen.drawsA[i], rotate, config);
  const solve = (zones: AllocationInput["zones"], connectors: readonly CoreConnector[]) =>
    new Solution(prepareChecked({ zones, connectors, surplusW, config: settings }, forest, likely));
  const answer = (connectors: readonly CoreConnector[], reasons: ReadonlyMap<number, Reason[]>): Target => ({
    solution: solve(input.zones, connectors),
    reasons,
    waitS: rotate ? 0 : null,
    rotated: rotate,
    ask: (zones) => solve(zones, connectors),
    without: (waiting, yielding) => {
      for (const i of waiting.keys()) outlets[i]!.role = "unsure";
      const left = new Map([...waiting, ...yielding]);
      const rest = connectors.map((core, i): CoreConnector => (left.has(i) ? { ...core, state: "available" } : core));
      return answer(rest, left);
    },
  });
  return answer(
    outlets.map(({ core }) => core),
    NO_REASONS,
  );
}

const NO_REASONS: ReadonlyMap<number, Reason[]> = new Map();

function waits(outlet: Outlet, number: number, solution: Solution): boolean {
  if (!isRequesting(outlet) || outlet.role !== "part" || outlet.memory.uncontrolled) return false;
  if (outlet.memory.unsure) return true;
  return solution.limitA[number] === 0 && solution.reasons(number)[0]?.code === "WAIT";
}

/** Power that would be exported without the cars on surplus: −grid − residual + what they draw. null = no grid reading. */
function surplusOf({ gridW, seen }: Question, config: ControllerConfig, voltageV: number): number | null {
  if (gridW === undefined) return null;
  let drawnA = 0;
  for (const { state, given } of seen.sunny) {
    if (state === "offline") continue;
    for (const current of given.measuredA ?? []) drawnA += Math.abs(current ?? 0);
  }
  return drawnA * voltageV - gridW - config.residualW;
}

function assignSun(question: Question, surplusW: number | null, config: ControllerConfig, voltageV: number): void {
  const { seen, input, elapsedS } = question;
  const needW = ({ minA, terminals }: Outlet) => minA * terminals * voltageV;
  const suns: Outlet[] = [];
  let poolW = surplusW ?? input.pv?.surplusW ?? 0;
  for (const outlet of seen.sunny) {
    if (!isRequesting(outlet)) continue;
    if (outlet.mode === "pv") suns.push(outlet);
    else poolW -= needW(outlet);
  }
  const cars = suns.map((outlet) => {
    const { priorityClass = 1, arrivalS = 0, id } = outlet.given;
    return {
      memory: outlet.memory.pv,
      on: outlet.memory.setpointA > 0,
      needW: needW(outlet),
      givenW: outlet.memory.setpointA * outlet.terminals * voltageV,
      priorityClass,
      arrivalS,
      id,
    };
  });
  judgePv(cars, poolW, elapsedS, config).forEach(({ verdict, memory }, n) => {
    const outlet = suns[n]!;
    outlet.memory.pv = memory;
    if (outlet.role === "part") outlet.role = SUN_ROLES[verdict];
  });
}

const SUN_ROLES: Record<PvVerdict, Outlet["role"]> = { run: "part", hold: "held", wait: "sun" };
