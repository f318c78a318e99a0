import type { AllocationConnector } from "../allocation/cars.ts";
import { prepareChecked } from "../allocation/prepare.ts";
import { Solution } from "../allocation/solution.ts";
import type { Topology } from "../topology/tree.ts";
import type { AllocationConfig, AllocationInput, ControllerConfig, Reason } from "../types.ts";
import { type ControlledConnector, isRequesting } from "./controlled-connector.ts";
import { fillCore } from "./core.ts";
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

export interface TargetInput {
  input: AllocationInput;
  topology: Topology;
  connectors: readonly ControlledConnector[];
  seen: Survey;
  gridW: number | undefined;
  waitS: number | null;
  elapsedS: number;
}

/** Asks the allocator, a second time when it is some waiting car's turn (rotation). Gives the connectors on surplus their roles. */
export function findTarget(question: TargetInput, config: ControllerConfig, allocation: AllocationConfig): Target {
  const { connectors } = question;
  const surplusW = surplusOf(question, config, allocation.voltageV);
  assignSun(question, surplusW, config, allocation.voltageV);
  const pvW = surplusW === null ? (question.input.pv?.surplusW ?? 0) : Math.max(0, surplusW);
  const target = decide(question, pvW, false, config, allocation);
  if (!connectors.some((connector, i) => waits(connector, i, target.solution))) return target;
  const waitS = (question.waitS ?? 0) + (question.waitS === null ? 0 : question.elapsedS);
  if (waitS < config.rotationS - EPSILON) return { ...target, waitS };
  return decide(question, pvW, true, config, allocation);
}

function decide(
  { input, topology, connectors, seen }: TargetInput,
  surplusW: number,
  rotate: boolean,
  config: ControllerConfig,
  allocation: AllocationConfig,
): Target {
  const shedding = rotate && allocation.shedding === "fifo" ? "duration" : allocation.shedding;
  const settings = { ...allocation, shedding };
  for (let i = 0; i < connectors.length; i++) fillCore(connectors[i]!, seen.background.drawsA[i], rotate, config);
  const solve = (zones: AllocationInput["zones"], cores: readonly AllocationConnector[]) =>
    new Solution(prepareChecked({ zones, connectors: cores, surplusW, config: settings }, topology));
  const answer = (cores: readonly AllocationConnector[], reasons: ReadonlyMap<number, Reason[]>): Target => ({
    solution: solve(input.zones, cores),
    reasons,
    waitS: rotate ? 0 : null,
    rotated: rotate,
    ask: (zones) => solve(zones, cores),
    without: (waiting, yielding) => {
      for (const i of waiting.keys()) connectors[i]!.role = "unsure";
      const left = new Map([...waiting, ...yielding]);
      const rest = cores.map((core, i): AllocationConnector => (left.has(i) ? { ...core, state: "available" } : core));
      return answer(rest, left);
    },
  });
  return answer(
    connectors.map(({ core }) => core),
    NO_REASONS,
  );
}

const NO_REASONS: ReadonlyMap<number, Reason[]> = new Map();

function waits(connector: ControlledConnector, number: number, solution: Solution): boolean {
  if (!isRequesting(connector) || connector.role !== "part" || connector.memory.uncontrolled) return false;
  if (connector.memory.unsure) return true;
  return solution.waits(number);
}

/** Power that would be exported without the cars on surplus: −grid − residual + what they draw. null = no grid reading. */
function surplusOf({ gridW, seen }: TargetInput, config: ControllerConfig, voltageV: number): number | null {
  if (gridW === undefined) return null;
  let drawnA = 0;
  for (const { state, given } of seen.sunny) {
    if (state === "offline") continue;
    for (const current of given.measuredA ?? []) drawnA += Math.abs(current ?? 0);
  }
  return drawnA * voltageV - gridW - config.residualW;
}

function assignSun(question: TargetInput, surplusW: number | null, config: ControllerConfig, voltageV: number): void {
  const { seen, input, elapsedS } = question;
  const needW = ({ minA, terminals }: ControlledConnector) => minA * terminals * voltageV;
  const suns: ControlledConnector[] = [];
  let poolW = surplusW ?? input.pv?.surplusW ?? 0;
  for (const connector of seen.sunny) {
    if (!isRequesting(connector)) continue;
    if (connector.mode === "pv") suns.push(connector);
    else poolW -= needW(connector);
  }
  const cars = suns.map((connector) => {
    const { priorityClass = 1, arrivalS = 0, id } = connector.given;
    return {
      memory: connector.memory.pv,
      on: connector.memory.setpointA > 0,
      needW: needW(connector),
      givenW: connector.memory.setpointA * connector.terminals * voltageV,
      priorityClass,
      arrivalS,
      id,
    };
  });
  judgePv(cars, poolW, elapsedS, config).forEach(({ verdict, memory }, n) => {
    const connector = suns[n]!;
    connector.memory.pv = memory;
    if (connector.role === "part") connector.role = SUN_ROLES[verdict];
  });
}

const SUN_ROLES: Record<PvVerdict, ControlledConnector["role"]> = { run: "part", hold: "held", wait: "sun" };
