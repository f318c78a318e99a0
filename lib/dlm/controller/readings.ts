import type { JsonValue } from "../../units.ts";

/** What a charger measured at one moment, A per terminal. */
export interface Reading {
  /** On the clock of the snapshots. */
  atMs: number;
  measuredA: (number | null)[];
}

/** A sample a second, for as long as the slowest meter counts as fresh. */
const MOST_KEPT = 64;
/** Samples this close in time are of the same moment (S4b). */
const SAME_MOMENT_MS = 2000;

/**
 * The newest sample of a charger, and those before it that a slower meter may still have to be compared with: what is
 * subtracted from a meter's sample is what was drawn when that was taken, not what is drawn now (S4b).
 */
export class Readings {
  #kept: Reading[] = [];

  /** @param saved an earlier `toJSON()`; anything else is left out */
  constructor(saved?: JsonValue) {
    for (const entry of Array.isArray(saved) ? saved : []) {
      const { atMs, measuredA } = isRecord(entry) ? entry : {};
      if (typeof atMs !== "number" || !Array.isArray(measuredA) || !measuredA.every(isCurrent)) continue;
      if (atMs > (this.#kept.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY)) this.#kept.push({ atMs, measuredA });
    }
  }

  toJSON(): readonly Reading[] {
    return this.#kept;
  }

  /**
   * Takes a sample that was not there before.
   * @param neededMs nobody will ask for an earlier moment
   */
  add(reading: Reading, neededMs: number): void {
    const last = this.#kept.at(-1);
    if (last && last.atMs >= reading.atMs) this.#kept = [];
    this.#kept.push(reading);
    let needless = Math.max(0, this.#kept.length - MOST_KEPT);
    while (needless < this.#kept.length - 1 && this.#kept[needless + 1]!.atMs <= neededMs) needless++;
    for (; needless > 0; needless--) this.#kept.shift();
  }

  forget(): void {
    if (this.#kept.length > 0) this.#kept = [];
  }

  /**
   * The sample nearest to a moment, of two as near the earlier one; null = it is the newest one. Where it was taken clearly
   * later, the car may have begun in between: of it and the one before the smaller currents.
   */
  before(atMs: number): Reading | null {
    const kept = this.#kept;
    let nearest = kept.length - 1;
    while (nearest > 0 && atMs - kept[nearest - 1]!.atMs <= kept[nearest]!.atMs - atMs) nearest--;
    const found = kept[nearest];
    if (nearest > 0 && found!.atMs > atMs + SAME_MOMENT_MS) return smallerOf(kept[nearest - 1]!, found!);
    return nearest < kept.length - 1 ? found! : null;
  }
}

function smallerOf(earlier: Reading, later: Reading): Reading {
  const measuredA = earlier.measuredA.map((value, t) => {
    const other = later.measuredA[t] ?? null;
    return value === null || other === null ? null : Math.min(value, other);
  });
  return { atMs: earlier.atMs, measuredA };
}

function isRecord(value: JsonValue): value is Record<string, JsonValue> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCurrent(value: JsonValue): value is number | null {
  return value === null || (typeof value === "number" && Math.abs(value) <= MOST_A);
}

/** More than any breaker carries. */
const MOST_A = 1e6;
