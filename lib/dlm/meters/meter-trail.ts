import { SAME_MOMENT_MS } from "../../thresholds.ts";
import type { MaybeTriple } from "../../units.ts";

/** A sample of a meter, A per site phase. */
interface Sample {
  atMs: number;
  currentA: MaybeTriple;
}

/** As far back as anybody asks, ms. */
const KEPT_MS = 10_000;
const MOST_KEPT = 40;

/**
 * The last good samples of one meter. Asked only where a car was started or raised a moment ago and its charger reports every few seconds:
 * the meter is then moved back to the moment of that reading. The other way round, an older reading of a charger for a slow meter, is
 * found in `lib/dlm/controller/background/readings.ts`.
 */
export class MeterTrail {
  #samples: Sample[] = [];

  add(atMs: number, currentA: MaybeTriple): void {
    this.#samples = [...this.#samples.filter((one) => atMs - one.atMs <= KEPT_MS), { atMs, currentA }].slice(
      -MOST_KEPT,
    );
  }

  /** The sample nearest to a moment; null where that is the newest one, or none is of that moment. */
  at(atMs: number): Sample | null {
    const distance = (one: Sample) => Math.abs(one.atMs - atMs);
    const [nearest] = this.#samples.toSorted((a, b) => distance(a) - distance(b) || a.atMs - b.atMs);
    return nearest && nearest !== this.#samples.at(-1) && distance(nearest) <= SAME_MOMENT_MS ? nearest : null;
  }
}
