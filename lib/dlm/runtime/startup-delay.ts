import { RETURNS_MS } from "../../thresholds.ts";
import type { SampleView } from "../snapshot/samples.ts";

/**
 * The first moments after a start. Chargers connect again one by one. A charger that is not connected yet is reserved on top of a meter
 * that already shows its draw, so a decision now would pause cars for nothing. The limits in force fitted when the process ended, and
 * their leases run out by themselves: the first decision can wait, as long as no meter is stale or reads over a limit.
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
