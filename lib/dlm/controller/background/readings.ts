import { SAME_MOMENT_MS } from "../../../thresholds.ts";
import type { JsonValue } from "../../../units.ts";

/** What a charger measured at one moment, A per terminal. */
export interface Reading {
  /** On the clock of the snapshots. */
  atMs: number;
  measuredA: (number | null)[];
}

/** A sample a second, for as long as the slowest meter counts as fresh. */
const MOST_KEPT = 64;

/** What a steady car's samples do not differ by, A. */
const CLIMBS_A = 0.1;

/** A sample takes so many numbers: its time and the currents of three terminals. */
const ROW = 4;
/** Stand for a current that is unknown, and for a terminal that was not told of. */
const UNKNOWN = Number.POSITIVE_INFINITY;
const ABSENT = Number.NaN;

/**
 * The newest sample of a charger, and those before it that a slower meter may still have to be compared with: what is
 * subtracted from a meter's sample is what was drawn when that was taken, not what is drawn now (S4b). They are one list of
 * plain numbers, which is quick to get at for thousands of chargers at every tick.
 */
export class ChargerReadings {
  #rows: number[] = [];

  /** @param saved an earlier `toJSON()`; anything else is left out */
  constructor(saved?: JsonValue) {
    let newestMs = Number.NEGATIVE_INFINITY;
    for (const entry of Array.isArray(saved) ? saved : []) {
      const { atMs, measuredA } = isRecord(entry) ? entry : {};
      if (typeof atMs !== "number" || !Array.isArray(measuredA) || !measuredA.every(isCurrent)) continue;
      if (atMs <= newestMs) continue;
      writeRow(this.#rows, this.#rows.length, atMs, measuredA);
      newestMs = atMs;
    }
  }

  toJSON(): readonly Reading[] {
    return Array.from({ length: this.#rows.length / ROW }, (_, n) => this.#reading(ROW * n));
  }

  /**
   * Takes a sample that was not there before.
   * @param neededMs no earlier moment will be asked for
   */
  add(atMs: number, measuredA: readonly (number | null)[], neededMs: number): void {
    const rows = this.#rows;
    const newest = rows.length - ROW;
    if (newest >= 0 && (rows[newest]! >= atMs || atMs <= neededMs)) {
      if (newest > 0) rows.length = ROW;
      writeRow(rows, 0, atMs, measuredA);
      return;
    }
    writeRow(rows, rows.length, atMs, measuredA);
    let needless = Math.max(0, rows.length - ROW * MOST_KEPT);
    while (needless < rows.length - ROW && rows[needless + ROW]! <= neededMs) needless += ROW;
    if (needless > 0) rows.splice(0, needless);
  }

  forget(): void {
    if (this.#rows.length > 0) this.#rows = [];
  }

  /**
   * The sample nearest to a moment, of two as near the earlier one; null = it is the newest one. Where it was taken clearly
   * later, the car may have begun in between: of it and the one before the smaller currents.
   */
  before(atMs: number): Reading | null {
    const rows = this.#rows;
    let nearest = rows.length - ROW;
    while (nearest > 0 && atMs - rows[nearest - ROW]! <= rows[nearest]! - atMs) nearest -= ROW;
    if (nearest > 0 && rows[nearest]! > atMs + SAME_MOMENT_MS)
      return smallerOf(this.#reading(nearest - ROW), this.#reading(nearest));
    return nearest < rows.length - ROW ? this.#reading(nearest) : null;
  }

  /**
   * By how much the newest sample until a moment exceeds what was drawn since an earlier one, A per terminal; null where it exceeds it
   * nowhere. Where nothing was known before, nothing was drawn.
   */
  riseSince(sinceMs: number, untilMs: number): number[] | null {
    const rows = this.#rows;
    let last = rows.length - ROW;
    while (last > 0 && rows[last]! > untilMs) last -= ROW;
    let rises = false;
    const riseA = [0, 0, 0];
    for (let row = last; row >= 0 && rows[row]! > sinceMs; row -= ROW) {
      for (let cell = 1; cell < ROW; cell++) {
        const moreA = known(rows[last + cell]) - known(rows[row - ROW + cell]);
        if (moreA < CLIMBS_A || moreA <= riseA[cell - 1]!) continue;
        riseA[cell - 1] = moreA;
        rises = true;
      }
    }
    return rises ? riseA : null;
  }

  #reading(row: number): Reading {
    const rows = this.#rows;
    const measuredA: (number | null)[] = [];
    for (let cell = row + 1; cell < row + ROW && !Number.isNaN(rows[cell]!); cell++)
      measuredA.push(rows[cell] === UNKNOWN ? null : rows[cell]!);
    return { atMs: rows[row]!, measuredA };
  }
}

function writeRow(rows: number[], row: number, atMs: number, measuredA: readonly (number | null)[]): void {
  rows[row] = atMs;
  for (let t = 0; t < ROW - 1; t++) rows[row + 1 + t] = t < measuredA.length ? (measuredA[t] ?? UNKNOWN) : ABSENT;
}

function known(currentA = 0): number {
  return Number.isFinite(currentA) ? currentA : 0;
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
