/** A result as it is shown; pages import it, so it imports nothing. */

/** What a run says of one thing. `unsure` comes with what to do. */
export type Verdict = "right" | "wrong" | "unsure";

/**
 * `phases`: how many phases the charger feeds. `rotation`: which phase each terminal hangs on. `role`: whether the meter sees the charger as
 * its zone says. `direction`: the sign of each transformer. `scale`: amperes per ampere. `chargerRotation`, `chargerMaximum`: what the
 * charger says of itself.
 */
export type Aspect = "phases" | "rotation" | "role" | "direction" | "scale" | "chargerRotation" | "chargerMaximum";

/** How one leg of a meter followed the steps. */
export interface LegResult {
  /** 1 to 3. */
  leg: 1 | 2 | 3;
  /** A shown for each ampere commanded; null = it cannot be told. */
  slope: number | null;
  follows: "yes" | "no" | "unsure";
  /** Part of the steps, 0 to 1, that agree with the slope. */
  agreement: number;
}

/** A meter above the charger. */
export interface MeterResult {
  meter: string;
  zone: string;
  location: "including" | "excluding";
  /** The car's current showed so late, s. */
  lagS: number | null;
  /** Samples that were used. */
  samples: number;
  legs: LegResult[];
}

/** A finding in words. */
export interface FindingView {
  aspect: Aspect;
  verdict: Verdict;
  /** The meter that it is about; null = the charger. */
  meter: string | null;
  text: string;
  /** What to do; empty where it is right. */
  cure: string;
}

/** A result as people and flows read it: without the curve, with sentences. */
export interface ResultView {
  /** `CP1/1`. */
  target: string;
  chargePoint: string;
  connector: number;
  /** ISO 8601 UTC. */
  started: string;
  durationS: number;
  /** Who asked for it; empty = nobody said. */
  by: string;
  /** Why the run ended; `finished` = the whole pattern was gone through. */
  end: string;
  verdict: Verdict;
  /** The verdict, and why the run ended before its time. */
  text: string;
  findings: FindingView[];
  meters: MeterResult[];
  lowA: number;
  highA: number;
  edges: number;
  configured: { phases: number; rotation: string; maxA: number };
  /** The one rotation that was proven; null = several fit. */
  rotation: string | null;
  /** Site phases that the load was on, 1 to 3; null = it cannot be told. */
  usedPhases: number[] | null;
  /** The least that was left of any row above, A. */
  leastRoomA: number | null;
}

/** Something that has to be there before a run can begin, in words: that it is, or what to do. */
export interface NeedView {
  need: "connected" | "car" | "meter";
  isMet: boolean;
  text: string;
}

/** A connector of a load management. */
export interface TargetView {
  /** `CP1/1`. */
  target: string;
  /** What it is called, for people. */
  charger: string;
  needs: NeedView[];
}

/** The run that is under way. */
export interface RunningView {
  target: string;
  /** 0 to 1. */
  progress: number;
  /** From 1 on. A run that has seen enough ends before the last one. */
  step: number;
  steps: number;
  /** The most that this step asks for, A. */
  wantedA: number;
  /** What the charger reported last, A on its fullest terminal; null = nothing. */
  drawnA: number | null;
  meters: LiveMeter[];
  /** One point for each two seconds: seconds since the start, A allowed, A of each leg in the order of `meters`. */
  curve: [second: number, setpointA: number, ...legsA: (number | null)[]][];
}

/** What a meter above the charger shows while a run is under way. */
export interface LiveMeter {
  meter: string;
  zone: string;
  legsA: (number | null)[];
  /** By how much each leg has changed since the step began, A. */
  changeA: (number | null)[];
}
