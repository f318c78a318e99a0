import type { Snapshot } from "../types.ts";
import { outOfBalance } from "./balance.ts";
import type { Sight } from "./connectors.ts";
import { type GuardViolation, NOISE_A, ROWS, type Rows } from "./shapes.ts";
import type { Stock } from "./stock.ts";

const GENERAL_FAIL_SAFE_A = 6;

/**
 * Safe currents for all connectors below a violated zone: never more than before and after, the zone's fail-safe
 * current at most, and 0 where that is below their minimum, does not fit beside what cannot be lowered, or is out of
 * balance. One that draws more than it may takes its place first, with what it draws. A connector between 0 and its minimum
 * is stopped and leaves the others alone.
 */
export function safeCurrents(
  snapshot: Snapshot,
  stock: Stock,
  sights: readonly Sight[],
  violations: readonly GuardViolation[],
): Map<string, number> {
  const safeA = new Map<string, number>();
  if (violations.length === 0) return safeA;
  const violated = new Set(violations.filter(({ kind }) => kind !== "minimum").map(({ zone }) => zone));
  const below = (sight: Sight) => stock.path(sight.given.zone).some((z) => violated.has(stock.zones[z]!.id));
  const pulled = sights.filter((sight) => sight.controllable && below(sight)).sort(byPlace);
  const leftA = stock.capacityA.map((capacityA, z) => ROWS.map((row) => capacityA[row] - stock.commandedA[z]![row]));
  const load = ({ given, weights }: Sight, currentA: number): void => {
    for (const z of stock.path(given.zone)) for (const row of ROWS) leftA[z]![row]! -= weights[row] * currentA;
  };
  for (const sight of pulled) load(sight, -sight.afterA);
  for (const sight of pulled) {
    const currentA = Math.min(sight.beforeA, sight.afterA, failSafeA(sight, stock, snapshot));
    const takenA = draws(sight) ? sight.reservedA : currentA;
    const roomA = Math.min(...stock.path(sight.given.zone).map((z) => roomOf(leftA[z] as Rows, sight)));
    const given = currentA >= minimumA(sight, snapshot) - NOISE_A && takenA <= roomA + NOISE_A ? currentA : 0;
    load(sight, draws(sight) ? takenA : given);
    safeA.set(sight.given.id, given);
  }
  level(stock, sights, pulled, safeA);
  for (const { connector } of violations) if (connector !== undefined) safeA.set(connector, 0);
  return safeA;
}

function roomOf(leftA: Rows, { weights }: Sight): number {
  return Math.min(...ROWS.filter((row) => weights[row] > 0).map((row) => leftA[row] / weights[row]));
}

/** Stops unbalanced cars, the last ones first, until every phase is in balance or there is nothing left to stop. */
function level(stock: Stock, sights: readonly Sight[], pulled: readonly Sight[], safeA: Map<string, number>): void {
  const givenA = (sight: Sight) => safeA.get(sight.given.id) ?? sight.afterA;
  for (;;) {
    const stop = outOfBalance(stock, sights, givenA)
      .map(({ zone, phase }) => {
        const isOn = (car: Sight) => stock.path(car.given.zone).includes(zone) && car.weights[phase] > 0;
        return pulled.findLast((car) => isOn(car) && car.phases.length < 3 && givenA(car) > 0);
      })
      .find((car) => car !== undefined);
    if (!stop) return;
    safeA.set(stop.given.id, 0);
  }
}

function failSafeA(sight: Sight, stock: Stock, snapshot: Snapshot): number {
  const named = stock.path(sight.given.zone).map((z) => stock.zones[z]!.failSafeA ?? Number.POSITIVE_INFINITY);
  const lowest = Math.min(...named);
  return Number.isFinite(lowest) ? lowest : (snapshot.config?.failSafeA ?? GENERAL_FAIL_SAFE_A);
}

function minimumA({ given, phases }: Sight, snapshot: Snapshot): number {
  const { minA1p = GENERAL_FAIL_SAFE_A, minA3p = GENERAL_FAIL_SAFE_A } = snapshot.config ?? {};
  return phases.length === 1 ? (given.minA ?? minA1p) : (given.minA3p ?? given.minA ?? minA3p);
}

/** It may draw more than it is told. */
function draws({ reservedA, afterA }: Sight): boolean {
  return reservedA > afterA;
}

function byPlace(a: Sight, b: Sight): number {
  const first = Number(draws(b)) - Number(draws(a));
  return first || (a.given.priorityClass ?? 1) - (b.given.priorityClass ?? 1) || b.beforeA - a.beforeA;
}
