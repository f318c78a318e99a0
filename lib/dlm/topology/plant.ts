import type { Triple } from "../../units.ts";
import type { Zone } from "../types.ts";
import type { ConnectorWiring } from "./facts.ts";

/** A meter as a zone's dialog lists it, by the meter's name. */
export interface ZoneMeterDefinition {
  meter: string;
  location: "including" | "excluding";
  staleAfterS: number;
  onStale: "failSafe" | "fallbackLoad";
  /** Background to assume while the meter is stale; null = 0 A. Only for `fallbackLoad`. */
  fallbackA: number | Triple | null;
}

/** One `ev-zone` as configured. Currents are A per site phase. */
export interface ZoneDefinition {
  nodeId: string;
  name: string;
  /** Node id of the zone above; null for a root zone. */
  parentNodeId: string | null;
  limitA: Triple;
  operatorLimitA: Triple | null;
  headroomA: Triple;
  assumedLoadA: Triple;
  maxPowerW: number | null;
  /** null = the country's value for a root zone, none for others. */
  imbalanceA: number | null;
  failSafeA: number;
  /** The mean power over `demandWindowS` (900) stays below it; absent or null = none. */
  demandLimitW?: number | null;
  demandWindowS?: number;
  /** Name of the meter whose energy counter is kept by day and month; absent or empty = none. */
  consumptionMeter?: string;
  meters: ZoneMeterDefinition[];
}

/** One `ev-charge-point` and where it hangs. */
export interface ChargePointPlacement {
  nodeId: string;
  identity: string;
  /** Node id of its zone; null = not load managed. */
  zoneNodeId: string | null;
  /** One feed for all its connectors, A per phase; null = none. */
  stationLimitA: number | null;
  /** Only one of its connectors may charge at a time. */
  exclusive?: boolean;
  safeA: number;
  /** False where its model is known not to go to its safe current by itself when it is left alone: it counts with its maximum (S5). */
  fallsBack?: boolean;
  /** Other identities under which it connects. */
  aliases?: string[];
  connectors: (ConnectorWiring & { number: number; sessionMeter?: string })[];
}

/** Everything that was deployed for one site, before anything is checked. */
export interface PlantDefinition {
  site: { voltageV: number; country: string; itNetwork?: boolean };
  zones: ZoneDefinition[];
  chargePoints: ChargePointPlacement[];
  /** Names of the meters for which a node delivers measurements. */
  producedMeters: string[];
  /** What a meter was said to measure (`dlm`, `consumption`, `pv`, `battery`), by name; one that is missing counts as `dlm`. */
  meterRoles?: Readonly<Record<string, string>>;
  /** The `ev-dlm` nodes, with the zone each one names. */
  rootDlm: { nodeId: string; zoneNodeId: string }[];
  /** Names of the zones whose own load was seen for a whole day. */
  seenADay?: ReadonlySet<string>;
  /** Zones of other sites, so that a reference across sites is named as such. */
  otherSiteZones?: { nodeId: string; name: string }[];
}

/** A zone of the valid tree. `zone` is the allocator's shape without live meters and outside limits. */
export interface PlantZone {
  zone: Omit<Zone, "meters" | "gridLimit">;
  /** Name of the root zone above it, or its own. */
  root: string;
  /** Its `ev-zone`; null for the feed of a charge point. */
  nodeId: string | null;
  meters: ZoneMeterDefinition[];
  /** Its mean power over a window stays below a limit. */
  demand?: { limitW: number; windowS: number };
  /** Name of the meter whose energy counter is kept by day and month. */
  consumptionMeter?: string;
}

/** A connector of the valid tree. */
export interface PlantConnector {
  /** `<identity>/<number>`. */
  id: string;
  chargePoint: string;
  connector: number;
  /** Name of the zone, or of the charge point's own feed, that it hangs on. */
  zone: string;
  /** Name of the `ev-zone` it hangs on. */
  zoneName: string;
  root: string;
  /** True where only one connector of the charge point may charge at a time. */
  exclusive?: boolean;
  /** Its charge point was taken out of the flow; what it may still draw is reserved (S8). */
  departed?: true;
  wiring: ConnectorWiring;
}

