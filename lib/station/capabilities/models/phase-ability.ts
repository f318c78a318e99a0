import type { PhaseSwitch, SmartTraits } from "./types.ts";

type Smart = Pick<SmartTraits, "supported" | "unit" | "numberPhases" | "switchesPhases" | "phaseSwitch" | "phaseKey">;

/** A configuration key that changes the phases, and its values. */
export interface PhaseKey {
  key: string;
  one: string;
  three: string;
}

/**
 * How a charge point is told to change between one phase and three; null where it cannot, or nobody knows that it can. One that takes
 * watts only is left alone: what is meant for three phases would all flow on one until it has changed.
 */
export function phaseSwitchOf(smart: Smart): PhaseSwitch | null {
  if (smart.switchesPhases !== "yes" || smart.supported === "no" || smart.unit === "W") return null;
  return smart.phaseSwitch === "key" && phaseKeyOf(smart) === null ? null : smart.phaseSwitch;
}

/** The key that changes the phases; null where there is none. */
export function phaseKeyOf({ phaseSwitch, phaseKey }: Pick<Smart, "phaseSwitch" | "phaseKey">): PhaseKey | null {
  const { key, one, three } = phaseKey;
  return phaseSwitch === "key" && key && one && three ? { key, one, three } : null;
}

/** Whether its schedules say in each period how many phases they are for. */
export function statesPhases(smart: Smart): boolean {
  const how = phaseSwitchOf(smart);
  return smart.numberPhases === "always" || how === "charging" || how === "paused";
}
