import { SAME_MOMENT_MS, SAMPLE_LIFE_S } from "../../../thresholds.ts";
import type { Triple } from "../../../units.ts";
import { terminalPhases } from "../../topology/wiring.ts";
import type { BackgroundEstimate, ControllerConfig } from "../../types.ts";
import type { ControlledConnector } from "../controlled-connector.ts";
import type { Tree } from "../topology-cache.ts";
import { type Currents, type DrawRange, drawRange } from "./draw-range.ts";
import { followPeaks, highestSince, type Peaks } from "./peaks.ts";

/** What a tick knows of the background. */
export interface Background {
  /** Behind each including meter, by number of the zone. */
  estimates: Map<number, BackgroundEstimate>;
  /** The nominal values by name of the zone. */
  backgroundA: Map<string, Triple>;
  peaks: Peaks;
  /** Draw of each connector that leads to the nominal values, A per terminal; undefined = as measured. */
  drawsA: readonly (Currents | undefined)[];
}

/** What is remembered of the background from one tick to the next. */
export interface LastBackground {
  /** Nominal values at the last tick, by name of the zone. */
  backgroundA: ReadonlyMap<string, Triple>;
  peaks: Peaks;
}

/** An including meter: what it shows, less what is drawn for certain. */
interface MeterSight {
  ageS: number;
  isStale: boolean;
  restA: Triple;
  open: { connector: number; range: DrawRange }[];
  /** Readings of another moment than the meter's: age of the oldest, and what they show, A per phase. */
  oldestS: number;
  oldDrawA: Triple;
  /** What cars had risen by in readings of about the meter's moment, A per phase: it may be missing in the meter's sample. */
  riseA: Triple;
}

const PHASES = [0, 1, 2] as const;
/** A climb is looked back over for as long as peaks are kept, s: from the minimum to 32 A at 0.22 A/s. */
const CLIMB_S = SAMPLE_LIFE_S;

/**
 * Estimates the background behind each meter that includes its chargers. A charger reports seldom and a meter often, or the other way
 * round: of the charger's readings the one nearest to the meter's counts, and `drawRange` says what is subtracted for it.
 * - `nominalA` is the value nearest to that of the last tick which these ranges allow.
 * - `upperA` adds a fall of the background since the oldest reading, but no more than those readings show: instead of the house a car
 *   may draw less, until its charger has reported. It adds a fall since cars have begun to climb, too, but no more than their last
 *   readings have risen by: a meter's sample shows what flowed a moment before its time.
 */
export class BackgroundEstimator {
  readonly #nowMs: number;
  readonly #tree: Tree;
  readonly #settleS: number;
  readonly #sights: ReadonlyMap<number, MeterSight>;
  readonly #byZone: readonly (MeterSight | null)[];
  /** No meter asks for what was drawn earlier. */
  readonly #neededMs: number;
  readonly #drawsA: (Currents | undefined)[];

  constructor(nowMs: number, tree: Tree, count: number, { settleS }: ControllerConfig) {
    this.#nowMs = nowMs;
    this.#tree = tree;
    this.#settleS = settleS;
    this.#sights = includingMeters(tree);
    this.#byZone = tree.zones.map((_, zone) => this.#sights.get(zone) ?? null);
    this.#neededMs = nowMs - 1000 * oldestS(this.#sights) - SAME_MOMENT_MS;
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
    const isOld = isOutdated(connector);
    for (let zone = connector.zone; zone >= 0; zone = this.#tree.parent[zone]!) {
      const sight = this.#byZone[zone];
      if (!sight) continue;
      this.#subtract(sight, connector, number);
      if (!isOld) continue;
      sight.oldestS = Math.max(sight.oldestS, connector.sampleAgeS);
      addOldDraw(connector, sight.oldDrawA);
    }
  }

