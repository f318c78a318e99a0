import type { Rotation } from "../dlm/types.ts";
import type { Note } from "../words/types.ts";
import type { Aspect, MeterResult, Verdict } from "./view-types.ts";

export type { Aspect, LegResult, MeterResult, Verdict } from "./view-types.ts";

/** Why a run ended. */
export const ENDS = [
  "finished",
  "person",
  "room",
  "meter",
  "guard",
  "car",
  "offline",
  "disobeys",
  "deploy",
  "time",
] as const;
/**
 * `finished`: the whole pattern was gone through. All others broke it off: a person; a row came near its limit; a meter fell silent or is
 * doubted; the guard acted; the car stopped; the charger left, or does not obey; a deploy; it took too long.
 */
export type RunEnd = (typeof ENDS)[number];

/** One thing that a run says. */
export interface Finding {
  aspect: Aspect;
  verdict: Verdict;
  /** The meter that it is about; null = the charger. */
  meter: string | null;
  /** What was seen. */
  text: Note;
  /** What to do; null where it is right. */
  cure: Note | null;
}

/** One moment of the run, for a drawing: seconds since its start, A commanded, A per leg in the order of `meters`. */
export type CurvePoint = [second: number, setpointA: number, ...legsA: (number | null)[]];

/** What one run has shown; plain JSON, as it is kept. */
export interface CommissioningResult {
  /** `CP1/1`. */
  target: string;
  chargePoint: string;
  connector: number;
  startedWallMs: number;
  durationS: number;
  /** Who asked for it; empty = nobody said. */
  by: string;
  end: RunEnd;
  /** The worst of the findings; `unsure` without any. */
  verdict: Verdict;
  findings: Finding[];
  meters: MeterResult[];
  /** Lowest and highest current that was commanded, A, and how often it went from one to the other. */
  lowA: number;
  highA: number;
  edges: number;
  /** As it was configured. */
  configured: { phases: 1 | 2 | 3; rotation: Rotation; maxA: number };
  /** As the charger says of itself; null = it does not. */
  charger: { rotation: string | null; maxA: number | null };
  /** The rotating field at the outlet, as the person measured it; null = not measured. */
  field: RotatingField | null;
  /** Rotations that fit everything seen in this run. */
  candidates: Rotation[];
  /** The one rotation that fits this run and the others of the last hours; null = several fit. */
  rotation: Rotation | null;
  /** Site phases that the load was on, 1 to 3; null = it cannot be told. */
  usedPhases: number[] | null;
  /** The least that was left of any row above, A. */
  leastRoomA: number | null;
  curve: CurvePoint[];
}

export type RotatingField = "right" | "left";

/** The six orders that terminals can hang in; those of a field that turns right come first. */
export const ROTATIONS = ["RST", "STR", "TRS", "RTS", "SRT", "TSR"] as const satisfies readonly Rotation[];

/** Whether the field turns right where terminals hang so. */
export function turnsRight(rotation: Rotation): boolean {
  return ["RST", "STR", "TRS"].includes(rotation);
}

/** The worst of some verdicts; `unsure` without any. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("wrong")) return "wrong";
  return verdicts.length === 0 || verdicts.includes("unsure") ? "unsure" : "right";
}
