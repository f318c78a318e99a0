import { NOMINAL_V, SAME_MOMENT_MS, STALE_AFTER_S } from "../../thresholds.ts";
import type { Snapshot } from "../types.ts";
import type { ConnectorReading, ConnectorSight } from "./connectors.ts";
import { at, onPhase, PHASES, POWER, ROWS } from "./guard-types.ts";
import type { ZoneTree } from "./zone-tree.ts";

type Zone = Snapshot["zones"][number];
type Meter = NonNullable<Zone["meters"]>[number];

/** A value for each row of each zone, 1 for what is true; `at` says where. */
type Flags = Uint8Array;
type Amounts = Float64Array;

/**
 * Everything the guard adds up, per zone (in the snapshot's order) and row: the three phases, and the power as the sum
 * over them. Currents in A.
 */
export interface ZoneTotals {
  zones: readonly Zone[];
  tree: ZoneTree;
  /** Breaker and limits from outside, headroom not taken off. */
  limitA: Amounts;
  backgroundA: Amounts;
  /** The most that the background can be where readings of chargers are old. */
  mostBackgroundA: Amounts;
  /** What chargers may be given beside background and headroom; may be negative. */
  capacityA: Amounts;
  commandedA: Amounts;
  reservedA: Amounts;
  measuredA: Amounts;
  /** What is commanded, or taken when everything here is gone, where that is more. */
  aloneA: Amounts;
  /** Time of the newest reading that `measuredA` holds, by zone. */
  seenMs: Float64Array;
  raised: Flags;
  lowered: Flags;
  /** A controllable connector has a setpoint above 0. */
  lowerable: Flags;
  /** A controllable connector that falls back by itself has a setpoint above 0. */
  heldBack: Flags;
}

/** What is added up on the way, A per zone and phase. */
interface Sums {
  /** The fresh meter of each zone that includes its chargers. */
  meters: readonly (Meter | undefined)[];
  /** What the chargers below may draw at that meter's moment, and what they do at least; 0 without such a meter. */
  drawnA: Amounts;
  leastDrawnA: Amounts;
  /** What their readings show. */
  shownA: Amounts;
  /** What a meter shows on two lines although it is one load, by zone. */
  twiceA: Float64Array;
  /** Background of the zones below, and the most that it can be. */
  belowA: Amounts;
  mostBelowA: Amounts;
}

/** Adds everything up. @param tree of the snapshot's zones */
export function zoneTotals(
  nowMs: number,
  { zones, config }: Snapshot,
  sights: readonly ConnectorSight[],
  tree: ZoneTree,
): ZoneTotals {
  const totals = noTotals(zones, tree, config?.voltageV ?? NOMINAL_V);
  const seenMs = totals.seenMs;
  zones.forEach((zone, z) => {
    seenMs[z] = freshest(zone, nowMs) ?? Number.NEGATIVE_INFINITY;
  });
  const rows = ROWS.length * zones.length;
  const meters = zones.map((zone) => including(zone, nowMs));
  const sums: Sums = {
    meters,
    drawnA: new Float64Array(rows),
    leastDrawnA: new Float64Array(rows),
    shownA: new Float64Array(rows),
    twiceA: new Float64Array(zones.length),
    belowA: new Float64Array(rows),
    mostBelowA: new Float64Array(rows),
  };
  for (const sight of sights) {
    for (const z of tree.path(sight.given.zone)) {
      addConnector(totals, sums.shownA, z, sight);
      if (sight.betweenLines) sums.twiceA[z]! += sight.shownA;
      const meter = meters[z];
      if (meter) addDraw(sums, z, sight, meter.tsMs);
      else if (sight.sampleMs !== null) seenMs[z] = Math.max(seenMs[z]!, sight.sampleMs);
    }
  }
  for (const z of tree.childrenFirst) {
    for (const p of PHASES) closePhase(totals, z, p, sums, config?.creditGeneration ?? false, nowMs);
    closePower(totals, z, sums, config?.voltageV ?? NOMINAL_V);
    if (seenMs[z] === Number.NEGATIVE_INFINITY) seenMs[z] = nowMs;
  }
  return totals;
}

function noTotals(zones: readonly Zone[], tree: ZoneTree, voltageV: number): ZoneTotals {
  const rows = ROWS.length * zones.length;
  const limitA = new Float64Array(rows);
  zones.forEach((zone, z) => {
    for (const p of PHASES) limitA[at(z, p)] = limitOf(zone, p);
    limitA[at(z, POWER)] = powerLimitOf(zone, voltageV);
  });
  return {
    zones,
    tree,
    limitA,
    backgroundA: new Float64Array(rows),
    mostBackgroundA: new Float64Array(rows),
    capacityA: new Float64Array(rows),
    commandedA: new Float64Array(rows),
    reservedA: new Float64Array(rows),
    measuredA: new Float64Array(rows),
    aloneA: new Float64Array(rows),
    seenMs: new Float64Array(zones.length),
    raised: new Uint8Array(rows),
    lowered: new Uint8Array(rows),
    lowerable: new Uint8Array(rows),
    heldBack: new Uint8Array(rows),
  };
}

