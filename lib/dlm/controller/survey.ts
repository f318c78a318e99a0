import type { Triple } from "../../units.ts";
import type { AllocationConfig, ControllerConfig } from "../types.ts";
import { isOutdated } from "./background/doubt.ts";
import { type Currents, MeterSights } from "./background/draws.ts";
import { exceeds } from "./background/excess.ts";
import { observe, reportsLate } from "./observe.ts";
import type { GivenConnector, Outlet } from "./outlet.ts";
import type { Tree } from "./tree.ts";

/** What all connectors together show at a tick. Lists are in the order of the snapshot. */
export interface Survey {
  /** Measured currents to count behind including meters, A per terminal; undefined = as measured. */
  drawsA: readonly (Currents | undefined)[];
  /** Behind each including meter. */
  backgroundA: Map<string, Triple>;
  /** Numbers of the connectors whose charger may leave a rise unreported. */
  late: ReadonlySet<number>;
  /** Those that may draw less by now than their sample says. */
  outdated: readonly Outlet[];
  /** Those that draw persistently more than they may. */
  exceeding: readonly Outlet[];
  /** Those whose mode is `pv` or `minpv`. */
  sunny: readonly Outlet[];
}

/** How a tick relates to the one before. */
export interface Moment {
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
  outlets: readonly Outlet[],
  given: readonly GivenConnector[],
  tree: Tree,
  moment: Moment,
  config: ControllerConfig,
  allocation: AllocationConfig,
): Survey {
  const surveyor = new Surveyor(
    new MeterSights(moment.nowMs, tree, outlets.length, config),
    moment,
    config,
    allocation,
  );
  for (let i = 0; i < outlets.length; i++) surveyor.look(outlets[i]!, given[i]!, i);
  const { sights, late, outdated, exceeding, sunny } = surveyor;
  return { ...sights.settle(outlets, moment.backgroundA), late, outdated, exceeding, sunny };
}

/** Keeps what is seen on the way. */
class Surveyor {
  readonly sights: MeterSights;
  readonly late = new Set<number>();
  readonly outdated: Outlet[] = [];
  readonly exceeding: Outlet[] = [];
  readonly sunny: Outlet[] = [];
  readonly #moment: Moment;
  readonly #config: ControllerConfig;
  readonly #allocation: AllocationConfig;

  constructor(sights: MeterSights, moment: Moment, config: ControllerConfig, allocation: AllocationConfig) {
    this.sights = sights;
    this.#moment = moment;
    this.#config = config;
    this.#allocation = allocation;
  }

  look(outlet: Outlet, given: GivenConnector, number: number): void {
    const { nowMs, elapsedS } = this.#moment;
    observe(outlet, given, nowMs, elapsedS, this.#config, this.#allocation);
    this.sights.look(outlet, number);
    if (reportsLate(outlet)) this.late.add(number);
    if (isOutdated(outlet)) this.outdated.push(outlet);
    if (exceeds(outlet)) this.exceeding.push(outlet);
    if (outlet.mode === "pv" || outlet.mode === "minpv") this.sunny.push(outlet);
  }
}
