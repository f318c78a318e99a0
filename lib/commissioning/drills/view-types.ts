/** A drill as it is shown; pages import it, so it imports nothing but verdicts. */
import type { Verdict } from "../view-types.ts";

/**
 * `link`: the connection to one charger is held shut. `meter`: the readings of one meter are ignored. `limit`: a limit of the network
 * operator is commanded. `disobey`: one charger seems to draw more than its limit.
 */
export const DRILLS = ["link", "meter", "limit", "disobey"] as const;
export type DrillKind = (typeof DRILLS)[number];

/** One second of a drill: what the chargers were told, what they draw, and what counts as safe; null = not known. */
export type DrillPoint = [second: number, commanded: number | null, measured: number | null, limit: number | null];

/** A drill that is under way. */
export interface DrillRunning {
  kind: DrillKind;
  /** `CP1/1`, the name of a meter or that of a zone. */
  target: string;
  /** `room` = others are asked to leave room first; `fault` = what is missing is missing; `return` = it is there again, and waited for. */
  phase: "room" | "fault" | "return";
  /** Seconds until this part ends at the latest. */
  leftS: number;
  /** Seconds since it began, and what it was given. */
  elapsedS: number;
  seconds: number;
  /** In a sentence, with the countdown. */
  text: string;
}

/** A drill that can be chosen. */
export interface DrillChoiceView {
  kind: DrillKind;
  target: string;
  /** The target for people. */
  name: string;
  /** What it would take at most, s; null where it cannot begin. */
  seconds: number | null;
  /** Why it cannot begin now; empty = it can. */
  lacks: string;
}

/** The drills of a site. */
export interface DrillPage {
  running: DrillRunning | null;
  /** What can be chosen, each with why it cannot begin now. */
  choices: DrillChoiceView[];
  /** The newest first. */
  results: DrillView[];
}

/** A finding of a drill in words. */
export interface DrillFindingView {
  verdict: Verdict;
  text: string;
  /** What to do; empty where it is right. */
  cure: string;
}

/** A result as people and flows read it. */
export interface DrillView {
  kind: DrillKind;
  target: string;
  /** What the drill is, in words. */
  title: string;
  /** ISO 8601 UTC. */
  started: string;
  durationS: number;
  /** The most it was given, s. */
  seconds: number;
  /** Who asked for it; empty = nobody said. */
  by: string;
  /** Why it ended; `finished` = it was gone through. */
  end: string;
  verdict: Verdict;
  /** The verdict, and why it ended before its time. */
  text: string;
  findings: DrillFindingView[];
  /** What was done when. */
  steps: { atS: number; text: string }[];
  unit: "A" | "W";
  /** At or below this the chargers are safe, in `unit`. */
  limit: number | null;
  /** After so long the chargers had confirmed it, and drew no more; s, null = not seen. */
  commandedS: number | null;
  measuredS: number | null;
  /** What counts: the draw, else what was confirmed. */
  safeS: number | null;
  /** It may take so long, s. */
  allowedS: number;
  curve: DrillPoint[];
}
