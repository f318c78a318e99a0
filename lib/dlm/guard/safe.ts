import { SAFE_A } from "../../thresholds.ts";
import type { Snapshot } from "../types.ts";
import { outOfBalance } from "./balance.ts";
import type { ConnectorSight } from "./connectors.ts";
import { at, type GuardViolation, NOISE_A, ROWS } from "./guard-types.ts";
import type { ZoneTotals } from "./zone-totals.ts";

/**
 * Safe currents for all connectors below a violated zone: never more than before and after, the zone's fail-safe
 * current at most, and 0 where that is below their minimum, does not fit beside what cannot be lowered, or is out of
 * balance. A connector that draws more than it may is placed first, with what it draws. A connector between 0 and its minimum
 * is stopped, without effect on the others.
 */
export function safeCurrents(
  snapshot: Snapshot,
  totals: ZoneTotals,
  sights: readonly ConnectorSight[],
  violations: readonly GuardViolation[],
): Map<string, number> {
  const safeA = new Map<string, number>();
  if (violations.length === 0) return safeA;
  const violated = new Set(violations.filter(({ kind }) => kind !== "minimum").map(({ zone }) => zone));
  const below = (sight: ConnectorSight) =>
    totals.tree.path(sight.given.zone).some((z) => violated.has(totals.zones[z]!.id));
  const pulled = sights.filter((sight) => sight.controllable && below(sight)).sort(byPlace);
  const leftA = totals.capacityA.map((capacityA, i) => capacityA - totals.commandedA[i]!);
  const load = ({ given, weights }: ConnectorSight, currentA: number): void => {
    for (const z of totals.tree.path(given.zone)) for (const row of ROWS) leftA[at(z, row)]! -= weights[row] * currentA;
  };
  for (const sight of pulled) load(sight, -sight.afterA);
  for (const sight of pulled) {
    const currentA = Math.min(sight.beforeA, sight.afterA, failSafeA(sight, totals, snapshot));
    const takenA = draws(sight) ? sight.reservedA : currentA;
    const roomA = Math.min(...totals.tree.path(sight.given.zone).map((z) => roomOf(leftA, z, sight)));
    const given = currentA >= minimumA(sight, snapshot) - NOISE_A && takenA <= roomA + NOISE_A ? currentA : 0;
    load(sight, draws(sight) ? takenA : given);
    safeA.set(sight.given.id, given);
  }
  level(totals, sights, pulled, safeA);
  for (const { connector } of violations) if (connector !== undefined) safeA.set(connector, 0);
  return safeA;
}

function roomOf(leftA: Float64Array, z: number, { weights }: ConnectorSight): number {
  return Math.min(...ROWS.filter((row) => weights[row] > 0).map((row) => leftA[at(z, row)]! / weights[row]));
}

/** Stops unbalanced cars, the last ones first, until every phase is in balance or there is nothing left to stop. */
function level(
  totals: ZoneTotals,
  sights: readonly ConnectorSight[],
  pulled: readonly ConnectorSight[],
  safeA: Map<string, number>,
): void {
  const givenA = (sight: ConnectorSight) => safeA.get(sight.given.id) ?? sight.afterA;
  for (;;) {
    const stop = outOfBalance(totals, sights, givenA)
      .map(({ zone, phase }) => {
        const isOn = (car: ConnectorSight) => totals.tree.path(car.given.zone).includes(zone) && car.weights[phase] > 0;
        return pulled.findLast((car) => isOn(car) && car.phases.length < 3 && givenA(car) > 0);
      })
      .find((car) => car !== undefined);
    if (!stop) return;
    safeA.set(stop.given.id, 0);
  }
}

function failSafeA(sight: ConnectorSight, totals: ZoneTotals, snapshot: Snapshot): number {
  const named = totals.tree.path(sight.given.zone).map((z) => totals.zones[z]!.failSafeA ?? Number.POSITIVE_INFINITY);
  const lowest = Math.min(...named);
  return Number.isFinite(lowest) ? lowest : (snapshot.config?.failSafeA ?? SAFE_A);
}

function minimumA({ given, phases }: ConnectorSight, snapshot: Snapshot): number {
  const { minA1p = SAFE_A, minA3p = SAFE_A } = snapshot.config ?? {};
  return phases.length === 1 ? (given.minA ?? minA1p) : (given.minA3p ?? given.minA ?? minA3p);
}

/** It may draw more than it is told. */
function draws({ reservedA, afterA }: ConnectorSight): boolean {
  return reservedA > afterA;
}

function byPlace(a: ConnectorSight, b: ConnectorSight): number {
  const first = Number(draws(b)) - Number(draws(a));
  return first || (a.given.priorityClass ?? 1) - (b.given.priorityClass ?? 1) || b.beforeA - a.beforeA;
}
