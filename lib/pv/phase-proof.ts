import { CHARGING_A } from "../thresholds.ts";

/** What a charger's currents show of the number of phases it feeds. Pure. */

/** A sample so much younger than a switch must show it, s: slow chargers take half a minute, and open their contactors meanwhile. */
const SHOWN_AFTER_S = 45;
/** Wrong for so long, as far as samples tell, is not followed, s. */
const WRONG_FOR_S = 90;

/** `wrong`: it feeds another number of phases than it was told. `none`: nothing flows, or a terminal is not measured. */
export type Evidence = "right" | "wrong" | "none";

/** How sure it is that a charger feeds what it was told. */
export interface PhaseProof {
  /** A sample since the last switch shows the phases it was told; true before the first switch, too. */
  confirmed: boolean;
  /** Samples show other phases than it was told for so long, s; null while none does. */
  wrongS: number | null;
}

/** One look at the charger's terminals. */
export interface Terminals {
  /** A per terminal 1..3; null = unmeasured. */
  terminalsA: readonly (number | null)[] | null;
  /** Age of that sample, s. */
  sampleAgeS: number;
}

/** Terminals of a sample that carry current, 1..3. */
export function carrying(terminalsA: readonly (number | null)[] | null): number[] {
  return (terminalsA ?? []).flatMap((value, i) => (Math.abs(value ?? 0) > CHARGING_A ? [i + 1] : []));
}

/** Whether all three terminals are measured. */
export function isMeasured(terminalsA: readonly (number | null)[] | null): boolean {
  return terminalsA?.length === 3 && terminalsA.every((value) => value !== null);
}

/** What a sample says of the phases a charger was told `sinceS` ago (null = it never was): one from before says nothing. */
export function evidence(told: 1 | 3, sinceS: number | null, { terminalsA, sampleAgeS }: Terminals): Evidence {
  if (sinceS !== null && sampleAgeS >= sinceS) return "none";
  const used = carrying(terminalsA);
  if (told === 1 && used.some((terminal) => terminal > 1)) return "wrong";
  if (used.length > 1) return "right";
  if (used.length === 0 || !isMeasured(terminalsA)) return "none";
  return told === 1 ? "right" : "wrong";
}

/** The proof with another look. One on three phases that was proven once stays so: a car may end its charge on one. */
export function prove(
  before: PhaseProof,
  told: 1 | 3,
  sinceS: number | null,
  sight: Terminals & { elapsedS: number },
): PhaseProof {
  if (told === 3 && before.confirmed) return { confirmed: true, wrongS: null };
  const shown = evidence(told, sinceS, sight);
  if (shown === "right") return { confirmed: true, wrongS: null };
  if (shown === "none") return before;
  return { confirmed: false, wrongS: (before.wrongS ?? -sight.elapsedS) + sight.elapsedS };
}

/** It was told long enough ago, and goes on with other phases. */
export function isIgnored({ wrongS }: PhaseProof, sinceS: number | null, { sampleAgeS }: Terminals): boolean {
  return (wrongS ?? -1) >= WRONG_FOR_S && (sinceS === null || sinceS - sampleAgeS >= SHOWN_AFTER_S);
}
