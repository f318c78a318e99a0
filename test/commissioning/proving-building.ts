/** A building in which the wiring of its first charger is proven: how it is wired really, how its meter is, and what the house does. */
import { claimsOf } from "../../lib/commissioning/claims.ts";
import { Commissioning } from "../../lib/commissioning/commissioning.ts";
import type { CommissioningResult, RotatingField } from "../../lib/commissioning/result.ts";
import type { CycleDecision } from "../../lib/dlm/runtime/runtime.ts";
import { openStore } from "../../lib/store/sqlite.ts";
import type { MaybeTriple } from "../../lib/units.ts";
import { type BuildingCharger, OcppBuilding } from "../building/ocpp-building.ts";
import { measurement } from "../building/plant.ts";

export interface ProvingPlan {
  chargers: BuildingCharger[];
  limitA: number;
  /** The meter shows leg `order[i]` on its leg i, times `factors[i]`. */
  order?: readonly [number, number, number];
  factors?: readonly [number, number, number];
  /** A of noise, and A of loads that switch on a phase, each so often by the minute. */
  noiseA: number;
  switchA: number;
  switchesPerMinute: number;
  /** Seconds between samples of the meter. */
  meterEveryS: number;
  seed: number;
}

/** Numbers from 0 to 1 that can be repeated. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return ((state >>> 8) ^ (state & 255)) / 2 ** 24;
  };
}

export class ProvingBuilding extends OcppBuilding {
  readonly commissioning: Commissioning;
  result: CommissioningResult | null = null;
  /** The least that was left of a phase while the run was under way, A, and seconds over the limit. */
  leastA = Number.POSITIVE_INFINITY;
  overS = 0;
  isMeterDead = false;
  /** Load that comes in addition, A per phase. */
  readonly addA = [0, 0, 0];
  readonly #plan: ProvingPlan;
  readonly #random: () => number;
  readonly #baseA: number[];
  readonly #loadsA = [0, 0, 0];
  readonly #steered;
  readonly #kept;

  constructor(plan: ProvingPlan) {
    let commissioning: Commissioning | null = null;
    super(plan.chargers, plan.limitA, true, (id) => commissioning?.ceiling(id) ?? null);
    this.#plan = plan;
    this.#random = numbers(plan.seed);
    this.#baseA = [0, 0, 0].map(() => 1 + 6 * this.#random());
    this.#kept = openStore(":memory:", { clock: this.clock });
    commissioning = new Commissioning({
      clock: this.clock,
      store: this.#kept,
      setpointA: (id) => this.commandedA(id),
      claims: (identity, connector) => claimsOf(this.control.stations.get(identity)!, connector),
      log: () => {},
    });
    this.commissioning = commissioning;
    this.commissioning.onNews(({ result }) => {
      this.result = result;
    });
    this.#steered = { decision: () => this.decision, poke: () => this.control.runtime.poke() };
    this.commissioning.attach(this.#steered);
  }

  /** Runs the proof of the first charger to its end. */
  async prove(field: RotatingField | null, during: (second: number) => void = () => {}): Promise<CommissioningResult> {
    this.result = null;
    const starting = this.commissioning.start({ target: "CP1/1", field, by: "test" });
    starting.catch(() => {});
    await this.run(2);
    await starting;
    for (let second = 0; !this.result && second < 240; second++) {
      during(second);
      await this.run(1);
    }
    return this.result!;
  }

  override async close(): Promise<void> {
    this.commissioning.close();
    await super.close();
    this.#kept.close();
  }

  protected override look(): void {
    const leftA = this.limitA - this.loadA;
    if (this.commissioning.running) this.leastA = Math.min(this.leastA, leftA);
    if (leftA < 0) this.overS++;
  }

  protected override decided(decision: CycleDecision): void {
    // The building is made before what listens to it.
    this.commissioning?.decided(decision, this.#steered);
  }

  protected override speak(): void {
    const { order = [0, 1, 2], factors = [1, 1, 1], noiseA, switchA, switchesPerMinute, meterEveryS } = this.#plan;
    for (const p of [0, 1, 2]) {
      if (this.#random() < switchesPerMinute / 60)
        this.#loadsA[p] = this.#loadsA[p] ? 0 : switchA * (0.3 + 0.7 * this.#random());
      this.houseA[p] = this.#baseA[p]! + this.#loadsA[p]! + this.addA[p]!;
    }
    if (this.isMeterDead || Math.round(this.clock.nowMs() / 1000) % meterEveryS) return;
    const { carsA } = this;
    const reallyA = [0, 1, 2].map((p) => this.houseA[p]! + carsA[p]! + noiseA * (this.#random() + this.#random() - 1));
    const shownA = order.map(
      (p, leg) => Math.round(reallyA[p]! * factors[leg]! * 100) / 100,
    ) as MaybeTriple as number[];
    this.control.runtime.input(measurement(shownA, { voltageV: [230 + this.#random(), 230, 230] }));
    this.commissioning.measured("grid", shownA as [number, number, number]);
  }
}
