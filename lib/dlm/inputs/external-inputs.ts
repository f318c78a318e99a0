/** What flows, people and tariffs said of zones and connectors, and the connectors as they are with it. */

import { OVERDRAW_A } from "../../thresholds.ts";
import type { JsonValue } from "../../units.ts";
import type { SampleMoment } from "../snapshot/sample-view.ts";
import type { ConnectorFacts } from "../topology/facts.ts";
import type { PlantTree } from "../topology/plant.ts";
import { type RootPlant, rootPlant } from "../topology/root-plant.ts";
import type { Ceiling, ChargingMode, SnapshotConnector } from "../types.ts";
import { FlowConnectors } from "./flow-connectors.ts";
import { type DlmInput, invalid } from "./input.ts";
import { allowedA, leastOf, type ManagerLimit, type ManagerLimits, stricterMode } from "./manager-limits.ts";
import { connectorsOf, type Overrides } from "./overrides.ts";
import { type ActiveLimit, isOpen, Signals } from "./signals.ts";
import { type TariffState, Tariffs } from "./tariffs.ts";

/** What is said, as against what is measured. */
export type ExternalInput = Exclude<DlmInput, { kind: "measurement" | "surplus" | "demand" }>;
type SaidOfConnector = Exclude<ExternalInput, { kind: "limit" | "tariff" | "override" }>;

/** What energy managers said; a load management without any has none. */
export type ManagerWords = Pick<ManagerLimits, "of">;

export class ExternalInputs {
  readonly #managers: ManagerWords | null;
  readonly #signals = new Signals();
  readonly #flow = new FlowConnectors();
  readonly #tariffs = new Tariffs();
  #driven: readonly string[] = [];
  #tariffWords: ReadonlyMap<string, TariffState> = new Map();

  constructor(managers: ManagerWords | null = null) {
    this.#managers = managers;
  }

  /** What people decided by hand. */
  get overrides(): Pick<Overrides, "of" | "all" | "setsAside"> {
    return this.#signals.overrides;
  }

  /**
   * Takes a message.
   * @param tree null = none yet: names cannot be checked
   * @returns true when it should not wait for the next cycle
   * @throws EvError EV_MESSAGE_INVALID for a zone or connector that the tree does not have; nothing is changed
   */
  add(
    input: ExternalInput,
    tree: PlantTree | null,
    root: string,
    facts: readonly ConnectorFacts[],
    { nowMs, wallMs }: SampleMoment,
  ): boolean {
    const plant = tree && rootPlant(tree, root);
    switch (input.kind) {
      case "limit":
        if (plant && !plant.byName.has(input.zone))
          throw invalid("topic", `limit/<name of a zone> at or below ${root}`, `limit/${input.zone}`);
        this.#signals.setLimit(input, wallMs);
        return true;
      case "tariff":
        if (plant && !hasSubject(plant, input.subject))
          throw invalid("topic", `tariff/<zone at or below ${root}, or connector>`, `tariff/${input.subject}`);
        this.#tariffs.set(input.subject, input.says, wallMs);
        return true;
      case "override":
        this.#signals.overrides.take(input, plant, wallMs);
        return true;
      case "mode": {
        const below = plant?.byName.has(input.id) ? connectorsOf(plant, input.id) : null;
        for (const id of below ?? []) this.#signals.setMode(id, input.mode);
        if (below === null) this.#addForConnector(input, tree, facts, nowMs);
        if (input.by) this.#signals.overrides.endModes(below ?? [input.id]);
        return true;
      }
      default:
        return this.#addForConnector(input, tree, facts, nowMs);
    }
  }

  /** What was said of zones that have other names now holds on. */
  rename(names: ReadonlyMap<string, string>): void {
    this.#signals.rename(names);
    this.#tariffs.rename(names);
  }

  /** What has ended by now holds no longer, and tariffs say what they say now. */
  passTo(plant: RootPlant, wallMs: number): void {
    this.#signals.overrides.passTo(wallMs);
    this.#tariffWords = this.#tariffs.words(plant, wallMs);
  }