function limitOf(zone: Zone, phase: number): number {
  const { gridLimit } = zone;
  const gridA = gridLimit?.scope === "total" ? gridLimit.currentA : undefined;
  return Math.min(
    onPhase(zone.limitA, phase, 0),
    onPhase(zone.operatorLimitA, phase, Number.POSITIVE_INFINITY),
    gridA ?? Number.POSITIVE_INFINITY,
  );
}

/** As the sum of the currents of the phases. */
function powerLimitOf({ maxPowerW, gridLimit }: Zone, voltageV: number): number {
  const gridW = gridLimit?.scope === "total" ? outsideW(gridLimit) : Number.POSITIVE_INFINITY;
  return Math.min(maxPowerW ?? Number.POSITIVE_INFINITY, gridW) / voltageV;
}

function outsideW({ powerW, creditW }: NonNullable<Zone["gridLimit"]>): number {
  return powerW === undefined ? Number.POSITIVE_INFINITY : powerW + (creditW ?? 0);
}

/** Adds a connector to the rows of a zone. @param shownA what the readings of all show */
function addConnector(totals: ZoneTotals, shownA: Amounts, z: number, sight: ConnectorSight): void {
  const { controllable, beforeA, afterA, givenA, aloneA, weights } = sight;
  const mostA = Math.max(givenA, aloneA);
  const hasCurrent = controllable && afterA > 0;
  for (let row = 0; row < ROWS.length; row++) {
    const weight = weights[row]!;
    if (weight === 0) continue;
    const i = at(z, row);
    totals.commandedA[i]! += weight * givenA;
    totals.aloneA[i]! += weight * mostA;
    totals.reservedA[i]! += weight * sight.reservedA;
    shownA[i]! += weight * sight.shownA;
    if (afterA > beforeA + 1e-6) totals.raised[i] = 1;
    if (afterA < beforeA - 1e-6) totals.lowered[i] = 1;
    if (hasCurrent) totals.lowerable[i] = 1;
    if (hasCurrent && aloneA === 0) totals.heldBack[i] = 1;
  }
}

/** Adds what a connector may have drawn at the moment of a meter above it. */
function addDraw(sums: Sums, z: number, sight: ConnectorSight, meterMs: number): void {
  if (sight.given.state === "offline") return;
  const around = readingsAround(sight.readings, meterMs);
  for (const p of PHASES) {
    const { least, most } = drawBehind(sight, p, around);
    sums.drawnA[at(z, p)]! += most;
    sums.leastDrawnA[at(z, p)]! += least;
  }
}

/** Readings of one connector around a moment; undefined where there is none. */
interface Around {
  older: ConnectorReading | undefined;
  newer: ConnectorReading | undefined;
  nearest: ConnectorReading | undefined;
  /** The nearest is of that moment. */
  isSame: boolean;
}

/** The last reading of before a moment, the first one of after it, and the nearest of them. */
function readingsAround(readings: readonly ConnectorReading[], ms: number): Around {
  let next = readings.length;
  while (next > 0 && readings[next - 1]!.ms > ms) next--;
  const older = readings[next - 1];
  const newer = readings[next];
  const olderMs = older ? ms - older.ms : Number.POSITIVE_INFINITY;
  const newerMs = newer ? newer.ms - ms : Number.POSITIVE_INFINITY;
  const nearest = newerMs < olderMs ? newer : older;
  return { older, newer, nearest, isSame: Math.min(olderMs, newerMs) < SAME_MOMENT_MS };
}

/** What a connector may have drawn on a phase at a meter's moment: as far as its readings around it and its setpoint tell. */
function drawBehind(
  sight: ConnectorSight,
  phase: 0 | 1 | 2,
  { older, newer, nearest, isSame }: Around,
): { least: number; most: number } {
  const nearestA = readingOn(sight, nearest, phase);
  if ((nearestA !== null && isSame) || sight.weights[phase] === 0) return { least: nearestA ?? 0, most: nearestA ?? 0 };
  const laterA = readingOn(sight, newer, phase);
  const earlierA = older ? readingOn(sight, older, phase) : laterA;
  if (laterA === null || earlierA === null) return { least: 0, most: Math.max(nearestA ?? 0, sight.beforeA) };
  return { least: Math.min(earlierA, laterA), most: Math.max(earlierA, laterA) };
}

/** What is read on a site phase; the smallest current where the rotation is unknown, null without a reading. */
function readingOn(
  { terminals, betweenLines }: ConnectorSight,
  reading: ConnectorReading | undefined,
  phase: number,
): number | null {
  if (!reading) return null;
  const { measuredA: measured } = reading;
  if (terminals === null) return Math.min(...PHASES.map((t) => measured[t] ?? 0));
  const terminal = terminals.indexOf(phase);
  const readA = measured[terminal] ?? null;
  return betweenLines ? (readA ?? 0) + (measured[(terminal + 2) % 3] ?? 0) : readA;
}

