import {
  buildTree,
  type ChargePointPlacement,
  type PlantDefinition,
  type PlantTree,
  stationZoneName,
  type ZoneDefinition,
} from "../plant.ts";
import type { Finding, FindingCode, ReportFinding } from "./finding.ts";
import { checkAssumed, checkSafeCurrents } from "./lint-safe.ts";
import { checkWiring } from "./lint-wiring.ts";

/**
 * Checks everything deployed for a site as one whole (S5). Pure; never throws.
 * `tree` is null when there is an error: the caller keeps the last valid tree in force.
 */
export function checkPlant(definition: PlantDefinition): { tree: PlantTree | null; findings: Finding[] } {
  const findings: Finding[] = [];
  const report: ReportFinding = (severity, nodeId, code, text) => findings.push({ nodeId, severity, code, text });
  const refused = () => findings.some(({ severity }) => severity === "error");

  for (const zone of definition.zones) checkZone(zone, definition, report);
  for (const placement of definition.chargePoints) checkChargePoint(placement, definition, report);
  checkNames(definition, report);
  checkShape(definition, report);
  checkDlm(definition, report);
  if (refused()) return { tree: null, findings };

  const tree = buildTree(definition);
  checkSafeCurrents(tree, definition, report);
  checkFailSafe(tree, definition, report);
  if (!refused()) checkAssumed(tree, definition, report);
  if (!refused()) checkWiring(tree, definition, report);
  return { tree: refused() ? null : tree, findings };
}

const isCurrent = (value: number): boolean => Number.isFinite(value) && value >= 0;

function checkZone(zone: ZoneDefinition, definition: PlantDefinition, report: ReportFinding): void {
  const error = (code: FindingCode, text: string) => report("error", zone.nodeId, code, `zone ${zone.name}: ${text}`);
  if (!zone.name) error("VALUE", "the name is empty");
  const currents = {
    limitA: zone.limitA,
    operatorLimitA: zone.operatorLimitA ?? [],
    headroomA: zone.headroomA,
    assumedLoadA: zone.assumedLoadA,
  };
  for (const [name, values] of Object.entries({
    ...currents,
    failSafeA: [zone.failSafeA],
    imbalanceA: [zone.imbalanceA ?? 0],
  })) {
    if (!values.every(isCurrent)) error("VALUE", `${name} is ${values.join(", ")}; it must be 0 A or more`);
  }
  if (zone.maxPowerW !== null && !(zone.maxPowerW > 0))
    error("VALUE", `maxPowerW is ${zone.maxPowerW}; it must be above 0 W`);
  const { demandLimitW = null, demandWindowS = 900, consumptionMeter = "" } = zone;
  if (consumptionMeter && !definition.producedMeters.includes(consumptionMeter))
    error("METER_MISSING", `consumptionMeter is "${consumptionMeter}", which no node measures; choose an ev-meter`);
  if (demandLimitW !== null && !(demandLimitW > 0))
    error("VALUE", `demandLimitW is ${demandLimitW}; it must be above 0 W, or empty`);
  if (!(demandWindowS >= 60 && demandWindowS <= 86_400))
    error("VALUE", `demandWindowS is ${demandWindowS}; it must be from 60 to 86400 s`);
  for (const [phase, operatorA] of (zone.operatorLimitA ?? []).entries()) {
    const limitA = zone.limitA[phase]!;
    if (operatorA <= limitA) continue;
    const text = `zone ${zone.name}: the operator limit ${operatorA} A on L${phase + 1} is above the breaker's ${limitA} A, which holds`;
    report("warning", zone.nodeId, "OPERATOR_ABOVE_LIMIT", text);
  }
  checkMeters(zone, definition.producedMeters, error);
  checkMeterUse(zone, definition, report);
}

