import { checkPlant } from "../../lib/dlm/topology/checks/lint.ts";
import type { ConnectorFacts, ConnectorWiring } from "../../lib/dlm/topology/facts.ts";
import type {
  ChargePointPlacement,
  PlantDefinition,
  PlantTree,
  ZoneDefinition,
  ZoneMeterDefinition,
} from "../../lib/dlm/topology/plant.ts";

/** A zone as its dialog opens, named like its node. */
export function zone(nodeId: string, more: Partial<ZoneDefinition> = {}): ZoneDefinition {
  return {
    nodeId,
    name: nodeId,
    parentNodeId: null,
    limitA: [63, 63, 63],
    operatorLimitA: null,
    headroomA: [0, 0, 0],
    assumedLoadA: [0, 0, 0],
    maxPowerW: null,
    imbalanceA: null,
    failSafeA: 6,
    meters: [],
    ...more,
  };
}

export const WIRING: ConnectorWiring & { number: number } = {
  number: 1,
  phases: 3,
  rotation: "RST",
  maxA: 32,
  minA: 6,
  priorityClass: 1,
  mode: "fast",
  safeA: 6,
};

export const METER: ZoneMeterDefinition = {
  meter: "grid",
  location: "including",
  staleAfterS: 10,
  onStale: "failSafe",
  fallbackA: null,
};

/** A charge point with one three-phase connector. */
export function charger(
  identity: string,
  zoneNodeId: string | null,
  more: Partial<ChargePointPlacement> = {},
): ChargePointPlacement {
  return {
    nodeId: `node ${identity}`,
    identity,
    zoneNodeId,
    stationLimitA: null,
    safeA: 6,
    connectors: [WIRING],
    ...more,
  };
}

/** The checked tree of a plant. @throws when the plant is refused */
export function treeOf(
  zones: ZoneDefinition[],
  chargePoints: ChargePointPlacement[],
  site: Partial<PlantDefinition["site"]> = {},
): PlantTree {
  const rootDlm = zones
    .filter(({ parentNodeId }) => parentNodeId === null)
    .map(({ nodeId }) => ({ nodeId: `dlm ${nodeId}`, zoneNodeId: nodeId }));
  const producedMeters = zones.flatMap(({ meters }) => meters.map(({ meter }) => meter));
  const { tree, findings } = checkPlant({
    site: { voltageV: 230, country: "other", ...site },
    zones,
    chargePoints,
    producedMeters,
    rootDlm,
  });
  if (!tree) throw new Error(JSON.stringify(findings));
  return tree;
}

/** Facts of an OCPP connector that charges without having reported a current. */
export function factsOf(
  chargePoint: string,
  more: Partial<ConnectorFacts> = {},
  wiring: Partial<ConnectorWiring> = {},
): ConnectorFacts {
  const { number: connector, ...plain } = WIRING;
  return {
    id: `${chargePoint}/${connector}`,
    chargePoint,
    connector,
    wiring: { ...plain, ...wiring },
    state: "charging",
    measuredA: null,
    measuredAtMs: null,
    disconnectedA: plain.maxA,
    reservedA: null,
    pluggedAtMs: 0,
    chargingS: 0,
    energyWh: 0,
    ...more,
  };
}

/** A measurement message. */
export function measurement(currentA: (number | null)[], more: object = {}, meter = "grid"): object {
  return {
    topic: `meter/${meter}`,
    meter,
    payload: { ts: "2026-06-01T12:00:00.000Z", currentA, quality: "good", ...more },
  };
}
