import type { Clock } from "../../clock.ts";
import { CALL_PRIORITY } from "../../ocpp/port.ts";
import type { StationHandle } from "../../station/types.ts";
import {
  type CompositeExpectation,
  type CompositeFinding,
  judgeComposite,
  judgeCompositeError,
  scheduleQuestion,
} from "./verify-composite.ts";

/** When a composite schedule is asked for: after a variant was used first, and then so often, ms. */
const SOON_MS = 2_000;
const EVERY_MS = 900_000;

/** What is asked about. */
export interface CompositeQuestion extends CompositeExpectation {
  leaseS: number;
}

/** Asks one connector for its composite schedule from time to time, and keeps what it answered until somebody takes it. */
export class CompositeWatch {
  readonly #station: StationHandle;
  readonly #connector: number;
  readonly #clock: Clock;
  #dueMs = Number.POSITIVE_INFINITY;
  #finding: CompositeFinding | null = null;
  /** Which question an answer belongs to: once something changed the old ones are void. */
  #round = 0;
  #asking = false;

  constructor(station: StationHandle, connector: number, clock: Clock) {
    this.#station = station;
    this.#connector = connector;
    this.#clock = clock;
  }

  /** The connection or the charge point started anew: nothing is asked until `soon`. */
  reset(): void {
    this.outdate();
    this.#dueMs = Number.POSITIVE_INFINITY;
  }

  /** The limit is another one: what was asked about the old one says nothing, and is asked again. */
  outdate(): void {
    this.#round++;
    this.#finding = null;
    if (this.#asking) this.soon();
    this.#asking = false;
  }

  /** There is reason to ask. */
  soon(): void {
    this.at(this.#clock.nowMs() + SOON_MS);
  }

  /** It is asked at this time at the latest, monotonic ms. */
  at(atMs: number): void {
    this.#dueMs = Math.min(this.#dueMs, atMs);
  }

  /** Asks when it is time. Never throws. */
  pump(question: () => CompositeQuestion): void {
    if (this.#clock.nowMs() < this.#dueMs) return;
    this.#dueMs = this.#clock.nowMs() + EVERY_MS;
    if (this.#station.traits.smart.composite !== "no") void this.#ask(question());
  }

  /** What the last answer said; null once it was taken. */
  take(): CompositeFinding | null {
    const finding = this.#finding;
    this.#finding = null;
    return finding;
  }

  async #ask(question: CompositeQuestion): Promise<void> {
    const round = ++this.#round;
    this.#asking = true;
    let finding: CompositeFinding;
    try {
      const order = scheduleQuestion(this.#connector, question.leaseS, question.rateUnit);
      const options = { priority: CALL_PRIORITY.poll, coalesceKey: `composite ${this.#connector}` };
      const answer = await this.#station.order("readSchedule", order, options);
      finding = judgeComposite(answer, question);
    } catch (error) {
      finding = judgeCompositeError(error);
    }
    if (round !== this.#round) return;
    this.#asking = false;
    this.#finding = finding;
  }
}
