import type { Triple } from "../../units.ts";
import type { ControllerConfig } from "../types.ts";
import { terminalPhases } from "../wiring.ts";
import type { Outlet } from "./outlet.ts";
import type { Reading } from "./readings.ts";
import { EPSILON } from "./timing.ts";
import type { Tree } from "./tree.ts";

/** Two samples this close in time show the same moment even while a car is on its way to a lower setpoint, s. */
const SAME_INSTANT_S = 0.1;
/** A charger's sample older than this says nothing of its draw any more, s. */
const SAMPLE_LIFE_S = 120;

type Currents = (number | null)[];

/** An including meter: what it shows, less what is drawn for certain. */
interface MeterSight {
  ageS: number;
  stale: boolean;
  restA: Triple;
  /** Chargers that may draw anything between two values, A per terminal. */
  open: { outlet: number; low: Currents; high: Currents }[];
}

/**
 * The draw of each connector that is to be subtracted from the including meters above it (S4b): a charger reports
 * seldom, a meter often, or the other way round, and the background must be that of one moment. Of the charger's samples the
 * one nearest to the meter's counts. While a decrease is pending, a sample from the
 * meter's moment is taken as it is, else the value between setpoint and sample that keeps the background nearest to
 * its last value. Afterwards never more than the setpoint: what a car draws above it is background, which nobody gets.
 * Below several meters the smallest draw counts.
 * @returns draws per connector in terminal order (undefined = as measured), and the background behind each meter
 */
export function drawsBehindMeters(
  nowMs: number,
  outlets: readonly Outlet[],
  tree: Tree,
  lastA: ReadonlyMap<string, Triple>,
  config: ControllerConfig,
): { drawsA: (Currents | undefined)[]; backgroundA: Map<string, Triple> } {
  const drawsA = new Array<Currents | undefined>(outlets.length).fill(undefined);
  const backgroundA = new Map<string, Triple>();
  const sights = includingMeters(tree);
  if (sights.size === 0) return { drawsA, backgroundA };
  const byZone = Array.from(tree.zones, (_, zone) => sights.get(zone) ?? null);
  const neededMs = nowMs - 1000 * oldestS(sights);
  for (let i = 0; i < outlets.length; i++) {
    const outlet = outlets[i]!;
    if (outlet.drawA === null) {
      outlet.memory.readings.forget();
      continue;
    }
    if (outlet.fresh) outlet.memory.readings.add(readingOf(outlet, nowMs), neededMs);
    for (let zone = outlet.zone; zone >= 0; zone = tree.parent[zone]!) {
      const sight = byZone[zone];
      if (sight) look(nowMs, sight, outlet, i, drawsA, config);
    }
  }
  for (const [zone, sight] of sights) {
    const { id } = tree.zones[zone]!;
    backgroundA.set(id, settleZone(sight, outlets, lastA.get(id), drawsA));
  }
  return { drawsA, backgroundA };
}

/** Age of the oldest sample that is no reason for the fail-safe, s. */
function oldestS(sights: ReadonlyMap<number, MeterSight>): number {
  let oldest = 0;
  for (const { ageS, stale } of sights.values()) if (!stale) oldest = Math.max(oldest, ageS);
  return oldest;
}

/** A copy: the list is the caller's, who may use it again. */
function readingOf({ given }: Outlet, nowMs: number): Reading {
  return { atMs: given.measuredTsMs ?? nowMs, measuredA: [...(given.measuredA ?? [])] };
}

/** Takes what is drawn for certain from what a meter shows. */
function look(
  nowMs: number,
  sight: MeterSight,
  outlet: Outlet,
  number: number,
  drawsA: (Currents | undefined)[],
  config: ControllerConfig,
): void {
  const earlier = sight.stale ? null : outlet.memory.readings.before(nowMs - 1000 * sight.ageS);
  const high = earlier?.measuredA ?? outlet.given.measuredA ?? [];
  const ageS = earlier === null ? outlet.sampleAgeS : (nowMs - earlier.atMs) / 1000;
  const { memory } = outlet;
  const wasHigher = earlier !== null && ageS > memory.sinceDecreaseS;
  const limitA = wasHigher ? Math.max(memory.setpointA, memory.oldA) : memory.setpointA;
  const known = certain(outlet, high, ageS, limitA, sight.ageS, config);
  const low = known ?? capped(high, memory.setpointA);
  subtract(sight.restA, outlet, low);
  if (known === null && low !== high) sight.open.push({ outlet: number, low, high });
  else keepSmaller(drawsA, number, low);
}

