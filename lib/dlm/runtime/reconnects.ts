import { RETURNS_MS } from "../../thresholds.ts";
import type { JsonValue } from "../../units.ts";
import { list } from "../inputs/signals.ts";
import type { SampleView } from "../snapshot/samples.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import { placeOf, type RootPlant } from "../topology/root-plant.ts";
import type { Snapshot } from "../types.ts";

/**
 * The first moments after a start. Chargers connect again one by one, and one that is not back yet is reserved on top of a meter
 * that already shows it: deciding now would pause cars for nothing. Nobody has decided since the process ended, the
 * limits in force fitted then, and their leases run out by themselves: so the first decision waits a little longer, as long as no
 * meter is stale or reads over a limit.
 */
export class StartupDelay {
  /** Connectors that were given current when the process ended. */
  readonly #expected: ReadonlySet<string>;
  #sinceMs: number | null = null;
  #over = false;

  /** @param setpoints as they were, A by connector */
  constructor(setpoints: ReadonlyMap<string, number>) {
    this.#expected = new Set([...setpoints].filter(([, limitA]) => limitA > 0).map(([id]) => id));
  }

  /** There is something that cannot wait. */
  hurry(): void {
    this.#over = true;
  }

  /** Whether the first decision can wait, and something is gained by it. */
  waits(view: () => SampleView, nowMs: number): boolean {
    if (this.#over || this.#expected.size === 0) return false;
    this.#sinceMs ??= nowMs;
    this.#over = nowMs - this.#sinceMs >= RETURNS_MS || !this.#somebodyIsMissing(view());
    return !this.#over;
  }

  #somebodyIsMissing({ plant, facts, meters }: SampleView): boolean {
    if (meters.some(({ state }) => state === "stale")) return false;
    const including = plant.zones.some((zone) => zone.meters.some(({ location }) => location === "including"));
    if (!including) return false;
    return facts.some(
      ({ id, state, measuredA }) =>
        this.#expected.has(id) && (state === "offline" || (state === "charging" && measuredA === null)),
    );
  }
}

/** Setpoints as they were saved, A by connector; what is none is left out. */
export function savedSetpoints(saved: JsonValue | undefined): Map<string, number> {
  const pairs = list(saved).map(list);
  return new Map(
    pairs.filter((pair): pair is [string, number] => typeof pair[0] === "string" && typeof pair[1] === "number"),
  );
}

/** Knows who was offline at the last decision. Who comes back with a car that charges goes on from the limit that it still follows. */
export class Reconnects {
  #away: ReadonlySet<string>;

  /** @param saved an earlier `save()`; what is no id in it is left out */
  constructor(saved?: JsonValue) {
    this.#away = new Set(list(saved).filter((id) => typeof id === "string"));
  }

  save(): JsonValue {
    return [...this.#away];
  }

  /**
   * The connectors of a plant that came back since the last decision, with what they still allow, A by connector. One that holds less
   * than its minimum begins anew (S3).
   * @param reported of all connectors of the site
   */
  take(plant: RootPlant, reported: readonly ConnectorFacts[]): ReadonlyMap<string, number> {
    const facts = reported.filter(({ id }) => placeOf(plant, id) !== undefined);
    const back = new Map<string, number>();
    for (const { id, state, reservedA, heldA = 0, wiring } of facts)
      if (this.#away.has(id) && state === "charging" && reservedA === null && heldA >= wiring.minA) back.set(id, heldA);
    this.#away = new Set(facts.filter((one) => this.#isAway(one)).map(({ id }) => id));
    return back;
  }

  /** A reconnected connector counts as away until its limit is confirmed: another may have been on its way when the connection was lost. */
  #isAway({ id, state, reservedA }: ConnectorFacts): boolean {
    return state === "offline" || (state === "charging" && reservedA !== null && this.#away.has(id));
  }
}

/** Connectors as the controller is to see them when some of them came back. */
export function resumed(connectors: Snapshot["connectors"], back: ReadonlyMap<string, number>): Snapshot["connectors"] {
  return connectors.map((connector) => {
    const resumedA = back.get(connector.id);
    return resumedA === undefined ? connector : { ...connector, resumedA };
  });
}

/**
 * Setpoints that are in force no more, because their leases have ended meanwhile, with what is left of them, A by connector. They are
 * nothing to go on from: others may use that current now, and a charger that reports seldom still shows it as drawn.
 */
export function endedSetpoints(
  setpoints: ReadonlyMap<string, number>,
  facts: readonly ConnectorFacts[],
): ReadonlyMap<string, number> {
  const ended = new Map<string, number>();
  for (const { id, heldA } of facts) if (heldA !== undefined && (setpoints.get(id) ?? 0) > heldA) ended.set(id, heldA);
  return ended;
}
