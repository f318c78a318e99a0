import { OVERDRAW_A, OVERLOAD_A, OVERLOAD_MS } from "../../thresholds.ts";
import type { Snapshot } from "../types.ts";
import { outOfBalance } from "./balance.ts";
import { type ConnectorSight, type ConnectorWatch, watchConnectors } from "./connectors.ts";
import {
  at,
  type BreakerOver,
  type GuardKind,
  type GuardResult,
  type GuardViolation,
  NOISE_A,
  onPhase,
  PHASES,
  ROWS,
  rowName,
} from "./guard-types.ts";
import { safeCurrents } from "./safe.ts";
import { SilentMeters } from "./silence.ts";
import { unrelievedPhases, WrongPhaseProbe, type WrongPhaseView } from "./wrong-phase-probe.ts";
import { type ZoneTotals, zoneTotals } from "./zone-totals.ts";
import { ZoneTree } from "./zone-tree.ts";

export type { BreakerOver, GuardKind, GuardResult, GuardViolation } from "./guard-types.ts";

/** The check that stands behind the controller. It remembers what it needs between ticks; one guard per root zone. */
export interface DlmGuard {
  /**
   * Looks at one tick of the controller.
   * @param nowMs the clock of the snapshot's time stamps
   * @param snapshot with what is commanded up to now; a connector without that counts as 0 A
   * @param after what the controller wants to command
   */
  check(nowMs: number, snapshot: Snapshot, after: Record<string, { limitA: number }>): GuardResult;
}

/**
 * A second, simpler opinion on every tick (S1, S3, S4), made of additions only: what is commanded, reserved and measured on
 * each phase of each zone, and in power, against its limit; the balance of the phases; minimums. It uses nothing of the allocator or the controller, and where it cannot
 * know it believes them: with an old reading of a charger, with a car whose phases it has not seen yet.
 */
export function createDlmGuard(): DlmGuard {
  let known = nothingKnown();
  return {
    check(nowMs, snapshot, after) {
      if (known.lastMs !== null && nowMs < known.lastMs) known = nothingKnown();
      const sights = watchConnectors(snapshot, { nowMs, lastMs: known.lastMs, after }, known.watches);
      const tree = known.tree?.holds(snapshot.zones) ? known.tree : new ZoneTree(snapshot.zones);
      const totals = zoneTotals(nowMs, snapshot, sights, tree);
      const overSince = followOver(totals, known.overSince, nowMs);
      const balance = followBalance(totals, sights, known.unbalancedSince, nowMs);
      known = { ...known, lastMs: nowMs, tree, overSince, unbalancedSince: balance.since };
      const found = [...findViolations(totals, overSince), ...known.silent.look(totals, nowMs)];
      const violations = [...found, ...balance.violations, ...belowMinimum(sights)];
      const beyond = findBeyond(totals, overSince, sights);
      const safeA = safeCurrents(snapshot, totals, sights, violations);
      const late = unrelievedPhases(totals, (z, phase) => isLate(totals, z, phase, overSince));
      const { probe, heldA, runs } = known.wrongPhase.look(nowMs, totals, sights, late);
      for (const [id, limitA] of heldA) safeA.set(id, Math.min(limitA, safeA.get(id) ?? limitA));
      return { violations: [...violations, ...inTrial(totals, runs)], beyond, probe, safeA };
    },
  };
}

/** What a guard remembers between ticks. A clock that goes back makes it worthless. */
function nothingKnown() {
  return {
    lastMs: null as number | null,
    watches: new Map<string, ConnectorWatch>(),
    tree: null as ZoneTree | null,
    overSince: new Map<string, number>(),
    unbalancedSince: new Map<string, number>(),
    wrongPhase: new WrongPhaseProbe(),
    silent: new SilentMeters(),
  };
}

/** Since when each row of each zone is measured over its limit without anything being lowered for it. */
function followOver(totals: ZoneTotals, before: ReadonlyMap<string, number>, nowMs: number): Map<string, number> {
  const since = new Map<string, number>();
  totals.zones.forEach((zone, z) => {
    for (const row of ROWS) {
      if (totals.measuredA[at(z, row)]! <= totals.limitA[at(z, row)]! + OVERLOAD_A) continue;
      const key = `${row}${zone.id}`;
      since.set(key, totals.lowered[at(z, row)] ? nowMs : (before.get(key) ?? totals.seenMs[z]!));
    }
  });
  return since;
}

/** Measured over its limit for longer than an answer takes. */
function isLate(totals: ZoneTotals, z: number, row: 0 | 1 | 2 | 3, overSince: ReadonlyMap<string, number>): boolean {
  if (overSince.size === 0) return false;
  const sinceMs = overSince.get(`${row}${totals.zones[z]!.id}`);
  return sinceMs !== undefined && totals.seenMs[z]! - sinceMs > OVERLOAD_MS;
}

