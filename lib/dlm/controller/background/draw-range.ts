import { SAMPLE_LIFE_S } from "../../../thresholds.ts";
import type { ControlledConnector } from "../controlled-connector.ts";
import { EPSILON } from "../timing.ts";

/** A per terminal; null = unknown. */
export type Currents = (number | null)[];

/** What of a charger's draw at a meter's moment is subtracted: `highA` is the same list as `lowA` where nothing is open. */
export interface DrawRange {
  lowA: Currents;
  highA: Currents;
}

/** A reading of a charger, as seen from a meter's moment. */
export interface ReadingBehindMeter {
  measuredA: Currents;
  ageS: number;
  /** The highest limit in force since it was taken, A. */
  limitA: number;
  /** Age of the meter's sample, s. */
  meterAgeS: number;
}

/** Two samples this close in time show the same moment even while a car is on its way to another setpoint, s. */
const SAME_INSTANT_S = 0.1;

/**
 * Between the two values lies what is subtracted from the meter for a charger:
 * - a reading of that very moment is taken as it is, and so is that of a charger that follows no limit;
 * - for `settleS` after a decrease, until a newer reading comes, the draw lies between the setpoint and the reading;
 * - otherwise it is the reading, but never more than the limit: what a car draws above it is given to no connector. A rise that is not
 *   reported is not subtracted either: the house may have taken it, and must not be hidden behind it.
 */
export function drawRange(connector: ControlledConnector, reading: ReadingBehindMeter, settleS: number): DrawRange {
  const { memory, given, state } = connector;
  const { measuredA, ageS, limitA, meterAgeS } = reading;
  if (state === "offline" || given.reservedA !== undefined || memory.uncontrolled) return certain(measuredA);
  if (ageS > SAMPLE_LIFE_S) return certain(measuredA.map(() => null));
  const isOfMoment = Math.abs(ageS - meterAgeS) <= SAME_INSTANT_S;
  const isSettled = memory.sinceDecreaseS >= settleS - EPSILON || (memory.unseenS ?? 0) >= 2 * settleS;
  const mayBeFalling = !isSettled && !memory.excess;
  const knownA = capped(measuredA, isSettled && !memory.excess ? limitA : memory.setpointA);
  return { lowA: mayBeFalling && isOfMoment ? measuredA : knownA, highA: mayBeFalling ? measuredA : knownA };
}

function certain(currentsA: Currents): DrawRange {
  return { lowA: currentsA, highA: currentsA };
}

function capped(measuredA: Currents, limitA: number): Currents {
  if (!measuredA.some((value) => (value ?? 0) > limitA)) return measuredA;
  return measuredA.map((value) => (value === null ? null : Math.min(value, limitA)));
}
