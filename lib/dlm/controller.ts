import type { JsonValue } from "../units.ts";
import { doubtsBehindMeters, followPeaks } from "./controller/doubt.ts";
import { drawsBehindMeters } from "./controller/draws.ts";
import { zonesWithExcess } from "./controller/excess.ts";
import { emptyMemory, type Memory, memoryFromJson, memoryToJson, newConnector } from "./controller/memory.ts";
import { observe } from "./controller/outlet.ts";
import { cautiousTarget } from "./controller/pending.ts";
import { readConfig, readSnapshot } from "./controller/snapshot.ts";
import { findTarget } from "./controller/target.ts";
import { approach, reasonsOf } from "./controller/transition.ts";
import { indexZones } from "./controller/tree.ts";
import {
  ALLOCATION_DEFAULTS,
  type AllocationConfig,
  type ControllerConfig,
  type ControllerResult,
  type DlmController,
  type Snapshot,
} from "./types.ts";

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
  let memory = saved === undefined ? emptyMemory() : memoryFromJson(saved);
  let restored = saved !== undefined;
  return {
    tick(nowMs, snapshot) {
      const longestS = restored ? LONGEST_STEP_S : Number.POSITIVE_INFINITY;
      const { result, next } = decide(nowMs, snapshot, { memory, longestS }, settings);
      memory = next;
      restored = false;
      return result;
    },
    state: () => memoryToJson(memory),
  };
}

/** One tick: pure, so that a malformed snapshot leaves the memory as it was. */
function decide(
  nowMs: number,
  snapshot: Snapshot,
  { memory, longestS }: { memory: Memory; longestS: number },
  config: ControllerConfig,
): { result: ControllerResult; next: Memory } {
  const input = readSnapshot(nowMs, snapshot, config.staleAfterS);
  const allocation = allocationConfig(input.config);
  const elapsedS = memory.clockMs === null ? 0 : Math.min(longestS, Math.max(0, (nowMs - memory.clockMs) / 1000));
  const rampS = Math.min(LONGEST_STEP_S, elapsedS);
  const tree = indexZones(input.zones);
  const times = { nowMs, elapsedS };
  const outlets = snapshot.connectors.map((given) =>
    observe(given, memory.connectors.get(given.id) ?? null, newConnector, times, config, allocation),
  );
  const { drawsA, backgroundA } = drawsBehindMeters(outlets, tree, memory.backgroundA, config);
  const asked = { ...input, zones: zonesWithExcess(outlets, tree) };
  const question = { input: asked, outlets, drawsA, gridW: snapshot.site?.gridW, waitS: memory.waitS, elapsedS };
  const wanted = findTarget(question, config, allocation);
  const peaks = followPeaks(memory.peaks, backgroundA, elapsedS);
  const doubtsA = doubtsBehindMeters(outlets, tree, peaks, backgroundA);
  const askedTree = { ...tree, zones: asked.zones };
  const { target, cautious } = cautiousTarget(outlets, askedTree, wanted, doubtsA, rampS, config);
  const steps = approach(outlets, { tree, target, cautious, config, allocation, rampS });
  const setpoints: ControllerResult["setpoints"] = Object.create(null);
  outlets.forEach((outlet, i) => {
    const { reasons } = target.result.connectors[outlet.given.id]!;
    setpoints[outlet.given.id] = {
      limitA: steps[i]!.limitA,
      reasons: reasonsOf(outlet, target.roles[i]!, steps[i]!, reasons),
    };
  });
  const connectors = new Map(outlets.map((outlet) => [outlet.given.id, outlet.memory]));
  return {
    result: { setpoints, target: target.result },
    next: { clockMs: nowMs, waitS: target.waitS, connectors, backgroundA, peaks },
  };
}

/** The given values over the defaults; one that is undefined is not given. */
function allocationConfig(given: Partial<AllocationConfig> = {}): AllocationConfig {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...ALLOCATION_DEFAULTS, ...Object.fromEntries(entries) };
}
