import type { AllocationConfig, ControllerConfig, SnapshotConnector } from "../types.ts";
import { type Background, BackgroundEstimator, type LastBackground } from "./background/estimate.ts";
import { exceeds } from "./background/excess.ts";
import type { ControlledConnector } from "./controlled-connector.ts";
import { observe, reportsLate } from "./observe.ts";
import type { Tree } from "./topology-cache.ts";

/** What all connectors together show at a tick. Lists are in the order of the snapshot. */
export interface Survey {
  background: Background;
  /** Numbers of the connectors whose charger may leave a rise unreported. */
  late: ReadonlySet<number>;
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
  last: LastBackground;
  /** A fault is acted: what is seen now is not remembered. */
  drilled: boolean;
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
  const estimator = new BackgroundEstimator(moment.nowMs, tree, connectors.length, config);
  const late = new Set<number>();
  const exceeding: ControlledConnector[] = [];
  const sunny: ControlledConnector[] = [];
  for (let i = 0; i < connectors.length; i++) {
    const connector = connectors[i]!;
    observe(connector, given[i]!, moment, config, allocation);
    estimator.look(connector, i);
    if (reportsLate(connector)) late.add(i);
    if (exceeds(connector)) exceeding.push(connector);
    if (connector.mode === "pv" || connector.mode === "minpv") sunny.push(connector);
  }
  return {
    background: estimator.estimate(connectors, moment.last, moment.drilled ? null : moment.elapsedS),
    late,
    exceeding,
    sunny,
  };
}
