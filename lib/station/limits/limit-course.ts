import { END_DOUBT_MS } from "../../thresholds.ts";

/** A schedule that a charge point may hold: a limit, A per phase, and what follows when it ends. */
export interface PossibleLimit {
  limitA: number;
  /** When the limit ends, monotonic; Infinity where it does not by itself. */
  untilMs: number;
  /** What holds afterwards, A per phase. */
  safeA: number;
  /** False where neither its end nor what follows is sure: the connector counts with its maximum (safety.md S12). */
  fallsBack?: boolean;
}

/** It ends at more than it allows: a pause, above all. */
export function endsUpwards({ limitA, safeA }: PossibleLimit): boolean {
  return limitA < safeA;
}

/** The most a schedule may allow at any moment from `fromMs` to `toMs`, A per phase. */
export function mostBetween(possible: PossibleLimit, fromMs: number, toMs: number): number {
  const { limitA, untilMs, safeA } = possible;
  if (endsUpwards(possible)) return toMs >= untilMs - END_DOUBT_MS ? safeA : limitA;
  return fromMs < untilMs + END_DOUBT_MS ? limitA : safeA;
}

/**
 * Two schedules of which either may be in force as one that is never lower: the higher limit, to the later end of those that end
 * downwards, or, where both end upwards, to the earlier end.
 */
export function eitherOf(one: PossibleLimit, other: PossibleLimit): PossibleLimit {
  const limitA = Math.max(one.limitA, other.limitA);
  const safeA = Math.max(one.safeA, other.safeA);
  const unsure = (one.fallsBack === false || other.fallsBack === false) && { fallsBack: false };
  if (limitA < safeA) return { limitA, safeA, untilMs: Math.min(one.untilMs, other.untilMs), ...unsure };
  const counting = [one, other].filter((possible) => possible.limitA > safeA || limitA === safeA);
  return { limitA, safeA, untilMs: Math.max(...counting.map(({ untilMs }) => untilMs)), ...unsure };
}
