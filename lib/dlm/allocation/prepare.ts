import { buildTopology, buildTree, type Topology, type ZoneTree } from "../topology/tree.ts";
import { ALLOCATION_DEFAULTS, type AllocationConfig, type AllocationInput, type Zone } from "../types.ts";
import { findBackground } from "./background.ts";
import { type AllocationConnector, type Cars, readCars } from "./cars.ts";
import { activationOrder } from "./order.ts";
import { buildRows, type LimitRows } from "./rows.ts";
import { validateInput } from "./validate.ts";

/**
 * An input made ready to decide on: connectors as columns in activation order, zones children first, limits as rows.
 * The same for any order of the input's zones and connectors. To hold other currents against the same limits, such as
 * those of a transition, use a `RowLoads` over it.
 */
export interface AllocationProblem {
  readonly config: AllocationConfig;
  /** The number in the input of each connector, in activation order. */
  readonly order: readonly number[];
  readonly tree: ZoneTree;
  readonly cars: Cars;
  readonly rows: LimitRows;
  /** Background per zone and phase, A at zone × 3 + phase. */
  readonly backgroundA: Float64Array;
  /** Per zone: 1 while a meter of its own is stale and its rule is failSafe. */
  readonly failSafe: Uint8Array;
  /** Per zone: the nearest zone on the way to the root that is in fail-safe, itself included, or -1. */
  readonly failSafeZone: Int32Array;
}

/** What a decision is made of. Every value is there, or undefined for its default. */
export interface CheckedInput {
  zones: readonly Zone[];
  connectors: readonly AllocationConnector[];
  surplusW: number;
  config: AllocationConfig;
}

/**
 * Validates and prepares an input. Only a report tells that two connectors have the same id.
 * @throws TypeError | RangeError naming the path of a malformed value
 */
export function prepare(input: AllocationInput): AllocationProblem {
  validateInput(input);
  const { zones, connectors, pv } = input;
  const checked = { zones, connectors, surplusW: pv?.surplusW ?? 0, config: withDefaults(input.config) };
  return prepareChecked(checked, buildTopology(zones, connectors));
}

/** Prepares what has been validated before. */
export function prepareChecked(input: CheckedInput, topology: Topology): AllocationProblem {
  const { zones, connectors, config } = input;
  const order = activationOrder(connectors, config.shedding);
  const cars = readCars(connectors, order, config);
  const tree = buildTree(topology, zones, order);
  const background = findBackground(tree, cars, config.creditGeneration);
  const failSafeZone = nearestFailSafe(tree, background.failSafe);
  capInFailSafe(cars, tree, failSafeZone, config.failSafeA);
  const rows = buildRows(tree, cars, background, config, input.surplusW);
  const { loadA: backgroundA, failSafe } = background;
  return { config, order, tree, cars, rows, backgroundA, failSafe, failSafeZone };
}

function capInFailSafe(cars: Cars, tree: ZoneTree, failSafeZone: Int32Array, generalA: number): void {
  if (failSafeZone.every((zone) => zone < 0)) return;
  const failSafeA = failSafeCurrents(tree, generalA);
  for (let car = 0; car < cars.count; car++) {
    const zone = tree.home[car]!;
    if (failSafeZone[zone]! >= 0) cars.maxA[car] = Math.min(cars.maxA[car]!, failSafeA[zone]!);
  }
}

/** The given values over the defaults; one that is undefined is not given. */
export function withDefaults(given: Partial<AllocationConfig> = {}): AllocationConfig {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...ALLOCATION_DEFAULTS, ...Object.fromEntries(entries) };
}

function nearestFailSafe(tree: ZoneTree, failSafe: Uint8Array): Int32Array {
  const nearest = new Int32Array(failSafe.length);
  for (let zone = failSafe.length - 1; zone >= 0; zone--) {
    const parent = tree.parent[zone]!;
    nearest[zone] = failSafe[zone] === 1 ? zone : parent < 0 ? -1 : nearest[parent]!;
  }
  return nearest;
}

/** The smallest fail-safe current that a zone on the path names, else the general one. */
function failSafeCurrents(tree: ZoneTree, generalA: number): Float64Array {
  const count = tree.zones.length;
  const namedA = new Float64Array(count);
  for (let zone = count - 1; zone >= 0; zone--) {
    const parent = tree.parent[zone]!;
    const ownA = tree.zones[zone]!.failSafeA ?? Number.POSITIVE_INFINITY;
    namedA[zone] = Math.min(ownA, parent < 0 ? Number.POSITIVE_INFINITY : namedA[parent]!);
  }
  return namedA.map((currentA) => (currentA === Number.POSITIVE_INFINITY ? generalA : currentA));
}