function includingMeters(tree: Tree): Map<number, MeterSight> {
  const sights = new Map<number, MeterSight>();
  tree.zones.forEach((zone, i) => {
    const meter = zone.meters?.find((candidate) => candidate.location === "including");
    if (meter?.currentA?.length !== 3 || meter.currentA.includes(null)) return;
    const { ageS, staleAfterS = ageS } = meter;
    sights.set(i, { ageS, stale: ageS > staleAfterS, restA: [...meter.currentA] as Triple, open: [] });
  });
  return sights;
}

/** The draw at the moment of a meter's sample; null = between the setpoint and the charger's own sample. */
function certain(
  outlet: Outlet,
  measured: Currents,
  sampleAgeS: number,
  limitA: number,
  meterAgeS: number,
  { settleS }: ControllerConfig,
): Currents | null {
  const { memory } = outlet;
  if (outlet.state === "offline" || outlet.given.reservedA !== undefined || memory.uncontrolled) return measured;
  if (sampleAgeS > SAMPLE_LIFE_S) return measured.map(() => null);
  const settled = memory.sinceDecreaseS >= settleS - EPSILON || (memory.unseenS ?? 0) >= 2 * settleS;
  if (memory.excess) return capped(measured, memory.setpointA);
  if (settled) return capped(measured, limitA);
  return Math.abs(sampleAgeS - meterAgeS) <= SAME_INSTANT_S ? measured : null;
}

function capped(measured: Currents, limitA: number): Currents {
  for (let t = 0; t < measured.length; t++) {
    if ((measured[t] ?? Number.NEGATIVE_INFINITY) > limitA)
      return measured.map((value) => (value === null ? null : Math.min(value, limitA)));
  }
  return measured;
}

function subtract(restA: Triple, { given }: Outlet, draw: Currents): void {
  const phases = terminalPhases(3, given.rotation ?? "RST");
  if (phases === null) {
    const leastA = Math.min(...draw.map((value) => value ?? 0));
    for (let phase = 0; phase < 3; phase++) restA[phase]! -= leastA;
    return;
  }
  for (let t = 0; t < draw.length; t++) {
    const currentA = draw[t]!;
    if (currentA !== null) restA[phases[t]!]! -= currentA;
  }
}

function keepSmaller(drawsA: (Currents | undefined)[], outlet: number, draw: Currents): void {
  const known = drawsA[outlet];
  drawsA[outlet] = known ? draw.map((value, t) => smaller(value, known[t] ?? null)) : draw;
}

/** Decides on the open draws of one zone, and returns the zone's background. */
function settleZone(
  { restA, open }: MeterSight,
  outlets: readonly Outlet[],
  lastA: Triple | undefined,
  drawsA: (Currents | undefined)[],
): Triple {
  const spanA: Triple = [0, 0, 0];
  for (const { outlet, low, high } of open) {
    const phases = terminalPhases(3, outlets[outlet]!.given.rotation ?? "RST");
    low.forEach((value, t) => {
      if (phases !== null && value !== null) spanA[phases[t]!]! += (high[t] ?? value) - value;
    });
  }
  const share = restA.map((rest, p) => shareOf(rest - (lastA?.[p] ?? Number.NEGATIVE_INFINITY), spanA[p]!));
  for (const { outlet, low, high } of open) keepSmaller(drawsA, outlet, pick(outlets[outlet]!, low, high, share));
  return restA.map((rest, p) => rest - share[p]! * spanA[p]!) as Triple;
}

function shareOf(excessA: number, spanA: number): number {
  return spanA > 0 ? Math.min(1, Math.max(0, excessA / spanA)) : 0;
}

function pick(outlet: Outlet, lowA: Currents, highA: Currents, share: readonly number[]): Currents {
  const phases = terminalPhases(3, outlet.given.rotation ?? "RST");
  return lowA.map((low, t) => {
    const high = highA[t];
    if (low === null || typeof high !== "number") return null;
    return phases === null ? low : low + share[phases[t]!]! * (high - low);
  });
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.min(a, b);
}
