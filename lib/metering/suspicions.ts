/** Doubts about how a meter is mounted or described. They are told, never acted upon: nothing is turned or swapped by itself. */
import { type Decoded, decodeWithProblems, type RegisterRead } from "./decode.ts";
import { type Measurement, sumOf } from "./measurement.ts";
import { type MeterProfile, wordsOf } from "./profile-schema.ts";

/** So many readings in a row must give rise to a doubt before it is told, and be free of it before it goes. */
const VOTES = 5;
/** Below these a meter's own tolerance explains any difference. */
const SMALL_W = 150;
const SMALL_A = 2;

const KINDS = ["phaseSum", "apparentPower", "wordOrder"] as const;
export type SuspicionKind = (typeof KINDS)[number];

export interface Suspicion {
  kind: SuspicionKind;
  /** One sentence for status and dialog: what does not fit, and what to check. */
  text: string;
}

/** The doubts that one reading gives rise to. */
export function doubtsOf(profile: MeterProfile, reads: readonly RegisterRead[], decoded: Decoded): Suspicion[] {
  const wordOrder = suspectWordOrder(profile, reads, decoded);
  return [...suspectIn(decoded.measurement), ...(wordOrder ? [wordOrder] : [])];
}

/** The doubts that follow from the values alone. */
export function suspectIn(measurement: Measurement): Suspicion[] {
  return [phaseSum(measurement), ...[0, 1, 2].map((phase) => apparentPower(measurement, phase))].filter(
    (suspicion) => suspicion !== null,
  );
}

function phaseSum({ powerW, phasePowerW }: Measurement): Suspicion | null {
  const sumW = sumOf(phasePowerW);
  if (powerW === null || sumW === null) return null;
  const tolerated = SMALL_W + 0.1 * Math.max(...phasePowerW.map((watts) => Math.abs(watts ?? 0)));
  if (Math.abs(sumW - powerW) <= tolerated) return null;
  const turned = Math.abs(sumW + powerW) <= tolerated;
  const check = turned ? "sign?" : "direction or scale of a current transformer?";
  return {
    kind: "phaseSum",
    text: `${check} the phases add up to ${Math.round(sumW)} W, the total says ${Math.round(powerW)} W`,
  };
}

/** Active power cannot be above U × I; far below it on a loaded phase, a scale or a phase is wrong. */
function apparentPower({ phasePowerW, voltageV, currentA }: Measurement, phase: number): Suspicion | null {
  const watts = phasePowerW[phase] ?? null;
  const volts = voltageV[phase] ?? null;
  const amps = currentA[phase] ?? null;
  if (watts === null || volts === null || amps === null) return null;
  const apparent = volts * Math.abs(amps);
  const above = Math.abs(watts) > 1.3 * apparent + SMALL_W;
  const below = Math.abs(amps) > SMALL_A && Math.abs(watts) < 0.02 * apparent;
  if (!above && !below) return null;
  return {
    kind: "apparentPower",
    text: `scale or phase? L${phase + 1} has ${Math.round(volts)} V and ${amps.toFixed(1)} A, but a power of ${Math.round(watts)} W`,
  };
}

/** The doubt that the words of a value come in the other order: what cannot be true as declared would be plausible so. */
function suspectWordOrder(profile: MeterProfile, reads: readonly RegisterRead[], decoded: Decoded): Suspicion | null {
  if (decoded.problems.length === 0) return null;
  if (Object.values(profile.registers).every(({ type }) => wordsOf(type) === 1)) return null;
  const { measurement, problems } = decodeWithProblems(otherOrder(profile), reads);
  const witnesses = [...measurement.voltageV, measurement.frequencyHz].filter((value) => value !== null);
  if (problems.length > 0 || witnesses.length === 0) return null;
  return {
    kind: "wordOrder",
    text: `word order? in the ${other(profile.wordOrder)}-endian order the values would be plausible, as declared they are not`,
  };
}

function otherOrder(profile: MeterProfile): MeterProfile {
  const registers = Object.entries(profile.registers).map(
    ([name, register]) => [name, { ...register, wordOrder: other(register.wordOrder ?? profile.wordOrder) }] as const,
  );
  return { ...profile, wordOrder: other(profile.wordOrder), registers: Object.fromEntries(registers) };
}

function other(order: MeterProfile["wordOrder"]): MeterProfile["wordOrder"] {
  return order === "big" ? "little" : "big";
}

/** Lets several readings vote, so that a passing difference raises no doubt. */
export class Suspicions {
  readonly #votes = new Map<SuspicionKind, number>();
  readonly #standing = new Map<SuspicionKind, string>();

  /** Doubts that stand. */
  get texts(): string[] {
    return [...this.#standing.values()];
  }

  /**
   * @param unheard kinds that this reading says nothing about: they are neither confirmed nor weakened
   * @returns whether a doubt came up or went
   */
  add(found: readonly Suspicion[], unheard: readonly SuspicionKind[] = []): boolean {
    let hasChanged = false;
    for (const kind of KINDS) {
      if (unheard.includes(kind)) continue;
      // The last one, where several phases give rise to the same.
      const suspicion = found.findLast((one) => one.kind === kind);
      const votes = Math.min(VOTES, Math.max(0, (this.#votes.get(kind) ?? 0) + (suspicion ? 1 : -1)));
      this.#votes.set(kind, votes);
      const stood = this.#standing.has(kind);
      if (suspicion && (votes === VOTES || stood)) this.#standing.set(kind, suspicion.text);
      if (votes === 0) this.#standing.delete(kind);
      hasChanged ||= this.#standing.has(kind) !== stood;
    }
    return hasChanged;
  }
}