function checkMeters(zone: ZoneDefinition, produced: string[], error: (code: FindingCode, text: string) => void): void {
  const names = zone.meters.map(({ meter }) => meter);
  for (const [index, { meter, staleAfterS, onStale, fallbackA }] of zone.meters.entries()) {
    if (onStale === "fallbackLoad" && fallbackA === null)
      error("VALUE", `fallbackA of meter "${meter}" is empty; give the load to assume`);
    if (!produced.includes(meter)) error("METER_MISSING", `no node measures its meter "${meter}"`);
    if (names.indexOf(meter) !== index) error("METER_TWICE", `meter "${meter}" is listed twice`);
    if (!(staleAfterS > 0)) error("VALUE", `staleAfterS of meter "${meter}" is ${staleAfterS}; it must be above 0 s`);
  }
  const including = zone.meters.filter(({ location }) => location === "including").map(({ meter }) => meter);
  if (including.length > 1)
    error("TWO_INCLUDING", `${including.join(" and ")} both include the chargers; one such meter is possible`);
}

const ROLES: Readonly<Record<string, string>> = {
  consumption: "a consumption of its own",
  pv: "generation",
  battery: "a battery",
};

/** A breaker's load is measured by a meter of its own, and by one that measures the load. */
function checkMeterUse(zone: ZoneDefinition, definition: PlantDefinition, report: ReportFinding): void {
  for (const { meter, location } of zone.meters) {
    const role = definition.meterRoles?.[meter];
    if (role !== undefined && ROLES[role] !== undefined) {
      const text = `zone ${zone.name}: its meter "${meter}" has the role ${role}: it measures ${ROLES[role]}, not the load of a breaker`;
      report("warning", zone.nodeId, "METER_ROLE", text);
    }
    const other = definition.zones.find(
      (one) => one !== zone && one.meters.some((listed) => listed.meter === meter && listed.location === location),
    );
    if (!other || definition.zones.indexOf(other) > definition.zones.indexOf(zone)) continue;
    const text = `zone ${zone.name}: its meter "${meter}" is also that of zone ${other.name}; one of the two breakers is not measured`;
    report("warning", zone.nodeId, "METER_SHARED", text);
  }
}

function checkChargePoint(placement: ChargePointPlacement, definition: PlantDefinition, report: ReportFinding): void {
  const { nodeId, identity, zoneNodeId, stationLimitA, connectors } = placement;
  const error = (code: FindingCode, text: string) => report("error", nodeId, code, `charge point ${identity}: ${text}`);
  // Without any zone no load is managed.
  if (zoneNodeId === null && definition.zones.length > 0)
    report("warning", nodeId, "NO_ZONE", `charge point ${identity} hangs on no zone: its load is not managed`);
  if (zoneNodeId !== null)
    reportReference(zoneNodeId, definition, (code, text) =>
      error(code === "PARENT_MISSING" ? "ZONE_MISSING" : code, text),
    );
  if (stationLimitA !== null && !isCurrent(stationLimitA))
    error("VALUE", `stationLimitA is ${stationLimitA}; it must be 0 A or more`);
  for (const { number, sessionMeter } of connectors) {
    if (sessionMeter !== undefined) checkSessionMeter(placement, number, sessionMeter, definition, error);
  }
  for (const { number, minA, minA3p = minA, maxA, safeA } of connectors) {
    for (const [name, value] of Object.entries({ minA, maxA, safeA })) {
      if (!isCurrent(value)) error("VALUE", `${name} of connector ${number} is ${value}; it must be 0 A or more`);
    }
    if (minA === 0) error("VALUE", `minA of connector ${number} is 0; it must be above 0 A`);
    if (safeA > maxA) {
      const text = `the safe current ${safeA} A is above the maximum ${maxA} A of connector ${number}`;
      error("SAFE_ABOVE_MAX", `${text}; it would be drawn when the charge point is left alone`);
    }
    if (safeA > 0 && safeA >= minA && safeA < minA3p) {
      const text = `connector ${number} pauses a car on three phases when it is left alone: the safe current ${safeA} A is below that car's minimum ${minA3p} A`;
      report("warning", nodeId, "SAFE_BELOW_MIN", `charge point ${identity}: ${text}`);
    }
    if (safeA > 0 && safeA < minA) {
      error(
        "SAFE_BELOW_MIN",
        `the safe current ${safeA} A is below the minimum ${minA} A of connector ${number}; set 0 A (pause) or ${minA} A`,
      );
    }
  }
}

