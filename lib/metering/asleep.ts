import type { Measurement } from "./measurement.ts";
import type { MeterProfile } from "./profile-schema.ts";

/** An inverter that falls silent at up to this power, or up to 1 % of the most it has shown, has gone to sleep. */
const DUSK_W = 100;
const DUSK_SHARE = 0.01;
/** Longer than any night below the polar circle: a device that stays away longer is broken. */
const LONGEST_NIGHT_MS = 20 * 3_600_000;

/**
 * Tells a sleeping inverter from a lost one. Unknown is never zero: only a photovoltaic inverter whose production had faded before it
 * stopped answering counts as asleep, and only for a night. An inverter that falls silent while it produces, or that never answered, is
 * lost like any other device.
 */
export class SleepWatch {
  readonly #sleeps: boolean;
  #peakW = 0;
  #lastW: number | null = null;
  #silentSinceMs: number | null = null;

  constructor({ kind }: Pick<MeterProfile, "kind">) {
    this.#sleeps = kind === "pv";
  }

  /** A good reading. */
  heard({ powerW }: Pick<Measurement, "powerW">): void {
    this.#silentSinceMs = null;
    if (powerW === null) return;
    this.#lastW = powerW;
    this.#peakW = Math.max(this.#peakW, Math.abs(powerW));
  }

  /** No answer: no connection, or silence. @returns whether that is sleep */
  silent(nowMs: number): boolean {
    this.#silentSinceMs ??= nowMs;
    if (!this.#sleeps || this.#lastW === null) return false;
    const faded = Math.abs(this.#lastW) <= Math.max(DUSK_W, DUSK_SHARE * this.#peakW);
    return faded && nowMs - this.#silentSinceMs <= LONGEST_NIGHT_MS;
  }
}

/**
 * Whether an inverter answers while it sleeps: its power is 0, and it measures neither voltage nor frequency, though its profile has
 * them.
 */
export function isDark({ kind, registers }: MeterProfile, { powerW, voltageV, frequencyHz }: Measurement): boolean {
  if (kind !== "pv" || powerW !== 0 || [...voltageV, frequencyHz].some((value) => value !== null)) return false;
  return Object.keys(registers).some((name) => /^(voltage|frequency)/.test(name));
}