/** The checked tree, by zone name, parents before children. Plain JSON, so that the last valid one outlives a restart. */
export interface PlantTree {
  voltageV: number;
  /** A network without neutral: cars on one phase lie between two lines. */
  itNetwork?: boolean;
  zones: PlantZone[];
  connectors: PlantConnector[];
  /** Node id of the `ev-dlm` of each root zone, by that of its `ev-zone`. Absent in what older releases saved. */
  controllers?: Record<string, string>;
}

/** Largest difference between two phases at the grid connection, A, by country (VDE-AR-N 4100, TOR, WV/TAB); others have none. */
const COUNTRY_IMBALANCE_A: Readonly<Record<string, number>> = { DE: 20, AT: 16, CH: 16 };

/** Windows of demand tariffs are quarters of an hour, s. */
const DEMAND_WINDOW_S = 900;

/** Name of the zone that stands for a charge point's own feed. */
export const stationZoneName = (identity: string): string => `${identity} (station)`;

/**
 * The tree of a definition that `checkPlant` found to hold together: every parent exists and there is no cycle.
 * A charge point with a station limit gets a zone of its own below its zone; one without a zone is left out.
 */
export function buildTree(definition: PlantDefinition): PlantTree {
  const byId = new Map(definition.zones.map((zone) => [zone.nodeId, zone]));
  const path = (zone: ZoneDefinition): ZoneDefinition[] => {
    const parent = zone.parentNodeId === null ? undefined : byId.get(zone.parentNodeId);
    return parent ? [...path(parent), zone] : [zone];
  };
  const paths = definition.zones.map(path).sort((a, b) => a.length - b.length);
  const { voltageV, itNetwork = false } = definition.site;
  const tree: PlantTree = { voltageV, ...(itNetwork && { itNetwork }), zones: [], connectors: [] };
  for (const zonePath of paths) tree.zones.push(plantZone(zonePath, definition.site.country));
  for (const placement of definition.chargePoints) {
    const zone = placement.zoneNodeId === null ? undefined : byId.get(placement.zoneNodeId);
    if (zone) placeChargePoint(tree, placement, zone.name, path(zone)[0]?.name ?? zone.name);
  }
  if (definition.rootDlm.length > 0)
    tree.controllers = Object.fromEntries(definition.rootDlm.map(({ zoneNodeId, nodeId }) => [zoneNodeId, nodeId]));
  return tree;
}

function plantZone(path: ZoneDefinition[], country: string): PlantZone {
  const definition = path.at(-1)!;
  const isRoot = path.length === 1;
  const imbalanceA = definition.imbalanceA ?? (isRoot ? COUNTRY_IMBALANCE_A[country] : undefined);
  return {
    zone: {
      id: definition.name,
      parent: path.at(-2)?.name ?? null,
      limitA: definition.limitA,
      ...(definition.operatorLimitA && { operatorLimitA: definition.operatorLimitA }),
      headroomA: definition.headroomA,
      assumedLoadA: definition.assumedLoadA,
      ...(definition.maxPowerW !== null && { maxPowerW: definition.maxPowerW }),
      ...(imbalanceA !== undefined && { imbalanceA }),
      failSafeA: definition.failSafeA,
    },
    root: path[0]!.name,
    nodeId: definition.nodeId,
    meters: definition.meters,
    ...(definition.consumptionMeter && { consumptionMeter: definition.consumptionMeter }),
    ...(definition.demandLimitW != null && {
      demand: { limitW: definition.demandLimitW, windowS: definition.demandWindowS ?? DEMAND_WINDOW_S },
    }),
  };
}

function placeChargePoint(tree: PlantTree, placement: ChargePointPlacement, zoneName: string, root: string): void {
  const { identity, stationLimitA, exclusive = false } = placement;
  const feed = stationLimitA === null ? zoneName : stationZoneName(identity);
  if (stationLimitA !== null) {
    const limitA: Triple = [stationLimitA, stationLimitA, stationLimitA];
    tree.zones.push({ zone: { id: feed, parent: zoneName, limitA }, root, nodeId: null, meters: [] });
  }
  for (const { number, sessionMeter: _, ...wiring } of placement.connectors) {
    tree.connectors.push({
      id: `${identity}/${number}`,
      chargePoint: identity,
      connector: number,
      zone: feed,
      zoneName,
      root,
      ...(exclusive && { exclusive }),
      wiring: tree.itNetwork && wiring.phases === 1 ? { ...wiring, betweenLines: true } : wiring,
    });
  }
}
