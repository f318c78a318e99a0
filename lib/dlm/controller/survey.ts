import type { Triple } from "../../units.ts";
import type { AllocationConfig, ControllerConfig, SnapshotConnector } from "../types.ts";
import { isOutdated } from "./background/doubt.ts";
import { type Currents, MeterSights } from "./background/draws.ts";
import { exceeds } from "./background/excess.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { observe, reportsLate } from "./observe.ts";
import type { Tree } from "./topology-cache.ts";

/** What all connectors together show at a tick. Lists are in the order of the snapshot. */
export interface Survey {
  /** Measured currents to count behind including meters, A per terminal; undefined = as measured. */
  drawsA: readonly (Currents | undefined)[];
  /** Behind each including meter. */
  backgroundA: Map<string, Triple>;
  /** Numbers of the connectors whose charger may leave a rise unreported. */
  late: ReadonlySet<number>;
  /** Connectors that may draw less by now than their sample says. */
  outdated: readonly ControlledConnector[];
  /** Connectors that draw persistently more than they may. */
  exceeding: readonly ControlledConnector[];
  /** Connectors whose mode is `pv` or `minpv`. */
  sunny: readonly ControlledConnector[];
}

/** How a tick relates to the one before. */
export interface SurveyMoment {
  nowMs: number;
  /** Since the last tick, s. */
  elapsedS: number;
  /** Background behind each including meter at the last tick. */
  backgroundA: ReadonlyMap<string, Triple>;
}

/**
 * Looks at every connector once, and asks all of it that has to be asked of each: with thousands of them, each further
 * walk through their records takes as long as a good part of the decision.
 */
export function survey(
  connectors: readonly ControlledConnector[],
  given: readonly SnapshotConnector[],
  tree: Tree,
  moment: SurveyMoment,
  config: ControllerConfig,
  allocation: AllocationConfig,
): Survey {
  const sights = new MeterSights(moment.nowMs, tree, connectors.length, config);
  const late = new Set<number>();
  const outdated: ControlledConnector[] = [];
  const exceeding: ControlledConnector[] = [];
  const sunny: ControlledConnector[] = [];
  for (let i = 0; i < connectors.length; i++) {
    const connector = connectors[i]!;
    observe(connector, given[i]!, moment, config, allocation);
    sights.look(connector, i);
    if (reportsLate(connector)) late.add(i);
    if (isOutdated(connector)) outdated.push(connector);
    if (exceeds(connector)) exceeding.push(connector);
    if (connector.mode === "pv" || connector.mode === "minpv") sunny.push(connector);
  }
  return { ...sights.settle(connectors, moment.backgroundA), late, outdated, exceeding, sunny };
}
