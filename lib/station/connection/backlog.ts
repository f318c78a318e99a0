/** How much later than it was made a message may arrive without having waited, and how far a clock may be off unnoticed, ms. */
const SLACK_MS = 5_000;

/** Absences that lie closer together than this count as one: what was stored in the first may not be sent yet when the next begins, ms. */
const ONE_ABSENCE_MS = 3_600_000;

/** Samples that are late wait in a queue for no longer than this after the last fresh one, or after the connection came back, ms. */
const QUEUE_LASTS_MS = 900_000;

/**
 * Knows which samples of a charge point may be late because they were stored: those made while it was away, and those that come in the
 * order in which they were made. Times are of our wall clock, ms.
 */
export class Backlog {
  #heardMs: number | null = null;
  #fromMs: number | null = null;
  #backMs: number | null = null;
  /** When the newest sample so far was made; null before one. */
  #newestMs: number | null = null;
  /** When a fresh sample came last; null before one. */
  #freshMs: number | null = null;

  /** A message came. */
  heard(wallMs: number): void {
    this.#heardMs = wallMs;
  }

  /** The process begins with a transaction that has been running since then: its samples since may have been stored. */
  running(sinceWallMs: number): void {
    this.#fromMs = Math.min(this.#fromMs ?? sinceWallMs, sinceWallMs);
  }

  /** The connection was lost. */
  left(wallMs: number): void {
    const goesOn = this.#backMs !== null && this.#fromMs !== null && wallMs - this.#backMs < ONE_ABSENCE_MS;
    if (!goesOn) this.#fromMs = this.#heardMs ?? wallMs;
    this.#backMs = null;
  }

  /** It is connected again. */
  returned(wallMs: number): void {
    this.#backMs = wallMs;
  }

  /**
   * Whether a sample may have been stored while it was away, or have waited since: a queue keeps its order, a clock that is set back does
   * not. Both times by the clock as it is known.
   */
  mayHold(madeWallMs: number, receivedWallMs: number): boolean {
    const isFresh = receivedWallMs - madeWallMs <= SLACK_MS;
    const mayBeStored = !isFresh && (this.#wasAway(madeWallMs) || this.#inOrder(madeWallMs, receivedWallMs));
    if (isFresh) this.#freshMs = receivedWallMs;
    if (isFresh || mayBeStored) this.#newestMs = Math.max(this.#newestMs ?? madeWallMs, madeWallMs);
    return mayBeStored;
  }

  #wasAway(madeWallMs: number): boolean {
    if (this.#fromMs === null || this.#backMs === null) return false;
    return madeWallMs >= this.#fromMs - SLACK_MS && madeWallMs <= this.#backMs + SLACK_MS;
  }

  #inOrder(madeWallMs: number, receivedWallMs: number): boolean {
    if (this.#newestMs === null || madeWallMs < this.#newestMs - SLACK_MS) return false;
    const [freshMs, backMs] = [this.#freshMs ?? Number.NEGATIVE_INFINITY, this.#backMs ?? Number.NEGATIVE_INFINITY];
    return receivedWallMs - Math.max(freshMs, backMs) < QUEUE_LASTS_MS;
  }

  /** Our own clock was set forward by this (negative = back). */
  hostStepped(byMs: number): void {
    const moved = (wallMs: number | null) => (wallMs === null ? null : wallMs + byMs);
    this.#heardMs = moved(this.#heardMs);
    this.#fromMs = moved(this.#fromMs);
    this.#backMs = moved(this.#backMs);
    this.#newestMs = moved(this.#newestMs);
    this.#freshMs = moved(this.#freshMs);
  }
}
