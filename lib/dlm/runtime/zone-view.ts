import { isoTime } from "../../clock.ts";
import type { ZoneConnector, ZoneMessage } from "../../messages.ts";
import type { MaybeTriple, Triple } from "../../units.ts";
import { round, triple } from "../../units.ts";
import type { MeterCondition } from "../meters/meter-bank.ts";
import type { SampleView } from "../snapshot/samples.ts";
import type { PlantZone } from "../topology/plant.ts";
import { pathOf } from "../topology/root-plant.ts";
import type { ControllerResult } from "../types.ts";
import type { Explanation } from "./explain.ts";
import type { DlmRuntimeOptions, DlmStatus } from "./runtime-types.ts";

/** The zone snapshots of a tick, one for each `ev-zone` below the root. */
export function zoneMessages(
  view: SampleView,
  result: ControllerResult,
  explanations: ReadonlyMap<string, Explanation>,
  wallMs: number,
  words?: DlmRuntimeOptions["words"],
): ZoneMessage[] {
  const connectors = connectorsByZone(view, explanations, words);
  const ts = isoTime(wallMs);
  return view.plant.zones.flatMap((plantZone) => {
    const { id } = plantZone.zone;
    const allocated = result.target.zones[id];
    if (plantZone.nodeId === null || !allocated) return [];
    const payload = {
      ts,
      limitA: limitOf(plantZone),
      capacityA: rounded(allocated.capacityA),
      backgroundA: rounded(allocated.backgroundA),
      loadA: rounded(allocated.loadA),
      measuredA: measuredA(plantZone, view.meters, allocated.backgroundA, view.chargersA.get(id)!),
      failSafe: allocated.failSafe,
      ...demandOf(view, id),
      connectors: connectors.get(id) ?? [],
    };
    return [{ topic: `zone/${id}`, zone: id, payload }];
  });
}

/** How the zone's demand limit is doing, where it has one. */
function demandOf({ demand }: SampleView, zone: string): Pick<ZoneMessage["payload"], "demand"> {
  const state = demand?.(zone);
  if (!state) return {};
  const { peakAtMs, ...values } = state;
  return { demand: { ...values, peakAt: peakAtMs === null ? null : isoTime(peakAtMs) } };
}

/** The part of a status that a tick tells. @param root undefined where no `ev-zone` shows it */
export function loadStatus(
  { meters }: SampleView,
  { target }: ControllerResult,
  explanations: ReadonlyMap<string, Explanation>,
  root: ZoneMessage | undefined,
): Pick<DlmStatus, "cars" | "usedA" | "limitA" | "failSafe"> {
  const failed = meters.find(({ state, zone }) => state === "stale" && target.zones[zone]?.failSafe);
  return {
    cars: countOf(explanations.values(), ({ limitA }) => limitA > 0),
    ...(root ? fullestPhase(root) : { usedA: null, limitA: 0 }),
    failSafe: failed?.meter ?? null,
  };
}

function countOf<T>(all: Iterable<T>, counts: (one: T) => boolean): number {
  let count = 0;
  for (const one of all) if (counts(one)) count++;
  return count;
}

/** How full the root zone is on its fullest phase, and its limit there, A. */
function fullestPhase(message: ZoneMessage): { usedA: number | null; limitA: number } {
  const { measuredA, limitA } = message.payload;
  let fullest = { usedA: null as number | null, limitA: Math.min(...limitA), share: Number.NEGATIVE_INFINITY };
  for (const [phase, usedA] of measuredA.entries()) {
    const share = usedA === null ? Number.NEGATIVE_INFINITY : usedA / Math.max(limitA[phase]!, 1e-9);
    if (share > fullest.share) fullest = { usedA, limitA: limitA[phase]!, share };
  }
  return { usedA: fullest.usedA, limitA: fullest.limitA };
}

function limitOf({ zone }: PlantZone): Triple {
  const limitA = triple(zone.limitA);
  const operatorA = triple(zone.operatorLimitA ?? zone.limitA);
  return onEach((phase) => Math.min(limitA[phase], operatorA[phase]));
}

function measuredA(
  { zone, meters }: PlantZone,
  conditions: readonly MeterCondition[],
  backgroundA: Triple,
  chargersA: Triple,
): MaybeTriple {
  const including = meters.find(({ location }) => location === "including");
  if (!including) return rounded(onEach((phase) => backgroundA[phase] + chargersA[phase]));
  const condition = conditions.find((one) => one.zone === zone.id && one.meter === including.meter);
  return condition?.state === "stale" ? [null, null, null] : (condition?.currentA ?? [null, null, null]);
}

const UNEXPLAINED: Explanation = { limitA: 0, text: "", reasons: [] };

/** The connectors below each zone. */
function connectorsByZone(
  { plant, facts }: SampleView,
  explanations: ReadonlyMap<string, Explanation>,
  words: DlmRuntimeOptions["words"],
): Map<string, ZoneConnector[]> {
  const below = new Map<string, ZoneConnector[]>(plant.zones.map(({ zone }) => [zone.id, []]));
  const upwards = new Map(
    plant.zones.map(({ zone }) => [zone.id, pathOf(plant, zone.id).map((above) => below.get(above.zone.id)!)]),
  );
  plant.connectors.forEach(({ id, chargePoint, connector, zone: home }, i) => {
    const { limitA, text, reasons } = explanations.get(id) ?? UNEXPLAINED;
    const plain = reasons[0] && words?.(reasons[0]);
    const { state, measuredA } = facts[i]!;
    const shown: ZoneConnector = { chargePoint, connector, state, limitA, measuredA, text };
    if (plain) shown.words = plain;
    for (const list of upwards.get(home)!) list.push(shown);
  });
  return below;
}

function rounded(values: Triple): Triple {
  return onEach((phase) => round(values[phase], 2));
}

function onEach(valueOn: (phase: 0 | 1 | 2) => number): Triple {
  return [valueOn(0), valueOn(1), valueOn(2)];
}
