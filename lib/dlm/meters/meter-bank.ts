import { ZONE_STALE_AFTER_S } from "../../thresholds.ts";
import type { MaybeTriple, Triple } from "../../units.ts";
import type { MeterSample } from "../inputs/input.ts";
import type { LimitedZone } from "../inputs/signals.ts";
import type { ReadingMoment } from "../snapshot/recent-starts.ts";
import type { PlantZone, ZoneMeterDefinition } from "../topology/plant.ts";
import { pathOf, type RootPlant } from "../topology/root-plant.ts";
import { ALLOCATION_DEFAULTS, type Snapshot, type Zone } from "../types.ts";
import { MeterTrail } from "./meter-trail.ts";
import { MeterWatch } from "./meter-watch.ts";
import type { MeterDoubt } from "./plausibility/meter-steps.ts";

/** Increases see the largest of this many samples. */
const CALM_SAMPLES = 3;
/** Meters that no zone names are remembered up to this many, in case a deploy is about to name them. */
const MAX_METERS = 1000;

/** A load that is over a limit from outside, or of a zone above, by no more than this can wait for the next cycle, A. */
const TOLERANCE_A = 0.5;
/** The same for a limit of power, W. */
const POWER_TOLERANCE_W = 350;

type Limited = (zone: PlantZone["zone"]) => LimitedZone;
type SnapshotMeter = NonNullable<Snapshot["zones"][number]["meters"]>[number];

/** Condition of a meter of a zone at a tick. */
export interface MeterCondition {
  meter: string;
  zone: string;
  /** `awaited`: not heard yet since it came into the tree a moment ago. */
  state: "good" | "hold" | "stale" | "awaited";
  frozen: boolean;
  /** Why it is stale although it delivers: it does not follow the chargers behind it. */
  doubt: MeterDoubt | null;
  /** Age of what is known, s; null before the first sample. */
  ageS: number | null;
  currentA: MaybeTriple | null;
}

/** What was passed on of a zone's meters at the last tick, and what the tick made of it. */
export interface LastZone {
  /** By meter. */
  passedA: ReadonlyMap<string, MaybeTriple | null>;
  /** Sum of what the chargers below had measured. */
  measuredA: Triple;
  /** Setpoints and reservations, and what is left beside them in this zone and all above it, A per phase. */
  usedA: Triple;
  slackA: Triple;
}

interface Meter {
  watch: MeterWatch;
  /** Since when the meter is known. */
  sinceMs: number;
  /** Good samples since the setpoints last changed, newest first. */
  recent: MaybeTriple[];
  trail: MeterTrail;
}

/** All meters of a root zone: what they said, what of it to believe, and whether it can wait. */
export class MeterBank {
  readonly #meters = new Map<string, Meter>();
  #last: ReadonlyMap<string, LastZone> = new Map();

