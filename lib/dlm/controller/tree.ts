import type { Triple } from "../../units.ts";
import type { AllocationInput } from "../types.ts";

/** The zones of one tick by number, with the way up. */
export interface Tree {
  zones: AllocationInput["zones"];
  indexOf: ReadonlyMap<string, number>;
  /** Number of the zone above; −1 for a root. */
  parent: Int32Array;
}

/** Numbers the zones. A parent that does not exist counts as none: the allocator refuses such a tree anyway. */
export function indexZones(zones: AllocationInput["zones"]): Tree {
  const indexOf = new Map(zones.map((zone, i) => [zone.id, i]));
  const parent = Int32Array.from(zones, (zone) => (zone.parent === null ? -1 : (indexOf.get(zone.parent) ?? -1)));
  return { zones, indexOf, parent };
}

/** Calls `visit` for a zone and every zone above it; ends on a cycle. */
export function forPath(tree: Tree, zoneId: string, visit: (zone: number) => void): void {
  let zone = tree.indexOf.get(zoneId) ?? -1;
  for (let steps = 0; zone >= 0 && steps < tree.zones.length; steps++) {
    visit(zone);
    zone = tree.parent[zone] ?? -1;
  }
}

/** The zones with more background, A per phase, by number of the zone. */
export function withLoads(
  zones: AllocationInput["zones"],
  loadsA: ReadonlyMap<number, Triple>,
): AllocationInput["zones"] {
  return zones.map((zone, i) => {
    const currentA = loadsA.get(i);
    if (!currentA) return zone;
    const meters = zone.meters ?? [];
    let id = "more";
    while (meters.some((meter) => meter.id === id)) id += "'";
    return { ...zone, meters: [...meters, { id, location: "excluding", currentA, ageS: 0 }] };
  });
}
