/** How far apart the samples of a steady stream may lie in age. */
const STEADY_MS = 5_000;

/** A clock this close needs no correction. */
const CLOSE_ENOUGH_MS = 5_000;

/** A message older than this was stored while the charge point was away. */
const REPLAY_AFTER_MS = 60_000;

/** Before this a charge point has not been told the time yet (some start in 1970). */
const FIRST_SENSIBLE_MS = Date.UTC(2020, 0);

/**
 * Estimates how far a charge point's clock is behind ours (ms; negative = ahead) and tells stored messages from live ones.
 * Three meter samples in a row of the same age come from a wrong clock; stored messages arrive with falling ages.
 */
export class ClockSkew {
  #ages: number[] = [];
  #skewMs = 0;

  /** 0 unless the clock is clearly wrong. */
  get ms(): number {
    return this.#skewMs;
  }

  /** Notes the time stamp of a periodic meter sample. Invalid or unset clocks teach nothing. */
  observe(timestampMs: number, receivedWallMs: number): void {
    if (!(timestampMs >= FIRST_SENSIBLE_MS)) return;
    if (this.#ages.length === 3) this.#ages.shift();
    this.#ages.push(receivedWallMs - timestampMs);
    const smallest = Math.min(...this.#ages);
    if (this.#ages.length < 3 || Math.max(...this.#ages) - smallest > STEADY_MS) return;
    this.#skewMs = Math.abs(smallest) > CLOSE_ENOUGH_MS ? smallest : 0;
  }

  /** Whether a message with this time stamp was stored and sent late. A missing or senseless stamp counts as live. */
  isReplay(timestampMs: number, receivedWallMs: number): boolean {
    if (!(timestampMs >= FIRST_SENSIBLE_MS)) return false;
    const ageMs = receivedWallMs - timestampMs;
    return ageMs > REPLAY_AFTER_MS && ageMs - this.#skewMs > REPLAY_AFTER_MS;
  }

  /** The charge point was told the time (BootNotification): what was learnt no longer holds. */
  reset(): void {
    this.#ages = [];
    this.#skewMs = 0;
  }
}
