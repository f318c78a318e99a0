import type { Triple } from "../../units.ts";
import type { ConnectorFacts } from "./facts.ts";
import type { PlantConnector, PlantTree, PlantZone } from "./plant.ts";
import { terminalPhases, wiredPhases } from "./wiring.ts";

/** The part of a tree below one root zone. */
export interface RootPlant {
  /** Parents before children. */
  zones: PlantZone[];
  byName: ReadonlyMap<string, PlantZone>;
  connectors: PlantConnector[];
}

const cache = new WeakMap<PlantTree, Map<string, RootPlant>>();

/** The part of the tree below a root zone; empty when the tree has no such root. */
export function rootPlant(tree: PlantTree, root: string): RootPlant {
  const known = cache.get(tree) ?? new Map<string, RootPlant>();
  cache.set(tree, known);
  const plant = known.get(root) ?? cut(tree, root);
  known.set(root, plant);
  return plant;
}

function cut(tree: PlantTree, root: string): RootPlant {
  const zones = tree.zones.filter((zone) => zone.root === root);
  return {
    zones,
    byName: new Map(zones.map((zone) => [zone.zone.id, zone])),
    connectors: tree.connectors.filter((connector) => connector.root === root),
  };
}

/** What is looked up again and again, found once for each plant. */
interface Index {
  paths: Map<string, PlantZone[]>;
  connectors: ReadonlyMap<string, PlantConnector>;
}

const indices = new WeakMap<RootPlant, Index>();

function indexOf(plant: RootPlant): Index {
  const known = indices.get(plant);
  if (known) return known;
  const index = { paths: new Map(), connectors: new Map(plant.connectors.map((one) => [one.id, one])) };
  indices.set(plant, index);
  return index;
}

/** A zone and those above it, up to the root. */
export function pathOf(plant: RootPlant, name: string): readonly PlantZone[] {
  const { paths } = indexOf(plant);
  const known = paths.get(name);
  if (known) return known;
  const path: PlantZone[] = [];
  for (let at: string | null = name; at !== null; ) {
    const zone = plant.byName.get(at);
    if (!zone || path.includes(zone)) break;
    path.push(zone);
    at = zone.zone.parent;
  }
  paths.set(name, path);
  return path;
}

/** Where a connector is; undefined for one that is not below the root. */
export function placeOf(plant: RootPlant, id: string): PlantConnector | undefined {
  return indexOf(plant).connectors.get(id);
}

/** What the connectors below each zone are measured to draw, A per site phase; an unknown rotation counts its smallest current. */
export function measuredByZone(plant: RootPlant, facts: readonly ConnectorFacts[]): Map<string, Triple> {
  return sumByZone(plant, (connector, i) => measuredOnSite(connector, facts[i]!));
}

/** What one connector is measured to draw, as `measuredByZone` counts it. */
export function measuredOnSite({ wiring }: PlantConnector, { measuredA, state }: ConnectorFacts): Triple {
  const load: Triple = [0, 0, 0];
  if (!measuredA || state === "offline") return load;
  const { phases, rotation, betweenLines } = wiring;
  if (betweenLines) {
    for (const phase of wiredPhases(wiring)) load[phase as 0 | 1 | 2] = measuredA[0] ?? 0;
    return load;
  }
  const terminals = terminalPhases(phases, rotation);
  if (terminals === null)
    return load.fill(Math.min(...[0, 1, 2].map((terminal) => measuredA[terminal] ?? 0))) as Triple;
  terminals.forEach((phase, terminal) => {
    load[phase as 0 | 1 | 2] = measuredA[terminal] ?? 0;
  });
  return load;
}

/** Sum of one current per connector below each zone, A per site phase they may load. */
export function currentsByZone(plant: RootPlant, currentsA: readonly number[]): Map<string, Triple> {
  return sumByZone(plant, ({ wiring }, i) => {
    const load: Triple = [0, 0, 0];
    for (const phase of wiredPhases(wiring)) load[phase as 0 | 1 | 2] = currentsA[i] ?? 0;
    return load;
  });
}

function sumByZone(
  plant: RootPlant,
  loadOf: (connector: PlantConnector, index: number) => Triple,
): Map<string, Triple> {
  const sums = new Map<string, Triple>(plant.zones.map(({ zone }) => [zone.id, [0, 0, 0]]));
  const upwards = new Map(
    plant.zones.map(({ zone }) => [zone.id, pathOf(plant, zone.id).map((above) => sums.get(above.zone.id)!)]),
  );
  plant.connectors.forEach((connector, index) => {
    const load = loadOf(connector, index);
    for (const sum of upwards.get(connector.zone)!) for (const phase of [0, 1, 2] as const) sum[phase] += load[phase];
  });
  return sums;
}
