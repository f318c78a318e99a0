import type { ConnectorFacts } from "../topology/facts.ts";
import { pathOf, type RootPlant } from "../topology/root-plant.ts";
import { wiredPhases } from "../topology/wiring.ts";

/**
 * What offline connectors of one charge point reserve together: no more than its own feed carries, and of exclusive
 * connectors no more than the largest alone. Each keeps its part in proportion; all other connectors are passed on as they are.
 */
export function shareFeeds(plant: RootPlant, facts: readonly ConnectorFacts[]): ConnectorFacts[] {
  const stations = new Map<string, number[]>();
  plant.connectors.forEach(({ chargePoint, exclusive, zone }, i) => {
    const hasFeed = plant.byName.get(zone)?.nodeId === null;
    if ((!exclusive && !hasFeed) || facts[i]!.state !== "offline") return;
    stations.set(chargePoint, [...(stations.get(chargePoint) ?? []), i]);
  });
  const shared = [...facts];
  for (const indices of stations.values()) {
    const share = shareOf(plant, facts, indices);
    if (share >= 1) continue;
    for (const i of indices) shared[i] = { ...facts[i]!, disconnectedA: facts[i]!.disconnectedA * share };
  }
  return shared;
}

/** How much of the sum fits; 1 where all does, and where the connectors load different phases: each of them may then draw all on its own. */
function shareOf(plant: RootPlant, facts: readonly ConnectorFacts[], indices: readonly number[]): number {
  const { zone, exclusive } = plant.connectors[indices[0]!]!;
  const feed = pathOf(plant, zone)[0]!;
  const limitA = feed.nodeId === null ? Math.min(...[feed.zone.limitA].flat()) : Number.POSITIVE_INFINITY;
  const phases = new Set(indices.map((i) => phasesOf(facts[i]!)));
  const reservedA = indices.map((i) => facts[i]!.disconnectedA);
  const sumA = reservedA.reduce((sum, one) => sum + one, 0);
  const mostA = Math.min(limitA, exclusive ? Math.max(...reservedA) : Number.POSITIVE_INFINITY);
  return phases.size === 1 && sumA > mostA ? mostA / sumA : 1;
}

function phasesOf({ wiring }: ConnectorFacts): string {
  return [...wiredPhases(wiring)].sort().join();
}