  /** Decides on what is open. @param elapsedS since the last tick; null = what is seen now is not to be remembered */
  estimate(connectors: readonly ControlledConnector[], last: LastBackground, elapsedS: number | null): Background {
    const settled = new Map<number, Settled>();
    const backgroundA = new Map<string, Triple>();
    for (const [zone, sight] of this.#sights) {
      const { id } = this.#tree.zones[zone]!;
      const one = settle(sight, connectors, last.backgroundA.get(id));
      for (const { connector, range } of sight.open)
        keepSmaller(this.#drawsA, connector, within(range, connectors[connector]!, one.share));
      settled.set(zone, one);
      backgroundA.set(id, one.nominalA);
    }
    const peaks = elapsedS === null ? last.peaks : followPeaks(last.peaks, backgroundA, elapsedS);
    const estimates = new Map<number, BackgroundEstimate>();
    for (const [zone, { nominalA }] of settled) {
      const { oldestS, oldDrawA, riseA } = this.#sights.get(zone)!;
      const zonePeaks = peaks.get(this.#tree.zones[zone]!.id);
      const unreportedA = withFall(nominalA, highestSince(zonePeaks, oldestS), oldDrawA);
      estimates.set(zone, { nominalA, upperA: withFall(unreportedA, highestSince(zonePeaks, CLIMB_S), riseA) });
    }
    return { estimates, backgroundA, peaks, drawsA: this.#drawsA };
  }

  #subtract(sight: MeterSight, connector: ControlledConnector, number: number): void {
    const nowMs = this.#nowMs;
    const { memory, sampleAgeS, given } = connector;
    const earlier = sight.isStale ? null : memory.readings.before(nowMs - 1000 * sight.ageS);
    const measuredA = earlier?.measuredA ?? given.measuredA ?? [];
    const ageS = earlier === null ? sampleAgeS : (nowMs - earlier.atMs) / 1000;
    const wasHigher = earlier !== null && ageS > memory.sinceDecreaseS;
    const limitA = wasHigher ? Math.max(memory.setpointA, memory.oldA) : memory.setpointA;
    const range = drawRange(connector, { measuredA, ageS, limitA, meterAgeS: sight.ageS }, this.#settleS);
    addTo(sight.restA, range.lowA, connector, -1);
    this.#addRise(sight, connector, ageS, earlier?.atMs ?? Number.POSITIVE_INFINITY);
    if (range.highA === range.lowA) keepSmaller(this.#drawsA, number, range.lowA);
    else sight.open.push({ connector: number, range });
  }

  /** @param ageS of the reading that is subtracted @param untilMs it is the newest one until then */
  #addRise(sight: MeterSight, connector: ControlledConnector, ageS: number, untilMs: number): void {
    if (sight.ageS < ageS - SAME_MOMENT_MS / 1000) return;
    const riseA = connector.memory.readings.riseSince(this.#nowMs - 1000 * sight.ageS - SAME_MOMENT_MS, untilMs);
    if (riseA !== null) addTo(sight.riseA, riseA, connector, 1);
  }
}

/** A load that may have fallen less than it seems: up to what it was, but by no more than so much. */
function withFall(loadA: Triple, peakA: Triple, mostA: Triple): Triple {
  return PHASES.map((p) =>
    Math.max(loadA[p], Math.min(Math.max(0, peakA[p], loadA[p]), loadA[p] + mostA[p])),
  ) as Triple;
}

function includingMeters(tree: Tree): Map<number, MeterSight> {
  const sights = new Map<number, MeterSight>();
  tree.zones.forEach((zone, i) => {
    const meter = zone.meters?.find((candidate) => candidate.location === "including");
    if (meter?.currentA?.length !== 3 || meter.currentA.includes(null)) return;
    const { ageS, staleAfterS = ageS } = meter;
    sights.set(i, {
      ageS,
      isStale: ageS > staleAfterS,
      restA: [...meter.currentA] as Triple,
      open: [],
      oldestS: 0,
      oldDrawA: [0, 0, 0],
      riseA: [0, 0, 0],
    });
  });
  return sights;
}

/** Age of the oldest sample that is no reason for the fail-safe, s. */
function oldestS(sights: ReadonlyMap<number, MeterSight>): number {
  let oldest = 0;
  for (const { ageS, isStale } of sights.values()) if (!isStale) oldest = Math.max(oldest, ageS);
  return oldest;
}

/** Whether the connector may draw less by now than its sample says. */
function isOutdated({ drawA, sampleAgeS }: ControlledConnector): boolean {
  return drawA !== null && drawA !== 0 && sampleAgeS > SAME_MOMENT_MS / 1000 && sampleAgeS <= SAMPLE_LIFE_S;
}

function addOldDraw({ given, memory }: ControlledConnector, sumA: Triple): void {
  const phases = terminalPhases(3, given.rotation ?? "RST");
  if (phases === null) return;
  (given.measuredA ?? []).forEach((value, t) => {
    sumA[phases[t]! as 0 | 1 | 2] += Math.min(value ?? 0, memory.setpointA);
  });
}

/** Adds currents on the site's phases; with an unknown rotation the least terminal on each. */
function addTo(sumA: Triple, currentsA: Currents, { given }: ControlledConnector, sign: 1 | -1): void {
  const phases = terminalPhases(3, given.rotation ?? "RST");
  if (phases === null) {
    const leastA = Math.min(...currentsA.map((value) => value ?? 0));
    for (const p of PHASES) sumA[p] += sign * leastA;
    return;
  }
  for (let t = 0; t < currentsA.length; t++) sumA[phases[t]! as 0 | 1 | 2] += sign * (currentsA[t] ?? 0);
}

function isPlaced({ given }: ControlledConnector): boolean {
  return terminalPhases(3, given.rotation ?? "RST") !== null;
}

/** What is decided of one zone: the share of each phase's span that was drawn, and what is left then. */
interface Settled {
  share: Triple;
  nominalA: Triple;
}

/** Decides how much of what is open was drawn: the share of each phase's span that keeps the background nearest to its last value. */
function settle(
  { restA, open }: MeterSight,
  connectors: readonly ControlledConnector[],
  lastA: Triple | undefined,
): Settled {
  const spanA: Triple = [0, 0, 0];
  for (const { connector, range } of open) {
    const one = connectors[connector]!;
    if (!isPlaced(one)) continue;
    addTo(spanA, range.highA, one, 1);
    addTo(spanA, range.lowA, one, -1);
  }
  const share = PHASES.map((p) => {
    const wantedA = restA[p] - (lastA?.[p] ?? Number.NEGATIVE_INFINITY);
    return spanA[p] > 0 ? Math.min(spanA[p], Math.max(0, wantedA)) / spanA[p] : 0;
  }) as Triple;
  return { share, nominalA: PHASES.map((p) => restA[p] - share[p] * spanA[p]) as Triple };
}

function within({ lowA, highA }: DrawRange, connector: ControlledConnector, share: Triple): Currents {
  const phases = terminalPhases(3, connector.given.rotation ?? "RST");
  return lowA.map((low, t) => {
    const high = highA[t];
    if (low === null || typeof high !== "number") return null;
    return phases === null ? low : low + share[phases[t]! as 0 | 1 | 2] * (high - low);
  });
}

/** Below several meters the smallest draw counts. */
function keepSmaller(drawsA: (Currents | undefined)[], connector: number, drawA: Currents): void {
  const known = drawsA[connector];
  drawsA[connector] = known ? drawA.map((value, t) => smaller(value, known[t] ?? null)) : drawA;
}

function smaller(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.min(a, b);
}
