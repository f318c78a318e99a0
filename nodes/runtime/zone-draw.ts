import type { NodeAPI } from "node-red";
import { systemClock } from "../../lib/clock.ts";
import type { PlantTree } from "../../lib/dlm/topology/plant.ts";
import { measuredOnSite } from "../../lib/dlm/topology/root-plant.ts";
import { EvError } from "../../lib/errors.ts";
import { drawOf, isSimulated } from "../../lib/simulator/charger/car/draws.ts";
import type { Site } from "../../lib/site/site.ts";
import type { Triple } from "../../lib/units.ts";
import type { EvZoneNode } from "./node-types.ts";

/**
 * What flows to the charge points of a zone and of the zones below it at any moment, A per site phase: to simulated ones of this process
 * what they draw, to others what they last reported.
 * @throws EvError EV_CONFIG_MISSING where the zone cannot be used
 */
export function drawOfZone(RED: NodeAPI, zoneId: string): () => Triple {
  const zone = RED.nodes.getNode(zoneId) as EvZoneNode | null;
  if (!zone) throw new EvError("EV_CONFIG_MISSING", `zone: the zone ${zoneId} is missing or disabled; choose one`);
  const { site } = zone;
  if (!site)
    throw new EvError("EV_CONFIG_MISSING", `zone: the zone ${zoneId} has an error of its own; correct that first`);
  return () => drawNow(site, zoneId);
}

function drawNow(site: Site, zoneId: string): Triple {
  const { tree } = site.plant;
  const sum: Triple = [0, 0, 0];
  if (!tree) return sum;
  const zones = zonesBelow(tree, zoneId);
  const connectors = tree.connectors.filter(({ zone }) => zones.has(zone));
  const add = ([l1, l2, l3]: Triple) => {
    sum[0] += l1;
    sum[1] += l2;
    sum[2] += l3;
  };
  const identities = new Set(connectors.map(({ chargePoint }) => chargePoint));
  for (const identity of identities) if (isSimulated(identity)) add(drawOf([identity]));
  const nowMs = systemClock.nowMs();
  for (const identity of identities) {
    if (isSimulated(identity)) continue;
    for (const facts of site.stations.get(identity)?.facts(nowMs) ?? []) {
      const connector = connectors.find(({ id }) => id === facts.id);
      if (connector) add(measuredOnSite(connector, facts));
    }
  }
  return sum;
}

/** Names of a zone and of all below it, also of the feeds of charge points. */
function zonesBelow({ zones }: PlantTree, zoneId: string): Set<string> {
  const names = new Set<string>();
  // Parents come before children.
  for (const { nodeId, zone } of zones)
    if (nodeId === zoneId || (zone.parent !== null && names.has(zone.parent))) names.add(zone.id);
  return names;
}
