import type { PlantConnector, PlantTree, PlantZone } from "./plant.ts";

/**
 * Connectors whose charge point is taken out of the flow while it may still hang on the wall and draw (S8): where they hang in the
 * tree that follows. A zone that is gone hands them to the one above it; where none is left, nothing of them is known any more.
 * @param before the tree in force so far
 * @param after the tree that comes into force, without them
 * @param isKept whether a connector of `before` that `after` does not have is to be kept
 */
export function departing(
  before: PlantTree,
  after: PlantTree,
  isKept: (connector: PlantConnector) => boolean,
): PlantConnector[] {
  const described = new Set(after.connectors.map(({ chargePoint }) => chargePoint));
  return before.connectors.flatMap((connector) => {
    if (described.has(connector.chargePoint) || !isKept(connector)) return [];
    const zone = survivor(before, after, connector.zoneName);
    if (!zone) return [];
    return [{ ...connector, zone: zone.zone.id, zoneName: zone.zone.id, root: zone.root, departed: true as const }];
  });
}

/** The zone in the new tree that was the named one in the old, or the nearest above it that is still there. */
function survivor(before: PlantTree, after: PlantTree, name: string): PlantZone | null {
  const old = before.zones.find(({ zone }) => zone.id === name);
  if (!old) return null;
  const same = after.zones.find(({ nodeId }) => nodeId !== null && nodeId === old.nodeId);
  return same ?? (old.zone.parent === null ? null : survivor(before, after, old.zone.parent));
}
