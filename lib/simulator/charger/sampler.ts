/** When a charge point samples its meter: every interval while it charges, the first time one interval after it began. */
export class Sampler {
  #dueAtMs: number | null = null;

  /** Starts the wait over: the interval was changed. */
  restart(): void {
    this.#dueAtMs = null;
  }

  /** Whether a sample is due now; asked at every step. @param intervalMs 0 = none is taken */
  isDue(nowMs: number, charging: boolean, intervalMs: number): boolean {
    if (!charging || intervalMs === 0) {
      this.#dueAtMs = null;
      return false;
    }
    this.#dueAtMs ??= nowMs + intervalMs;
    if (nowMs < this.#dueAtMs) return false;
    this.#dueAtMs = Math.max(this.#dueAtMs + intervalMs, nowMs);
    return true;
  }
}
