/**
 * The filter between messages and the controller: it decides what of all that was said may be believed at a tick, and hands the
 * controller one snapshot of one root zone. What it does, and what it leaves to the controller:
 * - a meter's newest good currents count; while its newest sample is not good (or fewer than three good ones followed) nothing below is
 *   raised (a ceiling at the present setpoint); past `staleAfterS`, frozen for that long, or with a phase missing it counts as stale;
 * - decreases see the newest current; increases the largest of the last three: the current is passed on raised to that maximum, but
 *   never so far that the present setpoints would not fit any more;
 * - `measuredA` and its time are passed on untouched: the controller computes the background of one moment from them (S4b);
 * - limits, modes, priorities and cleared reservations said by flows, and chargers without OCPP, are merged in;
 * - a surplus older than 30 s is no surplus; it falls at once and rises calmly (lib/pv/sun.ts); a fall that cars have to follow is urgent.
 */

import { Sun } from "../../pv/sun.ts";
import { CHARGING_A, SURPLUS_LIFE_MS } from "../../thresholds.ts";
import type { JsonValue, MaybeTriple, Triple } from "../../units.ts";
import type { DrillSight } from "../inputs/drill.ts";
import { ExternalInputs, type ManagerWords } from "../inputs/external-inputs.ts";
import type { DlmInput, MeterSample, SurplusInput } from "../inputs/input.ts";
import { invalid } from "../inputs/input-fields.ts";
import { Peaks } from "../inputs/peaks.ts";
import { type ActiveLimit, record, withLimits } from "../inputs/signals.ts";
import { type LastZone, MeterBank, type MeterCondition } from "../meters/meter-bank.ts";
import { MeterDoubts } from "../meters/plausibility/meter-doubts.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { PlantTree } from "../topology/plant.ts";
import { currentsByZone, measuredByZone, pathOf, placeOf, type RootPlant, rootPlant } from "../topology/root-plant.ts";
import {
  ALLOCATION_DEFAULTS,
  type Ceiling,
  CONTROLLER_DEFAULTS,
  type ControllerResult,
  type Snapshot,
  type SnapshotConnector,
} from "../types.ts";
import type { CommandedLimits } from "./commanded.ts";
import { PhasePlans } from "./phase-plans.ts";
import { RecentStarts } from "./recent-starts.ts";
import type { SampleMoment, SampleView } from "./sample-view.ts";
import { withSeemingDraw } from "./seeming-draw.ts";
import { slackByZone } from "./slack.ts";
import { heldStarts } from "./starts.ts";
import { shareFeeds } from "./station-feed.ts";
import { WrongPhaseConnectors } from "./wrong-phase.ts";
import { ZeroAnswers } from "./zero-answers.ts";

export type { SampleMoment, SampleView } from "./sample-view.ts";

/** Who lowers connectors besides flows, people and managers; null = nobody does. */
export interface AskedByOthers {
  others?: ((id: string) => Ceiling | null) | undefined;
  /** A run that proves the wiring, or a drill. */
  commissioning?: ((id: string) => Ceiling | null) | undefined;
}

const NOTHING_PASSED: ReadonlyMap<string, MaybeTriple | null> = new Map();

/** So long it is not looked again whether a car draws, ms. */
const DRAWING_FOR_MS = 1000;
export class SampleFilter {
  readonly #meters = new MeterBank();
  readonly #doubts = new MeterDoubts();
  readonly #wrongPhase = new WrongPhaseConnectors();
  #learnt = false;
  readonly #external: ExternalInputs;
  readonly #recent = new RecentStarts();
  readonly #zeros = new ZeroAnswers();
  readonly #sun = new Sun();
  readonly #phases = new PhasePlans();
  #drawing = { atMs: Number.NaN, is: false };
  #surplus: (SurplusInput & { atMs: number }) | null = null;
  readonly #backgroundA = new Map<string, Triple>();
  readonly #peaks: Peaks;
  readonly #drill: DrillSight | null;

