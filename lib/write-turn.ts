import { WRITE_TURN_MS } from "./thresholds.ts";

/** The turn that a moment is in. @param nowMs monotonic */
export const writeTurn = (nowMs: number): number => Math.floor(nowMs / WRITE_TURN_MS);
