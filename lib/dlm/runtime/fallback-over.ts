import { type Triple, triple } from "../../units.ts";
import { sentence } from "../../words/sentence.ts";
import type { Language } from "../../words/types.ts";
import type { SampleView } from "../snapshot/samples.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import { currentsByZone, type RootPlant } from "../topology/root-plant.ts";
import type { ControllerResult } from "../types.ts";
import type { Condition } from "./alarms.ts";
import { amps } from "./explain.ts";

/** Sums closer to a limit than this fit it, A. */
const NOISE_A = 0.05;

/** A load that lasts for less than this is no alarm, ms: until every charger has reported, part of what they draw may look like it. */
const LASTS_MS = 120_000;

/**
 * Tells of zones in which the fall-back would not fit (S5, S12): what all chargers hold when they have been left alone for long, and the
 * load that is there now. A deploy checks the same with the load that is assumed.
 */
export class FallbackWatch {
  #sinceMs = new Map<string, number>();
  #alone: { plant: RootPlant; currentsA: readonly number[]; byZone: ReadonlyMap<string, Triple> } | null = null;

  look({ plant, facts }: SampleView, result: ControllerResult, nowMs: number, language: Language): Condition[] {
    const alone = this.#leftAlone(plant, facts);
    const sinceMs = new Map<string, number>();
    const conditions: Condition[] = [];
    for (const { zone } of plant.zones) {
      const loadA: Triple = result.target.zones[zone.id]?.backgroundA ?? [0, 0, 0];
      const [limits, headroomA] = [triple(zone.limitA), triple(zone.headroomA ?? 0)];
      for (const phase of [0, 1, 2] as const) {
        const aloneA = alone.get(zone.id)![phase];
        const limitA = limits[phase] - headroomA[phase];
        if (aloneA === 0 || aloneA + loadA[phase] <= limitA + NOISE_A) continue;
        const subject = `${zone.id}/L${phase + 1}`;
        sinceMs.set(subject, this.#sinceMs.get(subject) ?? nowMs);
        if (nowMs - sinceMs.get(subject)! < LASTS_MS) continue;
        const amounts = { alone: amps(aloneA), load: amps(loadA[phase]), limit: amps(limitA) };
        const text = sentence(language, "alarm.fallback", { zone: zone.id, phase: phase + 1, ...amounts });
        conditions.push({ kind: "fallbackOver", subject, text });
      }
    }
    this.#sinceMs = sinceMs;
    return conditions;
  }

  /** What all connectors below each zone hold when they are left alone, A per phase: added up when one of them changes. */
  #leftAlone(plant: RootPlant, facts: readonly ConnectorFacts[]): ReadonlyMap<string, Triple> {
    const known = this.#alone;
    if (known?.plant === plant && facts.every((one, i) => known.currentsA[i] === leftAloneA(one))) return known.byZone;
    const currentsA = facts.map(leftAloneA);
    this.#alone = { plant, currentsA, byZone: currentsByZone(plant, currentsA) };
    return this.#alone.byZone;
  }
}

function leftAloneA({ aloneA, wiring }: ConnectorFacts): number {
  return Math.max(aloneA ?? 0, wiring.safeA);
}
