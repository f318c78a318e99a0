import type { Triple } from "../../lib/units.ts";
import type { CarPark, ParkTick } from "./car-park.ts";

/** A car has followed a lower limit after this, s. */
const SETTLED_S = 10;
/** What a charger may draw above its limit: this share of it, and this much, A. */
const MORE = 0.08;
const MORE_A = 1;

/**
 * What the load of a zone that is no charger can be at all, worked out apart from the controller: each charger that obeys draws no less
 * than nothing and no more than the highest limit in force since its reading, with what chargers are allowed above it.
 */
export class LoadBounds {
  readonly #park: CarPark;
  readonly #limits = new Map<string, { second: number; limitA: number }[]>();

  constructor(park: CarPark) {
    this.#park = park;
  }

  /** @returns per phase, A; to be asked at each tick, for each zone whose meter includes its chargers */
  at({ second, before }: ParkTick, zone: number): { leastA: Triple; mostA: Triple } {
    const flowA = this.#park.flowA[zone]!;
    const leastA: Triple = [...flowA];
    for (const car of this.#park.below(zone)) {
      const readS = (car.reading?.atMs ?? 0) / 1000;
      const limits = this.#known(car.id, second, before.get(car.id) ?? 0);
      const since = limits.filter((_, i) => (limits[i + 1]?.second ?? second) >= readS - SETTLED_S);
      const highestA = Math.max(0, ...since.map(({ limitA }) => limitA)) * (1 + MORE) + MORE_A;
      for (const phase of this.#park.phasesOf(car)) leastA[phase as 0 | 1 | 2] -= highestA;
    }
    return { leastA, mostA: [...flowA] };
  }

  #known(id: string, second: number, limitA: number): { second: number; limitA: number }[] {
    const limits = this.#limits.get(id) ?? [];
    if (limits.at(-1)?.limitA !== limitA) limits.push({ second, limitA });
    this.#limits.set(id, limits);
    return limits;
  }
}