  /**
   * Takes a sample.
   * @param plant null = no tree yet
   * @param drawing a charger draws current: a meter may then not stand still
   * @param limited a zone with its limits from outside
   * @returns true when it should not wait for the next cycle
   */
  add(sample: MeterSample, plant: RootPlant | null, drawing: boolean, nowMs: number, limited: Limited): boolean {
    const zones = plant?.zones.filter((zone) => zone.meters.some(({ meter }) => meter === sample.meter)) ?? [];
    if (!zones.length && this.#meters.size >= MAX_METERS && !this.#meters.has(sample.meter)) return false;
    const meter = this.#meter(sample.meter, nowMs);
    const listings = zones.flatMap(({ meters }) => meters.filter((listed) => listed.meter === sample.meter));
    const lifeS = listings.length ? Math.min(...listings.map((l) => l.staleAfterS)) : ZONE_STALE_AFTER_S;
    meter.watch.add(sample, nowMs, lifeS, drawing);
    if (sample.quality !== "good" || meter.watch.frozen) return false;
    meter.recent = [sample.currentA, ...meter.recent].slice(0, CALM_SAMPLES);
    if (sample.currentA.includes(null)) return zones.length > 0;
    meter.trail.add(nowMs, sample.currentA);
    return plant !== null && zones.some((zone) => this.#isUrgent(plant, zone, sample, limited));
  }

  /** False while a meter has not been heard yet and may still be. */
  heard(plant: RootPlant, nowMs: number): boolean {
    return plant.zones.every(({ meters }) =>
      meters.every(({ meter, staleAfterS }) => {
        const { watch, sinceMs } = this.#meter(meter, nowMs);
        return watch.seen || nowMs - sinceMs > staleAfterS * 1000;
      }),
    );
  }

  /** @param changed the setpoints are others than before: older samples show the cars at other currents */
  ticked(last: ReadonlyMap<string, LastZone>, changed: boolean): void {
    this.#last = last;
    if (changed) for (const meter of this.#meters.values()) meter.recent.length = Math.min(1, meter.recent.length);
  }

  /** @param doubted what is known to be wrong with it: it then counts as stale */
  condition(
    { zone }: PlantZone,
    { meter, location, staleAfterS }: ZoneMeterDefinition,
    nowMs: number,
    doubted: MeterDoubt | null = null,
  ): MeterCondition {
    const doubt = location === "including" ? doubted : null;
    const { watch, sinceMs } = this.#meter(meter, nowMs);
    const { currentA, atMs, hold, restoring } = watch.sight();
    const known = Number.isFinite(atMs);
    const old = nowMs - (known ? atMs : sinceMs) > staleAfterS * 1000;
    const stale = old || restoring || doubt || currentA?.some((value, p) => value === null && on(zone.limitA, p) > 0);
    const state = stale ? "stale" : currentA === null ? "awaited" : hold ? "hold" : "good";
    const ageS = known ? (nowMs - atMs) / 1000 : null;
    return { meter, zone: zone.id, state, frozen: watch.frozen, doubt, ageS, currentA };
  }

  /**
   * The same at the moment of chargers' readings, where the meter knows of it and shows no load over the limit now; raised by as much of
   * what came since as no car can have taken.
   * @param moment null = no reading asks for it
   */
  atMoment(
    condition: MeterCondition,
    zone: LimitedZone,
    { staleAfterS }: ZoneMeterDefinition,
    moment: ReadingMoment | null,
    nowMs: number,
  ): MeterCondition {
    const { meter, state, currentA } = condition;
    if (moment === null || state !== "good" || currentA === null) return condition;
    if (currentA.some((value, p) => (value ?? 0) > limitOf(zone, p))) return condition;
    const earlier = this.#meter(meter, nowMs).trail.at(moment.atMs);
    if (earlier === null || nowMs - earlier.atMs > staleAfterS * 1000) return condition;
    const thenA = earlier.currentA.map((value, p) =>
      value === null ? null : Math.max(value, (currentA[p] ?? value) - moment.unshownA[p]!),
    ) as MaybeTriple;
    return { ...condition, currentA: thenA, ageS: (nowMs - earlier.atMs) / 1000 };
  }

  /**
   * The meter as the controller is to see it; null while it is awaited: it is left out, and nothing is raised meanwhile.
   * @param measuredA sum of what the chargers of the zone have measured
   */
  pass(condition: MeterCondition, listed: ZoneMeterDefinition, measuredA: Triple, nowMs: number): SnapshotMeter | null {
    const { meter, location, staleAfterS, onStale, fallbackA } = listed;
    const { state, currentA, ageS } = condition;
    if (state === "awaited") return null;
    const { sinceMs, recent } = this.#meter(meter, nowMs);
    const believed =
      state === "stale" ? null : this.#calm(condition.zone, listed, currentA ?? [null, null, null], recent, measuredA);
    const tsMs = ageS === null ? sinceMs : nowMs - ageS * 1000;
    const fallback = fallbackA === null ? {} : { fallbackA };
    const doubted = condition.doubt === null ? {} : { doubted: true };
    return { id: meter, location, currentA: believed, tsMs, staleAfterS, onStale, ...fallback, ...doubted };
  }

  #meter(name: string, nowMs: number): Meter {
    const known = this.#meters.get(name) ?? {
      watch: new MeterWatch(),
      sinceMs: nowMs,
      recent: [],
      trail: new MeterTrail(),
    };
    this.#meters.set(name, known);
    return known;
  }

  /** The newest current raised towards the largest of the last samples, as far as the present setpoints still fit. */
  #calm(
    zone: string,
    { meter, location }: ZoneMeterDefinition,
    newestA: MaybeTriple,
    recent: readonly MaybeTriple[],
    measuredA: Triple,
  ): MaybeTriple {
    const last = this.#last.get(zone);
    const passedA = last?.passedA.get(meter) ?? null;
    return newestA.map((newest, p) => {
      const passed = passedA?.[p] ?? null;
      if (newest === null || passed === null) return newest;
      const carsA = location === "including" ? measuredA[p]! - last!.measuredA[p]! : 0;
      const peak = Math.max(...recent.map((sample) => sample[p] ?? newest));
      return Math.max(newest, Math.min(peak, passed + last!.slackA[p]! + carsA));
    }) as MaybeTriple;
  }

