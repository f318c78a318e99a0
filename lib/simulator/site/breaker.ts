import { QUICK_BREAKER } from "../../breaker-curve.ts";
import type { Triple } from "../../units.ts";

/** Currents this little above the limit are not counted as over it, A: the spread of any meter. */
export const TOLERANCE_A = 0.5;

/** What one phase of a breaker went through since its record was opened. */
export interface PhaseRecord {
  /** Now, A. */
  currentA: number;
  /** Time over the limit, s: all of it, the part that has not ended, and the longest without a break. */
  overS: number;
  overNowS: number;
  longestOverS: number;
  /** Most over the limit, A. */
  worstOverA: number;
  /** Thermal integral above the limit, A·s. */
  overAs: number;
  /** How near the device came to tripping by heat: 1 = it trips. */
  heat: number;
  hottest: number;
}

/** A breaker or a fuse: not a switch but a witness, that says what really flowed and whether it would have held. */
export class SimulatedBreaker {
  readonly limitA: Triple;
  readonly #curve: Curve;
  #phases: PhaseRecord[];
  #tripped = false;

  constructor(limitA: Triple, curve: keyof typeof CURVES = "B") {
    this.limitA = [...limitA];
    this.#curve = CURVES[curve];
    // As if it had carried its limit for hours: what it bears now it bears at any time.
    this.#phases = limitA.map(() => untouched(1 / this.#curve.holds ** 2));
  }

  /** [L1, L2, L3], as they are now. */
  get phases(): readonly Readonly<PhaseRecord>[] {
    return this.#phases.map((phase) => ({ ...phase }));
  }

  /** It would have opened since its record was opened. */
  get tripped(): boolean {
    return this.#tripped;
  }

  /** Opens a new record; the heat in the device stays. */
  forget(): void {
    this.#phases = this.#phases.map(({ heat, currentA }) => ({ ...untouched(heat), currentA }));
    this.#tripped = false;
  }

  /** Lets `dtS` seconds pass with these currents, A per phase; negative ones flow back into the grid and heat as much. */
  step(dtS: number, currentA: Triple): void {
    this.#phases.forEach((phase, p) => {
      this.#stepPhase(phase, this.limitA[p] as number, Math.abs(currentA[p] as number), dtS);
      phase.currentA = currentA[p] as number;
    });
  }

  #stepPhase(phase: PhaseRecord, limitA: number, currentA: number, dtS: number): void {
    const overA = currentA - limitA;
    if (overA > TOLERANCE_A) {
      phase.overS += dtS;
      phase.overNowS += dtS;
      phase.longestOverS = Math.max(phase.longestOverS, phase.overNowS);
      phase.worstOverA = Math.max(phase.worstOverA, overA);
      phase.overAs += overA * dtS;
    } else phase.overNowS = 0;
    if (limitA <= 0) return;
    const { holds, tauS, atOnce } = this.#curve;
    const settled = (currentA / (holds * limitA)) ** 2;
    phase.heat = settled + (phase.heat - settled) * Math.exp(-dtS / tauS);
    phase.hottest = Math.max(phase.hottest, phase.heat);
    if (phase.heat >= 1 || currentA >= atOnce * limitA) this.#tripped = true;
  }
}

function untouched(heat: number): PhaseRecord {
  return { currentA: 0, overS: 0, overNowS: 0, longestOverS: 0, worstOverA: 0, overAs: 0, heat, hottest: heat };
}

/** How a protective device bears overload: a body that warms up, and a coil. All factors are of the rated current. */
interface Curve {
  /** It bears this much for ever. */
  holds: number;
  /** Time constant of its warming up, s. */
  tauS: number;
  /** It opens at once from here on. */
  atOnce: number;
}

/**
 * The quick edge of what the standards let a device do, so that what this bears every device bears.
 * B: as load management reckons (IEC 60898-1 table 7).
 * gG: IEC 60269-1 (1.25 holds, 1.6 opens within hours; gates of a 63 A link: more than 10 s at 160 A, less than 5 s at 320 A).
 */
export const CURVES = {
  B: QUICK_BREAKER,
  gG: { holds: 1.25, tauS: 60, atOnce: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, Curve>;
