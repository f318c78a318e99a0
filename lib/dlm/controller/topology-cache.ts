import type { Triple } from "../../units.ts";
import { buildTopology, checkUnique, type Topology } from "../topology/tree.ts";
import type { AllocationInput } from "../types.ts";

type Zones = AllocationInput["zones"];

/** The zones of one tick by number, with the way up. */
export interface Tree {
  zones: Zones;
  /** Number of the zone above; −1 for a root. */
  parent: Int32Array;
}

interface Planted {
  zoneIds: string[];
  parents: (string | null)[];
  ids: string[];
  homes: string[];
  topology: Topology;
}

/** Finds out how zones and connectors hang together; what hangs as it did the last time was found out then. */
export class TopologyCache {
  #planted: Planted | null = null;

  /** @throws RangeError naming the path of a duplicate id, an unknown zone or parent, or a zone within a cycle */
  plant(zones: Zones, connectors: readonly { id: string; zone: string }[]): Topology {
    if (this.#planted && isPlanted(this.#planted, zones, connectors)) return this.#planted.topology;
    const topology = buildTopology(zones, connectors);
    checkUnique(connectors);
    this.#planted = {
      zoneIds: zones.map(({ id }) => id),
      parents: zones.map(({ parent }) => parent),
      ids: connectors.map(({ id }) => id),
      homes: connectors.map(({ zone }) => zone),
      topology,
    };
    return topology;
  }
}

function isPlanted(
  { zoneIds, parents, ids, homes }: Planted,
  zones: Zones,
  connectors: readonly { id: string; zone: string }[],
): boolean {
  if (zoneIds.length !== zones.length || ids.length !== connectors.length) return false;
  for (let i = 0; i < zones.length; i++) {
    if (zoneIds[i] !== zones[i]!.id || parents[i] !== zones[i]!.parent) return false;
  }
  for (let i = 0; i < connectors.length; i++) {
    if (ids[i] !== connectors[i]!.id || homes[i] !== connectors[i]!.zone) return false;
  }
  return true;
}

/** Whether a meter of the zone measures what its chargers draw, too. */
export function isMetered({ meters }: Zones[number]): boolean {
  return meters?.some(({ location }) => location === "including") ?? false;
}

/** Calls `visit` for a zone and every zone above it. */
export function forPath({ parent }: Tree, from: number, visit: (zone: number) => void): void {
  for (let zone = from; zone >= 0; zone = parent[zone]!) visit(zone);
}

/** The zones with more background, A per phase, by number of the zone. */
export function withLoads(zones: Zones, loadsA: ReadonlyMap<number, Triple>): Zones {
  return zones.map((zone, i) => {
    const currentA = loadsA.get(i);
    if (!currentA) return zone;
    const meters = zone.meters ?? [];
    let id = "more";
    while (meters.some((meter) => meter.id === id)) id += "'";
    return { ...zone, meters: [...meters, { id, location: "excluding", currentA, ageS: 0 }] };
  });
}
