import { STALE_AFTER_S } from "../../thresholds.ts";
import type { ZoneTree } from "../topology/tree.ts";
import type { Zone, ZoneMeter } from "../types.ts";
import type { Cars } from "./cars.ts";

/** The load of each zone that is not a charger. */
export interface Background {
  /** A at zone × 3 + phase. */
  readonly loadA: Float64Array;
  /** 1 where a meter of the zone itself is stale and its rule is failSafe. */
  readonly failSafe: Uint8Array;
}

const NONE: readonly ZoneMeter[] = [];

/** The value on one phase (0..2) of a quantity given once or per phase. */
export function onPhase(value: number | readonly number[] | undefined, phase: number): number {
  if (value === undefined) return 0;
  return typeof value === "number" ? value : value[phase]!;
}

/**
 * Background per zone, children first. An including meter counts, less what the chargers below it are measured to
 * draw, plus the zone's excluding meters; without one, excluding meters, the zones below and the assumed load add up.
 * A stale meter counts as its fallback load, or not at all, which puts the zone in fail-safe.
 * A zone that feeds in counts as 0 unless generation may be credited.
 */
export function findBackground(tree: ZoneTree, cars: Cars, creditGeneration: boolean): Background {
  const count = tree.zones.length;
  const loadA = new Float64Array(3 * count);
  const belowA = new Float64Array(3 * count);
  const failSafe = new Uint8Array(count);
  const measuredA = measuredBelow(tree, cars);
  for (let zone = 0; zone < count; zone++) {
    const given = tree.zones[zone]!;
    const meters = given.meters?.filter((meter) => counts(meter, given)) ?? NONE;
    if (meters.length < (given.meters?.length ?? 0)) failSafe[zone] = 1;
    const parent = tree.parent[zone]!;
    for (let phase = 0; phase < 3; phase++) {
      const cell = 3 * zone + phase;
      const sumA = backgroundA(given, meters, phase, belowA[cell]!, measuredA[cell] ?? 0);
      loadA[cell] = creditGeneration ? sumA : Math.max(0, sumA);
      if (parent >= 0) belowA[3 * parent + phase]! += loadA[cell]!;
    }
  }
  return { loadA, failSafe };
}

function counts(meter: ZoneMeter, zone: Zone): boolean {
  return meter.onStale === "fallbackLoad" || !isStale(meter, zone);
}

/** Too old, or without a value on a phase that has a limit. */
export function isStale(meter: ZoneMeter, zone: Zone): boolean {
  if (meter.currentA === null || meter.ageS > (meter.staleAfterS ?? STALE_AFTER_S)) return true;
  for (let phase = 0; phase < 3; phase++) {
    if ((meter.currentA[phase] ?? null) === null && onPhase(zone.limitA, phase) > 0) return true;
  }
  return false;
}

function backgroundA(
  zone: Zone,
  meters: readonly ZoneMeter[],
  phase: number,
  belowA: number,
  measuredA: number,
): number {
  let excludingA = 0;
  let includingA: number | null = null;
  for (const meter of meters) {
    const stale = isStale(meter, zone);
    const currentA = stale ? onPhase(meter.fallbackA, phase) : (meter.currentA![phase] ?? 0);
    if (meter.location === "excluding") excludingA += currentA;
    else includingA = stale ? currentA : currentA - measuredA;
  }
  return excludingA + (includingA ?? belowA + onPhase(zone.assumedLoadA, phase));
}

/** What the connectors below each zone are measured to draw; empty where no zone has an including meter. */
function measuredBelow(tree: ZoneTree, cars: Cars): Float64Array {
  if (!tree.zones.some((zone) => zone.meters?.some((meter) => meter.location === "including"))) {
    return new Float64Array(0);
  }
  const sumA = new Float64Array(3 * tree.zones.length);
  for (let car = 0; car < cars.count; car++) {
    const first = 3 * tree.home[car]!;
    for (let phase = 0; phase < 3; phase++) sumA[first + phase]! += cars.measuredA[3 * car + phase]!;
  }
  sumUpwards(tree, sumA);
  return sumA;
}

/** Adds to every zone (three cells each) the sums of the zones below it. */
export function sumUpwards(tree: ZoneTree, sumA: Float64Array): void {
  for (let zone = 0; zone < tree.parent.length; zone++) {
    const parent = tree.parent[zone]!;
    if (parent < 0) continue;
    for (let phase = 0; phase < 3; phase++) sumA[3 * parent + phase]! += sumA[3 * zone + phase]!;
  }
}
