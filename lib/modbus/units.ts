import type { Clock } from "../clock.ts";
import type { UnitStatistics } from "./statistics.ts";
import { Unit } from "./unit.ts";

/** So many are remembered without a question whether somebody still asks them: a scan asks many once. */
const MANY = 32;
const FORGET_AFTER_MS = 120_000;

/** The devices that were asked on one line. */
export class Units {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #units = new Map<number, Unit>();

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  get count(): number {
    return this.#units.size;
  }

  /** The unit, if it was asked before. */
  find(unitId: number): Unit | undefined {
    return this.#units.get(unitId);
  }

  /** The unit that is asked now. */
  asked(unitId: number): Unit {
    let unit = this.#units.get(unitId);
    if (!unit) {
      if (this.#units.size >= MANY) this.#forget();
      unit = new Unit(unitId, this.#clock, this.#random);
      this.#units.set(unitId, unit);
    }
    unit.lastAskedMs = this.#clock.nowMs();
    return unit;
  }

  statistics(): UnitStatistics[] {
    return [...this.#units.values()].map(({ unitId, latencyP50Ms, latencyP99Ms, turnaroundMs, failures, restMs }) => ({
      unitId,
      latencyP50Ms,
      latencyP99Ms,
      turnaroundMs,
      failures,
      restMs,
    }));
  }

  #forget(): void {
    const beforeMs = this.#clock.nowMs() - FORGET_AFTER_MS;
    for (const [unitId, unit] of this.#units) if (unit.lastAskedMs < beforeMs) this.#units.delete(unitId);
  }
}
