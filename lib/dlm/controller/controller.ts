import type { JsonValue } from "../../units.ts";
import { CapacityRows } from "../allocation/alone-rows.ts";
import { type Problem, withDefaults } from "../allocation/prepare.ts";
import type {
  AllocationInput,
  Assumptions,
  ControllerConfig,
  ControllerResult,
  DlmController,
  SilentZone,
  Snapshot,
} from "../types.ts";
import { assumedLoads, hasSeenADay, type SeenLoad } from "./background/assumed-load.ts";
import { doubtsBehindMeters, followPeaks } from "./background/doubt.ts";
import { zonesWithExcess } from "./background/excess.ts";
import { believed, keepSilence, seeLoads } from "./background/silence.ts";
import { commit } from "./commit.ts";
import { ConnectorStates } from "./connector-states.ts";
import { emptyMemory, type Memory, memoryFromJson, memoryToJson } from "./memory.ts";
import { cautiousTarget } from "./pending.ts";
import { readConfig, readSnapshot } from "./snapshot.ts";
import { survey } from "./survey.ts";
import { findTarget, type Target } from "./target.ts";
import { TopologyCache, type Tree } from "./topology-cache.ts";
import { approach } from "./transition.ts";

/** A ramp rises by no more than this in one tick, s, and after a restart no delay is longer: things go on gently. */
const LONGEST_STEP_S = 60;

/**
 * A controller for one tree of zones. Each tick asks the allocator what everybody should have and moves the setpoints
 * there safely. It keeps no clock and no timer. Ramps count from the last tick; an increase that is too small to be sent
 * is added to the next one, so it makes progress however often it is called.
 * @param saved an earlier `state()`; anything that is not one is ignored
 * @throws TypeError | RangeError naming the path of a malformed configuration value
 */
export function createDlmController(config: Partial<ControllerConfig> = {}, saved?: JsonValue): DlmController {
  const settings = readConfig(config);
  const restored = saved === undefined ? emptyMemory() : memoryFromJson(saved);
  const state: State = {
    memory: restored,
    states: new ConnectorStates(restored.connectors),
    topologies: new TopologyCache(),
    likely: undefined,
    last: null,
    longestS: saved === undefined ? Number.POSITIVE_INFINITY : LONGEST_STEP_S,
  };
  return {
    tick: (nowMs, snapshot) => decide(nowMs, snapshot, state, settings),
    aloneRows: () => state.last && new CapacityRows(state.last.problem, state.last.assumptions.afterwards),
    state: () => memoryToJson({ ...state.memory, connectors: state.states.memories() }),
  };
}

/** What a controller keeps from tick to tick. */
interface State {
  /** What is remembered of the whole tree; the connectors are in the roster. */
  memory: Omit<Memory, "connectors">;
  states: ConnectorStates;
  topologies: TopologyCache;
  /** What the last tick decided on, and what it assumes of loads that nobody measures. */
  last: { problem: Problem; assumptions: Assumptions } | null;
  /** The activation order of the last tick. */
  likely: Uint32Array | undefined;
  /** No delay of the next tick counts as longer than this, s. */
  longestS: number;
}

/** One tick. All that is malformed is found before anything is changed. */
function decide(nowMs: number, snapshot: Snapshot, state: State, config: ControllerConfig): ControllerResult {
  const { memory } = state;
  const input = readSnapshot(nowMs, snapshot, config.staleAfterS);
  const topology = state.topologies.plant(input.zones, snapshot.connectors);
  const allocation = withDefaults(input.config);
  const elapsedS = memory.clockMs === null ? 0 : Math.min(state.longestS, Math.max(0, (nowMs - memory.clockMs) / 1000));
  const rampS = Math.min(LONGEST_STEP_S, elapsedS);
  const tree: Tree = { zones: input.zones, parent: topology.parent };
  const connectors = state.states.call(snapshot.connectors, topology);
  const moment = { nowMs, elapsedS, backgroundA: memory.backgroundA };
  const seen = survey(connectors, snapshot.connectors, tree, moment, config, allocation);
  const { backgroundA } = seen;
  const known = believed(memory.seen, tree);
  const { zones, silent } = keepSilence(connectors, tree, known, backgroundA, allocation);
  const asked = { ...input, zones: zonesWithExcess(seen.exceeding, { ...tree, zones }) };
  const gridW = snapshot.site?.gridW;
  const { waitS } = memory;
  const question = { input: asked, topology, connectors, seen, gridW, waitS, elapsedS, likely: state.likely };
  const wanted = findTarget(question, config, allocation);
  const peaks = followPeaks(memory.peaks, backgroundA, elapsedS);
  const doubts = doubtsBehindMeters(seen.outdated, tree, peaks, backgroundA);
  const askedTree = { ...tree, zones: asked.zones };
  const { target, ...bounds } = cautiousTarget(connectors, seen.late, askedTree, wanted, doubts, rampS, config);
  const squeeze = approach(connectors, { tree, target: target.solution, ...bounds, config, allocation, rampS });
  const setpoints = commit(connectors, state.states.ids, target, squeeze, config.settleS);
  const loads = seeLoads(known, tree, wanted.solution, silent, rampS);
  state.memory = { clockMs: nowMs, waitS: wanted.waitS, backgroundA, peaks, seen: loads };
  state.likely = target.solution.problem.order;
  state.longestS = Number.POSITIVE_INFINITY;
  const assumptions = assumptionsOf(input.zones, loads, silent);
  state.last = { problem: target.solution.problem, assumptions };
  return { setpoints, target: targetOf(target), assumptions };
}

/** What is assumed, worked out when it is asked for. */
function assumptionsOf(
  zones: AllocationInput["zones"],
  seen: ReadonlyMap<string, SeenLoad>,
  silent: ReadonlyMap<number, SilentZone>,
): Assumptions {
  let afterwards: Assumptions["afterwards"] | null = null;
  return {
    get afterwards() {
      afterwards ??= assumedLoads(zones, seen);
      return afterwards;
    },
    silent: [...silent.values()],
    get seenADay() {
      return new Set([...seen].filter(([, load]) => hasSeenADay(load)).map(([id]) => id));
    },
  };
}

/** The records of the target, made when they are asked for. */
function targetOf({ solution, reasons }: Target): ControllerResult["target"] {
  let connectors: ControllerResult["target"]["connectors"] | null = null;
  return {
    get connectors() {
      connectors ??= solution.connectors(reasons);
      return connectors;
    },
    get zones() {
      return solution.zones;
    },
  };
}
