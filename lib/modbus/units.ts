import type { Clock } from "../clock.ts";
import type { UnitStatistics } from "./statistics.ts";
import { Unit } from "./unit.ts";

/** Up to this number units are kept, even if they are no longer asked. */
const MANY = 32;
const FORGET_AFTER_MS = 120_000;

/** The devices that were asked on one line. */
export class Units {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #units = new Map<number, Unit>();
  /** The unit that a scan asked last, and nothing else ever: the next one takes its place. */
  #visited: Unit | null = null;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  /** How many units are read; those that only a scan has asked do not count. */
  get count(): number {
    return this.#units.size;
  }

  /** Whether the unit is read; false when only a scan has asked it. */
  has(unit: Unit): boolean {
    return this.#units.get(unit.unitId) === unit;
  }

  /** The unit, if it was asked before. */
  find(unitId: number): Unit | undefined {
    return this.#units.get(unitId);
  }

  /** The unit that is asked now. */
  asked(unitId: number, isProbe: boolean): Unit {
    const unit = this.#units.get(unitId) ?? this.#added(unitId, isProbe);
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

  #added(unitId: number, isProbe: boolean): Unit {
    const unit = this.#visited?.unitId === unitId ? this.#visited : new Unit(unitId, this.#clock, this.#random);
    this.#visited = isProbe ? unit : null;
    if (isProbe) return unit;
    if (this.#units.size >= MANY) this.#forget();
    this.#units.set(unitId, unit);
    return unit;
  }

  #forget(): void {
    const beforeMs = this.#clock.nowMs() - FORGET_AFTER_MS;
    for (const [unitId, unit] of this.#units) if (unit.lastAskedMs < beforeMs) this.#units.delete(unitId);
  }
}
