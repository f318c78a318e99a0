import type { ActiveLimit } from "./signals.ts";

/** A draw that only seems to be: one charger does not obey, as far as load management can see. */
export interface SeemingDraw {
  /** `CP1/1`. */
  connector: string;
  /** What it seems to draw, A per terminal in use, whatever its limit; more than that is shown as it is. */
  drawA: number;
  /** Its charger reports it; false = only the meters above it still show it. */
  isReported: boolean;
}

/**
 * What a drill lets load management see otherwise than it is: it knows less, a limit is commanded, or more seems to be drawn. None of it
 * can raise anything: unknown is never zero (S4), limits only lower, and a draw takes from the others (S1).
 */
export interface DrillSight {
  /** Readings of this meter do not arrive. */
  hides(meter: string): boolean;
  /** Limits that seem to come from outside. */
  limits(zone: string, wallMs: number): readonly ActiveLimit[];
  draw(): SeemingDraw | null;
}
