/** One unit is silent: it is the unit. All are: it is the connection. */
const SILENT_ALONE = 2;
const SILENT_SHARED = 4;

/** Tells a dead connection (half-open TCP) from dead devices behind a living one. */
export class SilenceWatch {
  #silent = 0;
  #units = new Set<number>();
  #heardBefore = false;
  #lostOneThatAnswered = false;

  /** A connection was opened. */
  reset(): void {
    this.heard();
    this.#heardBefore = false;
  }

  /** Something was answered. */
  heard(): void {
    this.#silent = 0;
    this.#units.clear();
    this.#lostOneThatAnswered = false;
    this.#heardBefore = true;
  }

  /**
   * A unit did not answer.
   * @returns whether the connection itself must be taken for dead
   */
  unheard(unitId: number, answeredBefore: boolean, unitCount: number): boolean {
    this.#silent++;
    this.#units.add(unitId);
    this.#lostOneThatAnswered ||= answeredBefore;
    if (unitCount === 1) return this.#silent >= SILENT_ALONE;
    if (this.#heardBefore && !this.#lostOneThatAnswered) return false;
    const isSeveral = this.#heardBefore && this.#units.size > 1;
    return this.#silent >= (isSeveral ? SILENT_ALONE : SILENT_SHARED);
  }
}
