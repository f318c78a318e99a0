import { findBackground } from "./background.ts";
import { type Cars, readCars } from "./cars.ts";
import { activationOrder } from "./order.ts";
import { buildRows, type Rows } from "./rows.ts";
import { buildTree, type ZoneTree } from "./tree.ts";
import { ALLOCATION_DEFAULTS, type AllocationConfig, type AllocationInput } from "./types.ts";
import { validateInput } from "./validate.ts";

/**
 * An input made ready to decide on: connectors as columns in activation order, zones children first, limits as rows.
 * The same for any order of the input's zones and connectors. To hold other currents against the same limits, such as
 * those of a transition, use a `Ledger` over it.
 */
export interface Problem {
  readonly config: AllocationConfig;
  readonly tree: ZoneTree;
  readonly cars: Cars;
  readonly rows: Rows;
  /** Background per zone and phase, A at zone × 3 + phase. */
  readonly backgroundA: Float64Array;
  /** Per zone: 1 while a meter of its own is stale and its rule is failSafe. */
  readonly failSafe: Uint8Array;
  /** Per zone: the nearest zone on the way to the root that is in fail-safe, itself included, or -1. */
  readonly failSafeZone: Int32Array;
}

/**
 * Validates and prepares an input.
 * @throws TypeError | RangeError naming the path of a malformed value
 */
export function prepare(input: AllocationInput): Problem {
  validateInput(input);
  const config = withDefaults(input.config);
  const order = activationOrder(input.connectors, config.shedding);
  const cars = readCars(input.connectors, order, config);
  const tree = buildTree(input.zones, input.connectors, order);
  const background = findBackground(tree, cars, config.creditGeneration);
  const failSafeZone = nearestFailSafe(tree, background.failSafe);
  capInFailSafe(cars, tree, failSafeZone, config.failSafeA);
  const rows = buildRows(tree, cars, background, config, input.pv?.surplusW ?? 0);
  return { config, tree, cars, rows, backgroundA: background.loadA, failSafe: background.failSafe, failSafeZone };
}

function capInFailSafe(cars: Cars, tree: ZoneTree, failSafeZone: Int32Array, generalA: number): void {
  if (failSafeZone.every((zone) => zone < 0)) return;
  const failSafeA = failSafeCurrents(tree, generalA);
  for (let car = 0; car < cars.count; car++) {
    const zone = tree.home[car]!;
    if (failSafeZone[zone]! >= 0) cars.maxA[car] = Math.min(cars.maxA[car]!, failSafeA[zone]!);
  }
}

function withDefaults(given: Partial<AllocationConfig> = {}): AllocationConfig {
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
