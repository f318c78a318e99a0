import { CHARGING_A, TELLING_A } from "../../thresholds.ts";

/** A sample that says nothing of why it was sent is the answer to a question that is no older than this, ms. */
const ANSWERS_WITHIN_MS = 3_000;
/** So often answered with zeros between two samples of its own that show a current: its answers are worth nothing. */
const MOST_UNTRUE = 2;

/** Why a sample was sent, as far as it says: of its own accord, because it was asked, or not said. */
export type SampleOrigin = "own" | "asked" | "unsaid";

/**
 * Compares what one connector answers when it is asked for its readings with what it sends of its own accord: some chargers answer with
 * zeros while a car charges. Such zeros are not believed. Where it sends nothing by itself, `unproven` leaves them to the load management,
 * which has the meters.
 */
export class Answers {
  #askedMs = Number.NEGATIVE_INFINITY;
  /** The last current that it sent of its own accord, A, and when, monotonic. */
  #ownA: number | null = null;
  #ownAtMs: number | null = null;
  /** It has answered with zeros since. */
  #zeros = false;
  /** The last current that was believed is such an answer. */
  #believesZeros = false;
  #untrue = 0;

  /** It is asked for its readings. */
  asked(nowMs: number): void {
    this.#askedMs = nowMs;
  }

  /** Nothing flows any more, or it started anew: what it drew says nothing about what comes. */
  forget(): void {
    this.#ownA = null;
    this.#ownAtMs = null;
    this.#zeros = false;
    this.#believesZeros = false;
  }

  /** Whether a current may be believed. @param drawA the largest of its terminals */
  believes(drawA: number, origin: SampleOrigin, nowMs: number): boolean {
    const isAnswer = origin === "asked" || (origin === "unsaid" && nowMs - this.#askedMs <= ANSWERS_WITHIN_MS);
    if (isAnswer && drawA < CHARGING_A && this.#ownA !== null && this.#ownA >= TELLING_A) {
      this.#zeros = true;
      return false;
    }
    this.#believesZeros = isAnswer && drawA < CHARGING_A;
    if (isAnswer) return true;
    if (this.#zeros && drawA >= TELLING_A) this.#untrue++;
    this.#zeros = false;
    this.#ownA = drawA;
    this.#ownAtMs = nowMs;
    return true;
  }

  /** What it draws is known from zeros in an answer alone: when it last sent a current of its own accord. null = it is known otherwise. */
  get unproven(): { ownAtMs: number | null } | null {
    return this.#believesZeros ? { ownAtMs: this.#ownAtMs } : null;
  }

  /** Its answers have been untrue too often to be asked for. */
  get worthless(): boolean {
    return this.#untrue >= MOST_UNTRUE;
  }
}
