import { isoTime } from "../clock.ts";
import type { MeasurementPayload, Quality } from "../messages.ts";
import type { MappedValues } from "./mapping-values.ts";
import { measurementOf, NOTHING_KNOWN, sumOf } from "./measurement.ts";
import { isFast } from "./profile-schema.ts";
import { implausible } from "./quality.ts";

interface Field {
  value: number | null;
  /** Monotonic time at which it was measured, as far as known; −Infinity for a value of unknown age. */
  atMs: number;
  /** Message that brought it. */
  seq: number;
  /** It had a value once; if it has none now, the reading is bad. */
  wasKnown: boolean;
  /** Why its value cannot be true. */
  problem: string | null;
  quality: Quality;
}

/** A message as it came. */
export interface Arrival {
  nowMs: number;
  wallMs: number;
  /** Number of the message: an earlier message that took longer does not overwrite a later one. */
  seq: number;
  /** MQTT's flag of a message that the broker had kept: its values are of unknown age. */
  isRetained: boolean;
}

/** Values other than currents and powers may be so much older. */
const SLOW_FACTOR = 10;
const SLOW_AT_LEAST_MS = 300_000;
/** If the clock of the source is ahead by more, its time does not count. */
const CLOCK_SKEW_MS = 5000;

/**
 * The last value of everything that a source has said, each with its own age: sources such as MQTT say one value per message. Currents
 * and powers older than `staleAfterMs` make the whole stale; others are forgotten after a longer time.
 */
export class MergedValues {
  readonly #staleAfterMs: number;
  readonly #fields = new Map<string, Field>();

  constructor(staleAfterMs: number) {
    this.#staleAfterMs = staleAfterMs;
  }

  /** Names, values and ages, ms, of what has been said; for the dialog. */
  fields(nowMs: number): { name: string; value: number | null; ageMs: number }[] {
    return [...this.#fields].map(([name, { value, atMs }]) => ({ name, value, ageMs: nowMs - atMs }));
  }

  /** Reasons why values cannot be true. */
  get problems(): string[] {
    return [...this.#fields.values()].flatMap(({ problem }) => (problem ? [problem] : []));
  }

  add({ values, quality, tsMs }: MappedValues, arrival: Arrival): void {
    const ageMs = tsMs === null ? 0 : arrival.wallMs - tsMs;
    const atMs = arrival.nowMs - (ageMs < -CLOCK_SKEW_MS ? 0 : Math.max(0, ageMs));
    for (const [name, said] of values) {
      const before = this.#fields.get(name);
      if (before && before.seq > arrival.seq) continue;
      const problem = said === null ? null : implausible(name, said);
      const value = problem ? null : said;
      this.#fields.set(name, {
        value,
        // Later messages may carry the flag as well, where the broker passes it on.
        atMs: arrival.isRetained && !before ? Number.NEGATIVE_INFINITY : atMs,
        seq: arrival.seq,
        wasKnown: value !== null || before?.wasKnown === true,
        problem: problem?.text ?? null,
        quality,
      });
    }
  }

  /** Monotonic time at which the reading will go stale; null when it has, or when there is nothing to go stale. */
  staleAtMs(nowMs: number): number | null {
    const oldestMs = Math.min(...this.#steering().map(({ atMs }) => atMs));
    const staleAtMs = oldestMs + this.#staleAfterMs;
    return Number.isFinite(staleAtMs) && staleAtMs >= nowMs ? staleAtMs : null;
  }

  measurement(nowMs: number, wallMs: number): MeasurementPayload {
    const steering = this.#steering();
    const oldestMs = Math.min(nowMs, ...steering.map(({ atMs }) => atMs).filter(Number.isFinite));
    const ts = isoTime(wallMs - (nowMs - oldestMs));
    if (steering.length === 0) return { ts, ...NOTHING_KNOWN };
    const measurement = measurementOf((name) => this.#value(name, nowMs));
    const powerW = this.#fields.has("power") ? measurement.powerW : sumOf(measurement.phasePowerW);
    return { ts, ...measurement, powerW, quality: this.#quality(steering, nowMs) };
  }

  /** The fields that make the reading stale: currents, powers and state of charge that have had a value. */
  #steering(): Field[] {
    return [...this.#fields].flatMap(([name, field]) => (isFast(name) && field.wasKnown ? [field] : []));
  }

  #quality(steering: readonly Field[], nowMs: number): Quality {
    const all = [...this.#fields.values()];
    const lost = steering.some(({ value }) => value === null);
    if (lost || all.some(({ problem, quality }) => problem !== null || quality === "bad")) return "bad";
    const old = steering.some(({ atMs }) => nowMs - atMs > this.#staleAfterMs);
    return old || all.some(({ quality }) => quality === "stale") ? "stale" : "good";
  }

  #value(name: string, nowMs: number): number | null {
    const field = this.#fields.get(name);
    if (!field) return null;
    const keptMs = Math.max(SLOW_AT_LEAST_MS, SLOW_FACTOR * this.#staleAfterMs);
    return isFast(name) || nowMs - field.atMs <= keptMs ? field.value : null;
  }
}
