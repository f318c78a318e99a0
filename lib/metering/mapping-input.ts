import { type Clock, isoTime, type Timer } from "../clock.ts";
import type { MeasurementPayload } from "../messages.ts";
import type { MeterMapping } from "./mapping.ts";
import { MergedValues } from "./mapping-merge.ts";
import { NOTHING_KNOWN } from "./measurement.ts";

export interface MeterInputOptions {
  mapping: MeterMapping;
  staleAfterS: number;
  clock: Clock;
  /** Every reading that messages brought together; also, once each, that it went stale or that none ever came. */
  onMeasurement: (payload: MeasurementPayload) => void;
}

export interface MeterInputHealth {
  /** Age of the oldest value that is steered by, ms; null before the first. */
  ageMs: number | null;
  /** Messages that were not for this meter. */
  ignored: number;
  /** Why values cannot be true. */
  problems: string[];
  /** Everything that was said, with its age, ms. */
  fields: { name: string; value: number | null; ageMs: number }[];
}

/** Values that come in a burst, one per message, make one reading. */
const BURST_MS = 200;

/** A meter made of messages: maps each, merges it with what was said before, and says when nothing new comes any more. */
export class MeterInput {
  readonly #options: MeterInputOptions;
  readonly #merged: MergedValues;
  #seq = 0;
  #ignored = 0;
  #hasValues = false;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #pending: Timer | undefined;
  #staleTimer: Timer | undefined;
  #stopped = false;

  constructor(options: MeterInputOptions) {
    this.#options = options;
    this.#merged = new MergedValues(options.staleAfterS * 1000);
    const { clock, staleAfterS, onMeasurement } = options;
    const neverHeard = () => onMeasurement({ ts: isoTime(clock.wallMs()), ...NOTHING_KNOWN });
    this.#staleTimer = clock.setTimeout(neverHeard, staleAfterS * 1000);
  }

  get health(): MeterInputHealth {
    const { clock } = this.#options;
    const nowMs = clock.nowMs();
    const { ts } = this.#merged.measurement(nowMs, clock.wallMs());
    return {
      ageMs: this.#hasValues ? clock.wallMs() - Date.parse(ts) : null,
      ignored: this.#ignored,
      problems: this.#merged.problems,
      fields: this.#merged.fields(nowMs),
    };
  }

  /**
   * Takes a message. Resolves with false when it is not for this meter.
   * Rejects with EvError EV_MESSAGE_INVALID; nothing was changed.
   */
  async accept(message: unknown): Promise<boolean> {
    const { clock, mapping } = this.#options;
    const isRetained = (message as { retain?: unknown } | null)?.retain === true;
    const arrival = { nowMs: clock.nowMs(), wallMs: clock.wallMs(), seq: ++this.#seq, isRetained };
    const values = await mapping.evaluate(message);
    if (!values) {
      this.#ignored++;
      return false;
    }
    if (this.#stopped) return true;
    this.#merged.add(values, arrival);
    this.#hasValues = true;
    this.#told();
    return true;
  }

  /** Nothing is told after this. */
  stop(): void {
    this.#stopped = true;
    this.#options.clock.clear(this.#pending);
    this.#options.clock.clear(this.#staleTimer);
  }

  #told(): void {
    const { clock } = this.#options;
    const waitMs = this.#toldAtMs + BURST_MS - clock.nowMs();
    if (waitMs <= 0) this.#tell();
    else this.#pending ??= clock.setTimeout(() => this.#tell(), waitMs);
  }

  #tell(): void {
    const { clock, onMeasurement } = this.#options;
    clock.clear(this.#pending);
    this.#pending = undefined;
    const nowMs = clock.nowMs();
    this.#toldAtMs = nowMs;
    this.#watchAge(nowMs);
    onMeasurement(this.#merged.measurement(nowMs, clock.wallMs()));
  }

  #watchAge(nowMs: number): void {
    const { clock } = this.#options;
    clock.clear(this.#staleTimer);
    const staleAtMs = this.#merged.staleAtMs(nowMs);
    if (staleAtMs === null) return;
    this.#staleTimer = clock.setTimeout(() => this.#grownOld(), staleAtMs - nowMs + 1);
  }

  /** A timer may come a moment early: then the reading is not stale yet. */
  #grownOld(): void {
    const nowMs = this.#options.clock.nowMs();
    if ((this.#merged.staleAtMs(nowMs) ?? nowMs) > nowMs) this.#watchAge(nowMs);
    else this.#tell();
  }
}
