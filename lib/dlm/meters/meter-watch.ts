import { FROZEN, GOOD_BEFORE_RESTORE } from "../../thresholds.ts";
import type { MaybeTriple } from "../../units.ts";
import type { MeterSample } from "../inputs/input.ts";

/** What a zone may believe of a meter. */
export interface MeterSight {
  /** Newest currents that were good; null = none, or one that a phase is missing from. */
  currentA: MaybeTriple | null;
  /** Monotonic time since when nothing newer is known. */
  atMs: number;
  /** Nothing may be raised: the newest sample was not good, or too few good ones have followed. */
  hold: boolean;
  /** It had gone stale and has not delivered enough good samples since: still to be taken as stale. */
  restoring: boolean;
}

/** Follows one meter's samples: which to believe, since when there are none, and whether they stand still. */
export class MeterWatch {
  #currentA: MaybeTriple | null = null;
  #atMs = Number.NEGATIVE_INFINITY;
  #goodInRow = GOOD_BEFORE_RESTORE;
  #restoring = false;
  #print = "";
  #sameSinceMs = 0;
  #sameCount = 0;
  #frozen = false;

  /** True once any sample has come. */
  get seen(): boolean {
    return this.#sameCount > 0;
  }

  /** The values have stood still for too long while a charger drew. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /**
   * @param staleAfterS after such a gap three good samples are needed again
   * @param drawing a charger behind the meter draws current
   */
  add(sample: MeterSample, nowMs: number, staleAfterS: number, drawing: boolean): void {
    this.#watchFrozen(sample, nowMs, drawing);
    if (sample.quality !== "good" || this.#frozen) {
      this.#goodInRow = 0;
      return;
    }
    const gap = Number.isFinite(this.#atMs) && nowMs - this.#atMs > staleAfterS * 1000;
    if (gap || sample.currentA.includes(null)) {
      this.#restoring = true;
      this.#goodInRow = 0;
    }
    this.#currentA = sample.currentA;
    this.#atMs = nowMs;
    if (!sample.currentA.includes(null)) this.#goodInRow++;
    if (this.#goodInRow >= GOOD_BEFORE_RESTORE) this.#restoring = false;
  }

  sight(): MeterSight {
    return {
      currentA: this.#currentA,
      atMs: this.#atMs,
      hold: this.#goodInRow < GOOD_BEFORE_RESTORE,
      restoring: this.#restoring,
    };
  }

  #watchFrozen(sample: MeterSample, nowMs: number, drawing: boolean): void {
    if (sample.print !== this.#print || !sample.lively || !drawing || this.#sameCount === 0) {
      this.#frozen = false;
      this.#print = sample.print;
      this.#sameSinceMs = nowMs;
      this.#sameCount = 1;
      return;
    }
    this.#sameCount++;
    if (this.#frozen || this.#sameCount < FROZEN.samples || nowMs - this.#sameSinceMs < FROZEN.afterMs) return;
    this.#frozen = true;
    this.#atMs = Math.min(this.#atMs, this.#sameSinceMs);
  }
}
