import type { Triple } from "../../units.ts";
import type { ControllerConfig } from "../types.ts";
import { terminalPhases } from "../wiring.ts";
import type { Outlet } from "./outlet.ts";
import { EPSILON } from "./timing.ts";
import { pathOf, type Tree } from "./tree.ts";

/** Two samples this close in time show the same moment even while a car is on its way to a lower setpoint, s. */
const SAME_INSTANT_S = 0.1;
/** A charger's sample older than this says nothing of its draw any more, s. */
const SAMPLE_LIFE_S = 120;

type Readings = (number | null)[];

/** What a charger's last sample may mean at the moment of a meter's sample, A per terminal. */
interface Range {
  low: Readings;
  high: Readings;
}

interface MeterSight {
  ageS: number;
  currentA: Triple;
  ranges: { outlet: number; range: Range; open: boolean }[];
}

/**
 * The draw of each connector that is to be subtracted from the including meters above it (S4b): a charger reports
 * seldom, a meter often, and the background must be that of one moment. While a decrease is pending, a sample from the
 * meter's moment is taken as it is, else the value between setpoint and sample that keeps the background nearest to
 * its last value. Afterwards never more than the setpoint: what a car draws above it is background, which nobody gets.
 * Below several meters the smallest draw counts.
 * @returns draws per connector in terminal order (undefined = as measured), and the background behind each meter
 */
export function drawsBehindMeters(
  outlets: readonly Outlet[],
  tree: Tree,
  lastA: ReadonlyMap<string, Triple>,
  config: ControllerConfig,
): { drawsA: (Readings | undefined)[]; backgroundA: Map<string, Triple> } {
  const drawsA: (Readings | undefined)[] = outlets.map(() => undefined);
  const backgroundA = new Map<string, Triple>();
  const sights = includingMeters(tree);
  if (sights.size === 0) return { drawsA, backgroundA };
  outlets.forEach((outlet, i) => {
    if (outlet.drawA === null) return;
    for (const zone of pathOf(tree, outlet.given.zone)) {
      const sight = sights.get(zone);
      if (!sight) continue;
      const range = rangeOf(outlet, sight.ageS, config);
      sight.ranges.push({ outlet: i, range, open: range.low !== range.high });
    }
  });
  for (const [zone, sight] of sights) {
    const id = tree.zones[zone]!.id;
    backgroundA.set(id, settleZone(sight, outlets, lastA.get(id), drawsA));
  }
  return { drawsA, backgroundA };
}

function includingMeters(tree: Tree): Map<number, MeterSight> {
  const sights = new Map<number, MeterSight>();
  tree.zones.forEach((zone, i) => {
    const meter = zone.meters?.find((candidate) => candidate.location === "including");
    if (meter?.currentA?.length !== 3 || meter.currentA.includes(null)) return;
    sights.set(i, { ageS: meter.ageS, currentA: meter.currentA as Triple, ranges: [] });
  });
  return sights;
}

function rangeOf(outlet: Outlet, meterAgeS: number, config: ControllerConfig): Range {
  const { memory, sampleAgeS } = outlet;
  const measured = outlet.given.measuredA ?? [];
  const exact = { low: measured, high: measured };
  if (outlet.state === "offline" || outlet.given.reservedA !== undefined || memory.uncontrolled) return exact;
  if (sampleAgeS > SAMPLE_LIFE_S) return both(measured.map(() => null));
  const ruled = capped(measured, memory.setpointA);
  const settled = memory.sinceDecreaseS >= config.settleS - EPSILON || (memory.unseenS ?? 0) >= 2 * config.settleS;
  if (memory.excess || settled) return both(ruled);
  if (Math.abs(sampleAgeS - meterAgeS) <= SAME_INSTANT_S) return exact;
  return { low: ruled, high: measured };
}

function both(readings: Readings): Range {
  return { low: readings, high: readings };
}

function capped(measured: Readings, limitA: number): Readings {
  if (!measured.some((value) => value !== null && value > limitA)) return measured;
  return measured.map((value) => (value === null ? null : Math.min(value, limitA)));
}

/** Picks the draws of one zone, keeps the smallest of each connector, and returns the zone's background. */
function settleZone(
  sight: MeterSight,
  outlets: readonly Outlet[],
  lastA: Triple | undefined,
  drawsA: (Readings | undefined)[],
): Triple {
  const restA: Triple = [...sight.currentA];
  const spanA: Triple = [0, 0, 0];
  for (const { outlet, range } of sight.ranges) {
    eachTerminal(outlets[outlet]!, range, (phase, low, high) => {
      restA[phase]! -= low;
      spanA[phase]! += high - low;
    });
  }
  const share = restA.map((rest, p) => shareOf(rest - (lastA?.[p] ?? Number.NEGATIVE_INFINITY), spanA[p]!));
  for (const { outlet, range, open } of sight.ranges) {
    const picked = open ? pick(outlets[outlet]!, range, share) : range.low;
    const known = drawsA[outlet];
    drawsA[outlet] = known ? picked.map((value, t) => smaller(value, known[t] ?? null)) : picked;
  }
  return restA.map((rest, p) => rest - share[p]! * spanA[p]!) as Triple;
}

function shareOf(excessA: number, spanA: number): number {
  return spanA > 0 ? Math.min(1, Math.max(0, excessA / spanA)) : 0;
}

function pick(outlet: Outlet, range: Range, share: readonly number[]): Readings {
  const phases = terminalPhases(3, outlet.given.rotation ?? "RST");
  return range.low.map((low, t) => {
    const high = range.high[t];
    if (low === null || typeof high !== "number") return null;
    return phases === null ? low : low + share[phases[t]!]! * (high - low);
  });
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.min(a, b);
}

function eachTerminal(outlet: Outlet, range: Range, visit: (phase: number, low: number, high: number) => void): void {
  const phases = terminalPhases(3, outlet.given.rotation ?? "RST");
  if (phases === null) {
    const low = Math.min(...range.low.map((value) => value ?? 0));
    for (let phase = 0; phase < 3; phase++) visit(phase, low, low);
    return;
  }
  range.low.forEach((low, t) => {
    if (low !== null) visit(phases[t]!, low, range.high[t] ?? low);
  });
}
