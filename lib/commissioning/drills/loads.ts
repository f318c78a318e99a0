import type { CycleDecision } from "../../dlm/runtime/runtime-types.ts";
import type { ConnectorFacts } from "../../dlm/topology/facts.ts";
import type { PlantConnector } from "../../dlm/topology/plant.ts";
import { measuredOnSite, pathOf, placeOf } from "../../dlm/topology/root-plant.ts";
import { wiredPhases } from "../../dlm/topology/wiring.ts";
import type { Triple } from "../../units.ts";

/** What a drill looks at is in the last decision; the voltage is the site's. */
export interface Sight {
  decision: CycleDecision;
  voltageV: number;
  /** What a charger has confirmed last, A; null = it is not asked by OCPP. */
  acceptedA(id: string): number | null;
  nowMs: number;
}

/** On one site phase (0 to 2), A; or of all phases, W. */
export type Counted = { phase: 0 | 1 | 2 } | "power";

/** Connectors at and below a zone. */
export function connectorsBelow({ view: { plant } }: CycleDecision, zone: string): PlantConnector[] {
  return plant.connectors.filter(({ zone: home }) => pathOf(plant, home).some((above) => above.zone.id === zone));
}

export function factsOf({ view }: CycleDecision, id: string): ConnectorFacts | undefined {
  return view.facts.find((one) => one.id === id);
}

/** The limit that holds at a charger, as far as it has said, A; of one that is away what is reserved for it. */
export function toldA({ decision, acceptedA }: Sight, id: string): number {
  const facts = factsOf(decision, id);
  if (facts?.state === "offline") return facts.disconnectedA;
  return acceptedA(id) ?? decision.result.setpoints[id]?.limitA ?? 0;
}

/** What connectors were told, together. */
export function commandedSum(sight: Sight, members: readonly PlantConnector[], counted: Counted): number {
  return sum(members.map((member) => share(sight, member, onPhases(sight, member, toldA(sight, member.id)), counted)));
}

/** What connectors draw by their own readings, together, those that are away with what is reserved; null where one with a car does not say. */
export function measuredSum(sight: Sight, members: readonly PlantConnector[], counted: Counted): number | null {
  let total = 0;
  for (const member of members) {
    const facts = factsOf(sight.decision, member.id);
    if (!facts || facts.state === "available") continue;
    if (facts.state === "offline") {
      total += share(sight, member, onPhases(sight, member, facts.disconnectedA), counted);
      continue;
    }
    if (!facts.measuredA) return null;
    total += share(sight, member, measuredOnSite(member, facts), counted);
  }
  return total;
}

/** When the newest of the readings was taken, monotonic; null where one of the connectors has none since then. */
export function measuredSince({ decision }: Sight, members: readonly PlantConnector[], sinceMs: number): number | null {
  let latestMs = sinceMs;
  for (const { id } of members) {
    const { state = "offline", measuredA = null, measuredAtMs = null } = factsOf(decision, id) ?? {};
    if (state === "available" || state === "offline") continue;
    if (!measuredA || measuredAtMs === null || measuredAtMs < sinceMs) return null;
    latestMs = Math.max(latestMs, measuredAtMs);
  }
  return latestMs;
}

/** The largest current of a connector's terminals, A; null = not measured. */
export function drawA(decision: CycleDecision, id: string): number | null {
  const { measuredA = null } = factsOf(decision, id) ?? {};
  const known = (measuredA ?? []).filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

/** Site phases on which the allocator counts a connector; those that are wired where it gives nothing. */
export function phasesOf({ view, result }: CycleDecision, id: string): readonly number[] {
  const counted = [0, 1, 2].filter((phase) => (result.target.connectors[id]?.phasesA[phase] ?? 0) > 0);
  return counted.length > 0 ? counted : wiredPhases(placeOf(view.plant, id)!.wiring);
}

/** The site phase on which connectors were told most. */
export function fullestPhase(sight: Sight, members: readonly PlantConnector[]): 0 | 1 | 2 {
  const sums = ([0, 1, 2] as const).map((phase) => commandedSum(sight, members, { phase }));
  return sums.indexOf(Math.max(...sums)) as 0 | 1 | 2;
}

function onPhases({ decision }: Sight, { id }: PlantConnector, currentA: number): Triple {
  const phases = phasesOf(decision, id);
  return [0, 1, 2].map((phase) => (phases.includes(phase) ? currentA : 0)) as Triple;
}

function share({ voltageV }: Sight, { wiring }: PlantConnector, currentA: Triple, counted: Counted): number {
  if (counted !== "power") return currentA[counted.phase];
  // One current between two lines flows on both, and carries its power once.
  return sum(currentA) * voltageV * (wiring.betweenLines ? 0.5 : 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
