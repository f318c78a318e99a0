import type { Clock } from "../../clock.ts";
import type { Measurement } from "../../metering/measurement.ts";
import type { Triple } from "../../units.ts";
import { seeded } from "../random.ts";

export interface MeterModelOptions {
  clock: Clock;
  /** Signed A per phase at this moment; negative feeds in. */
  currentA: () => Triple;
  /** Same seed, same noise. */
  seed: number;
}

const NOMINAL_V = 230;
/** Supply impedance: a loaded phase sags. */
const SAG_V_PER_A = 0.05;
const POWER_FACTOR = 0.98;
const NOMINAL_HZ = 50;
/** How often a meter takes a new measurement; reads in between see the same one. */
const UPDATE_MS = 200;
/** Peak-to-peak noise: too small to matter, large enough that two measurements are never the same to the bit. */
const NOISE = { currentA: 0.01, voltageV: 0.2, frequencyHz: 0.02 };
/** Of a battery, where the device has one. */
const SOC_PERCENT = 55;
const START_IMPORT_WH = 1_250_000;
const MS_PER_H = 3_600_000;

/** A supply with a load, measured: currents of a given draw, sagging voltages, powers, and energies that add up over time. */
export class MeterModel {
  readonly #clock: Clock;
  readonly #currentA: () => Triple;
  readonly #random: () => number;
  #importWh = START_IMPORT_WH;
  #exportWh = 0;
  #takenAtMs = Number.NEGATIVE_INFINITY;
  #last: Measurement | null = null;

  constructor({ clock, currentA, seed }: MeterModelOptions) {
    this.#clock = clock;
    this.#currentA = currentA;
    this.#random = seeded(seed);
  }

  /** What the meter shows now. */
  measure(): Measurement {
    const nowMs = this.#clock.nowMs();
    if (this.#last && nowMs - this.#takenAtMs < UPDATE_MS) return this.#last;
    if (this.#last) this.#count(this.#last.powerW ?? 0, nowMs - this.#takenAtMs);
    this.#takenAtMs = nowMs;
    this.#last = this.#take();
    return this.#last;
  }

  #count(powerW: number, elapsedMs: number): void {
    const energyWh = (Math.abs(powerW) * elapsedMs) / MS_PER_H;
    if (powerW >= 0) this.#importWh += energyWh;
    else this.#exportWh += energyWh;
  }

  #take(): Measurement {
    const currentA = this.#currentA().map((amps) => amps + this.#noise(NOISE.currentA)) as Triple;
    const voltageV = currentA.map((amps) => NOMINAL_V - SAG_V_PER_A * amps + this.#noise(NOISE.voltageV)) as Triple;
    const phasePowerW = currentA.map((amps, phase) => (voltageV[phase] ?? 0) * amps * POWER_FACTOR) as Triple;
    return {
      currentA,
      voltageV,
      phasePowerW,
      powerW: phasePowerW[0] + phasePowerW[1] + phasePowerW[2],
      energyImportWh: this.#importWh,
      energyExportWh: this.#exportWh,
      frequencyHz: NOMINAL_HZ + this.#noise(NOISE.frequencyHz),
      powerFactor: POWER_FACTOR,
      socPercent: SOC_PERCENT,
      quality: "good",
    };
  }

  #noise(peakToPeak: number): number {
    return (this.#random() - 0.5) * peakToPeak;
  }
}
