/** What would flow through the breakers of a building if the central system vanished now: sums of what its charge points hold. */
import { FUTURES, type Future, type ReferenceChargePoint } from "./charge-point.ts";
import { type Curve, lastFallMs, valueAt } from "./curve.ts";

/** A for L1, L2, L3. */
export type PerPhase = readonly [number, number, number];

export interface Breaker {
  name: string;
  /** The breaker above; null = none. */
  parent: string | null;
  limitA: PerPhase;
  /** Load that is not of chargers, as the installer assumes it for the worst case; all that is below it included. */
  assumedA: PerPhase;
}

export interface Outlet {
  /** For people. */
  name: string;
  point: ReferenceChargePoint;
  connector: number;
  breaker: string;
  /** Indices of the phases that its terminals hang on. */
  phases: readonly number[];
  /** In these futures it goes on as it is: what they would bring is known and told elsewhere. */
  without?: readonly Future[];
}

export interface Violation {
  breaker: string;
  /** 1 to 3. */
  phase: number;
  future: Future;
  /** The worst: when, and by how much. */
  atMs: number;
  overA: number;
  /** How long it is over in all, s; Infinity where it does not end. */
  overS: number;
  /** Who draws how much then, A, the most first. */
  flows: { outlet: string; currentA: number }[];
}

/** Steps of numbers that are not meant, A. */
const SLACK_A = 0.051;
/** Beyond this no schedule of a test says anything new, ms. */
const HORIZON_MS = 4 * 3_600_000;

export class Building {
  readonly #breakers: readonly Breaker[];
  readonly #outlets: readonly Outlet[];
  readonly #below: ReadonlyMap<string, readonly Outlet[]>;
  readonly #roots: ReadonlyMap<string, string>;

  constructor(breakers: readonly Breaker[], outlets: readonly Outlet[]) {
    this.#breakers = breakers;
    this.#outlets = outlets;
    const path = (name: string): string[] => {
      const { parent } = breakers.find((breaker) => breaker.name === name)!;
      return parent === null ? [name] : [name, ...path(parent)];
    };
    this.#roots = new Map(breakers.map(({ name }) => [name, path(name).at(-1)!]));
    const below = (name: string) => outlets.filter(({ breaker }) => path(breaker).includes(name));
    this.#below = new Map(breakers.map(({ name }) => [name, below(name)]));
  }

  /**
   * Every breaker that would be over its limit at some later moment. While limits fall that the controller gave, the load that is not
   * of chargers stays what it is; after the last fall under one root it may be what is assumed, too.
   * @param loadA that load now, by breaker, all that is below it included
   */
  violations(nowMs: number, loadA: (breaker: string) => PerPhase, futures: readonly Future[] = FUTURES): Violation[] {
    return futures.flatMap((future) => this.#violations(nowMs, loadA, future));
  }

  /** The least that is left of any breaker at any later moment, A; negative where one would be over its limit. */
  marginA(nowMs: number, loadA: (breaker: string) => PerPhase, future: Future): number {
    let marginA = Number.POSITIVE_INFINITY;
    this.#eachMoment(nowMs, loadA, future, (breaker, phase, _, flowA) => {
      marginA = Math.min(marginA, breaker.limitA[phase]! - flowA);
    });
    return marginA;
  }

  #violations(nowMs: number, loadA: (breaker: string) => PerPhase, future: Future): Violation[] {
    const found = new Map<string, Violation>();
    this.#eachMoment(nowMs, loadA, future, (breaker, phase, atMs, flowA, nextMs) => {
      const overA = flowA - breaker.limitA[phase]!;
      if (overA <= SLACK_A) return;
      const key = `${breaker.name} ${phase}`;
      const before = found.get(key);
      const overS = (before?.overS ?? 0) + (nextMs - atMs) / 1000;
      if (before && before.overA >= overA) before.overS = overS;
      else found.set(key, { breaker: breaker.name, phase: phase + 1, future, atMs, overA, overS, flows: [] });
    });
    for (const violation of found.values()) violation.flows = this.#flows(violation, nowMs);
    return [...found.values()];
  }

  #eachMoment(
    nowMs: number,
    loadA: (breaker: string) => PerPhase,
    future: Future,
    look: (breaker: Breaker, phase: number, atMs: number, flowA: number, nextMs: number) => void,
  ): void {
    const curves = new Map(this.#outlets.map((outlet) => [outlet, this.#curve(outlet, nowMs, future)]));
    const lastFalls = new Map<string, number>();
    for (const [{ breaker }, curve] of curves) {
      const root = this.#roots.get(breaker)!;
      lastFalls.set(root, Math.max(lastFalls.get(root) ?? nowMs, lastFallMs(curve) ?? nowMs));
    }
    for (const breaker of this.#breakers) {
      const outlets = this.#below.get(breaker.name)!;
      const afterMs = lastFalls.get(this.#roots.get(breaker.name)!) ?? nowMs;
      const turns = outlets.flatMap((outlet) => curves.get(outlet)!.map(({ atMs }) => atMs));
      const moments = [...new Set([nowMs, afterMs, ...turns])].filter((atMs) => atMs >= nowMs).sort((a, b) => a - b);
      const load = loadA(breaker.name);
      for (const [i, atMs] of moments.entries()) {
        const flowA: [number, number, number] = [0, 0, 0];
        for (const outlet of outlets) {
          const currentA = valueAt(curves.get(outlet)!, atMs);
          for (const phase of outlet.phases) flowA[phase as 0 | 1 | 2] += currentA;
        }
        for (const phase of [0, 1, 2] as const) {
          const houseA = atMs >= afterMs ? Math.max(load[phase], breaker.assumedA[phase]) : load[phase];
          look(breaker, phase, atMs, flowA[phase] + houseA, moments[i + 1] ?? Number.POSITIVE_INFINITY);
        }
      }
    }
  }

  #curve({ point, connector, without }: Outlet, nowMs: number, future: Future): Curve {
    return point.curve(connector, nowMs, nowMs + HORIZON_MS, without?.includes(future) ? "nothing" : future);
  }

  #flows({ breaker, phase, atMs, future }: Violation, nowMs: number): Violation["flows"] {
    return this.#below
      .get(breaker)!
      .filter(({ phases }) => phases.includes(phase - 1))
      .map((outlet) => ({ outlet: outlet.name, currentA: valueAt(this.#curve(outlet, nowMs, future), atMs) }))
      .filter(({ currentA }) => currentA > 0)
      .sort((one, other) => other.currentA - one.currentA);
  }
}

/** One line for people. */
export function inWords({ breaker, phase, future, atMs, overA, overS, flows }: Violation, nowMs: number): string {
  const who = flows.map(({ outlet, currentA }) => `${outlet} ${currentA.toFixed(1)}`).join(", ");
  const long = Number.isFinite(overS) ? `${overS.toFixed(0)} s` : "for good";
  const when = `from ${((atMs - nowMs) / 1000).toFixed(0)} s on`;
  return `${breaker} L${phase}: ${overA.toFixed(1)} A over, ${long}, worst ${when}, future ${future}: ${who}`;
}
