import type { Measurement } from "./measurement.ts";
import type { ReadingProblem } from "./quality.ts";

/** More than any connection at low voltage carries, W. */
const MOST_POWER_W = 10_000_000;
/** Counters rise in steps: of 1 kWh at worst, and of float32 by a part of their value. */
const STEP_WH = 2000;
const FLOAT_STEP = 1e-6;
/** After so many readings that agree on a new value the counter was exchanged or reset. */
const ACCEPTED_AFTER = 3;
const MS_PER_H = 3_600_000;

interface Counter {
  valueWh: number;
  changedAtMs: number;
  doubtedWh: number | null;
  doubts: number;
}

/** Follows energy counters: they never fall, and never rise by more than any power could have brought since. */
export class EnergyWatch {
  readonly #counters = new Map<string, Counter>();
  /** By quantity, what was found when it was last read. */
  readonly #problems = new Map<string, ReadingProblem>();

  /**
   * Reasons why the energies of this measurement cannot be true.
   * @param isNew whether a quantity was read for this measurement; an older value confirms nothing
   */
  add(
    measurement: Pick<Measurement, "energyImportWh" | "energyExportWh">,
    nowMs: number,
    isNew: (quantity: string) => boolean = () => true,
  ): ReadingProblem[] {
    const values = { energyImport: measurement.energyImportWh, energyExport: measurement.energyExportWh };
    return Object.entries(values).flatMap(([quantity, valueWh]) => {
      if (valueWh === null) return [];
      return (isNew(quantity) ? this.#judge(quantity, valueWh, nowMs) : this.#problems.get(quantity)) ?? [];
    });
  }

  #judge(quantity: string, valueWh: number, nowMs: number): ReadingProblem | null {
    const known = this.#counters.get(quantity);
    const text = known && this.#fault(quantity, known, valueWh, nowMs);
    if (!known || !text || this.#isSettled(known, valueWh)) {
      const changedAtMs = known?.valueWh === valueWh ? known.changedAtMs : nowMs;
      this.#counters.set(quantity, { valueWh, changedAtMs, doubtedWh: null, doubts: 0 });
      this.#problems.delete(quantity);
      return null;
    }
    const problem: ReadingProblem = { quantity, phase: null, text };
    this.#problems.set(quantity, problem);
    return problem;
  }

  #fault(quantity: string, { valueWh: beforeWh, changedAtMs }: Counter, valueWh: number, nowMs: number): string | null {
    const floatStepWh = Math.abs(beforeWh) * FLOAT_STEP;
    if (valueWh < beforeWh - floatStepWh - 2) return `${quantity} fell from ${beforeWh} to ${valueWh} Wh`;
    const mostWh = STEP_WH + floatStepWh + (MOST_POWER_W * (nowMs - changedAtMs)) / MS_PER_H;
    return valueWh - beforeWh > mostWh ? `${quantity} jumped from ${beforeWh} to ${valueWh} Wh` : null;
  }

  /** Counts readings that agree on a new value, which the readings before contradict. */
  #isSettled(counter: Counter, valueWh: number): boolean {
    const agrees = counter.doubtedWh !== null && valueWh >= counter.doubtedWh && valueWh - counter.doubtedWh <= STEP_WH;
    counter.doubts = agrees ? counter.doubts + 1 : 1;
    counter.doubtedWh = valueWh;
    return counter.doubts >= ACCEPTED_AFTER;
  }
}
