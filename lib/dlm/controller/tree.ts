import type { Triple } from "../../units.ts";
import type { AllocationInput } from "../types.ts";

/** The zones of one tick by number, with the way up. */
export interface Tree {
  zones: AllocationInput["zones"];
  indexOf: ReadonlyMap<string, number>;
  /** Number of the zone above; −1 for a root. */
  parent: Int32Array;
  /** Ways up that were asked for already, by name of the zone at their lower end. */
  paths: Map<string, readonly number[]>;
}

/** Numbers the zones. A parent that does not exist counts as none: the allocator refuses such a tree anyway. */
export function indexZones(zones: AllocationInput["zones"]): Tree {
  const indexOf = new Map(zones.map((zone, i) => [zone.id, i]));
  const parent = Int32Array.from(zones, (zone) => (zone.parent === null ? -1 : (indexOf.get(zone.parent) ?? -1)));
  return { zones, indexOf, parent, paths: new Map() };
}

/** Calls `visit` for a zone and every zone above it; ends on a cycle. */
export function forPath(tree: Tree, zoneId: string, visit: (zone: number) => void): void {
  for (const zone of pathOf(tree, zoneId)) visit(zone);
}

/** Numbers of a zone and of every zone above it. */
export function pathOf(tree: Tree, zoneId: string): readonly number[] {
  return tree.paths.get(zoneId) ?? walk(tree, zoneId);
}

function walk(tree: Tree, zoneId: string): readonly number[] {
  const path: number[] = [];
  let zone = tree.indexOf.get(zoneId) ?? -1;
  for (; zone >= 0 && path.length < tree.zones.length; zone = tree.parent[zone] ?? -1) path.push(zone);
  tree.paths.set(zoneId, path);
  return path;
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