function closePhase(totals: ZoneTotals, z: number, p: 0 | 1 | 2, sums: Sums, credit: boolean, nowMs: number): void {
  const zone = totals.zones[z]!;
  const meterA = sums.meters[z]?.currentA?.[p];
  const besideA = besideLoad(zone, p, nowMs);
  const i = at(z, p);
  const fallbackA = typeof meterA === "number" ? undefined : fallbackOf(zone, p, nowMs);
  const background = (drawnA: number, belowA: number) => {
    const unmeteredA = onPhase(zone.assumedLoadA, p, 0) + belowA;
    const innerA = typeof meterA === "number" ? meterA - drawnA : (fallbackA ?? unmeteredA);
    return credit ? besideA + innerA : Math.max(0, besideA + innerA);
  };
  const backgroundA = background(sums.drawnA[i]!, sums.belowA[i]!);
  const mostBackgroundA = background(sums.leastDrawnA[i]!, sums.mostBelowA[i]!);
  totals.backgroundA[i] = backgroundA;
  totals.mostBackgroundA[i] = mostBackgroundA;
  totals.measuredA[i] = typeof meterA === "number" ? besideA + meterA : backgroundA + sums.shownA[i]!;
  const takenA = onPhase(zone.headroomA, p, 0) + backgroundA;
  const chargersA = zone.gridLimit?.scope === "evse" ? zone.gridLimit.currentA : undefined;
  totals.capacityA[i] = Math.min(totals.limitA[i]! - takenA, chargersA ?? Number.POSITIVE_INFINITY);
  const above = totals.tree.path(zone.id)[1];
  if (above === undefined) return;
  sums.belowA[at(above, p)]! += backgroundA;
  sums.mostBelowA[at(above, p)]! += mostBackgroundA;
}

function closePower(totals: ZoneTotals, z: number, sums: Sums, voltageV: number): void {
  const { gridLimit } = totals.zones[z]!;
  const sum = (of: Amounts) => of[at(z, 0)]! + of[at(z, 1)]! + of[at(z, 2)]!;
  totals.backgroundA[at(z, POWER)] = sum(totals.backgroundA);
  totals.measuredA[at(z, POWER)] = sums.meters[z]
    ? sum(totals.measuredA) - sums.twiceA[z]!
    : totals.backgroundA[at(z, POWER)]! + sums.shownA[at(z, POWER)]!;
  const chargersA = gridLimit?.scope === "evse" ? outsideW(gridLimit) / voltageV : Number.POSITIVE_INFINITY;
  totals.capacityA[at(z, POWER)] = Math.min(
    totals.limitA[at(z, POWER)]! - totals.backgroundA[at(z, POWER)]!,
    chargersA,
  );
}

/** Load that excluding meters see. */
function besideLoad(zone: Zone, p: number, nowMs: number): number {
  let sumA = 0;
  for (const meter of zone.meters ?? []) {
    if (meter.location !== "excluding") continue;
    if (isFresh(meter, zone, nowMs)) sumA += meter.currentA![p] ?? 0;
    else if (meter.onStale === "fallbackLoad") sumA += onPhase(meter.fallbackA, p, 0);
  }
  return sumA;
}

function including(zone: Zone, nowMs: number): Meter | undefined {
  return zone.meters?.find((meter) => meter.location === "including" && isFresh(meter, zone, nowMs));
}

function fallbackOf(zone: Zone, p: number, nowMs: number): number | undefined {
  const meter = zone.meters?.find(({ location, onStale }) => location === "including" && onStale === "fallbackLoad");
  return meter && !isFresh(meter, zone, nowMs) ? onPhase(meter.fallbackA, p, 0) : undefined;
}

function isFresh(meter: Meter, zone: Zone, nowMs: number): boolean {
  if (meter.currentA === null) return false;
  if (Math.abs(nowMs - meter.tsMs) > (meter.staleAfterS ?? STALE_AFTER_S) * 1000) return false;
  return PHASES.every((p) => typeof meter.currentA![p] === "number" || onPhase(zone.limitA, p, 0) === 0);
}

/** A meter is heard that shows all of the zone, with its chargers and the zones below. */
export function hasInnerMeter(zone: Zone, nowMs: number): boolean {
  return including(zone, nowMs) !== undefined;
}

/** A meter of the zone does not deliver. */
export function isSilent(zone: Zone, nowMs: number): boolean {
  return zone.meters?.some((meter) => !isFresh(meter, zone, nowMs)) ?? false;
}

/** Time of the newest fresh meter of a zone; undefined without one. */
function freshest(zone: Zone, nowMs: number): number | undefined {
  const times = (zone.meters ?? []).filter((meter) => isFresh(meter, zone, nowMs)).map(({ tsMs }) => tsMs);
  return times.length === 0 ? undefined : Math.max(...times);
}
