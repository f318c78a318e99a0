import type { ConnectorFacts } from "./facts.ts";
import { pathOf, placeOf, type RootPlant } from "./root-plant.ts";

/** A car that was started has found its current after this, ms. */
const START_MS = 60_000;
/** Less below its setpoint counts as having found it, A. */
const REACHED_A = 1;
/** A charger's reading older than this is no base for what a meter shows, ms. */
const READING_LIFE_MS = 6000;

/**
 * Knows the connectors that were switched on a moment ago and have not shown their current yet. Their draw leaps while their chargers
 * report now and then: the meter that belongs to such a reading is that of the same moment, not the newest (S4b).
 */
export class YoungStarts {
  readonly #sinceMs = new Map<string, number>();

  /** Takes what was commanded before a decision and by it, A by connector. */
  decided(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>, nowMs: number): void {
    for (const [id, limitA] of after) if (limitA > 0 && !((before.get(id) ?? 0) > 0)) this.#sinceMs.set(id, nowMs);
    for (const id of this.#sinceMs.keys()) if (!((after.get(id) ?? 0) > 0)) this.#sinceMs.delete(id);
  }

  /**
   * The connectors behind a meter with others that have not shown their current yet, each with the time of its newest reading, and the
   * earliest of these readings below each zone.
   * @param setpoints what is commanded now, A by connector
   */
  look(
    plant: RootPlant,
    facts: readonly ConnectorFacts[],
    setpoints: ReadonlyMap<string, number>,
    nowMs: number,
  ): { young: Map<string, number>; momentsMs: Map<string, number> } {
    const young = new Map<string, number>();
    const momentsMs = new Map<string, number>();
    for (const { id, state, measuredA, measuredAtMs } of this.#sinceMs.size > 0 ? facts : []) {
      const sinceMs = this.#sinceMs.get(id);
      if (sinceMs === undefined || measuredAtMs === null || measuredA === null || state === "offline") continue;
      const drawA = Math.max(0, ...measuredA.map((value) => value ?? 0));
      const reached = measuredAtMs > sinceMs && drawA >= (setpoints.get(id) ?? 0) - REACHED_A;
      if (reached || nowMs - sinceMs > START_MS) this.#sinceMs.delete(id);
      else if (nowMs - measuredAtMs <= READING_LIFE_MS) {
        const path = pathOf(plant, placeOf(plant, id)?.zone ?? "");
        if (path.some(isMetered)) young.set(id, measuredAtMs);
        for (const { zone } of path)
          momentsMs.set(zone.id, Math.min(measuredAtMs, momentsMs.get(zone.id) ?? measuredAtMs));
      }
    }
    return { young, momentsMs };
  }
}

function isMetered({ meters }: RootPlant["zones"][number]): boolean {
  return meters.some(({ location }) => location === "including");
}
