/**
 * The filter between messages and the controller: it decides what of all that was said may be believed at a tick, and hands the
 * controller one snapshot of one root zone. What it does, and what it leaves to the controller:
 * - a meter's newest good currents count; while its newest sample is not good (or fewer than three good ones followed) nothing below is
 *   raised (`externalLimitA` = present setpoint); past `staleAfterS`, frozen for that long, or with a phase missing it counts as stale;
 * - decreases see the newest current; increases the largest of the last three: the current is passed on raised to that maximum, but
 *   never so far that the present setpoints would not fit any more;
 * - `measuredA` and its time are passed on untouched: the controller computes the background of one moment from them (S4b);
 * - limits, modes, priorities and cleared reservations said by flows, and chargers without OCPP, are merged in;
 * - a surplus older than 30 s is no surplus.
 */
import type { JsonValue, MaybeTriple, Triple } from "../units.ts";
import type { ConnectorFacts } from "./facts.ts";
import { FlowConnectors } from "./flow-connectors.ts";
import { type DlmInput, invalid, type MeterSample, type SurplusInput } from "./input.ts";
import { MeterWatch } from "./meter-watch.ts";
import type { PlantTree, PlantZone, ZoneMeterDefinition } from "./plant.ts";
import { measuredByZone, pathOf, type RootPlant, rootPlant, setpointsByZone } from "./root-plant.ts";
import { record, Signals, withLimits } from "./signals.ts";
import type { ControllerResult, Snapshot, Zone } from "./types.ts";

const SURPLUS_LIFE_MS = 30_000;
/** Increases see the largest of this many samples. */
const CALM_SAMPLES = 3;
const DRAWING_A = 1;
const DEFAULT_STALE_AFTER_S = 10;
/** Meters that no zone names are remembered up to this many, in case a deploy is about to name them. */
const MAX_METERS = 1000;

type SnapshotZone = Snapshot["zones"][number];
type SnapshotMeter = NonNullable<SnapshotZone["meters"]>[number];
type SnapshotConnector = Snapshot["connectors"][number];

/** Condition of a meter of a zone at a tick. */
export interface MeterCondition {
  meter: string;
  zone: string;
  state: "good" | "hold" | "stale" | "awaited";
  frozen: boolean;
  /** Age of what is known, s; null before the first sample. */
  ageS: number | null;
  currentA: MaybeTriple | null;
}

/** One look at everything below a root zone. */
export interface SampleView {
  snapshot: Snapshot;
  meters: MeterCondition[];
  /** Connectors that are not raised, with the meter that is the reason. */
  held: ReadonlyMap<string, string>;
  facts: ConnectorFacts[];
  plant: RootPlant;
}

/** What was passed on at the last tick and what came of it, per zone. */
interface LastZone {
  passedA: MaybeTriple | null;
  measuredA: Triple;
  /** Capacity less present setpoints, A per phase. */
  slackA: Triple;
}

export interface Moment {
  nowMs: number;
  wallMs: number;
}

export class SampleFilter {
  readonly #meters = new Map<string, { watch: MeterWatch; sinceMs: number; recent: MaybeTriple[] }>();
  readonly #signals = new Signals();
  readonly #flow = new FlowConnectors();
  #surplus: (SurplusInput & { atMs: number }) | null = null;
  #last = new Map<string, LastZone>();
  #setpoints: ReadonlyMap<string, number> = new Map();