function inTrial(totals: ZoneTotals, runs: WrongPhaseView["runs"]): GuardViolation[] {
  return runs.map(({ zone, phase }) => ({
    zone: totals.zones[zone]!.id,
    phase: rowName(phase),
    limitA: totals.limitA[at(zone, phase)]!,
    sumA: totals.measuredA[at(zone, phase)]!,
    kind: "strayed",
  }));
}

/** The same for phases out of balance; a violation is what lasts. */
function followBalance(
  totals: ZoneTotals,
  sights: readonly ConnectorSight[],
  before: ReadonlyMap<string, number>,
  nowMs: number,
): { since: Map<string, number>; violations: GuardViolation[] } {
  const since = new Map<string, number>();
  const violations: GuardViolation[] = [];
  for (const { zone, phase, limitA, differenceA } of outOfBalance(totals, sights, ({ givenA }) => givenA)) {
    const { id } = totals.zones[zone]!;
    const key = `${phase}${id}`;
    since.set(key, totals.lowered[at(zone, phase)] ? nowMs : (before.get(key) ?? nowMs));
    if (nowMs - since.get(key)! <= OVERLOAD_MS) continue;
    violations.push({ zone: id, phase: rowName(phase), limitA, sumA: differenceA, kind: "imbalance" });
  }
  return { since, violations };
}

/** S3: between 0 and the minimum. */
function belowMinimum(sights: readonly ConnectorSight[]): GuardViolation[] {
  return sights.flatMap(({ given, controllable, afterA, leastMinA }): GuardViolation[] => {
    if (!controllable || afterA === 0 || afterA >= leastMinA - NOISE_A) return [];
    return [{ zone: given.zone, phase: null, limitA: leastMinA, sumA: afterA, kind: "minimum", connector: given.id }];
  });
}

function findViolations(totals: ZoneTotals, overSince: ReadonlyMap<string, number>): GuardViolation[] {
  const violations: GuardViolation[] = [];
  totals.zones.forEach(({ id }, z) => {
    for (const row of ROWS) {
      if (!totals.lowerable[at(z, row)]) continue;
      const backgroundA = totals.backgroundA[at(z, row)]!;
      const add = (kind: GuardKind, limitA: number, sumA: number) =>
        violations.push({ zone: id, phase: rowName(row), limitA, sumA, kind });
      const capacityA = totals.capacityA[at(z, row)]!;
      const commandedA = totals.commandedA[at(z, row)]!;
      const reservedA = totals.reservedA[at(z, row)]!;
      const allowedA = capacityA + backgroundA;
      if (commandedA > capacityA + NOISE_A) add("commanded", allowedA, commandedA + backgroundA);
      if (totals.raised[at(z, row)] && reservedA > capacityA + NOISE_A)
        add("increase", allowedA, reservedA + backgroundA);
      const aloneA = totals.aloneA[at(z, row)]!;
      const onlyAlone = commandedA <= capacityA + NOISE_A && aloneA > capacityA + NOISE_A;
      if (totals.heldBack[at(z, row)] && onlyAlone) add("alone", allowedA, aloneA + backgroundA);
      if (isLate(totals, z, row, overSince)) add("measured", totals.limitA[at(z, row)]!, totals.measuredA[at(z, row)]!);
    }
  });
  return violations;
}

/** Breakers over their limit although every charger below is commanded 0 A or cannot be commanded. */
function findBeyond(
  totals: ZoneTotals,
  overSince: ReadonlyMap<string, number>,
  sights: readonly ConnectorSight[],
): BreakerOver[] {
  const beyond: BreakerOver[] = [];
  totals.zones.forEach((zone, z) => {
    for (const phase of PHASES) {
      const limitA = onPhase(zone.limitA, phase, 0);
      const measuredA = totals.measuredA[at(z, phase)]!;
      if (!isLate(totals, z, phase, overSince)) continue;
      if (measuredA <= limitA + OVERLOAD_A) continue;
      const below = sights.filter((one) => isWiredTo(one, phase) && totals.tree.path(one.given.zone).includes(z));
      if (below.some(({ controllable, afterA }) => controllable && afterA > 0)) continue;
      const connectors = below
        .map((one) => ({ one, overA: overdrawA(one) }))
        .filter(({ one, overA }) => overA > OVERDRAW_A && (!one.controllable || one.disobeys))
        .sort((a, b) => b.overA - a.overA)
        .map(({ one }) => one.given.id);
      beyond.push({ zone: zone.id, phase: (phase + 1) as 1 | 2 | 3, limitA, measuredA, connectors });
    }
  });
  return beyond;
}

function isWiredTo({ given, terminals }: ConnectorSight, phase: number): boolean {
  return terminals === null || terminals.slice(0, given.phases ?? 3).includes(phase);
}

function overdrawA({ given, afterA, controllable }: ConnectorSight): number {
  if (given.state === "offline") return 0;
  const drawA = Math.max(0, ...(given.measuredA ?? []).map((value) => Math.abs(value ?? 0)));
  return drawA - (controllable ? afterA : 0);
}
