import { END_DOUBT_MS, LEASE, OVERDRAW_A, SETTLED_MS } from "../../thresholds.ts";
import type { ConnectorWiring, PossibleFlowLimit } from "../topology/facts.ts";

/** More limits than this are not kept apart. */
const MOST_LIMITS = 32;

interface Told {
  limitA: number;
  /** When it was told first and last. */
  sinceMs: number;
  lastMs: number;
}

/**
 * The limits that a charger which a flow drives may be following: none of them is answered. What was told counts until its lease has
 * surely ended, or until the charger is heard to follow a later one.
 */
export class FlowLimits {
  /** The last one first; each is lower than those before it. */
  #told: readonly Told[];

  /** @param limitA what it was told before; absent = nothing */
  constructor(limitA?: number, nowMs = 0) {
    this.#told = limitA === undefined ? [] : [{ limitA, sinceMs: nowMs, lastMs: nowMs }];
  }

  /** A decision says so; it is told and, unchanged, renewed. */
  tell(limitA: number, nowMs: number): void {
    const [last] = this.#told;
    if (last?.limitA === limitA) {
      last.lastMs = nowMs;
      return;
    }
    const higher = this.#told.filter((one) => one.limitA > limitA);
    // Of many the oldest, which is the highest, stands for the one after it.
    if (higher.length === MOST_LIMITS) higher.splice(-2, 2, { ...higher.at(-1)!, lastMs: higher.at(-2)!.lastMs });
    this.#told = [{ limitA, sinceMs: nowMs, lastMs: nowMs }, ...higher];
  }

  /** The charger reports: what was told before a limit that it follows is over. @param measuredA A per terminal; null = not measured */
  heard(measuredA: readonly (number | null)[] | null, nowMs: number): void {
    const drawA = Math.max(0, ...(measuredA ?? []).map((currentA) => currentA ?? 0));
    const followed = this.#told.findIndex(
      ({ limitA, sinceMs }) => nowMs - sinceMs >= SETTLED_MS && drawA <= limitA + OVERDRAW_A,
    );
    if (followed >= 0) this.#told = this.#told.slice(0, followed + 1);
  }

  /** The last limit, A; null before any. */
  get lastA(): number | null {
    return this.#told[0]?.limitA ?? null;
  }

  /** The highest limit that it may be following, A; null before any. */
  get highestA(): number | null {
    return this.#told.at(-1)?.limitA ?? null;
  }

  /** @param fallsBack to its safe current, by itself; else it keeps what it was told */
  possible(fallsBack: boolean, { safeA, maxA }: ConnectorWiring, nowMs: number): PossibleFlowLimit[] {
    const possible = this.#told.map((told): PossibleFlowLimit => {
      const limitA = Math.min(told.limitA, maxA);
      if (!fallsBack) return { limitA, untilMs: Number.POSITIVE_INFINITY, safeA: limitA };
      return { limitA, untilMs: told.lastMs + LEASE.leaseS * 1000, safeA };
    });
    if (!fallsBack) return possible;
    const left = possible.filter(({ untilMs }) => nowMs < untilMs + END_DOUBT_MS);
    return left.length ? left : [{ limitA: safeA, untilMs: Number.POSITIVE_INFINITY, safeA }];
  }
}
