/** Time-outs in a row after which a connection counts as dead: of the only unit, or of several units after it had carried answers. */
const SILENT_ALONE = 2;
/** The same for one unit of several, and on a connection that has carried no answer yet. */
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
