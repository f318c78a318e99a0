import { CHARGING_A, FOLLOWED_MS, FOLLOWED_SLOWLY_MS, STARTED_MS } from "../../thresholds.ts";
import type { Triple } from "../../units.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { PlantConnector } from "../topology/plant.ts";
import { measuredOnSite, pathOf, type RootPlant } from "../topology/root-plant.ts";
import { wiredPhases } from "../topology/wiring.ts";

/** Less below its setpoint counts as having found it, A. */
const REACHED_A = 1;
/** A charger's reading older than this is no base for what a meter shows, ms. */
const READING_LIFE_MS = 6000;
/** Less below a raised setpoint counts as following it, A. */
const FOLLOWS_A = 0.2;

/** What the readings of the cars below a zone are to be held against. */
export interface ReadingMoment {
  /** Time of the earliest reading of a car that was started or raised a moment ago. */
  atMs: number;
  /** What cars below may draw by now beyond their readings, A per phase. */
  unshownA: Triple;
}

/**
 * Knows the connectors that were switched on or raised a moment ago and have not shown their current yet. Their draw leaps while their
 * chargers report now and then: the meter that belongs to such a reading is that of the same moment, not the newest (S4b). Otherwise
 * what a raised car takes looks like other load, and the car is lowered for its own current. Chargers whose readings are older are left
 * to the controller, which raises them only as far as the rise fits twice (`lib/dlm/controller/pending.ts`).
 */
export class RecentStarts {
  readonly #sinceMs = new Map<string, number>();
  readonly #raisedMs = new Map<string, number>();

  /** Takes what was commanded before a decision and by it, A by connector. */
  decided(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>, nowMs: number): void {
    after.forEach((limitA, id) => {
      const beforeA = before.get(id) ?? 0;
      if (limitA > 0 && !(beforeA > 0)) this.#sinceMs.set(id, nowMs);
      if (limitA > beforeA) this.#raisedMs.set(id, nowMs);
      else if (limitA < beforeA) this.#raisedMs.delete(id);
    });
    for (const id of this.#sinceMs.keys()) if (!((after.get(id) ?? 0) > 0)) this.#sinceMs.delete(id);
    for (const id of this.#raisedMs.keys()) if (!after.has(id)) this.#raisedMs.delete(id);
  }

  /**
   * The connectors behind a meter with others that have not shown their current yet, and the moment of their newest readings below each
   * zone.
   * @param facts of the plant's connectors, in their order
   * @param setpoints what is commanded now, A by connector
   */
  look(
    plant: RootPlant,
    facts: readonly ConnectorFacts[],
    setpoints: ReadonlyMap<string, number>,
    nowMs: number,
  ): { recent: ReadonlySet<string>; moments: Map<string, ReadingMoment> } {
    const recent = new Set<string>();
    const moments = new Map<string, ReadingMoment>();
    if (this.#sinceMs.size + this.#raisedMs.size === 0) return { recent, moments };
    const starting = plant.connectors.filter((_, i) => this.#isStarting(facts[i]!, setpoints, nowMs));
    const rising = plant.connectors.filter((_, i) => this.#isRising(facts[i]!, setpoints, nowMs));
    const readAtMs = new Map(facts.map(({ id, measuredAtMs }) => [id, measuredAtMs ?? nowMs]));
    for (const { id, zone } of starting) if (pathOf(plant, zone).some(isMetered)) recent.add(id);
    for (const { id, zone: name } of new Set([...starting, ...rising])) {
      const atMs = readAtMs.get(id)!;
      for (const { zone } of pathOf(plant, name))
        moments.set(zone.id, { atMs: Math.min(atMs, moments.get(zone.id)?.atMs ?? atMs), unshownA: [0, 0, 0] });
    }
    if (moments.size > 0)
      for (const [i, connector] of plant.connectors.entries())
        addUnshown(plant, connector, facts[i]!, setpoints.get(connector.id) ?? 0, recent.has(connector.id), moments);
    return { recent, moments };
  }

  /** Whether it was switched on a moment ago, and its reading, which does not show that yet, is new enough to go by. */
  #isStarting(
    { id, state, measuredA, measuredAtMs }: ConnectorFacts,
    setpoints: ReadonlyMap<string, number>,
    nowMs: number,
  ): boolean {
    const sinceMs = this.#sinceMs.get(id);
    if (sinceMs === undefined || measuredAtMs === null || measuredA === null || state === "offline") return false;
    const drawA = Math.max(0, ...measuredA.map((value) => value ?? 0));
    const reached = measuredAtMs > sinceMs && drawA >= (setpoints.get(id) ?? 0) - REACHED_A;
    const known = reached || nowMs - sinceMs > STARTED_MS;
    if (known) this.#sinceMs.delete(id);
    return !known && nowMs - measuredAtMs <= READING_LIFE_MS;
  }

  /** Whether it was raised a moment ago, and its reading, which does not show that yet, is new enough to go by. */
  #isRising(
    { id, state, measuredA, measuredAtMs }: ConnectorFacts,
    setpoints: ReadonlyMap<string, number>,
    nowMs: number,
  ): boolean {
    const raisedMs = this.#raisedMs.get(id);
    if (raisedMs === undefined || measuredAtMs === null || measuredA === null || state === "offline") return false;
    const drawA = Math.max(0, ...measuredA.map((value) => value ?? 0));
    const follows = measuredAtMs > raisedMs && drawA >= (setpoints.get(id) ?? 0) - FOLLOWS_A;
    const known = follows || measuredAtMs >= raisedMs + FOLLOWED_MS || nowMs - raisedMs > FOLLOWED_SLOWLY_MS;
    if (known) this.#raisedMs.delete(id);
    return !known && nowMs - measuredAtMs <= READING_LIFE_MS;
  }
}

/** Adds what a connector may draw by now beyond its reading, on the phases that its car uses; before it draws, on all it may use. */
function addUnshown(
  plant: RootPlant,
  connector: PlantConnector,
  facts: ConnectorFacts,
  setpointA: number,
  isYoung: boolean,
  moments: ReadonlyMap<string, ReadingMoment>,
): void {
  if (setpointA === 0 || facts.state === "offline" || facts.measuredA === null) return;
  const measuredA = measuredOnSite(connector, facts);
  const drawing = measuredA.some((currentA) => currentA >= CHARGING_A);
  for (const phase of wiredPhases(connector.wiring)) {
    const currentA = measuredA[phase as 0 | 1 | 2];
    if (currentA < CHARGING_A && (drawing || !isYoung)) continue;
    const riseA = Math.max(0, setpointA - currentA);
    for (const { zone } of pathOf(plant, connector.zone)) {
      const moment = moments.get(zone.id);
      if (moment) moment.unshownA[phase as 0 | 1 | 2] += riseA;
    }
  }
}

function isMetered({ meters }: RootPlant["zones"][number]): boolean {
  return meters.some(({ location }) => location === "including");
}
