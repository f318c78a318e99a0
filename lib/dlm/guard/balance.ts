import { OVERDRAW_A } from "../../thresholds.ts";
import type { ConnectorSight } from "./connectors.ts";
import { at, NOISE_A, PHASES } from "./guard-types.ts";
import type { ZoneTotals } from "./zone-totals.ts";

/** A phase that setpoints load too much more than the least loaded one of its zone. */
export interface Unbalanced {
  zone: number;
  phase: 0 | 1 | 2;
  limitA: number;
  differenceA: number;
}

/**
 * Phases on which single-phase and two-phase cars exceed their zone's imbalance limit with what they are given. Cars on
 * three phases cancel out. Where it cannot be known, nothing is out of balance: a car counts once the controller must
 * know its phases, too, and the least loaded phase counts with the most background that it can have, and with what cars
 * draw there against their setpoints.
 * @param givenA current of each sight, A
 */
export function outOfBalance(
  totals: ZoneTotals,
  sights: readonly ConnectorSight[],
  givenA: (sight: ConnectorSight) => number,
): Unbalanced[] {
  const found: Unbalanced[] = [];
  if (!sights.some(isUnbalanced)) return found;
  totals.zones.forEach((zone, z) => {
    if (zone.imbalanceA === undefined) return;
    const below = sights.filter((sight) => totals.tree.path(sight.given.zone).includes(z));
    if (below.some(isUncertain)) return;
    const cars = below.filter(isUnbalanced);
    const sum = (phase: 0 | 1 | 2, carA: (car: ConnectorSight) => number) =>
      cars.reduce((sumA, car) => sumA + car.weights[phase] * carA(car), 0);
    const mostA = PHASES.map(
      (p) => totals.mostBackgroundA[at(z, p)]! + sum(p, (car) => Math.max(givenA(car), car.drawA)),
    );
    for (const phase of PHASES) {
      const lowerable = cars.some((car) => car.weights[phase] > 0 && obeys(car) && givenA(car) > 0);
      const differenceA = totals.backgroundA[at(z, phase)]! + sum(phase, givenA) - Math.min(...mostA);
      if (lowerable && differenceA > zone.imbalanceA + NOISE_A) {
        found.push({ zone: z, phase, limitA: zone.imbalanceA, differenceA });
      }
    }
  });
  return found;
}

/** It loads fewer than three phases. */
function isUnbalanced({ phases }: ConnectorSight): boolean {
  return phases.length < 3;
}

/** Giving it less is of use. */
function obeys({ controllable, drawA, afterA }: ConnectorSight): boolean {
  return controllable && drawA <= afterA + OVERDRAW_A;
}

/** It is given current, and the controller may see it on other phases. */
function isUncertain({ phases, given, afterA, surelyUnbalanced }: ConnectorSight): boolean {
  if (afterA === 0) return false;
  return phases.length < 3 ? !surelyUnbalanced : (given.phases ?? 3) < 3;
}
