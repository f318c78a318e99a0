import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { PlantConnector } from "../dlm/topology/plant.ts";
import { currentsByZone, pathOf } from "../dlm/topology/root-plant.ts";
import { NOMINAL_V } from "../thresholds.ts";
import type { MaybeTriple, Triple } from "../units.ts";

/** One zone above a charger, with what is left of it. */
export interface Row {
  zone: string;
  /** The meter that shows it; null = what is left is what load management says. */
  meter: string | null;
  /** What is left on its fullest phase, A. */
  roomA: number;
  /** What would be left on each phase if so much less flowed, A. */
  roomsWith(lessA: Triple): Triple;
  /** Takes another sample of its meter. */
  shows(currentA: MaybeTriple): void;
}

const PHASES = [0, 1, 2] as const;

/**
 * Every zone above a connector, on all phases: which of them the charger is on is not known yet.
 * @param keepsHeadroom what is left counts to the limit less its headroom, not to the limit itself
 */
export function rowsAbove(
  connector: PlantConnector,
  { plant, snapshot }: CycleDecision["view"],
  result: CycleDecision["result"],
  keepsHeadroom = true,
): Row[] {
  const setpointsA = plant.connectors.map(({ id }) => result.setpoints[id]?.limitA ?? 0);
  const used = currentsByZone(plant, setpointsA);
  return pathOf(plant, connector.zone).map(({ zone: { id } }): Row => {
    const zone = snapshot.zones.find((one) => one.id === id)!;
    const target = result.target.zones[id];
    const headroom = triple(keepsHeadroom ? (zone.headroomA ?? 0) : 0);
    const limits = [
      zone.limitA,
      zone.operatorLimitA,
      zone.gridLimit?.scope === "total" ? zone.gridLimit.currentA : undefined,
    ]
      .filter((limit) => limit !== undefined)
      .map(triple);
    const limitA = PHASES.map((p) => Math.min(...limits.map((limit) => limit[p])) - headroom[p]) as Triple;
    const powerW = Math.min(
      zone.maxPowerW ?? Number.POSITIVE_INFINITY,
      zone.gridLimit?.powerW ?? Number.POSITIVE_INFINITY,
    );
    const left = (currentA: Triple): Triple => {
      const sumA = currentA.reduce((sum, one) => sum + one, 0);
      return PHASES.map((p) => Math.min(limitA[p] - currentA[p], (powerW / NOMINAL_V - sumA) / 3)) as Triple;
    };
    const metered = zone.meters?.find(({ location }) => location === "including");
    const background = target?.backgroundA ?? [0, 0, 0];
    const commanded = PHASES.map((p) => background[p] + (used.get(id)?.[p] ?? 0)) as Triple;
    let flowsA = commanded;
    const row: Row = {
      zone: id,
      meter: metered?.id ?? null,
      roomA: Math.min(...left(commanded)),
      roomsWith: (lessA) => left(PHASES.map((p) => flowsA[p] - lessA[p]) as Triple),
      shows: (currentA) => {
        if (!currentA.every((one) => one !== null)) return;
        flowsA = currentA as Triple;
        row.roomA = Math.min(...left(flowsA));
      },
    };
    if (metered?.currentA) row.shows(metered.currentA as MaybeTriple);
    return row;
  });
}

function triple(value: number | Triple): Triple {
  return typeof value === "number" ? [value, value, value] : value;
}