/** A meter counts for the sessions of one socket: for two it would bill each of them for both. */
function checkSessionMeter(
  { identity }: ChargePointPlacement,
  number: number,
  meter: string,
  { chargePoints, producedMeters }: PlantDefinition,
  error: (code: FindingCode, text: string) => void,
): void {
  const what = `sessionMeter of connector ${number}`;
  if (!producedMeters.includes(meter))
    error("METER_MISSING", `${what} is "${meter}", which no node measures; choose the name of an ev-meter`);
  const users = chargePoints.flatMap((placement) =>
    placement.connectors
      .filter((connector) => connector.sessionMeter === meter)
      .map((connector) => `${placement.identity}/${connector.number}`),
  );
  const others = users.filter((id) => id !== `${identity}/${number}`);
  if (others.length > 0)
    error(
      "METER_TWICE",
      `${what} is "${meter}", which also counts for ${others.join(", ")}; each socket needs its own`,
    );
}

/** Names a reference to a zone that is not one of this site's. */
function reportReference(
  nodeId: string,
  definition: PlantDefinition,
  error: (code: FindingCode, text: string) => void,
): void {
  if (definition.zones.some((zone) => zone.nodeId === nodeId)) return;
  const foreign = definition.otherSiteZones?.find((zone) => zone.nodeId === nodeId);
  if (foreign) error("OTHER_SITE", `zone ${foreign.name} belongs to another site`);
  else error("PARENT_MISSING", `the zone ${nodeId} it hangs on is missing, disabled or has an error of its own`);
}

function checkNames(definition: PlantDefinition, report: ReportFinding): void {
  const stations = definition.chargePoints.filter(({ stationLimitA }) => stationLimitA !== null);
  const zones = [
    ...definition.zones.map(({ nodeId, name }) => ({ nodeId, name })),
    ...stations.map(({ nodeId, identity }) => ({ nodeId, name: stationZoneName(identity) })),
  ];
  const identities = definition.chargePoints.flatMap(({ nodeId, identity, aliases = [] }) =>
    [identity, ...aliases].map((name) => ({ nodeId, name })),
  );
  eachDuplicate(zones, asWritten, ({ nodeId, name }, others) =>
    report("error", nodeId, "DUPLICATE_ZONE", `zone name ${name} is also used by node ${others}; rename one`),
  );
  eachDuplicate(identities, inLowerCase, ({ nodeId, name }, others) =>
    report("error", nodeId, "DUPLICATE_IDENTITY", `identity ${name} is also used by node ${others}; rename one`),
  );
  for (const { nodeId, identity, connectors } of definition.chargePoints) {
    const numbers = connectors.map(({ number }) => number);
    const twice = numbers.find((number, index) => numbers.indexOf(number) !== index);
    if (twice === undefined) continue;
    report("error", nodeId, "DUPLICATE_CONNECTOR", `charge point ${identity}: connector ${twice} is listed twice`);
  }
}

interface Named {
  nodeId: string;
  name: string;
}

const asWritten = ({ name }: Named): string => name;
/** Charge points are found whatever the letter case of their identity. */
const inLowerCase = ({ name }: Named): string => name.toLowerCase();

function eachDuplicate(
  named: Named[],
  keyOf: (one: Named) => string,
  found: (one: Named, others: string) => void,
): void {
  const byKey = new Map<string, Named[]>();
  for (const one of named) {
    const alike = byKey.get(keyOf(one));
    if (alike) alike.push(one);
    else byKey.set(keyOf(one), [one]);
  }
  for (const one of named) {
    const others = byKey.get(keyOf(one))!.filter((other) => other.nodeId !== one.nodeId);
    if (others.length) found(one, others.map(({ nodeId }) => nodeId).join(", "));
  }
}