  /** The limits from outside that hold on a zone. */
  limits(zone: string, wallMs: number): readonly ActiveLimit[] {
    const own = this.#signals.limits(zone, wallMs);
    const managers = this.#signals.overrides.setsAside(zone) ? [] : (this.#managers?.of(zone) ?? []);
    if (managers.length === 0) return own;
    return [...own, ...managers.map((limit) => zoneLimit(zone, limit))];
  }

  /** A person's choice before a tariff's; undefined = as configured. An energy manager may make it stricter. */
  mode(id: string): ChargingMode | undefined {
    const chosen = this.#signals.mode(id) ?? this.#tariffWords.get(id)?.mode;
    return this.#managersOf(id).some(({ mode }) => mode === "off") ? "off" : chosen;
  }

  /** The word of an energy manager by which a connector takes part in a stricter mode than was chosen here; null = none. */
  managerMode(id: string, configured: ChargingMode): ManagerLimit | null {
    const chosen = this.#signals.mode(id) ?? this.#tariffWords.get(id)?.mode ?? configured;
    return stricterMode(chosen, this.#managersOf(id));
  }

  /** A person may set aside what energy managers say. */
  #managersOf(id: string): readonly ManagerLimit[] {
    return this.#signals.overrides.setsAside(id) ? [] : (this.#managers?.of(id) ?? []);
  }

  /** What a tariff makes of a connector; undefined where none speaks, or a person chose the mode. */
  tariff(id: string): TariffState | undefined {
    return this.#signals.mode(id) === undefined ? this.#tariffWords.get(id) : undefined;
  }

