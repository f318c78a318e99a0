import type { Behaviour } from "../behaviour.ts";

/** A change under way keeps the contactor open for so long, ms. */
const OPEN_MS = 5_000;

/** The contactor by which a charge point feeds one phase or all that are wired. */
export class PhaseContactor {
  readonly #wired: 1 | 2 | 3;
  #phases: 1 | 2 | 3;
  #openUntilMs = Number.NEGATIVE_INFINITY;

  constructor(wired: 1 | 2 | 3) {
    this.#wired = wired;
    this.#phases = wired;
  }

  /** Phases it feeds when it is closed. */
  get phases(): 1 | 2 | 3 {
    return this.#phases;
  }

  /**
   * Lets it follow what it is told.
   * @param wanted phases it is told to feed
   * @param offering it offers current at the moment
   * @returns whether it may be closed
   */
  step(nowMs: number, wanted: number, { switchesPhases }: Behaviour, offering: boolean): boolean {
    const phases = wanted === 1 ? 1 : this.#wired;
    const able = switchesPhases !== "never" && switchesPhases !== "says";
    if (!able) this.#phases = this.#wired;
    else if (phases !== this.#phases && (switchesPhases === "charging" || !offering)) {
      this.#phases = phases;
      this.#openUntilMs = nowMs + OPEN_MS;
    }
    return nowMs >= this.#openUntilMs;
  }
}
