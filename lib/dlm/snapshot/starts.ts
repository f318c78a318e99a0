import { CHARGING_A } from "../../thresholds.ts";
import type { ActiveLimit } from "../inputs/signals.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { PlantZone } from "../topology/plant.ts";
import { pathOf, type RootPlant } from "../topology/root-plant.ts";
import type { Ceiling, ChargingMode } from "../types.ts";

/** Order in which the connectors of an exclusive charge point are served, by state. */
const RANK = { charging: 0, waiting: 1, idle: 2, available: 3, offline: 3 } as const;

/**
 * Connectors that may not start, each with the ceiling of 0 A that says why: those below a zone whose limit holds starts, as long as they
 * have no current, and those of an exclusive charge point while another of its connectors has the turn.
 * @param setpoints what is commanded up to now, A by connector
 * @param modeOf the mode that holds for a connector
 */
export function heldStarts(
  plant: RootPlant,
  facts: readonly ConnectorFacts[],
  setpoints: ReadonlyMap<string, number>,
  limitsOf: (zone: string) => readonly ActiveLimit[],
  modeOf: (id: string) => ChargingMode | undefined,
): Map<string, Ceiling> {
  const held = new Map<string, Ceiling>();
  const holding = new Map<string, string>();
  for (const { zone } of plant.zones) {
    const limit = limitsOf(zone.id).find(({ holdStarts }) => holdStarts);
    if (limit) holding.set(zone.id, limit.reason || limit.source);
  }
  for (const { id, zone } of holding.size ? plant.connectors : []) {
    const cause = pathOf(plant, zone).find((above: PlantZone) => holding.has(above.zone.id));
    if (cause && !((setpoints.get(id) ?? 0) > 0))
      held.set(id, { limitA: 0, cause: "startHold", reason: holding.get(cause.zone.id)! });
  }
  for (const [id, connector] of exclusiveTurns(plant, facts, setpoints, modeOf))
    held.set(id, { limitA: 0, cause: "turn", connector });
  return held;
}

/** The connectors that wait for another connector of their charge point, with the number of that other connector. */
function exclusiveTurns(
  plant: RootPlant,
  facts: readonly ConnectorFacts[],
  setpoints: ReadonlyMap<string, number>,
  modeOf: (id: string) => ChargingMode | undefined,
): Map<string, number> {
  const stations = new Map<string, ConnectorFacts[]>();
  plant.connectors.forEach(({ chargePoint, exclusive }, i) => {
    if (exclusive) stations.set(chargePoint, [...(stations.get(chargePoint) ?? []), facts[i]!]);
  });
  const waiting = new Map<string, number>();
  for (const outlets of stations.values()) {
    const [first] = outlets.map((one) => placeOf(one, setpoints, modeOf(one.id))).sort((a, b) => a.place - b.place);
    if (!first || first.place >= RANK.available * 1e12) continue;
    for (const { id } of outlets) if (id !== first.id) waiting.set(id, first.connector);
  }
  return waiting;
}

/** A drawing car comes first, then a car that has current, then the car that waits longest; connectors off or without a car come last. */
function placeOf(
  { id, connector, state, measuredA, pluggedAtMs, wiring }: ConnectorFacts,
  setpoints: ReadonlyMap<string, number>,
  mode: ChargingMode | undefined,
): { id: string; connector: number; place: number } {
  const draws = state !== "offline" && (measuredA ?? []).some((currentA) => (currentA ?? 0) > CHARGING_A);
  const charges = draws || (state === "charging" && (setpoints.get(id) ?? 0) > 0);
  const off = (mode ?? wiring.mode) === "off" && !draws;
  const rank = off ? RANK.available : charges ? RANK.charging : Math.max(RANK[state], RANK.waiting);
  const sinceMs = Math.max(0, Math.min(pluggedAtMs ?? 0, 1e11));
  return { id, connector, place: rank * 1e12 + (draws ? -1e11 : 0) + sinceMs };
}