  /** PV delays as the last surplus message gave them; null = the controller's own. */
  get pvDelays(): { enableDelayS: number | null; disableDelayS: number | null } {
    return { enableDelayS: this.#surplus?.enableDelayS ?? null, disableDelayS: this.#surplus?.disableDelayS ?? null };
  }

  /**
   * Takes an input message.
   * @param tree null = none yet: names cannot be checked
   * @returns true when it should not wait for the next cycle
   * @throws EvError EV_MESSAGE_INVALID for a zone or connector that the tree does not have; nothing is changed
   */
  add(
    input: DlmInput,
    tree: PlantTree | null,
    root: string,
    facts: readonly ConnectorFacts[],
    moment: Moment,
  ): boolean {
    switch (input.kind) {
      case "measurement":
        return this.#addMeasurement(input, tree && rootPlant(tree, root), facts, moment.nowMs);
      case "surplus":
        this.#surplus = { ...input, atMs: moment.nowMs };
        return false;
      case "limit":
        if (tree && !tree.zones.some(({ zone }) => zone.id === input.zone))
          throw invalid("topic", "limit/<name of a zone>", `limit/${input.zone}`);
        this.#signals.setLimit(input, moment.wallMs);
        return true;
      default:
        return this.#addForConnector(input, tree, facts, moment.nowMs);
    }
  }

  /** False while a meter has not been heard yet and may still be: a first tick would decide without knowing. */
  ready(tree: PlantTree, root: string, nowMs: number): boolean {
    return rootPlant(tree, root).zones.every(({ meters }) =>
      meters.every(({ meter, staleAfterS }) => {
        const { watch, sinceMs } = this.#meter(meter, nowMs);
        return watch.seen || nowMs - sinceMs > staleAfterS * 1000;
      }),
    );
  }

  /** Everything the controller needs to know now. */
  snapshot(tree: PlantTree, root: string, reported: readonly ConnectorFacts[], moment: Moment): SampleView {
    const plant = rootPlant(tree, root);
    const facts = this.#mergeFacts(plant, reported, moment.nowMs);
    const measured = measuredByZone(plant, facts);
    const meters: MeterCondition[] = [];
    const zones = plant.zones.map((zone) => {
      const passed = zone.meters.map((listed) =>
        this.#passMeter(zone, listed, measured.get(zone.zone.id)!, moment.nowMs, meters),
      );
      return {
        ...withLimits(zone.zone, this.#signals.limits(zone.zone.id, moment.wallMs)),
        meters: passed.filter((meter) => meter !== null),
      };
    });
    const held = this.#held(plant, meters);
    const connectors = plant.connectors.map((connector, i) => this.#passConnector(connector.zone, facts[i]!, held));
    const fresh = this.#surplus && moment.nowMs - this.#surplus.atMs <= SURPLUS_LIFE_MS;
    const snapshot: Snapshot = { zones, connectors, ...(fresh && { site: { gridW: -this.#surplus!.surplusW } }) };
    return { snapshot, meters, held, facts, plant };
  }

  /** Notes what the controller made of a snapshot: the base for what may be raised, and what counts as urgent, until the next. */
  ticked(view: SampleView, result: ControllerResult): void {
    const setpoints = new Map(Object.entries(result.setpoints).map(([id, { limitA }]) => [id, limitA]));
    const same =
      setpoints.size === this.#setpoints.size &&
      [...setpoints].every(([id, limitA]) => this.#setpoints.get(id) === limitA);
    if (!same) for (const meter of this.#meters.values()) meter.recent.length = Math.min(1, meter.recent.length);
    this.#setpoints = setpoints;
    const used = setpointsByZone(view.plant, setpoints);
    const measured = measuredByZone(view.plant, view.facts);
    this.#last = new Map();
    for (const zone of view.snapshot.zones) {
      const capacityA = result.target.zones[zone.id]?.capacityA ?? [0, 0, 0];
      const including = zone.meters?.find(({ location }) => location === "including");
      this.#last.set(zone.id, {
        passedA: (including?.currentA ?? null) as MaybeTriple | null,
        measuredA: measured.get(zone.id)!,
        slackA: capacityA.map((capacity, p) => Math.max(0, capacity - used.get(zone.id)![p]!)) as Triple,
      });
    }
  }

  /** Names of the limits that hold on a zone, for explaining them. */
  limits(zone: string, wallMs: number): ReturnType<Signals["limits"]> {
    return this.#signals.limits(zone, wallMs);
  }

  save(): JsonValue {
    return { signals: this.#signals.save(), selfFallback: this.#flow.save() };
  }

  restore(saved: JsonValue | undefined, setpoints: ReadonlyMap<string, number>): void {
    const { signals, selfFallback } = record(saved);
    this.#signals.restore(signals);
    this.#flow.restore(selfFallback);
    this.#setpoints = setpoints;
  }

  #addMeasurement(
    sample: MeterSample,
    plant: RootPlant | null,
    facts: readonly ConnectorFacts[],
    nowMs: number,
  ): boolean {
    const listings = plant?.zones.filter((zone) => zone.meters.some(({ meter }) => meter === sample.meter)) ?? [];
    if (!listings.length && this.#meters.size >= MAX_METERS && !this.#meters.has(sample.meter)) return false;
    const meter = this.#meter(sample.meter, nowMs);
    const staleAfterS = listings
      .flatMap(({ meters }) => meters)
      .filter((listed) => listed.meter === sample.meter)
      .map((listed) => listed.staleAfterS);
    const drawing = facts.some(
      ({ measuredA, state }) => state !== "offline" && measuredA?.some((value) => (value ?? 0) > DRAWING_A),
    );
    meter.watch.add(
      sample,
      nowMs,
      Math.min(...staleAfterS, ...(staleAfterS.length ? [] : [DEFAULT_STALE_AFTER_S])),
      drawing,
    );
    if (sample.quality !== "good" || meter.watch.frozen) return false;
    meter.recent = [sample.currentA, ...meter.recent].slice(0, CALM_SAMPLES);
    return plant !== null && listings.some((zone) => this.#isUrgent(plant, zone, sample));
  }

  /** Over a limit by itself, or more of a rise since the last tick than the zone or one above it has to spare. */
  #isUrgent(plant: RootPlant, { zone, meters }: PlantZone, sample: MeterSample): boolean {
    if (sample.currentA.includes(null)) return true;
    const including = meters.some(({ meter, location }) => meter === sample.meter && location === "including");
    const previous = this.#meters.get(sample.meter)!.recent[1];
    const base = (including ? this.#last.get(zone.id)?.passedA : null) ?? previous ?? [null, null, null];
    return sample.currentA.some((current, p) => {
      const limitA =
        Math.min(at(zone.limitA, p), at(zone.operatorLimitA ?? zone.limitA, p)) - at(zone.headroomA ?? 0, p);
      if (including && current! > limitA) return true;
      const riseA = current! - (base[p] ?? current!);
      return riseA > 0 && pathOf(plant, zone.id).some((above) => this.#exceeds(above, p, riseA));
    });
  }

  #exceeds({ zone }: PlantZone, phase: number, riseA: number): boolean {
    const limitedPower =
      zone.maxPowerW !== undefined ||
      this.#signals.limits(zone.id, Number.NEGATIVE_INFINITY).some(({ powerW }) => powerW !== null);
    return riseA > (this.#last.get(zone.id)?.slackA[phase] ?? Number.POSITIVE_INFINITY) || (limitedPower && riseA > 1);
  }

  #addForConnector(
    input: Exclude<DlmInput, { kind: "measurement" | "surplus" | "limit" }>,
    tree: PlantTree | null,
    facts: readonly ConnectorFacts[],
    nowMs: number,
  ): boolean {
    const known = facts.find(({ id }) => id === input.id);
    const placed = !tree || tree.connectors.some(({ id }) => id === input.id);
    if (!placed && !known)
      throw invalid(
        "topic",
        `${input.kind}/<charge point>/<connector number> of a charge point in a zone`,
        `${input.kind}/${input.id}`,
      );
    switch (input.kind) {
      case "mode":
        this.#signals.setMode(input.id, input.mode);
        return true;
      case "priority":
        this.#signals.setPriority(input.id, input.priorityClass);
        return true;
      case "clear":
        if (known && known.state !== "offline")
          throw invalid("topic", "the topic of a connector that is offline", `clear/${input.id}`);
        this.#signals.clear(input.id);
        return true;
      case "connector": {
        if (known)
          throw invalid("topic", "a charger without OCPP: this one reports its state itself", `connector/${input.id}`);
        const changed = this.#flow.state(input.id) !== input.state;
        this.#flow.add(input, nowMs);
        return changed;
      }
    }
  }

  #meter(name: string, nowMs: number) {
    let meter = this.#meters.get(name);
    if (!meter) {
      meter = { watch: new MeterWatch(), sinceMs: nowMs, recent: [] };
      this.#meters.set(name, meter);
    }
    return meter;
  }

  #mergeFacts(plant: RootPlant, reported: readonly ConnectorFacts[], nowMs: number): ConnectorFacts[] {
    const byId = new Map(reported.map((facts) => [facts.id, facts]));
    return plant.connectors.map((connector) => {
      const facts = { ...(byId.get(connector.id) ?? this.#flow.facts(connector, nowMs)), wiring: connector.wiring };
      if (facts.state !== "offline") this.#signals.seen(connector.id);
      return this.#signals.isCleared(connector.id) ? { ...facts, disconnectedA: 0 } : facts;
    });
  }

  /** null = not heard yet since it came into the tree a moment ago: left out, and nothing is raised meanwhile. */
  #passMeter(
    zone: PlantZone,
    listed: ZoneMeterDefinition,
    measuredA: Triple,
    nowMs: number,
    conditions: MeterCondition[],
  ): SnapshotMeter | null {
    const { meter, location, staleAfterS, onStale, fallbackA } = listed;
    const { watch, sinceMs, recent } = this.#meter(meter, nowMs);
    const { currentA, atMs, hold, restoring } = watch.sight();
    const knownMs = Number.isFinite(atMs) ? atMs : sinceMs;
    const old = nowMs - knownMs > staleAfterS * 1000;
    const stale = old || restoring || currentA?.some((value, p) => value === null && at(zone.zone.limitA, p) > 0);
    const state = stale ? "stale" : currentA === null ? "awaited" : hold ? "hold" : "good";
    const ageS = Number.isFinite(atMs) ? (nowMs - atMs) / 1000 : null;
    conditions.push({ meter, zone: zone.zone.id, state, frozen: watch.frozen, ageS, currentA });
    if (state === "awaited") return null;
    const believed =
      state === "stale"
        ? null
        : location === "including"
          ? this.#calm(zone.zone.id, currentA!, recent, measuredA)
          : largest(recent, currentA!);
    return {
      id: meter,
      location,
      currentA: believed,
      tsMs: knownMs,
      staleAfterS,
      onStale,
      ...(fallbackA !== null && { fallbackA }),
    };
  }

  /** The newest current raised towards the largest of the last samples, as far as the present setpoints still fit. */
  #calm(zone: string, newestA: MaybeTriple, recent: readonly MaybeTriple[], measuredA: Triple): MaybeTriple {
    const last = this.#last.get(zone);
    const peakA = largest(recent, newestA);
    return newestA.map((newest, p) => {
      const passed = last?.passedA?.[p] ?? null;
      if (newest === null || passed === null) return newest;
      const fitsA = passed + last!.slackA[p]! + measuredA[p]! - last!.measuredA[p]!;
      return Math.max(newest, Math.min(peakA[p] ?? newest, fitsA));
    }) as MaybeTriple;
  }

  #held(plant: RootPlant, meters: readonly MeterCondition[]): Map<string, string> {
    const held = new Map<string, string>();
    const holding = meters.filter(({ state }) => state === "hold" || state === "awaited");
    for (const { id, zone } of holding.length ? plant.connectors : []) {
      const path = pathOf(plant, zone).map((above) => above.zone.id);
      const cause = holding.find((condition) => path.includes(condition.zone));
      if (cause) held.set(id, cause.meter);
    }
    return held;
  }

  #passConnector(zone: string, facts: ConnectorFacts, held: ReadonlyMap<string, string>): SnapshotConnector {
    const { id, wiring, state, measuredA, measuredAtMs, reservedA, pluggedAtMs } = facts;
    return {
      id,
      zone,
      phases: wiring.phases,
      rotation: wiring.rotation,
      minA: wiring.minA,
      maxA: wiring.maxA,
      priorityClass: this.#signals.priority(id) ?? wiring.priorityClass,
      mode: this.#signals.mode(id) ?? wiring.mode,
      state,
      disconnectedA: facts.disconnectedA,
      chargingS: facts.chargingS,
      energyWh: facts.energyWh,
      ...(pluggedAtMs !== null && { arrivalS: pluggedAtMs / 1000 }),
      ...(measuredA && { measuredA: measuredA.slice(0, wiring.phases) }),
      ...(measuredA && measuredAtMs !== null && { measuredTsMs: measuredAtMs }),
      ...(reservedA !== null && state !== "offline" && { reservedA }),
      ...(held.has(id) && { externalLimitA: this.#setpoints.get(id) ?? 0 }),
    };
  }
}

function at(values: Zone["limitA"], phase: number): number {
  return typeof values === "number" ? values : values[phase]!;
}

function largest(samples: readonly MaybeTriple[], newest: MaybeTriple): MaybeTriple {
  return newest.map((value, p) =>
    value === null ? null : Math.max(value, ...samples.map((sample) => sample[p] ?? value)),
  ) as MaybeTriple;
}
