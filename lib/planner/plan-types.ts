import type { AllocationConfig } from "../dlm/types.ts";
import type { Triple } from "../units.ts";

/** Kinds of car parks, with what their cars and their building do over a day. */
export const SCENES = ["office", "home", "depot"] as const;
export type Scene = (typeof SCENES)[number];

/** What is to be played. */
export interface PlanRequest {
  scene: Scene;
  /** Instead of the scene's: the cars of every day. */
  table: readonly TableCar[] | null;
  /** Cars of each day. */
  cars: number;
  days: number;
  /** Day of the year of the first day, 0 = January 1; it is a Monday. */
  firstDay: number;
  /** Highest load beside the cars, by zone, A per phase. */
  highestLoadA: ReadonlyMap<string, Triple>;
  /** Peak power of the sun's modules, W. */
  sunW: number;
  seed: number;
  /** As the `ev-dlm` of the root zone is set. */
  config: Pick<AllocationConfig, "fairness" | "idlePolicy" | "priorityPolicy">;
  rotationS: number;
}

/** A car as a table gives it, for every day. Minutes of the day; a departure before the arrival is on the next day. */
export interface TableCar {
  arrivalMin: number;
  departureMin: number;
  wantedWh: number;
  phases: 1 | 2 | 3;
  maxA: number;
}

/** One visit. Minutes since the first midnight. */
export interface Visit {
  arrivalMin: number;
  departureMin: number;
  wantedWh: number;
  /** Phases that the car loads, and the most that it draws on each, A. */
  phases: 1 | 2 | 3;
  maxA: number;
}

/** What held cars back: a breaker, a power limit, a limit on the difference of phases, the surplus. */
export interface Bottleneck {
  /** `ZONE`, `POWER`, `IMBALANCE` or `PV`, as in the reasons of allocations. */
  code: string;
  /** null = the surplus. */
  zone: string | null;
  /** Energy that cars did not get there and then, Wh; most of it is delivered later. */
  heldBackWh: number;
  /** Time in which it held any car back, h. */
  hours: number;
  /** Minutes since the first midnight. */
  firstMin: number;
}

/** What the next size would bring, everything else alike. */
export interface NextStep {
  zone: string;
  /** Rating, A; of a power limit, W. */
  unit: "A" | "W";
  from: number;
  to: number;
  /** Delivered by departure, more than without it. */
  moreWh: number;
  /** Cars that leave with all they want, more than without it. */
  moreCars: number;
}

/** Load of the root zone on its fullest phase in one hour of the day, over all days, A. */
export interface HourLoad {
  hour: number;
  meanA: number;
  mostA: number;
}

/** What the days came to. */
export interface Played {
  visits: number;
  /** Found no free connector. */
  turnedAway: number;
  /** Left with all they wanted. */
  satisfied: number;
  wantedWh: number;
  deliveredWh: number;
  /** Of what was delivered, from the sun. */
  sunWh: number;
  /** Car hours at the minimum although the car could take more, and car hours without current. */
  atMinimumH: number;
  waitingH: number;
  /** Most held back first. */
  bottlenecks: Bottleneck[];
  hours: HourLoad[];
}

export interface DayPlan extends Played {
  days: number;
  seed: number;
  connectors: number;
  /** The breaker's rating that was played, A, on the fullest phase. */
  limitA: number;
  /** null = nothing but the cars and chargers themselves held a car back. */
  nextStep: NextStep | null;
}
