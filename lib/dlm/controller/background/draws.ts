import { SAMPLE_LIFE_S } from "../../../thresholds.ts";
import type { Triple } from "../../../units.ts";
import { terminalPhases } from "../../topology/wiring.ts";
import type { ControllerConfig } from "../../types.ts";
import type { ControlledConnector } from "../controlled-connector.ts";
import { EPSILON } from "../timing.ts";
import type { Tree } from "../topology-cache.ts";

/** Two samples this close in time show the same moment even while a car is on its way to a lower setpoint, s. */
const SAME_INSTANT_S = 0.1;

/** A per terminal; null = unknown. */
export type Currents = (number | null)[];

/** An including meter: what it shows, less what is drawn for certain. */
interface MeterSight {
  ageS: number;
  stale: boolean;
  restA: Triple;
  /** Chargers that may draw anything between two values, A per terminal. */
  open: { connector: number; low: Currents; high: Currents }[];
}

/** Draws per connector in terminal order (undefined = as measured), and the background behind each meter. */
export interface DrawsBehindMeters {
  drawsA: readonly (Currents | undefined)[];
  backgroundA: Map<string, Triple>;
}

/**
 * The draw of each connector that is to be subtracted from the including meters above it (S4b): a charger reports
 * seldom, a meter often, or the other way round, and the background must be that of one moment. Of the charger's samples the
 * one nearest to the meter's counts. While a decrease is pending, a sample from the
 * meter's moment is taken as it is, else the value between setpoint and sample that keeps the background nearest to
 * its last value. Afterwards never more than the setpoint: what a car draws above it is background, which is given to no connector.
 * Below several meters the smallest draw counts.
 */
export class MeterSights {
  readonly #nowMs: number;
  readonly #tree: Tree;
  readonly #settleS: number;
  readonly #sights: ReadonlyMap<number, MeterSight>;
  readonly #byZone: readonly (MeterSight | null)[];
  /** No meter asks for an earlier sample. */
  readonly #neededMs: number;
  readonly #drawsA: (Currents | undefined)[];

  constructor(nowMs: number, tree: Tree, count: number, { settleS }: ControllerConfig) {
    this.#nowMs = nowMs;
    this.#tree = tree;
    this.#settleS = settleS;
    this.#sights = includingMeters(tree);
    this.#byZone = tree.zones.map((_, zone) => this.#sights.get(zone) ?? null);
    this.#neededMs = nowMs - 1000 * oldestS(this.#sights);
    this.#drawsA = new Array<Currents | undefined>(count).fill(undefined);
  }

  /** Takes what a connector draws for certain from what the meters above it show. To be called for each, in order. */
  look(connector: ControlledConnector, number: number): void {
    if (this.#sights.size === 0) return;
    const { readings } = connector.memory;
    if (connector.drawA === null) {
      readings.forget();
      return;
    }
    const { measuredTsMs, measuredA } = connector.given;
    if (connector.fresh) readings.add(measuredTsMs ?? this.#nowMs, measuredA ?? [], this.#neededMs);
    for (let zone = connector.zone; zone >= 0; zone = this.#tree.parent[zone]!) {
      const sight = this.#byZone[zone];
      if (sight) this.#subtract(sight, connector, number);
    }
  }

  /** Decides on the draws that are open. @param lastA the background behind each meter at the last tick */
  settle(connectors: readonly ControlledConnector[], lastA: ReadonlyMap<string, Triple>): DrawsBehindMeters {
    const backgroundA = new Map<string, Triple>();
    for (const [zone, sight] of this.#sights) {
      const { id } = this.#tree.zones[zone]!;
      backgroundA.set(id, settleZone(sight, connectors, lastA.get(id), this.#drawsA));
    }
    return { drawsA: this.#drawsA, backgroundA };
  }

  #subtract(sight: MeterSight, connector: ControlledConnector, number: number): void {
    const nowMs = this.#nowMs;
    const { memory } = connector;
    const earlier = sight.stale ? null : memory.readings.before(nowMs - 1000 * sight.ageS);
    const high = earlier?.measuredA ?? connector.given.measuredA ?? [];
    const ageS = earlier === null ? connector.sampleAgeS : (nowMs - earlier.atMs) / 1000;
    const wasHigher = earlier !== null && ageS > memory.sinceDecreaseS;
    const limitA = wasHigher ? Math.max(memory.setpointA, memory.oldA) : memory.setpointA;
    const known = certain(connector, high, ageS, limitA, sight.ageS, this.#settleS);
    const low = known ?? capped(high, memory.setpointA);
    subtract(sight.restA, connector, low);
    if (known === null && low !== high) sight.open.push({ connector: number, low, high });
    else keepSmaller(this.#drawsA, number, low);
  }
}

/** Age of the oldest sample that is no reason for the fail-safe, s. */
function oldestS(sights: ReadonlyMap<number, MeterSight>): number {
  let oldest = 0;
  for (const { ageS, stale } of sights.values()) if (!stale) oldest = Math.max(oldest, ageS);
  return oldest;
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
  connector: ControlledConnector,
  measured: Currents,
  sampleAgeS: number,
  limitA: number,
  meterAgeS: number,
  settleS: number,
): Currents | null {
  const { memory } = connector;
  if (connector.state === "offline" || connector.given.reservedA !== undefined || memory.uncontrolled) return measured;
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

function subtract(restA: Triple, { given }: ControlledConnector, draw: Currents): void {
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

function keepSmaller(drawsA: (Currents | undefined)[], connector: number, draw: Currents): void {
  const known = drawsA[connector];
  drawsA[connector] = known ? draw.map((value, t) => smaller(value, known[t] ?? null)) : draw;
}

/** Decides on the open draws of one zone, and returns the zone's background. */
function settleZone(
  { restA, open }: MeterSight,
  connectors: readonly ControlledConnector[],
  lastA: Triple | undefined,
  drawsA: (Currents | undefined)[],
): Triple {
  const spanA: Triple = [0, 0, 0];
  for (const { connector, low, high } of open) {
    const phases = terminalPhases(3, connectors[connector]!.given.rotation ?? "RST");
    low.forEach((value, t) => {
      if (phases !== null && value !== null) spanA[phases[t]!]! += (high[t] ?? value) - value;
    });
  }
  const share = restA.map((rest, p) => shareOf(rest - (lastA?.[p] ?? Number.NEGATIVE_INFINITY), spanA[p]!));
  for (const { connector, low, high } of open)
    keepSmaller(drawsA, connector, pick(connectors[connector]!, low, high, share));
  return restA.map((rest, p) => rest - share[p]! * spanA[p]!) as Triple;
}

function shareOf(excessA: number, spanA: number): number {
  return spanA > 0 ? Math.min(1, Math.max(0, excessA / spanA)) : 0;
}

function pick(connector: ControlledConnector, lowA: Currents, highA: Currents, share: readonly number[]): Currents {
  const phases = terminalPhases(3, connector.given.rotation ?? "RST");
  return lowA.map((low, t) => {
    const high = highA[t];
    if (low === null || typeof high !== "number") return null;
    return phases === null ? low : low + share[phases[t]!]! * (high - low);
  });
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.min(a, b);
}
