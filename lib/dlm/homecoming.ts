import type { SampleView } from "./samples.ts";

/** Chargers come back within this after a start, ms; leases last longer. */
const PATIENCE_MS = 20_000;

/**
 * The first moments after a start. Chargers connect again one by one, and one that is not back yet is reserved on top of a meter
 * that already shows it: deciding now would pause cars for nothing. Nobody has decided since the process ended, the
 * limits in force fitted then, and their leases run out by themselves: so the first decision waits a little longer, as long as no
 * meter is stale or reads over a limit.
 */
export class Homecoming {
  /** Connectors that were given current when the process ended. */
  readonly #expected: ReadonlySet<string>;
  #sinceMs: number | null = null;
  #over = false;
  #begun = false;
  readonly #setpoints: ReadonlyMap<string, number>;

  /** @param setpoints as they were, A by connector */
  constructor(setpoints: ReadonlyMap<string, number>) {
    this.#setpoints = setpoints;
    this.#expected = new Set([...setpoints].filter(([, limitA]) => limitA > 0).map(([id]) => id));
  }

  /**
   * The connectors of the first decision. A setpoint whose lease has ended meanwhile is nothing to go on from: others may use that
   * current now, and a charger that reports seldom still shows it as drawn. From what is left the way up is the usual one.
   */
  begin({ snapshot, facts }: SampleView): SampleView["snapshot"]["connectors"] {
    if (this.#begun) return snapshot.connectors;
    this.#begun = true;
    return snapshot.connectors.map((connector, i) => {
      const { heldA = Number.POSITIVE_INFINITY } = facts[i] ?? {};
      if ((this.#setpoints.get(connector.id) ?? 0) <= heldA) return connector;
      return { ...connector, externalLimitA: Math.min(connector.externalLimitA ?? heldA, heldA) };
    });
  }

  /** There is something that cannot wait. */
  hurry(): void {
    this.#over = true;
  }

  /** Whether the first decision can wait, and something is gained by it. */
  waits(view: () => SampleView, nowMs: number): boolean {
    if (this.#over || this.#expected.size === 0) return false;
    this.#sinceMs ??= nowMs;
    this.#over = nowMs - this.#sinceMs >= PATIENCE_MS || !this.#somebodyIsMissing(view());
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
