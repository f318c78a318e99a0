import { round, type Triple, triple } from "../../../units.ts";
import {
  type PlantConnector,
  type PlantDefinition,
  type PlantTree,
  type PlantZone,
  stationZoneName,
} from "../plant.ts";
import { phaseName, wiredPhases } from "../wiring.ts";
import type { ReportFinding } from "./finding.ts";

/** A connector with what it may draw when it is left alone, A per phase. */
interface LeftAlone {
  connector: PlantConnector;
  aloneA: number;
  /** It is known to fall back to its safe current. */
  fallsBack: boolean;
}

/**
 * S5: left alone, every charge point holds its safe current, or its maximum where its model is known not to fall back by
 * itself. Their sum per phase (an unknown rotation counts on all three) plus the
 * load assumed in the zone and below must fit each zone's limit less headroom, and its power limit.
 */
export function checkSafeCurrents(tree: PlantTree, definition: PlantDefinition, report: ReportFinding): void {
  const leftAlone = aloneIn(definition);
  const below = belowEach(tree);
  const nodeOf = new Map(definition.chargePoints.map(({ identity, nodeId }) => [stationZoneName(identity), nodeId]));
  for (const plantZone of tree.zones) {
    const name = plantZone.zone.id;
    const connectors = below.get(name)!.connectors.map(leftAlone);
    const zonesBelow = below.get(name)!.zones;
    const nodeId = plantZone.nodeId ?? nodeOf.get(name)!;
    const error = (code: "SAFE_SUM" | "SAFE_POWER", text: string) => report("error", nodeId, code, text);
    checkPhases(plantZone, connectors, assumedLoad(zonesBelow), error);
    checkPower(plantZone, connectors, assumedLoad(zonesBelow), tree.voltageV, error);
  }
}

/** What each connector may draw when it is left alone. */
function aloneIn({ chargePoints }: PlantDefinition): (connector: PlantConnector) => LeftAlone {
  const restless = new Set(chargePoints.filter((one) => one.fallsBack === false).map((one) => one.identity));
  return (connector) => {
    const fallsBack = !restless.has(connector.chargePoint);
    const { safeA, maxA } = connector.wiring;
    return { connector, aloneA: fallsBack ? safeA : maxA, fallsBack };
  };
}

/**
 * S4: while a meter is silent, a car starts only beside a load that is known: given by a person, or seen for a whole day. Where
 * neither is the case, what the breaker leaves for a value beside the safe currents is said with it.
 */
export function checkAssumed(tree: PlantTree, definition: PlantDefinition, report: ReportFinding): void {
  const leftAlone = aloneIn(definition);
  const below = belowEach(tree);
  const roomA = ({ zone }: PlantZone, phase: number): number => {
    const { connectors, zones } = below.get(zone.id)!;
    const onPhase = connectors.filter(({ wiring }) => wiredPhases(wiring).includes(phase)).map(leftAlone);
    const ownA = onPhase.reduce(
      (left, { aloneA }) => left - aloneA,
      capacityA(zone, phase) - assumedLoad(zones)[phase]!,
    );
    const above = tree.zones.find((one) => one.zone.id === zone.parent);
    return above ? Math.min(ownA, roomA(above, phase)) : ownA;
  };
  for (const plantZone of tree.zones) {
    const { zone, meters, nodeId } = plantZone;
    const isGiven = meters.every(({ onStale, fallbackA }) => onStale === "fallbackLoad" && fallbackA !== null);
    if (nodeId === null || isGiven || definition.seenADay?.has(zone.id)) continue;
    const wired = [0, 1, 2].filter((phase) => triple(zone.limitA)[phase]! > 0);
    const open = wired.filter((phase) => triple(zone.assumedLoadA ?? 0)[phase] === 0);
    if (open.length === 0) continue;
    const where = open.length < wired.length ? ` on ${open.map(phaseName).join(" and ")}` : "";
    const roomsA = open.map((phase) => Math.max(0, roomA(plantZone, phase)));
    const isEven = roomsA.every((one) => one === roomsA[0]);
    const fits = isEven ? [amps(roomsA[0]!)] : roomsA.map((one, i) => `${amps(one)} on ${phaseName(open[i]!)}`);
    const text = `zone ${zone.id}: no load is assumed of it${where}, and no whole day of it was seen: while its meter "${meters[0]!.meter}" is silent, no car starts. Enter the most that the other consumers draw as assumed load; it is added to the safe currents, beside which ${fits.join(", ")} fit`;
    report("warning", nodeId, "NOTHING_ASSUMED", text);
  }
}

/** What may flow through a zone on a phase, headroom taken off, A. */
function capacityA({ limitA, operatorLimitA = limitA, headroomA = 0 }: PlantZone["zone"], phase: number): number {
  return Math.min(triple(limitA)[phase]!, triple(operatorLimitA)[phase]!) - triple(headroomA)[phase]!;
}

