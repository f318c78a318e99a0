import type { JsonValue } from "../../units.ts";
import { CapacityRows } from "../allocation/alone-rows.ts";
import { type AllocationProblem, withDefaults } from "../allocation/prepare.ts";
import type {
  AllocationInput,
  AloneRows,
  Assumptions,
  BackgroundEstimate,
  ControllerConfig,
  ControllerResult,
  DlmController,
  SilentZone,
  Snapshot,
} from "../types.ts";
import { assumedLoads, hasSeenADay, type SeenLoad } from "./background/assumed-load.ts";
import { zonesWithExcess } from "./background/excess.ts";
import { believed, keepSilence, seeLoads } from "./background/silence.ts";
import { commit } from "./commit.ts";
import { ConnectorStates } from "./connector-states.ts";
import { emptyMemory, highestToJson, type Memory, memoryFromJson, memoryToJson, withHighest } from "./memory.ts";
import { cautiousTarget } from "./pending.ts";
import { readConfig, readSnapshot } from "./snapshot.ts";
import { survey } from "./survey.ts";
import { findTarget, type Target } from "./target.ts";
import { TopologyCache, type Tree } from "./topology-cache.ts";
import { approach } from "./transition.ts";

/** A ramp rises by no more than this in one tick, s, and after a restart no delay is longer: things go on gently. */
const LONGEST_STEP_S = 60;

/**
 * A controller for one tree of zones. Each tick asks the allocator what each connector should have and moves the setpoints
 * there safely. It keeps no clock and no timer. Ramps count from the last tick; an increase that is too small to be sent
 * is added to the next one, so it makes progress however often it is called.
 * @param saved an earlier `state()`; anything that is not one is ignored
 * @throws TypeError | RangeError naming the path of a malformed configuration value
 */
export function createDlmController(config: Partial<ControllerConfig> = {}, saved?: JsonValue): DlmController {
  return new Controller(config, saved);
}

/** The same with settings and names of zones that may change while it works. */
export class Controller implements DlmController {
  #settings: Partial<ControllerConfig>;
  #config: ControllerConfig;
  /** What is remembered of the whole tree; the connectors are in `#states`. */
  #memory: Omit<Memory, "connectors">;
  readonly #states: ConnectorStates;
  readonly #topologies = new TopologyCache();
  /** What the last tick decided on, and what it assumes of loads that no meter shows. */
  #last: { problem: AllocationProblem; assumptions: Assumptions } | null = null;
  #estimates: ReadonlyMap<string, BackgroundEstimate> = new Map();
  /** No delay of the next tick counts as longer than this, s. */
  #longestS: number;

  /** @param highest a `highestSeen()` of later than `saved` */
  constructor(settings: Partial<ControllerConfig> = {}, saved?: JsonValue, highest?: JsonValue) {
    this.#settings = settings;
    this.#config = readConfig(settings);
    const { connectors, ...memory } = saved === undefined ? emptyMemory() : memoryFromJson(saved);
    this.#memory = { ...memory, seen: withHighest(memory.seen, highest) };
    this.#states = new ConnectorStates(connectors);
    this.#longestS = saved === undefined ? Number.POSITIVE_INFINITY : LONGEST_STEP_S;
  }

  get settings(): Partial<ControllerConfig> {
    return this.#settings;
  }

  tune(settings: Partial<ControllerConfig>): void {
    this.#config = readConfig(settings);
    this.#settings = settings;
  }