  /** The connectors of a plant as they report themselves, or as flows say; reservations that were cleared are gone. */
  merged(plant: RootPlant, reported: readonly ConnectorFacts[], { nowMs, wallMs }: SampleMoment): ConnectorFacts[] {
    const byId = new Map<string, ConnectorFacts>();
    for (const facts of reported) byId.set(facts.id, facts);
    const driven: string[] = [];
    const dead = plant.zones.filter(({ zone }) => isOpen(this.#signals.limits(zone.id, wallMs)));
    const unpowered = new Set(dead.flatMap(({ zone }) => connectorsOf(plant, zone.id) ?? []));
    const merged = plant.connectors.map((connector) => {
      const { id, wiring } = connector;
      const own = byId.get(id);
      if (!own) driven.push(id);
      // The plant's own id: looking up one and the same text is much quicker than an equal one.
      const facts = { ...(own ?? this.#flow.facts(connector, nowMs)), id, wiring };
      if (facts.state !== "offline") this.#signals.seen(id);
      const isDead = facts.state === "offline" && unpowered.has(id);
      return isDead || this.#signals.isCleared(id) ? cleared(facts) : facts;
    });
    this.#driven = driven;
    return merged;
  }

  /** A connector as the controller is told of it: with its mode, its priority, and what a person limited it to. A record of its own. */
  passed(zone: string, facts: ConnectorFacts): SnapshotConnector {
    const { id, wiring, state, measuredA, measuredAtMs, reservedA, pluggedAtMs } = facts;
    const ceilings = this.#ceilings(id);
    // What every connector has comes first: all of it has its place in the record from the beginning.
    const passed: SnapshotConnector = {
      id,
      zone,
      phases: wiring.phases,
      rotation: wiring.rotation,
      minA: wiring.minA,
      maxA: wiring.maxA,
      priorityClass: this.#signals.priority(id) ?? facts.priorityClass ?? wiring.priorityClass,
      mode: this.managerMode(id, wiring.mode)?.mode ?? this.mode(id) ?? wiring.mode,
      state,
      disconnectedA: facts.disconnectedA,
      chargingS: facts.chargingS,
      energyWh: facts.energyWh,
    };
    if (pluggedAtMs !== null) passed.arrivalS = pluggedAtMs / 1000;
    if (measuredA) passed.measuredA = sureDraw(facts).slice(0, wiring.phases);
    if (measuredA && measuredAtMs !== null) passed.measuredTsMs = measuredAtMs;
    if (wiring.minA3p !== undefined) passed.minA3p = wiring.minA3p;
    if (ceilings.length > 0) passed.ceilings = ceilings;
    if (facts.aloneA !== undefined) passed.aloneA = facts.aloneA;
    if (reservedA !== null && state !== "offline") passed.reservedA = reservedA;
    return passed;
  }

  /** What people and energy managers leave a connector. */
  #ceilings(id: string): readonly Ceiling[] {
    const byHandA = this.#signals.overrides.of(id)?.limitA ?? null;
    const byManagers = managerCeiling(this.#managersOf(id));
    return byHandA === null ? byManagers : [{ limitA: byHandA, cause: "person" }, ...byManagers];
  }

  /** What a decision gives each connector, A: chargers that flows drive are told it. */
  tell(setpointsA: ReadonlyMap<string, number>, nowMs: number): void {
    this.#flow.tell(this.#driven, setpointsA, nowMs);
  }

  save(): { signals: JsonValue; selfFallback: JsonValue; tariffs: JsonValue } {
    return { signals: this.#signals.save(), selfFallback: this.#flow.save(), tariffs: this.#tariffs.save() };
  }

  restore({ signals, selfFallback, tariffs }: { [what: string]: JsonValue | undefined }, nowMs: number): void {
    this.#tariffs.restore(tariffs);
    this.#signals.restore(signals);
    this.#flow.restore(selfFallback, nowMs);
  }

  #addForConnector(
    input: SaidOfConnector,
    tree: PlantTree | null,
    facts: readonly ConnectorFacts[],
    nowMs: number,
  ): boolean {
    const { kind, id } = input;
    const wrong = (mustBe: string) => invalid("topic", mustBe, `${kind}/${id}`);
    const known = facts.find((one) => one.id === id);
    if (tree && !known && !tree.connectors.some((connector) => connector.id === id)) {
      const orZone = kind === "mode" ? ", or mode/<zone>" : "";
      throw wrong(`${kind}/<charge point>/<connector number> of a charge point in a zone${orZone}`);
    }
    switch (kind) {
      case "mode":
        this.#signals.setMode(id, input.mode);
        return true;
      case "priority":
        this.#signals.setPriority(id, input.priorityClass);
        return true;
      case "clear":
        if (known && known.state !== "offline") throw wrong("the topic of a connector that is offline");
        this.#signals.clear(id);
        return true;
      case "connector": {
        if (known) throw wrong("a charger without OCPP: this one reports its state itself");
        const changed = this.#flow.state(id) !== input.state;
        this.#flow.add(input, nowMs);
        return changed;
      }
    }
  }
}

const NO_CEILINGS: readonly Ceiling[] = [];

/** The least that energy managers leave a connector. */
function managerCeiling(limits: readonly ManagerLimit[]): readonly Ceiling[] {
  const least = leastOf(limits);
  const limitA = least && allowedA(least);
  if (!least || limitA === null) return NO_CEILINGS;
  const { code, writer, untilWallMs } = least;
  return [{ limitA, cause: "manager", code, writer, untilWallMs }];
}

/** What an energy manager leaves the chargers of a zone, as a limit from outside. */
function zoneLimit(zone: string, limit: ManagerLimit): ActiveLimit {
  const { code, writer, powerW, untilWallMs } = limit;
  const limitA = allowedA(limit);
  return { zone, source: `${code} ${writer}`, reason: "", scope: "evse", limitA, powerW, untilWallMs };
}

/** Its charger is off: a person has seen that, or the breaker that feeds it is open. */
function cleared({ toldByFlow, ...facts }: ConnectorFacts): ConnectorFacts {
  if (!toldByFlow) return { ...facts, disconnectedA: 0 };
  const { aloneA: _, ...left } = facts;
  return { ...left, disconnectedA: 0, toldByFlow: [] };
}

function hasSubject({ byName, connectors }: RootPlant, subject: string): boolean {
  return byName.has(subject) || connectors.some(({ id }) => id === subject);
}

/**
 * What a connector surely draws, A per terminal. A charger that does not answer may have fallen to a lower limit since its last reading.
 * What the reading shows above that limit must not be taken off a meter (S4b). The connector is not raised meanwhile, and what it may
 * draw is reserved.
 */
function sureDraw({ measuredA, reservedA, trouble, heldA }: ConnectorFacts): (number | null)[] {
  const drawnA = measuredA ?? [];
  if (reservedA === null || trouble !== "unanswered" || heldA === undefined) return drawnA;
  return drawnA.map((currentA) => (currentA === null ? null : Math.min(currentA, heldA + OVERDRAW_A)));
}
