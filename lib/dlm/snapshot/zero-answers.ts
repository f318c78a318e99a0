import { STARTED_MS, TELLING_A } from "../../thresholds.ts";
import type { Triple } from "../../units.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import { currentsByZone, pathOf, placeOf, type RootPlant } from "../topology/root-plant.ts";
import { wiredPhases } from "../topology/wiring.ts";

/** A connector that was switched on a moment ago. */
interface Start {
  atMs: number;
  /** The zone whose meter it is behind. */
  zone: string;
  /** Load there that no charger had reported, and what the other connectors below had been told by then, A per phase. */
  loadA: Triple;
  othersA: Triple;
  /** Since when the meter shows a current that only this connector can draw; null = it does not. */
  shownMs: number | null;
}

/** What a decision was made of and what came of it. */
export interface DecidedLoads {
  plant: RootPlant;
  /** Setpoints before and after, A by connector. */
  before: ReadonlyMap<string, number>;
  after: ReadonlyMap<string, number>;
  /** Load that no charger has reported, of the zones whose own meter is good and includes the chargers, A per phase. */
  loadsA: ReadonlyMap<string, Triple>;
  nowMs: number;
}

/**
 * Some chargers answer with zeros when they are asked what they draw, while a car charges. Their own samples show that (the station
 * compares both). Where a charger sends no samples, the meter shows it: after the charger was switched on, the meter came to show a current
 * that only this charger can draw, and its next answer was zeros all the same. The connector then counts as not measured (S4): its share
 * is not given to others, and what it draws is not taken off the meter.
 */
export class ZeroAnswers {
  readonly #starts = new Map<string, Start>();
  /** Connectors whose zeros were found to be untrue. */
  readonly #untrue = new Set<string>();

  /** What the connectors draw, without zeros of those that gave untrue ones, until they report anything else. */
  look(facts: ConnectorFacts[]): ConnectorFacts[] {
    if (this.#starts.size + this.#untrue.size === 0) return facts;
    return facts.map((one) => {
      const { id, unproven, measuredA, measuredAtMs } = one;
      const start = this.#starts.get(id);
      if (!unproven) {
        if (start && measuredAtMs !== null && measuredAtMs > start.atMs) this.#starts.delete(id);
        if (measuredA) this.#untrue.delete(id);
        return one;
      }
      if (start && isUntrue(start, unproven.ownAtMs, measuredAtMs)) this.#untrue.add(id);
      return this.#untrue.has(id) ? { ...one, measuredA: null, measuredAtMs: null } : one;
    });
  }

  /** Takes note of a decision. */
  decided({ plant, before, after, loadsA, nowMs }: DecidedLoads): void {
    for (const id of this.#untrue) if (!after.has(id)) this.#untrue.delete(id);
    for (const [id, { atMs }] of this.#starts)
      if (!((after.get(id) ?? 0) > 0) || nowMs - atMs > STARTED_MS) this.#starts.delete(id);
    const beginning: string[] = [];
    after.forEach((limitA, id) => {
      if (limitA > 0 && !((before.get(id) ?? 0) > 0)) beginning.push(id);
    });
    if (this.#starts.size + beginning.length === 0) return;
    const toldToOthersA = toldToOthers(plant, before);
    for (const [id, start] of this.#starts) {
      const loadA = loadsA.get(start.zone);
      if (start.shownMs !== null || !loadA) continue;
      const othersA = toldToOthersA(id, start.zone);
      const roseA = (p: 0 | 1 | 2) => loadA[p] - start.loadA[p] - Math.max(0, othersA[p] - start.othersA[p]);
      if (phasesOf(plant, id).some((phase) => roseA(phase) >= TELLING_A)) start.shownMs = nowMs;
    }
    for (const id of beginning) {
      const path = pathOf(plant, placeOf(plant, id)?.zone ?? "").map(({ zone }) => zone.id);
      const zone = path.find((name) => loadsA.has(name));
      if (zone === undefined) continue;
      const start = { atMs: nowMs, zone, loadA: loadsA.get(zone)!, othersA: toldToOthersA(id, zone) };
      this.#starts.set(id, { ...start, shownMs: null });
    }
  }
}

/** Whether zeros were answered while the meter showed the current. An older answer tells of the time before, an own sample of both. */
function isUntrue({ atMs, shownMs }: Start, ownAtMs: number | null, answeredMs: number | null): boolean {
  if (shownMs === null || answeredMs === null || answeredMs < shownMs) return false;
  return ownAtMs === null || ownAtMs < atMs;
}

/** What all connectors below a zone but one are told, A per phase. */
function toldToOthers(plant: RootPlant, told: ReadonlyMap<string, number>): (id: string, zone: string) => Triple {
  const toldA = ({ id }: { id: string }) => told.get(id) ?? 0;
  const below = currentsByZone(plant, plant.connectors.map(toldA));
  return (id, zone) => {
    const othersA: Triple = [...below.get(zone)!];
    for (const phase of phasesOf(plant, id)) othersA[phase] -= toldA({ id });
    return othersA;
  };
}

/** Site phases that a connector may load. */
function phasesOf(plant: RootPlant, id: string): (0 | 1 | 2)[] {
  const connector = placeOf(plant, id);
  return connector ? (wiredPhases(connector.wiring) as (0 | 1 | 2)[]) : [];
}
