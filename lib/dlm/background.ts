import { addMeasured } from "./cars.ts";
import type { ZoneTree } from "./tree.ts";
import type { AllocationConfig, Connector, Zone, ZoneMeter } from "./types.ts";

/** The load of each zone that is not a charger; index = zone × 3 + phase. */
export interface Background {
  readonly loadA: Float64Array;
  /** 1 where a meter of the zone itself is stale and its rule is failSafe. */
  readonly failSafe: Uint8Array;
  /** What a stale meter on the path leaves to each connector of the zone, A; Infinity where there is none. */
  readonly failSafeA: Float64Array;
}

const DEFAULT_STALE_AFTER_S = 30;

/**
 * Background per zone, children first. A fresh including meter counts, less what the chargers below it are measured
 * to draw, plus the zone's excluding meters; without one, excluding meters, the zones below and the assumed load add
 * up. A stale meter counts its fallback load, or nothing, and then the fail-safe current caps every connector below.
 * A zone that feeds in counts as 0 unless generation may be credited.
 */
export function findBackground(
  tree: ZoneTree,
  connectors: readonly Connector[],
  order: Uint32Array,
  config: AllocationConfig,
): Background {
  const count = tree.zones.length;
  const loadA = new Float64Array(3 * count);
  const failSafe = new Uint8Array(count);
  const measuredA = tree.zones.some(hasIncluding) ? measuredBelow(tree, connectors, order, config.itNetwork) : null;
  for (let zone = 0; zone < count; zone++) {
    const given = tree.zones[zone]!;
    let replaced = false;
    for (const meter of given.meters ?? []) {
      const stale = isStale(meter, given);
      const use = !stale || meter.onStale === "fallbackLoad";
      if (!use) failSafe[zone] = 1;
      else if (meter.location === "including") replaced = true;
    }
    addSources(given, replaced, zone, loadA, measuredA);
    settle(tree.parent[zone]!, zone, loadA, config.creditGeneration);
  }
  return { loadA: ownLoads(loadA), failSafe, failSafeA: failSafeLimits(tree, failSafe, config.failSafeA) };
}
