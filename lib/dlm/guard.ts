import { type ConnectorWatch, type Sight, watchConnectors } from "./guard/connectors.ts";
import type { Before, GuardKind, GuardResult, GuardViolation } from "./guard/shapes.ts";
import { type Stock, takeStock } from "./guard/stock.ts";
import type { Snapshot } from "./types.ts";

export type { GuardKind, GuardResult, GuardViolation } from "./guard/shapes.ts";

/** The check that stands behind the controller. It remembers what it needs between ticks; one guard per root zone. */
export interface DlmGuard {
  /**
   * Looks at one tick of the controller.
   * @param nowMs the clock of the snapshot's time stamps
   * @param before what is commanded up to now, A per connector; one that is missing counts as 0
   * @param after what the controller wants to command
   */
  check(nowMs: number, snapshot: Snapshot, before: Before, after: Record<string, { limitA: number }>): GuardResult;
}

/** Sums of many currents differ by less than this, A. */
const NOISE_A = 0.05;
/** A measured current this much over the limit counts as over it, A. */
const MEASURED_TOLERANCE_A = 0.5;
/** So long a measured current may be over the limit without an answer, ms. */
const ANSWER_MS = 15_000;
const GENERAL_FAIL_SAFE_A = 6;
const PHASES = [0, 1, 2] as const;

/**
 * A second, simpler opinion on every tick (S1), made of additions only: what is commanded, reserved and measured on
 * each phase of each zone against its limit. It uses nothing of the allocator or the controller, and where it cannot
 * know it believes them: with an old reading of a charger, with a car whose phases it has not seen yet.
 */
export function createDlmGuard(): DlmGuard {
  let watches = new Map<string, ConnectorWatch>();
  let overSince = new Map<string, number>();
  let lastMs: number | null = null;
  return {
    check(nowMs, snapshot, before, after) {
      if (lastMs !== null && nowMs < lastMs) {
        watches = new Map();
        overSince = new Map();
        lastMs = null;
      }
      const look = watchConnectors(snapshot, { nowMs, lastMs, before, after, watches });
      watches = look.watches;
      lastMs = nowMs;
      const stock = takeStock(nowMs, snapshot, look.sights);
      overSince = followOver(stock, overSince, nowMs);
      const violations = findViolations(stock, overSince);
      return { violations, safeA: safeCurrents(snapshot, stock, look.sights, violations) };
    },
  };
}

/** Since when each phase of each zone is measured over its limit without anything being lowered for it. */
function followOver(stock: Stock, before: ReadonlyMap<string, number>, nowMs: number): Map<string, number> {
  const since = new Map<string, number>();
  stock.zones.forEach((zone, z) => {
    for (const phase of PHASES) {
      if (stock.measuredA[z]![phase] <= stock.limitA[z]![phase] + MEASURED_TOLERANCE_A) continue;
      const key = `${phase}${zone.id}`;
      since.set(key, stock.lowered[z]![phase] ? nowMs : (before.get(key) ?? stock.seenMs[z]!));
    }
  });
  return since;
}

function findViolations(stock: Stock, overSince: ReadonlyMap<string, number>): GuardViolation[] {
  const violations: GuardViolation[] = [];
  stock.zones.forEach(({ id }, z) => {
    for (const phase of PHASES) {
      if (!stock.lowerable[z]![phase]) continue;
      const backgroundA = stock.backgroundA[z]![phase];
      const add = (kind: GuardKind, limitA: number, sumA: number) =>
        violations.push({ zone: id, phase: (phase + 1) as 1 | 2 | 3, limitA, sumA, kind });
      const capacityA = stock.capacityA[z]![phase];
      const commandedA = stock.commandedA[z]![phase];
      const reservedA = stock.reservedA[z]![phase];
      const allowedA = capacityA + backgroundA;
      if (commandedA > capacityA + NOISE_A) add("commanded", allowedA, commandedA + backgroundA);
      if (stock.raised[z]![phase] && reservedA > capacityA + NOISE_A)
        add("increase", allowedA, reservedA + backgroundA);
      const sinceMs = overSince.get(`${phase}${id}`);
      if (sinceMs !== undefined && stock.seenMs[z]! - sinceMs > ANSWER_MS) {
        add("measured", stock.limitA[z]![phase], stock.measuredA[z]![phase]);
      }
    }
  });
  return violations;
}

/**
 * Safe currents for all connectors below a violated zone: never more than before and after, the zone's fail-safe
 * current at most, and 0 where that is below their minimum or does not fit beside what cannot be lowered. One that draws
 * more than it may takes its place first, with what it draws.
 */
function safeCurrents(
  snapshot: Snapshot,
  stock: Stock,
  sights: readonly Sight[],
  violations: readonly GuardViolation[],
): Map<string, number> {
  const safeA = new Map<string, number>();
  if (violations.length === 0) return safeA;
  const violated = new Set(violations.map(({ zone }) => zone));
  const below = (sight: Sight) => stock.path(sight.given.zone).some((z) => violated.has(stock.zones[z]!.id));
  const pulled = sights.filter((sight) => sight.controllable && below(sight)).sort(byPlace);
  const leftA = stock.capacityA.map((capacityA, z) => PHASES.map((p) => capacityA[p] - stock.commandedA[z]![p]));
  for (const sight of pulled) load(sight, -sight.afterA);
  for (const sight of pulled) {
    const currentA = Math.min(sight.beforeA, sight.afterA, failSafeA(sight));
    const takenA = draws(sight) ? sight.reservedA : currentA;
    const { phases } = sight;
    const room = Math.min(...stock.path(sight.given.zone).flatMap((z) => phases.map((p) => leftA[z]![p]!)));
    const given = currentA >= minimumA(sight) - NOISE_A && takenA <= room + NOISE_A ? currentA : 0;
    load(sight, draws(sight) ? takenA : given);
    safeA.set(sight.given.id, given);
  }
  return safeA;

  function load(sight: Sight, currentA: number): void {
    for (const z of stock.path(sight.given.zone)) for (const p of sight.phases) leftA[z]![p]! -= currentA;
  }
  function failSafeA(sight: Sight): number {
    const named = stock.path(sight.given.zone).map((z) => stock.zones[z]!.failSafeA ?? Number.POSITIVE_INFINITY);
    const lowest = Math.min(...named);
    return Number.isFinite(lowest) ? lowest : (snapshot.config?.failSafeA ?? GENERAL_FAIL_SAFE_A);
  }
  function minimumA({ given, phases }: Sight): number {
    const { minA1p = GENERAL_FAIL_SAFE_A, minA3p = GENERAL_FAIL_SAFE_A } = snapshot.config ?? {};
    return given.minA ?? (phases.length === 1 ? minA1p : minA3p);
  }
}

/** It may draw more than it is told. */
function draws({ reservedA, afterA }: Sight): boolean {
  return reservedA > afterA;
}

function byPlace(a: Sight, b: Sight): number {
  const first = Number(draws(b)) - Number(draws(a));
  return first || (a.given.priorityClass ?? 1) - (b.given.priorityClass ?? 1) || b.beforeA - a.beforeA;
}