  /** Over a limit by itself, or more of a rise since the last tick than the zone or one above it has to spare. */
  #isUrgent(plant: RootPlant, { zone, meters }: PlantZone, sample: MeterSample, limited: Limited): boolean {
    const including = meters.some(({ meter, location }) => meter === sample.meter && location === "including");
    const baseA = this.#last.get(zone.id)?.passedA.get(sample.meter) ?? this.#meters.get(sample.meter)?.recent[1];
    const path = pathOf(plant, zone.id);
    const carrying = path.filter((above) => above.zone.id === zone.id || !isMetered(above));
    const isOverAt = ({ zone: one }: PlantZone) => isOver(sample.currentA, limited(one), this.#last.get(one.id));
    if (including && carrying.some(isOverAt)) return true;
    return sample.currentA.some((current, p) => {
      if (including && current! > limitOf(zone, p)) return true;
      const riseA = current! - (baseA?.[p] ?? current!);
      return path.some(
        (above) =>
          riseA > (this.#last.get(above.zone.id)?.slackA[p] ?? Number.POSITIVE_INFINITY) ||
          (riseA > 1 && powerLimitW(limited(above.zone)) !== null),
      );
    });
  }
}

/** What may flow, A. */
function limitOf({ limitA, operatorLimitA = limitA, headroomA = 0, gridLimit }: LimitedZone, phase: number): number {
  const outsideA = gridLimit?.scope === "total" ? (gridLimit.currentA ?? Number.POSITIVE_INFINITY) : limitA;
  return Math.min(on(limitA, phase), on(operatorLimitA, phase), on(outsideA, phase)) - on(headroomA, phase);
}

/** What may flow, W; null = no power is limited. */
function powerLimitW({ maxPowerW = Number.POSITIVE_INFINITY, gridLimit }: LimitedZone): number | null {
  const leastW = Math.min(maxPowerW, gridLimit?.powerW ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(leastW) ? leastW : null;
}

function isMetered({ meters }: PlantZone): boolean {
  return meters.some(({ location }) => location === "including");
}

/** Over a limit of any kind, with chargers that can be lowered for it. */
function isOver(currentA: MaybeTriple, zone: LimitedZone, last: LastZone | undefined): boolean {
  if (last === undefined) return false;
  const phases = [0, 1, 2].filter((p) => last.usedA[p]! > 0);
  const sumA = currentA.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const totalW = zone.gridLimit?.scope === "evse" ? (zone.maxPowerW ?? null) : powerLimitW(zone);
  const overPower = totalW !== null && sumA * ALLOCATION_DEFAULTS.voltageV > totalW + POWER_TOLERANCE_W;
  return phases.some((p) => overPower || (currentA[p] ?? 0) > limitOf(zone, p) + TOLERANCE_A);
}

function on(values: Zone["limitA"], phase: number): number {
  return typeof values === "number" ? values : values[phase]!;
}
