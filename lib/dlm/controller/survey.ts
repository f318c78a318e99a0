import type { Triple } from "../../units.ts";
import type { AllocationConfig, ControllerConfig } from "../types.ts";
import { isOutdated } from "./background/doubt.ts";
import { type Currents, MeterSights } from "./background/draws.ts";
import { exceeds } from "./background/excess.ts";
import type { ControlledConnector, GivenConnector } from "./controlled-connector.ts";
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
  /** Those that may draw less by now than their sample says. */
  outdated: readonly ControlledConnector[];
  /** Those that draw persistently more than they may. */
  exceeding: readonly ControlledConnector[];
  /** Those whose mode is `pv` or `minpv`. */
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
  given: readonly GivenConnector[],
  tree: Tree,
  moment: SurveyMoment,
  config: ControllerConfig,
  allocation: AllocationConfig,
): Survey {
  const surveyor = new Surveyor(
    new MeterSights(moment.nowMs, tree, connectors.length, config),
    moment,
    config,
    allocation,
  );
  for (let i = 0; i < connectors.length; i++) surveyor.look(connectors[i]!, given[i]!, i);
  const { sights, late, outdated, exceeding, sunny } = surveyor;
  return { ...sights.settle(connectors, moment.backgroundA), late, outdated, exceeding, sunny };
}

/** Keeps what is seen on the way. */
class Surveyor {
  readonly sights: MeterSights;
  readonly late = new Set<number>();
  readonly outdated: ControlledConnector[] = [];
  readonly exceeding: ControlledConnector[] = [];
  readonly sunny: ControlledConnector[] = [];
  readonly #moment: SurveyMoment;
  readonly #config: ControllerConfig;
  readonly #allocation: AllocationConfig;

  constructor(sights: MeterSights, moment: SurveyMoment, config: ControllerConfig, allocation: AllocationConfig) {
    this.sights = sights;
    this.#moment = moment;
    this.#config = config;
    this.#allocation = allocation;
  }

  look(connector: ControlledConnector, given: GivenConnector, number: number): void {
    const { nowMs, elapsedS } = this.#moment;
    observe(connector, given, nowMs, elapsedS, this.#config, this.#allocation);
    this.sights.look(connector, number);
    if (reportsLate(connector)) this.late.add(number);
    if (isOutdated(connector)) this.outdated.push(connector);
    if (exceeds(connector)) this.exceeding.push(connector);
    if (connector.mode === "pv" || connector.mode === "minpv") this.sunny.push(connector);
  }
}
