import type { RateUnit } from "./schedule.ts";

/** How a simulated charge point departs from a good one. */
export interface Behaviour {
  /** Draws what the hardware allows, whatever it has accepted. */
  ignoresLimits: boolean;
  /** What becomes of SetChargingProfile. */
  profileAnswer: "decide" | "reject" | "silence";
  /** How long a new limit takes to come into force. */
  reactionS: number;
  /** Phases of the car, where the behaviour dictates them. */
  carPhases: 1 | null;
  maxStackLevel: number;
  units: readonly RateUnit[];
  /** Factor by which the car exceeds what it is offered. */
  overdraw: number;
  /** Whether it keeps a connection to the central system. */
  connects: boolean;
  faulted: boolean;
}

const GOOD: Behaviour = {
  ignoresLimits: false,
  profileAnswer: "decide",
  reactionS: 0,
  carPhases: null,
  maxStackLevel: 8,
  units: ["A", "W"],
  overdraw: 1,
  connects: true,
  faulted: false,
};

/** Every act a simulated charge point can play: the good one, and one departure from it each. */
export const BEHAVIOURS = {
  normal: GOOD,
  ignoresLimits: { ...GOOD, ignoresLimits: true },
  rejectsProfiles: { ...GOOD, profileAnswer: "reject" },
  noAnswer: { ...GOOD, profileAnswer: "silence" },
  slow: { ...GOOD, reactionS: 20 },
  singlePhaseCar: { ...GOOD, carPhases: 1 },
  stackZeroOnly: { ...GOOD, maxStackLevel: 0 },
  wattsOnly: { ...GOOD, units: ["W"] },
  overdraws: { ...GOOD, overdraw: 1.08 },
  offline: { ...GOOD, connects: false },
  fault: { ...GOOD, faulted: true },
} as const satisfies Record<string, Behaviour>;

export type BehaviourName = keyof typeof BEHAVIOURS;

/** Whether a text names a behaviour. */
export function isBehaviour(name: unknown): name is BehaviourName {
  return typeof name === "string" && Object.hasOwn(BEHAVIOURS, name);
}
