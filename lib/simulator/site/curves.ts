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
 * B: IEC 60898-1 table 7 (1.13 holds for 1 h, 1.45 opens within 1 h, 2.55 after 1 s to 60 s, 3 to 5 at once).
 * gG: IEC 60269-1 (1.25 holds, 1.6 opens within hours; gates of a 63 A link: more than 10 s at 160 A, less than 5 s at 320 A).
 */
export const CURVES = {
  B: { holds: 1.13, tauS: 200, atOnce: 3 },
  gG: { holds: 1.25, tauS: 60, atOnce: Number.POSITIVE_INFINITY },
} as const satisfies Record<string, Curve>;
