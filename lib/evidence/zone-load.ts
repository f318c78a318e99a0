import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { ConnectorFacts } from "../dlm/topology/facts.ts";
import { pathOf, type RootPlant } from "../dlm/topology/root-plant.ts";
import { terminalPhases, wiredPhases } from "../dlm/topology/wiring.ts";

/** A load below a zone: A per site phase and W in sum. */
export interface ZoneLoad {
  phasesA: [number, number, number];
  powerW: number;
}

/** What is being asked: setpoints, what the chargers confirmed, or what they draw by readings taken since `sinceMs`. */
export type LoadKind =
  | { kind: "allocated" }
  | { kind: "accepted"; acceptedA: (id: string) => number | null }
  | { kind: "measured"; sinceMs: number };

/**
 * Load of a zone's chargers, with the background for a limit on the whole zone. Offline and disobeying connectors count
 * with what is reserved for them, in every kind.
 * @returns null where a connector with a car has no value of this kind
 */
export function zoneLoad(
  zone: string,
  scope: "evse" | "total",
  asked: LoadKind,
  { view, result }: CycleDecision,
  voltageV: number,
): ZoneLoad | null {
  const backgroundA = scope === "total" ? (result.target.zones[zone]?.backgroundA ?? [0, 0, 0]) : [0, 0, 0];
  const load: ZoneLoad = { phasesA: [...backgroundA] as ZoneLoad["phasesA"], powerW: 0 };
  for (const currentA of backgroundA) load.powerW += currentA * voltageV;
  for (const i of connectorsBelow(view.plant, zone)) {
    const { id, wiring } = view.plant.connectors[i]!;
    // One current between two lines flows on both, and carries its power once.
    const share = wiring.betweenLines ? 0.5 : 1;
    const phasesA = connectorA(view.facts[i]!, asked, result.setpoints[id]?.limitA ?? 0, phasesOf(id, view.facts[i]!));
    if (!phasesA) return null;
    for (const phase of [0, 1, 2] as const) {
      load.phasesA[phase] += phasesA[phase]!;
      load.powerW += phasesA[phase]! * voltageV * share;
    }
  }
  return load;

  /** The phases the allocator counted with, else all that are wired. */
  function phasesOf(id: string, { wiring }: ConnectorFacts): readonly number[] {
    const counted = [0, 1, 2].filter((phase) => (result.target.connectors[id]?.phasesA[phase] ?? 0) > 0);
    return counted.length ? counted : wiredPhases(wiring);
  }
}

const below = new WeakMap<RootPlant, Map<string, number[]>>();

/** Positions of the connectors at or below a zone; found once for each tree. */
function connectorsBelow(plant: RootPlant, zone: string): readonly number[] {
  const known = below.get(plant) ?? new Map<string, number[]>();
  below.set(plant, known);
  const isBelow = (home: string) => pathOf(plant, home).some((above) => above.zone.id === zone);
  const found = known.get(zone) ?? plant.connectors.flatMap(({ zone: home }, i) => (isBelow(home) ? [i] : []));
  known.set(zone, found);
  return found;
}

/** A per site phase; null when it is not known. */
function connectorA(
  facts: ConnectorFacts,
  asked: LoadKind,
  setpointA: number,
  phases: readonly number[],
): number[] | null {
  const on = (currentA: number) => [0, 1, 2].map((phase) => (phases.includes(phase) ? currentA : 0));
  if (facts.state === "offline") return on(facts.disconnectedA);
  if (asked.kind === "measured") return measuredA(facts, asked.sinceMs, on);
  if (facts.reservedA !== null) return on(facts.reservedA);
  if (asked.kind === "allocated") return on(setpointA);
  const acceptedA = asked.acceptedA(facts.id);
  if (acceptedA !== null) return on(acceptedA);
  return facts.state === "available" ? on(0) : null;
}

function measuredA(
  { state, measuredA: readings, measuredAtMs, wiring }: ConnectorFacts,
  sinceMs: number,
  on: (currentA: number) => number[],
): number[] | null {
  const known = readings && measuredAtMs !== null && measuredAtMs >= sinceMs;
  if (!known) return state === "available" ? on(0) : null;
  const terminals = wiring.betweenLines ? null : terminalPhases(wiring.phases, wiring.rotation);
  if (!terminals) return on(Math.max(0, ...readings.map((value) => value ?? 0)));
  return [0, 1, 2].map((phase) => Math.max(0, readings[terminals.indexOf(phase)] ?? 0));
}
