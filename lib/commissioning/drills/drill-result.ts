import type { Note } from "../../words/types.ts";
import type { Verdict } from "../view-types.ts";
import type { DrillKind, DrillPoint } from "./view-types.ts";

/** Why a drill ended. */
export const DRILL_ENDS = ["finished", "person", "room", "noRoom", "car", "gone", "deploy", "restart"] as const;
/**
 * `finished`: it was gone through, whatever it has shown. All others broke it off: a person; a phase came near its limit; no room could be made; the car
 * stopped; charger, meter or load management left; a deploy; Node-RED ended.
 */
export type DrillEnd = (typeof DRILL_ENDS)[number];

/** One thing that a drill says. */
export interface DrillFinding {
  verdict: Verdict;
  /** What was seen. */
  text: Note;
  /** What to do; null where it is right. */
  cure: Note | null;
}

/** What one drill has shown; plain JSON, as it is kept. */
export interface DrillResult {
  kind: DrillKind;
  /** `CP1/1`, the name of a meter or that of a zone. */
  target: string;
  startedWallMs: number;
  durationS: number;
  /** The most it was given, s. */
  seconds: number;
  /** Who asked for it; empty = nobody said. */
  by: string;
  end: DrillEnd;
  /** The worst of the findings; `unsure` without any. */
  verdict: Verdict;
  findings: DrillFinding[];
  /** What was done when. */
  steps: { atS: number; text: Note }[];
  unit: "A" | "W";
  /** At or below this the chargers are safe. */
  limit: number | null;
  /** After so long the chargers had confirmed it, and drew no more; s, null = not seen. */
  commandedS: number | null;
  measuredS: number | null;
  /** It may take so long, s. */
  allowedS: number;
  curve: DrillPoint[];
}
