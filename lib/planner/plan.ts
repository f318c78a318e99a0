import type { PlantTree } from "../dlm/topology/plant.ts";
import { type RootPlant, rootPlant } from "../dlm/topology/root-plant.ts";
import { seeded } from "../simulator/random.ts";
import { round, type Triple, triple } from "../units.ts";
import { visitsOf } from "./arrivals.ts";
import type { Bottleneck, DayPlan, NextStep, PlanRequest, Played } from "./plan-types.ts";
import { play, type Scenery } from "./play.ts";
import { loadShares, sunShares } from "./surroundings.ts";

/** Rated currents of breakers as they are sold, A (IEC 60898-1 §5.3.2, IEC 60947-2 above 125 A). */
const RATINGS_A = [16, 20, 25, 32, 35, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800, 1000, 1250];
/** A larger contract, as a share of the present one. */
const MORE_POWER = 1.2;

/** Plays the days of a request below one root zone, and once more with the next size of what held cars back most. */
export function plan(tree: PlantTree, root: string, request: PlanRequest): DayPlan {
  const plant = rootPlant(tree, root);
  // Each has numbers of its own: another table of cars changes no cloud.
  const random = [1, 2, 3].map((part) => seeded(4 * request.seed + part)) as [() => number, () => number, () => number];
  const scenery: Scenery = {
    visits: visitsOf(request, random[0]),
    loadShares: loadShares(request.scene, request.days, random[1]),
    sunShares: sunShares(request.days, request.firstDay, random[2]),
  };
  const played = play(plant, tree, request, scenery);
  const first = played.bottlenecks.find(({ code }) => code === "ZONE" || code === "POWER");
  const larger = first && enlarged(plant, first);
  const better = larger && play(larger.plant, tree, request, scenery);
  const limitA = Math.max(...triple(plant.zones.find(({ zone }) => zone.parent === null)?.zone.limitA ?? 0));
  const { days, seed } = request;
  return {
    ...rounded(played),
    ...{ days, seed, connectors: plant.connectors.filter(({ departed }) => !departed).length, limitA },
    nextStep: larger && better ? { ...larger.step, ...gain(played, better) } : null,
  };
}

function gain(played: Played, better: Played): Pick<NextStep, "moreWh" | "moreCars"> {
  return {
    moreWh: Math.round(better.deliveredWh - played.deliveredWh),
    moreCars: better.satisfied - played.satisfied,
  };
}

function rounded(played: Played): Played {
  const { wantedWh, deliveredWh, sunWh, atMinimumH, waitingH, bottlenecks } = played;
  return {
    ...played,
    ...{ wantedWh: Math.round(wantedWh), deliveredWh: Math.round(deliveredWh), sunWh: Math.round(sunWh) },
    ...{ atMinimumH: round(atMinimumH, 1), waitingH: round(waitingH, 1) },
    bottlenecks: bottlenecks.map((one) => ({
      ...one,
      ...{ heldBackWh: Math.round(one.heldBackWh), hours: round(one.hours, 1), firstMin: Math.round(one.firstMin) },
    })),
  };
}

/** The tree with the next size of a breaker or a power limit; null where there is none. */
function enlarged(
  plant: RootPlant,
  { code, zone: name }: Bottleneck,
): { plant: RootPlant; step: Pick<NextStep, "zone" | "unit" | "from" | "to"> } | null {
  const place = plant.zones.find(({ zone }) => zone.id === name);
  if (!place) return null;
  const { zone, demand } = place;
  if (code === "POWER") {
    const from = Math.min(zone.maxPowerW ?? Number.POSITIVE_INFINITY, demand?.limitW ?? Number.POSITIVE_INFINITY);
    const to = Math.round(from * MORE_POWER);
    const larger = { ...place, zone: { ...zone, maxPowerW: to }, ...(demand && { demand: { ...demand, limitW: to } }) };
    return { plant: replaced(plant, larger), step: { zone: zone.id, unit: "W", from, to } };
  }
  const ratedA = triple(zone.limitA);
  const inForceA = triple(zone.operatorLimitA ?? zone.limitA).map((limitA, phase) => Math.min(limitA, ratedA[phase]!));
  const from = Math.max(...inForceA);
  const to = RATINGS_A.find((ratingA) => ratingA > from);
  if (to === undefined) return null;
  // A phase that is not wired stays so.
  const raised = (limitA: Triple): Triple => limitA.map((value) => (value === 0 ? 0 : Math.max(value, to))) as Triple;
  const operatorLimitA =
    zone.operatorLimitA === undefined ? {} : { operatorLimitA: raised(triple(zone.operatorLimitA)) };
  const larger = { ...place, zone: { ...zone, limitA: raised(ratedA), ...operatorLimitA } };
  return { plant: replaced(plant, larger), step: { zone: zone.id, unit: "A", from, to } };
}

function replaced(plant: RootPlant, larger: RootPlant["zones"][number]): RootPlant {
  const zones = plant.zones.map((one) => (one.zone.id === larger.zone.id ? larger : one));
  return { ...plant, zones, byName: new Map(zones.map((one) => [one.zone.id, one])) };
}