  /**
   * @param managers what energy managers say; null = there are none. @param timeZone in which months begin; empty = the machine's
   * @param drill what drills let be seen otherwise than it is; null = there are none
   */
  constructor(managers: ManagerWords | null = null, timeZone?: () => string, drill: DrillSight | null = null) {
    this.#drill = drill;
    this.#external = new ExternalInputs(managers);
    this.#peaks = new Peaks(timeZone);
  }

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
    facts: () => readonly ConnectorFacts[],
    { nowMs, wallMs }: SampleMoment,
  ): boolean {
    switch (input.kind) {
      case "measurement": {
        if (this.#drill?.hides(input.meter)) return false;
        const plant = tree && rootPlant(tree, root);
        if (input.quality === "good") this.#doubts.measured(input.meter, input.currentA, nowMs);
        if (plant && input.quality === "good") this.#readDemand(plant, input, tree.voltageV, { nowMs, wallMs });
        return this.#meters.add(input, plant, this.#isDrawing(facts, nowMs), nowMs, (zone) =>
          withLimits(zone, this.#limits(zone.id, wallMs)),
        );
      }
      case "surplus":
        this.#surplus = { ...input, atMs: nowMs };
        if (tree)
          this.#sun.add(
            input.surplusW,
            this.#connectorsNow(tree, root, facts(), { nowMs, wallMs }),
            tree.voltageV,
            nowMs,
          );
        return this.#sun.isShort;
      case "demand":
        if (tree && !rootPlant(tree, root).byName.get(input.zone)?.demand)
          throw invalid("topic", `demand/<name of a zone with a demand limit>`, `demand/${input.zone}`);
        this.#peaks.pulse(input.zone, { nowMs, wallMs });
        return true;
      default:
        return this.#external.add(input, tree, root, facts(), { nowMs, wallMs });
    }
  }

  /** Whether a car draws; looked for once a second, as meters are read more often than cars begin and end. */
  #isDrawing(facts: () => readonly ConnectorFacts[], nowMs: number): boolean {
    const { atMs } = this.#drawing;
    if (!(nowMs >= atMs && nowMs - atMs < DRAWING_FOR_MS)) this.#drawing = { atMs: nowMs, is: facts().some(isDrawing) };
    return this.#drawing.is;
  }

  /** The limits that hold on a zone: those from outside, and what its demand limit leaves now. */
  #limits(zone: string, wallMs: number): readonly ActiveLimit[] {
    const demand = this.#peaks.limits(zone);
    const external = this.#external.limits(zone, wallMs);
    const drilled = this.#drill?.limits(zone, wallMs) ?? [];
    return demand.length + drilled.length > 0 ? [...external, ...demand, ...drilled] : external;
  }

  /** The meter of a zone says what the zone draws. What it does not say in W is worked out from the currents. */
  #readDemand(plant: RootPlant, sample: MeterSample, voltageV: number, moment: SampleMoment): void {
    for (const { zone, meters, demand } of plant.zones) {
      if (!demand || !meters.some(({ meter, location }) => location === "including" && meter === sample.meter))
        continue;
      const powerW = sample.powerW ?? sumOf(sample.currentA, voltageV);
      const background = this.#backgroundA.get(zone.id);
      if (powerW !== null) this.#peaks.read(zone.id, powerW, background ? sumOf(background, voltageV) : null, moment);
    }
  }

  /** What flows said of zones that have other names now holds on. */
  rename(names: ReadonlyMap<string, string>): void {
    this.#peaks.rename(names);
    this.#external.rename(names);
  }

  /** False while a meter has not been heard yet and may still be: a first tick would decide without knowing. */
  ready(tree: PlantTree, root: string, nowMs: number): boolean {
    return this.#meters.heard(rootPlant(tree, root), nowMs);
  }

  /**
   * Everything the controller needs to know now. @param commanded what the connectors were told up to now
   * @param asked who else lowers connectors; a connector whose steps prove its wiring tells nothing against its meter meanwhile
   */
  snapshot(
    tree: PlantTree,
    root: string,
    reported: readonly ConnectorFacts[],
    moment: SampleMoment,
    commanded: CommandedLimits,
    { others = () => null, commissioning = () => null }: AskedByOthers = {},
  ): SampleView {
    const plant = rootPlant(tree, root);
    this.#external.passTo(plant, moment.wallMs);
    this.#peaks.look(plant, moment);
    const limits = (zone: string) => this.#limits(zone, moment.wallMs);
    const facts = this.#zeros.look(shareFeeds(plant, this.#external.merged(plant, reported, moment)));
    const chargersA = measuredByZone(plant, facts);
    const strayed = this.#wrongPhase.below(plant);
    const isTold = (id: string) => strayed.has(id) || commissioning(id)?.cause === "commissioning";
    const sure = facts.map((one) => (isTold(one.id) ? { ...one, measuredA: null } : one));
    this.#doubts.look(plant, sure, this.#surplus !== null, moment.nowMs);
    const { recent, moments } = this.#recent.look(plant, facts, commanded.limitsA, moment.nowMs);
    const meters: MeterCondition[] = [];
    const zones = plant.zones.map((zone) => {
      const limited = withLimits(zone.zone, limits(zone.zone.id));
      const passed = zone.meters.map((listed) => {
        const known = this.#meters.condition(zone, listed, moment.nowMs, this.#doubts.of(listed.meter));
        const then = listed.location === "including" ? moments.get(zone.zone.id) : undefined;
        const condition = this.#meters.atMoment(known, limited, listed, then ?? null, moment.nowMs);
        meters.push(condition);
        return this.#meters.pass(condition, listed, chargersA.get(zone.zone.id)!, moment.nowMs);
      });
      const heard = passed.filter((meter) => meter !== null);
      return { ...limited, meters: heard, ...(heard.length < passed.length && { awaits: true }) };
    });
    const held = heldBy(plant, meters);
    const aside = (id: string) => this.#external.overrides.setsAside(id);
    const waiting = heldStarts(plant, facts, commanded.limitsA, limits, (id) => this.#external.mode(id));
    const connectors = plant.connectors.map(({ id, zone }, i): SnapshotConnector => {
      const connector = this.#phases.passed(this.#external.passed(zone, facts[i]!));
      const { commandedA: limitA, leaseEnded } = commanded.of(id);
      const meter = held.get(id);
      const ceilings: Ceiling[] = [];
      const add = (ceiling: Ceiling | null | undefined) => ceiling && ceilings.push(ceiling);
      if (!aside(id)) add(others(id));
      add(commissioning(id));
      add(waiting.get(id));
      if (meter !== undefined) add({ limitA, cause: "meterHold", meter });
      connector.ceilings?.forEach(add);
      if (recent.has(id)) add({ limitA, cause: "recentStart" });
      if (commanded.pulledDown) add({ limitA, cause: "guard" });
      connector.commandedA = limitA;
      if (leaseEnded) connector.leaseEnded = true;
      if (strayed.has(id)) connector.rotation = "Unknown";
      if (ceilings.length > 0) connector.ceilings = ceilings;
      return connector;
    });
    const fresh = this.#surplus && moment.nowMs - this.#surplus.atMs <= SURPLUS_LIFE_MS;
    const gridW = fresh ? (this.#sun.gridW(connectors, tree.voltageV) ?? -this.#surplus!.surplusW) : null;
    const known: Snapshot = { zones, connectors, ...(gridW !== null && { site: { gridW } }) };
    const seeming = this.#drill?.draw();
    const snapshot = seeming ? withSeemingDraw(known, seeming, plant, moment.nowMs) : known;
    return {
      atMs: moment.nowMs,
      phases: (id: string) => this.#phases.word(id),
      strayedTo: (id: string) => this.#strayedTo(plant, id),
      snapshot,
      meters,
      commanded: commanded.limitsA,
      limits,
      wallMs: moment.wallMs,
      demand: (zone: string) => this.#peaks.state(zone, moment.nowMs),
      overrides: this.#external.overrides,
      tariff: (id: string) => this.#external.tariff(id),
      managerMode: (id: string) => this.#external.managerMode(id, placeOf(plant, id)?.wiring.mode ?? "fast"),
      backgroundA: this.#backgroundA,
      chargersA,
      facts,
      plant,
    };
  }

  /**
   * Notes what the controller made of a snapshot: the base for what may be raised, and what counts as urgent, until the next.
   * @param setpoints its limits, where they are known already
   */
  ticked(view: SampleView, result: ControllerResult, setpoints = limitsOf(result)): void {
    const { atMs, plant, facts, chargersA, snapshot, meters: conditions, commanded: before } = view;
    this.#recent.decided(before, setpoints, atMs);
    const loadsA = new Map(
      conditions
        .filter(({ zone, meter, state }) => state === "good" && isIncluding(plant, zone, meter))
        .map(({ zone }) => [zone, result.target.zones[zone]!.backgroundA]),
    );
    this.#zeros.decided({ plant, before, after: setpoints, loadsA, nowMs: atMs });
    const changed = setpoints.size !== before.size || someDiffer(setpoints, before);
    this.#external.tell(setpoints, atMs);
    this.#sun.commanded(setpoints, atMs);
    const { voltageV = ALLOCATION_DEFAULTS.voltageV } = snapshot.config ?? {};
    const { pvEnableDelayS, pvDisableDelayS } = CONTROLLER_DEFAULTS;
    const { enableDelayS, disableDelayS } = this.pvDelays;
    const delays = { enableDelayS: enableDelayS ?? pvEnableDelayS, disableDelayS: disableDelayS ?? pvDisableDelayS };
    const poolW = snapshot.site ? this.#sun.powerW : null;
    this.#phases.ticked({ snapshot, facts, result, voltageV, poolW, ...delays, atMs });
    const used = currentsByZone(
      plant,
      facts.map((one) => reservedOf(one) ?? setpoints.get(one.id) ?? 0),
    );
    const last = new Map<string, LastZone>();
    const slack = slackByZone(snapshot.zones, result.target.zones, used, voltageV);
    for (const { id, meters } of snapshot.zones) {
      last.set(id, {
        passedA: meters?.length
          ? new Map(meters.map((meter) => [meter.id, meter.currentA as MaybeTriple | null]))
          : NOTHING_PASSED,
        measuredA: chargersA.get(id)!,
        usedA: used.get(id)!,
        slackA: slack.get(id)!,
      });
    }
    this.#readWithoutMeter(view, result, voltageV);
    this.#meters.ticked(last, changed);
    const failed = new Set(conditions.filter(({ state }) => state !== "good").map(({ zone }) => zone));
    for (const [id, { backgroundA }] of Object.entries(result.target.zones))
      if (!failed.has(id)) this.#backgroundA.set(id, backgroundA);
  }

  /** A zone whose meter does not include the chargers draws what its background and its chargers do. */
  #readWithoutMeter(
    { plant, chargersA, atMs, wallMs = 0 }: SampleView,
    result: ControllerResult,
    voltageV: number,
  ): void {
    for (const { zone, meters, demand } of plant.zones) {
      const { backgroundA } = result.target.zones[zone.id] ?? {};
      if (!demand || !backgroundA || meters.some(({ location }) => location === "including")) continue;
      const othersW = sumOf(backgroundA, voltageV) ?? 0;
      const carsW = sumOf(chargersA.get(zone.id)!, voltageV) ?? 0;
      this.#peaks.read(zone.id, othersW + carsW, othersW, { nowMs: atMs, wallMs });
    }
  }

  /** Phases that a connector is told to have; undefined for one that cannot choose. */
  phases(id: string): 1 | 3 | undefined {
    return this.#phases.word(id)?.phases;
  }

  /** Takes connectors that the guard has found on other phases (0..2) than their rotation says. */
  found({ plant }: SampleView, strays: ReadonlyMap<string, number>): void {
    for (const [id, phase] of strays) this.#wrongPhase.add(placeOf(plant, id)!, phase);
    this.#learnt ||= strays.size > 0;
  }

  /** True once after something was learnt that a restart must not forget. */
  get learnt(): boolean {
    const learnt = this.#doubts.changed || this.#learnt;
    this.#learnt = false;
    return learnt;
  }

  #strayedTo(plant: RootPlant, id: string): number | null {
    const connector = this.#wrongPhase.isEmpty ? undefined : placeOf(plant, id);
    return connector ? this.#wrongPhase.phaseOf(connector) : null;
  }

  /** @param moment null = what demand limits have seen is left out */
  save(moment: SampleMoment | null = null): JsonValue {
    return {
      ...(moment && { peaks: this.#peaks.save(moment) }),
      doubts: this.#doubts.save(),
      strayed: this.#wrongPhase.save(),
      ...this.#external.save(),
      phases: this.#phases.save(),
    };
  }

  restore(saved: JsonValue | undefined, nowMs: number): void {
    const { doubts, strayed: wrongPhase, phases, peaks, ...external } = record(saved);
    this.#peaks.restore(peaks);
    this.#doubts.restore(doubts);
    this.#wrongPhase.restore(wrongPhase);
    this.#phases.restore(phases);
    this.#external.restore(external, nowMs);
  }

  /** The connectors as the controller would see them, without what holds some of them. */
  #connectorsNow(
    tree: PlantTree,
    root: string,
    facts: readonly ConnectorFacts[],
    moment: SampleMoment,
  ): SnapshotConnector[] {
    const plant = rootPlant(tree, root);
    const merged = this.#external.merged(plant, facts, moment);
    return plant.connectors.map(({ zone }, i) => this.#external.passed(zone, merged[i]!));
  }
}

/** The power of three currents, W; null where one is unknown. */
function sumOf(currentA: MaybeTriple, voltageV: number): number | null {
  let sumW = 0;
  for (const amps of currentA) {
    if (amps === null) return null;
    sumW += amps * voltageV;
  }
  return sumW;
}

/** What a result commands, A by connector. @param ids of its connectors in their order, where they are known */
export function limitsOf(
  { setpoints }: Pick<ControllerResult, "setpoints">,
  ids: readonly { id: string }[] = Object.keys(setpoints).map((id) => ({ id })),
): Map<string, number> {
  const limitsA = new Map<string, number>();
  for (const { id } of ids) limitsA.set(id, setpoints[id]!.limitA);
  return limitsA;
}

/** Whether a connector has another limit than before, or is new. */
export function someDiffer(limitsA: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): boolean {
  for (const [id, limitA] of limitsA) if (before.get(id) !== limitA) return true;
  return false;
}

/** Connectors that are not raised, each with the meter that is the reason. */
function heldBy(plant: RootPlant, meters: readonly MeterCondition[]): Map<string, string> {
  const held = new Map<string, string>();
  const holding = meters.filter(({ state }) => state === "hold" || state === "awaited");
  for (const { id, zone } of holding.length ? plant.connectors : []) {
    const path = pathOf(plant, zone).map((above) => above.zone.id);
    const cause = holding.find((condition) => path.includes(condition.zone));
    if (cause) held.set(id, cause.meter);
  }
  return held;
}

function isIncluding({ byName }: RootPlant, zone: string, meter: string): boolean {
  return byName.get(zone)!.meters.some((listed) => listed.meter === meter && listed.location === "including");
}

function isDrawing({ state, measuredA }: ConnectorFacts): boolean {
  return state !== "offline" && (measuredA ?? []).some((value) => (value ?? 0) > CHARGING_A);
}

/** What stays reserved whatever is allocated, A; null for a connector that obeys. */
function reservedOf({ state, disconnectedA, reservedA }: ConnectorFacts): number | null {
  return state === "offline" ? disconnectedA : reservedA;
}
