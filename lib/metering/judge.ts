import type { Quality } from "../messages.ts";
import type { Acquired } from "./acquisition.ts";
import { isDark } from "./asleep.ts";
import { parseSum } from "./computed.ts";
import { contradictions } from "./contradictions.ts";
import { decodeWithProblems, wasRead } from "./decode.ts";
import { EnergyWatch } from "./energy-watch.ts";
import { FrozenWatch } from "./frozen.ts";
import { type Measurement, sumOf } from "./measurement.ts";
import type { PhaseMap } from "./orientation.ts";
import type { MeterProfile } from "./profile-schema.ts";
import type { ReadingProblem } from "./quality.ts";
import { doubtsOf, Suspicions } from "./suspicions.ts";

/** A measurement, as the meter sees its phases, with what may be thought of it. */
export interface JudgedMeasurement {
  measurement: Measurement;
  quality: Quality;
  /** Why it is bad. */
  problems: ReadingProblem[];
  /** Since when the device repeats itself, monotonic ms; null while it is alive. */
  frozenSinceMs: number | null;
  /** An inverter that answers from its sleep: no power, and no supply that it would measure. */
  isAsleep: boolean;
  /** The phases do not stand for the total power, which is to be read in every cycle. */
  wantsTotal: boolean;
}

/** From this current on a live meter cannot stand still to the bit, A. */
const FLOWING_A = 1;
/** So many totals in a row that the phases contradict: one may be a step of the load between two reads. */
const TOTALS_THAT_DIFFER = 2;

/** Follows one meter's readings: decodes them and says whether they may be relied on, and what about them is doubtful. */
export class Judge {
  readonly #suspicions = new Suspicions();
  readonly #energies = new EnergyWatch();
  #phasesOnly: { of: MeterProfile; profile: MeterProfile } | null = null;
  #frozen: { profile: MeterProfile; watch: FrozenWatch } | null = null;
  #totalsThatDiffer = 0;

  /** Doubts about mounting and description: told, never acted upon. */
  get suspicions(): string[] {
    return this.#suspicions.texts;
  }

  /** @param unavailable names of registers that the device does not have: their values are unknown, which is no fault of the reading */
  judge(acquired: Acquired, phaseMap: PhaseMap, unavailable: readonly string[], nowMs: number): JudgedMeasurement {
    const { reads, totalInTurn } = acquired;
    const isTotalOld = totalInTurn === "old";
    const profile = isTotalOld ? this.#withoutTotal(acquired.profile) : acquired.profile;
    const decoded = decodeWithProblems(profile, reads);
    const measurement = { ...decoded.measurement };
    // The phases give the total in every cycle, because totals of two sources would alternate.
    if (totalInTurn) measurement.powerW = sumOf(measurement.phasePowerW) ?? measurement.powerW;
    const dark = isDark(profile, measurement);
    const isNew = (quantity: string) => wasRead(profile, acquired.fresh, quantity);
    const found = [
      ...decoded.problems,
      ...contradictions(measurement),
      ...this.#energies.add(measurement, nowMs, isNew),
    ];
    const absent = found.length > 0 ? quantitiesOf(profile, unavailable) : null;
    const problems = found.filter(
      ({ quantity, phase }) =>
        !absent?.has(quantity) &&
        !(dark && /^(voltage|frequency)/.test(quantity)) &&
        (phase === null || phaseMap[phase - 1] !== null),
    );
    const doubts = doubtsOf(profile, reads, decoded);
    // Without the meter's own total nothing can be said about the sum of its phases.
    this.#suspicions.add(doubts, isTotalOld ? ["phaseSum"] : []);
    if (totalInTurn === "fresh") {
      const differs = decoded.measurement.powerW === null || doubts.some(({ kind }) => kind === "phaseSum");
      this.#totalsThatDiffer = differs ? this.#totalsThatDiffer + 1 : 0;
    }
    const frozenSinceMs = this.#frozenSince(acquired, measurement, nowMs);
    const isAsleep = dark && problems.length === 0;
    // Without a current, a power or a state of charge there is nothing to steer by.
    const { currentA, powerW, phasePowerW, socPercent } = measurement;
    const isEmpty = [...currentA, powerW, ...phasePowerW, socPercent].every((value) => value === null);
    const bad = problems.length > 0 || isEmpty;
    const quality = bad ? "bad" : frozenSinceMs === null ? "good" : "stale";
    const wantsTotal = totalInTurn !== null && (powerW === null || this.#totalsThatDiffer >= TOTALS_THAT_DIFFER);
    return { measurement, quality, problems, frozenSinceMs, isAsleep, wantsTotal };
  }

  /** The profile without a total power that is older than the phases: a measurement is of one moment. */
  #withoutTotal(profile: MeterProfile): MeterProfile {
    if (this.#phasesOnly?.of === profile) return this.#phasesOnly.profile;
    const { power: _, ...registers } = profile.registers;
    this.#phasesOnly = { of: profile, profile: { ...profile, registers } };
    return this.#phasesOnly.profile;
  }

  #frozenSince({ profile, fresh, isReplanned }: Acquired, measurement: Measurement, nowMs: number): number | null {
    if (this.#frozen?.profile !== profile) this.#frozen = { profile, watch: new FrozenWatch(profile) };
    const { watch } = this.#frozen;
    if (isReplanned) watch.reset();
    const flows = measurement.currentA.some((amps) => amps !== null && Math.abs(amps) > FLOWING_A);
    return watch.add(fresh, flows, nowMs);
  }
}

/** Quantities that cannot be known without these registers. */
function quantitiesOf({ computed = {} }: MeterProfile, registers: readonly string[]): Set<string> {
  const sums = Object.entries(computed).filter(([, sum]) => parseSum(sum).some(({ name }) => registers.includes(name)));
  return new Set([...registers, ...sums.map(([quantity]) => quantity)]);
}
