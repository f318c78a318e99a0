/**
 * How long a circuit breaker bears more than its rated current: IEC 60898-1 table 7 up to 125 A (1.13 times for 1 h, 2 h above 63 A;
 * 1.45 times opens it within that; 2.55 times after 1 s at the earliest), IEC 60947-2 above (1.05 and 1.3 times for 2 h).
 */

/** Up to this rated current a breaker is one for buildings, A. */
const LARGEST_MCB_A = 125;
/** Up to this rated current its conventional time is an hour, A; above it is two. */
const ONE_HOUR_UP_TO_A = 63;

/** The quick edge of what the standards let a breaker do, so that what this bears every breaker bears. */
export const QUICK_BREAKER = {
  /** It bears this many times its rated current for its conventional time. */
  holds: 1.13,
  /** Time constant of its warming up, s. */
  tauS: 200,
  /** It opens at once from so many times its rated current on. */
  atOnce: 3,
} as const;

/** What a breaker must hold, and what must open it, within its conventional time. */
export interface BreakerBounds {
  /** Times its rated current. */
  holds: number;
  opens: number;
  /** Conventional time. */
  hours: 1 | 2;
}

/** The bounds of a breaker of this rated current, A. */
export function breakerBounds(ratedA: number): BreakerBounds {
  const [holds, opens] = ratedA <= LARGEST_MCB_A ? [QUICK_BREAKER.holds, 1.45] : [1.05, 1.3];
  return { holds, opens, hours: ratedA <= ONE_HOUR_UP_TO_A ? 1 : 2 };
}

/**
 * How long any breaker of this rated current that has carried it for hours bears a current, s. Infinity up to the rated current; up to
 * what it must hold its conventional time; above it the time in which its body warms up; 0 where it opens at once.
 */
export function bearsS(ratedA: number, currentA: number): number {
  if (currentA <= ratedA) return Number.POSITIVE_INFINITY;
  if (currentA >= QUICK_BREAKER.atOnce * ratedA) return 0;
  const { holds, hours } = breakerBounds(ratedA);
  const conventionalS = 3600 * hours;
  const settled = (currentA / (holds * ratedA)) ** 2;
  if (settled <= 1) return conventionalS;
  const warm = 1 / holds ** 2;
  return Math.min(conventionalS, QUICK_BREAKER.tauS * Math.log((settled - warm) / (settled - 1)));
}
