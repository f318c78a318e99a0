import { QUICK_BREAKER } from "../../breaker-curve.ts";

/** How a protective device bears overload: a body that warms up, and a coil. All factors are of the rated current. */
export interface Curve {
  /** It bears this much for ever. */
  holds: number;
  /** Time constant of its warming up, s. */
  tauS: number;
  /** It opens at once from here on. */
  atOnce: number;
}

/**
 * The quick edge of what the standards let a device do, so that what this bears every device bears.
 * B: as load management reckons (IEC 60898-1 table 7).
 * gG: IEC 60269-1 (1.25 holds, 1.6 opens within hours; gates of a 63 A link: more than 10 s at 160 A, less than 5 s at 320 A).
 */
export const CURVES = {
  B: QUICK_BREAKER,
  gG: { holds: 1.25, tauS: 60, atOnce: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, Curve>;