interface Below {
  connectors: PlantConnector[];
  zones: PlantZone[];
}

/** What each zone holds, itself and all below it. */
function belowEach({ zones, connectors }: PlantTree): Map<string, Below> {
  const parents = new Map(zones.map(({ zone }) => [zone.id, zone.parent]));
  const below = new Map(zones.map(({ zone }): [string, Below] => [zone.id, { connectors: [], zones: [] }]));
  const eachAbove = (from: string, visit: (into: Below) => void) => {
    for (let name: string | null = from; name !== null; name = parents.get(name) ?? null) visit(below.get(name)!);
  };
  for (const one of zones) eachAbove(one.zone.id, (into) => into.zones.push(one));
  for (const one of connectors) eachAbove(one.zone, (into) => into.connectors.push(one));
  return below;
}

type SafeError = (code: "SAFE_SUM" | "SAFE_POWER", text: string) => void;

function assumedLoad(zones: PlantZone[]): Triple {
  const sum: Triple = [0, 0, 0];
  for (const { zone } of zones)
    for (const phase of [0, 1, 2] as const) sum[phase] += triple(zone.assumedLoadA ?? 0)[phase];
  return sum;
}

function checkPhases({ zone }: PlantZone, connectors: LeftAlone[], assumedA: Triple, error: SafeError): void {
  const headroom = triple(zone.headroomA ?? 0);
  const limits = triple(zone.limitA).map((limitA, phase) =>
    Math.min(limitA, triple(zone.operatorLimitA ?? limitA)[phase]!),
  );
  for (const [phase, limitA] of limits.entries()) {
    const onPhase = connectors.filter(({ connector }) => wiredPhases(connector.wiring).includes(phase));
    const sumA = onPhase.reduce((sum, { aloneA }) => sum + aloneA, assumedA[phase]!);
    const capacityA = limitA - headroom[phase]!;
    if (sumA <= capacityA + 1e-6) continue;
    const limit = headroom[phase]
      ? `limit ${limitA} A − ${headroom[phase]} A headroom = ${amps(capacityA)}`
      : `limit ${limitA} A`;
    error(
      "SAFE_SUM",
      `${phaseName(phase)} of zone ${zone.id}: ${terms(onPhase, assumedA[phase]!)} = ${amps(sumA)}, ${limit}`,
    );
  }
}

function checkPower(
  { zone }: PlantZone,
  connectors: LeftAlone[],
  assumedA: Triple,
  voltageV: number,
  error: SafeError,
): void {
  if (zone.maxPowerW === undefined) return;
  const cars = connectors.reduce((sum, { connector, aloneA }) => sum + aloneA * connector.wiring.phases * voltageV, 0);
  const loadW = (assumedA[0] + assumedA[1] + assumedA[2]) * voltageV;
  if (cars + loadW <= zone.maxPowerW + 1e-6) return;
  const parts = [
    `${watts(cars)} for the safe currents of ${connectors.length} connectors`,
    ...(loadW > 0 ? [`${watts(loadW)} assumed load`] : []),
  ];
  error("SAFE_POWER", `zone ${zone.id}: ${parts.join(" + ")} = ${watts(cars + loadW)}, limit ${watts(zone.maxPowerW)}`);
}

/** `12 × 6 A + 1 × 10 A safe current + 1 × 32 A maximum (go-e 2 does not fall back) + 20 A assumed load`. */
function terms(connectors: LeftAlone[], assumedA: number): string {
  const safe = counted(connectors.filter(({ fallsBack }) => fallsBack));
  const restless = connectors.filter(({ fallsBack }) => !fallsBack);
  const names = [...new Set(restless.map(({ connector }) => connector.chargePoint))];
  const parts = [
    ...(safe ? [`${safe} safe current`] : []),
    ...(restless.length ? [`${counted(restless)} maximum (${inShort(names)} not fall back when left alone)`] : []),
    ...(assumedA > 0 ? [`${amps(assumedA)} assumed load`] : []),
  ];
  return parts.join(" + ");
}

function counted(connectors: LeftAlone[]): string {
  const counts = new Map<number, number>();
  for (const { aloneA } of connectors) counts.set(aloneA, (counts.get(aloneA) ?? 0) + 1);
  return [...counts]
    .filter(([aloneA]) => aloneA > 0)
    .map(([aloneA, count]) => `${count} × ${amps(aloneA)}`)
    .join(" + ");
}

function inShort(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} does`;
  return names.length <= 3
    ? `${names.join(", ")} do`
    : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more do`;
}

const amps = (value: number): string => `${round(value, 1)} A`;
const watts = (value: number): string => `${round(value, 0)} W`;
