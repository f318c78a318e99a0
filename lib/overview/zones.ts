import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { ConnectorFacts } from "../dlm/topology/facts.ts";
import type { PlantTree, PlantZone } from "../dlm/topology/plant.ts";
import { measuredByZone, rootPlant } from "../dlm/topology/root-plant.ts";
import type { BoardReading } from "../metering/meter-board.ts";
import { OVERLOAD_A } from "../thresholds.ts";
import { type MaybeTriple, round, type Triple, tenths, triple } from "../units.ts";
import type { ConsumptionState } from "./consumption.ts";
import type { Binding, ZoneItem } from "./types.ts";

const PHASES = [0, 1, 2] as const;

type Readings = ReadonlyMap<string, BoardReading>;
type Facts = ReadonlyMap<string, ConnectorFacts>;

/** The zones in force, parents before children; a charge point's own feed is none of them. */
export function zoneItems(
  tree: PlantTree | null,
  decisions: readonly CycleDecision[],
  facts: Facts,
  readings: Readings,
  consumed: (zone: string) => ConsumptionState | null = () => null,
): ZoneItem[] {
  const byRoot = new Map(decisions.map((decision) => [decision.view.plant.zones[0]?.root, decision]));
  const drawn = drawnByZone(tree, facts);
  const bindings = new Map(decisions.map((decision) => [decision, bindingByZone(decision)]));
  return (tree?.zones ?? []).flatMap((plantZone) => {
    const { zone, root, nodeId, meters } = plantZone;
    if (nodeId === null) return [];
    const decision = byRoot.get(root);
    const operatorA = triple(zone.operatorLimitA ?? zone.limitA);
    const limitA = triple(zone.limitA).map((amps, phase) => Math.min(amps, operatorA[phase]!)) as Triple;
    const chargersA = drawn.get(zone.id) ?? [0, 0, 0];
    const loadA = loadOf(plantZone, decision, chargersA, readings);
    return {
      id: zone.id,
      nodeId,
      parent: zone.parent,
      limitA,
      loadA: loadA.map(tenths) as MaybeTriple,
      chargersA: chargersA.map(tenths) as Triple,
      promisedA: promisedOf(zone.id, decision),
      binding: bindingOf(zone.id, limitA, loadA, decision, decision && bindings.get(decision)?.get(zone.id)),
      outside: outsideOf(zone.id, decision),
      ...demandOf(zone.id, decision),
      ...consumptionOf(consumed(zone.id)),
      meters: meters.map(({ meter }) => meter),
    };
  });
}

/** What the chargers below each zone draw, A per site phase. */
function drawnByZone(tree: PlantTree | null, facts: Facts): Map<string, Triple> {
  const drawn = new Map<string, Triple>();
  if (!tree) return drawn;
  for (const root of new Set(tree.zones.map((zone) => zone.root))) {
    const plant = rootPlant(tree, root);
    const inOrder = plant.connectors.map(({ id }) => facts.get(id) ?? SILENT);
    for (const [zone, amps] of measuredByZone(plant, inOrder)) drawn.set(zone, amps);
  }
  return drawn;
}

/** A connector of which nothing is known draws nothing that is known. */
const SILENT = { measuredA: null, state: "offline" } as ConnectorFacts;

/** The zone's own meter where one sees everything; else what is known of the background, and the chargers. */
function loadOf(
  { zone, meters }: PlantZone,
  decision: CycleDecision | undefined,
  chargersA: Triple,
  readings: Readings,
): MaybeTriple {
  const including = meters.find(({ location }) => location === "including");
  if (including) {
    const { currentA, quality } = readings.get(including.meter)?.payload ?? {};
    const condition = decision?.view.meters.find(({ meter }) => meter === including.meter);
    const isGood = quality === "good" && condition?.state !== "stale" && !condition?.frozen;
    return isGood && currentA ? currentA : [null, null, null];
  }
  const allocated = decision?.result.target.zones[zone.id];
  if (!allocated) return [null, null, null];
  return PHASES.map((phase) => allocated.backgroundA[phase] + chargersA[phase]) as Triple;
}

function promisedOf(zone: string, decision: CycleDecision | undefined): Triple | null {
  const { backgroundA, loadA } = decision?.result.target.zones[zone] ?? {};
  return backgroundA && loadA ? (PHASES.map((phase) => round(backgroundA[phase] + loadA[phase], 1)) as Triple) : null;
}

function bindingOf(
  zone: string,
  limitA: Triple,
  loadA: MaybeTriple,
  decision: CycleDecision | undefined,
  limit: Binding | undefined,
): Binding | null {
  const over = PHASES.find((phase) => (loadA[phase] ?? 0) > limitA[phase] + OVERLOAD_A);
  if (over !== undefined) return { kind: "over", code: null, phase: (over + 1) as 1 | 2 | 3, cars: 0 };
  if (decision?.result.target.zones[zone]?.failSafe) return { kind: "failSafe", code: null, phase: null, cars: 0 };
  return limit ?? null;
}

/** The limit of each zone that binds the most cars; only zones with such a limit. */
function bindingByZone({ explanations }: CycleDecision): Map<string, Binding> {
  const counted = new Map<string, Map<string, Binding>>();
  for (const { reasons } of explanations.values()) {
    const [reason] = reasons;
    if (reason?.zone === undefined) continue;
    const ofZone = counted.get(reason.zone) ?? new Map<string, Binding>();
    counted.set(reason.zone, ofZone);
    const key = `${reason.code} ${reason.phase}`;
    const binding = ofZone.get(key) ?? { kind: "limit", code: reason.code, phase: reason.phase ?? null, cars: 0 };
    binding.cars++;
    ofZone.set(key, binding);
  }
  return new Map([...counted].map(([zone, found]) => [zone, [...found.values()].sort((a, b) => b.cars - a.cars)[0]!]));
}

function outsideOf(zone: string, decision: CycleDecision | undefined): ZoneItem["outside"] {
  const limits = decision?.view.limits(zone).filter(({ demand }) => !demand) ?? [];
  const tightest = [...limits].sort(
    (a, b) => (a.limitA ?? Number.POSITIVE_INFINITY) - (b.limitA ?? Number.POSITIVE_INFINITY),
  )[0];
  return tightest ? { limitA: tightest.limitA, powerW: tightest.powerW, source: String(tightest.source) } : null;
}

function demandOf(zone: string, decision: CycleDecision | undefined): Pick<ZoneItem, "demand"> {
  const state = decision?.view.demand?.(zone);
  if (!state) return {};
  // Tenths of a kilowatt: a page is told of what it shows.
  const hundreds = (w: number) => Math.round(w / 100) * 100;
  const { limitW, meanW, peakW } = state;
  return { demand: { limitW, meanW: hundreds(meanW), peakW: peakW === null ? null : hundreds(peakW) } };
}

function consumptionOf(state: ConsumptionState | null): Pick<ZoneItem, "consumption"> {
  if (!state) return {};
  const tenths = (wh: number) => Math.round(wh / 100) / 10;
  const { dayWh, monthWh, carsMonthWh } = state;
  return { consumption: { dayKWh: tenths(dayWh), monthKWh: tenths(monthWh), carsMonthKWh: tenths(carsMonthWh) } };
}