  /** Zones have other names now: what was seen of them goes with them. @param names new ones by those they had */
  rename(names: ReadonlyMap<string, string>): void {
    const renamed = <T>(byZone: ReadonlyMap<string, T>): Map<string, T> =>
      new Map([...byZone].map(([zone, value]) => [names.get(zone) ?? zone, value]));
    const { backgroundA, peaks, seen } = this.#memory;
    this.#memory = {
      ...this.#memory,
      backgroundA: renamed(backgroundA),
      peaks: renamed(peaks),
      seen: renamed(seen),
    };
  }

  /** Names of the zones whose own load was seen for a whole day. */
  get seenADay(): ReadonlySet<string> {
    return seenADay(this.#memory.seen);
  }

  /** The highest loads that were seen, in a fraction of what `state` takes. After a crash no less may be assumed (S4). */
  highestSeen(): JsonValue {
    return highestToJson(this.#memory.seen);
  }

  estimates(): ReadonlyMap<string, BackgroundEstimate> {
    return this.#estimates;
  }

  /** Made when they are asked for the first time: in most cycles nobody does. A problem stays as it was solved. */
  aloneRows(): AloneRows | null {
    if (!this.#last) return null;
    const { problem, assumptions } = this.#last;
    let rows: AloneRows | null = null;
    const made = () => {
      rows ??= new CapacityRows(problem, assumptions.afterwards);
      return rows;
    };
    return { fits: (...asked) => made().fits(...asked) };
  }

  state(): JsonValue {
    return memoryToJson({ ...this.#memory, connectors: this.#states.memories() });
  }

  /** One tick. All that is malformed is found before anything is changed. */
  tick(nowMs: number, snapshot: Snapshot): ControllerResult {
    const config = this.#config;
    const memory = this.#memory;
    const input = readSnapshot(nowMs, snapshot, config.staleAfterS);
    const topology = this.#topologies.plant(input.zones, snapshot.connectors);
    const allocation = withDefaults(input.config);
    const elapsedS =
      memory.clockMs === null ? 0 : Math.min(this.#longestS, Math.max(0, (nowMs - memory.clockMs) / 1000));
    const rampS = Math.min(LONGEST_STEP_S, elapsedS);
    const tree: Tree = { zones: input.zones, parent: topology.parent };
    const connectors = this.#states.call(snapshot.connectors, topology);
    const moment = { nowMs, elapsedS, last: memory, drilled: snapshot.drilled === true };
    const seen = survey(connectors, snapshot.connectors, tree, moment, config, allocation);
    const { estimates, backgroundA, peaks } = seen.background;
    const known = believed(memory.seen, tree);
    const { zones, silent } = keepSilence(connectors, tree, known, backgroundA, allocation);
    const asked = { ...input, zones: zonesWithExcess(seen.exceeding, { ...tree, zones }) };
    const gridW = snapshot.site?.gridW;
    const { waitS } = memory;
    const question = { input: asked, topology, connectors, seen, gridW, waitS, elapsedS };
    const wanted = findTarget(question, config, allocation);
    const askedTree = { ...tree, zones: asked.zones };
    const { target, ...bounds } = cautiousTarget(connectors, seen.late, askedTree, wanted, estimates, rampS, config);
    const squeeze = approach(connectors, {
      tree,
      target: target.solution,
      ...bounds,
      estimates,
      config,
      allocation,
      rampS,
    });
    const setpoints = commit(connectors, this.#states.ids, target, squeeze, config.settleS);
    const loads = snapshot.drilled ? known : seeLoads(known, tree, wanted.solution, silent, rampS);
    this.#memory = { clockMs: nowMs, waitS: wanted.waitS, backgroundA, peaks, seen: loads };
    this.#longestS = Number.POSITIVE_INFINITY;
    const assumptions = assumptionsOf(input.zones, loads, silent);
    this.#last = { problem: target.solution.problem, assumptions };
    this.#estimates = new Map([...estimates].map(([zone, estimate]) => [input.zones[zone]!.id, estimate]));
    return { setpoints, target: targetOf(target), assumptions };
  }
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
      return seenADay(seen);
    },
  };
}

function seenADay(seen: ReadonlyMap<string, SeenLoad>): Set<string> {
  return new Set([...seen].filter(([, load]) => hasSeenADay(load)).map(([id]) => id));
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
