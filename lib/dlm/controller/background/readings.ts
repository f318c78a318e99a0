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

/** A sample takes so many numbers: its time and the currents of three terminals. */
const ROW = 4;
/** Stand for a current that is unknown, and for a terminal that was not told of. */
const UNKNOWN = Number.POSITIVE_INFINITY;
const ABSENT = Number.NaN;

/**
 * The newest samples of a charger, and those before them that a slower meter may still have to be compared with: what is
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
    if (newest >= 0 && rows[newest]! >= atMs) rows.length = 0;
    writeRow(rows, rows.length, atMs, measuredA);
    let needless = Math.max(0, rows.length - ROW * MOST_KEPT);
    while (needless < rows.length - 2 * ROW && rows[needless + 2 * ROW]! <= neededMs) needless += ROW;
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

  /** By how much the newest sample until a moment exceeds the one before it, A per terminal; null where it exceeds it nowhere. */
  riseUntil(atMs: number): number[] | null {
    const rows = this.#rows;
    let row = rows.length - ROW;
    while (row > 0 && rows[row]! > atMs) row -= ROW;
    const before = row - ROW;
    if (before < 0 || !(exceeds(rows, row, 1) || exceeds(rows, row, 2) || exceeds(rows, row, 3))) return null;
    const earlierA = this.#reading(before).measuredA;
    return this.#reading(row).measuredA.map((value, t) => Math.max(0, (value ?? 0) - (earlierA[t] ?? 0)));
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

/** Whether a terminal carries more than in the sample before; one that is unknown or absent does not. */
function exceeds(rows: readonly number[], row: number, cell: number): boolean {
  const [currentA, earlierA] = [rows[row + cell]!, rows[row + cell - ROW]!];
  return currentA > earlierA && currentA !== UNKNOWN;
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
