import type { PlantTree } from "./plant.ts";

/** Follows the names of zones from tree to tree: messages and memories go by name, and a person may give a breaker another one. */
export class ZoneNames {
  #tree: PlantTree | null = null;

  /** @returns new names by the names they had in the tree before, of zones that are of the same `ev-zone` */
  follow(tree: PlantTree): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    if (tree === this.#tree) return names;
    const now = new Map(tree.zones.map(({ nodeId, zone }) => [nodeId, zone.id]));
    for (const { nodeId, zone } of this.#tree?.zones ?? []) {
      const name = nodeId === null ? undefined : now.get(nodeId);
      if (name !== undefined && name !== zone.id) names.set(zone.id, name);
    }
    this.#tree = tree;
    return names;
  }
}