/** Parents exist and nothing is its own ancestor. */
function checkShape(definition: PlantDefinition, report: ReportFinding): void {
  const byId = new Map(definition.zones.map((zone) => [zone.nodeId, zone]));
  for (const zone of definition.zones) {
    if (zone.parentNodeId !== null) {
      reportReference(zone.parentNodeId, definition, (code, text) =>
        report("error", zone.nodeId, code, `zone ${zone.name}: ${text}`),
      );
    }
    const chain = [zone.name];
    let above = byId.get(zone.parentNodeId ?? "");
    while (above && above !== zone && chain.length <= definition.zones.length) {
      chain.push(above.name);
      above = byId.get(above.parentNodeId ?? "");
    }
    if (above === zone)
      report("error", zone.nodeId, "CYCLE", `zone ${zone.name} hangs on itself: ${[...chain, zone.name].join(" → ")}`);
  }
}

/** One ev-dlm for each root zone. */
function checkDlm(definition: PlantDefinition, report: ReportFinding): void {
  for (const { nodeId, zoneNodeId } of definition.rootDlm) {
    const zone = definition.zones.find((one) => one.nodeId === zoneNodeId);
    if (!zone)
      report(
        "error",
        nodeId,
        "DLM_ZONE_MISSING",
        `the zone ${zoneNodeId || "of this node"} is missing, disabled or has an error of its own`,
      );
    else if (zone.parentNodeId !== null) {
      report(
        "error",
        nodeId,
        "DLM_NOT_ROOT",
        `zone ${zone.name} hangs on another zone; choose the root zone (the grid connection)`,
      );
    }
    const others = definition.rootDlm.filter((other) => other.nodeId !== nodeId && other.zoneNodeId === zoneNodeId);
    if (zone && others.length) {
      const text = `root zone ${zone.name} is also controlled by node ${others.map((other) => other.nodeId).join(", ")}; keep one`;
      report("error", nodeId, "DLM_TWICE", text);
    }
  }
  for (const zone of definition.zones) {
    if (zone.parentNodeId !== null || definition.rootDlm.some(({ zoneNodeId }) => zoneNodeId === zone.nodeId)) continue;
    report(
      "warning",
      zone.nodeId,
      "NO_DLM",
      `no ev-dlm node controls root zone ${zone.name}: its chargers get no current from it`,
    );
  }
}

/** A fail-safe below a car's minimum stops the car instead of slowing it. */
function checkFailSafe(tree: PlantTree, definition: PlantDefinition, report: ReportFinding): void {
  const parents = new Map(tree.zones.map(({ zone }) => [zone.id, zone.parent]));
  const nodeOf = new Map(definition.chargePoints.map(({ identity, nodeId }) => [identity, nodeId]));
  const byName = new Map(definition.zones.map((zone) => [zone.name, zone]));
  for (const { chargePoint, connector, zone, wiring } of tree.connectors) {
    let lowest: ZoneDefinition | null = null;
    for (let name: string | null = zone; name !== null; name = parents.get(name) ?? null) {
      const above = byName.get(name);
      if (above?.meters.length && (!lowest || above.failSafeA < lowest.failSafeA)) lowest = above;
    }
    const minA = Math.max(wiring.minA, wiring.minA3p ?? 0);
    if (!lowest || lowest.failSafeA >= minA) continue;
    const text = `connector ${connector} of ${chargePoint} stops while a meter of zone ${lowest.name} fails: fail-safe ${lowest.failSafeA} A is below its minimum ${minA} A`;
    report("warning", nodeOf.get(chargePoint)!, "FAIL_SAFE_BELOW_MIN", text);
  }
}
