/** A disk that is full lets a record through now and then; so long none may fail until it counts as well again, ms. */
const CALM_MS = 30_000;

/** Tells from looks at a store's failure when records begin to be lost and when they are written again: each once. */
export class FailureWatch {
  #lastFailureMs: number | null = null;

  /** @returns what has begun or ended since the last look; null = nothing */
  look(failure: Error | null, nowMs: number): "began" | "ended" | null {
    const since = this.#lastFailureMs;
    if (failure) {
      this.#lastFailureMs = nowMs;
      return since === null ? "began" : null;
    }
    if (since === null || nowMs - since < CALM_MS) return null;
    this.#lastFailureMs = null;
    return "ended";
  }
}
