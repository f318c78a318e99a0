import { EvError } from "../../errors.ts";
import { type Triple, triple } from "../../units.ts";
import { type Load, loadAt } from "../meter/meter-load.ts";
import { type PhaseRecord, SimulatedBreaker } from "./breaker.ts";
import type { ZonePlan } from "./plan.ts";

/** What a breaker went through: as its phases, all in one. */
export interface BreakerRecord extends Pick<PhaseRecord, "overS" | "longestOverS" | "worstOverA" | "overAs"> {
  currentA: Triple;
  hottest: number;
  tripped: boolean;
}

interface SimulatedZone {
  parent: string | null;
  breaker: SimulatedBreaker;
  load: Load;
  /** What flows through it now, and the part of it that is no charger, A per phase. */
  currentA: Triple;
  backgroundA: Triple;
}

/** The breakers of a building and what really flows through them. Time passes in `step`. */
export class BreakerTree {
  readonly #zones = new Map<string, SimulatedZone>();
  /** Breakers below before those above. */
  readonly #upwards: SimulatedZone[];

  /** @throws EvError EV_CONFIG_INVALID for a name that comes twice and for a parent that is missing or further down in the list */
  constructor(plans: readonly ZonePlan[]) {
    for (const { name, parent = null, limitA, curve, loadA } of plans) {
      if (this.#zones.has(name)) throw new EvError("EV_CONFIG_INVALID", `there are two breakers ${name}`);
      if (parent !== null) this.#zone(parent);
      const breaker = new SimulatedBreaker(triple(limitA), curve);
      this.#zones.set(name, { parent, breaker, load: loadA ?? [0, 0, 0], currentA: [0, 0, 0], backgroundA: [0, 0, 0] });
    }
    this.#upwards = [...this.#zones.values()].reverse();
  }

  /** Signed A per phase through a breaker; `background`: without the chargers. */
  currentA(name: string, background = false): Triple {
    const zone = this.#zone(name);
    return [...(background ? zone.backgroundA : zone.currentA)];
  }

  /** Changes what hangs on a breaker besides chargers. */
  setLoad(name: string, load: Load): void {
    this.#zone(name).load = load;
  }

  /**
   * Lets `dtS` seconds pass.
   * @param draws what each charger draws, A per site phase, and the breaker it hangs on
   */
  step(dtS: number, wallMs: number, draws: Iterable<{ zone: string; currentA: Triple }>): void {
    for (const zone of this.#upwards) {
      zone.backgroundA = loadAt(zone.load, wallMs);
      zone.currentA = [...zone.backgroundA];
    }
    for (const { zone, currentA } of draws) add(this.#zone(zone).currentA, currentA);
    for (const { parent, currentA, backgroundA, breaker } of this.#upwards) {
      breaker.step(dtS, currentA);
      if (parent === null) continue;
      const above = this.#zone(parent);
      add(above.currentA, currentA);
      add(above.backgroundA, backgroundA);
    }
  }

  /** Opens new records at every breaker. */
  forget(): void {
    for (const { breaker } of this.#upwards) breaker.forget();
  }

  /** What each breaker went through since then. */
  get records(): Record<string, BreakerRecord> {
    return Object.fromEntries([...this.#zones].map(([name, zone]) => [name, recordOf(zone)]));
  }

  #zone(name: string): SimulatedZone {
    const zone = this.#zones.get(name);
    if (!zone) throw new EvError("EV_CONFIG_INVALID", `there is no breaker ${name}`);
    return zone;
  }
}

function recordOf({ breaker, currentA }: SimulatedZone): BreakerRecord {
  const worst = (of: (phase: PhaseRecord) => number): number => Math.max(...breaker.phases.map(of));
  return {
    currentA: [...currentA],
    overS: worst(({ overS }) => overS),
    longestOverS: worst(({ longestOverS }) => longestOverS),
    worstOverA: worst(({ worstOverA }) => worstOverA),
    overAs: worst(({ overAs }) => overAs),
    hottest: worst(({ hottest }) => hottest),
    tripped: breaker.tripped,
  };
}

function add(sum: Triple, more: Triple): void {
  sum[0] += more[0];
  sum[1] += more[1];
  sum[2] += more[2];
}
