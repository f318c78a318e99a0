/** What others may see of a site's connectors and zones. What is not known is null, never 0. */
import type { Clock } from "../clock.ts";
import type { SetpointBoard } from "../dlm/board.ts";
import type { CycleDecision } from "../dlm/runtime/runtime-types.ts";
import type { ConnectorFacts } from "../dlm/topology/facts.ts";
import type { PlantTree } from "../dlm/topology/plant.ts";
import { measuredByZone } from "../dlm/topology/root-plant.ts";
import { terminalPhases } from "../dlm/topology/wiring.ts";
import type { ChargingMode } from "../dlm/types.ts";
import type { Stations } from "../station/connection/stations.ts";
import type { StationHandle } from "../station/types.ts";
import { type MaybeTriple, round, type Triple, triple } from "../units.ts";

/** The parts of a site that are read here. */
export interface ManagedSite {
  readonly plant: { readonly tree: PlantTree | null; readonly voltageV: number };
  readonly stations: Pick<Stations, "list">;
  readonly board: Pick<SetpointBoard, "get">;
  readonly decisions: ReadonlyMap<string, CycleDecision>;
}

/** How a connector is doing; `offline` also covers what was never heard of. */
export type ManagedState = "offline" | "free" | "waiting" | "charging" | "idle" | "faulted";

/** One connector. */
export interface ManagedConnector {
  /** `<identity>/<number>`. */
  id: string;
  chargePoint: string;
  connector: number;
  /** Name of its `ev-zone`; null = not load managed: nobody can limit it from here. */
  zone: string | null;
  state: ManagedState;
  /** OCPP's word for its state. */
  ocppStatus: string | null;
  plugged: boolean | null;
  phases: 1 | 2 | 3;
  minA: number;
  maxA: number;
  mode: ChargingMode | null;
  /** Whether a person has set aside for now what managers say of it. */
  setAside: boolean;
  /** What load management gives it, A per phase. */
  setpointA: number | null;
  /** By terminal, and by site phase. */
  terminalA: MaybeTriple;
  phaseA: MaybeTriple;
  /** From the currents, at the site's voltage. */
  terminalW: MaybeTriple;
  powerW: number | null;
  sessionWh: number | null;
  sessionS: number | null;
  /** Register of its meter. */
  totalWh: number | null;
}

/** One `ev-zone`. Currents are A per site phase. */
export interface ManagedZone {
  name: string;
  nodeId: string;
  limitA: Triple;
  /** What everything below it draws. */
  loadA: MaybeTriple;
  chargersA: MaybeTriple;
  failSafe: boolean | null;
}

/** A draw that was reported longer ago tells nothing of a car that charges, ms. */
const READING_LIFE_MS = 300_000;
/** A decision older than this belongs to a load management that does not run, ms. */
const DECISION_LIFE_MS = 130_000;
const NOTHING: MaybeTriple = [null, null, null];
const PHASES = [0, 1, 2] as const;

/** A site at one moment. */
export class SiteFacts {
  readonly connectors: readonly ManagedConnector[];
  readonly zones: readonly ManagedZone[];
  readonly byId: ReadonlyMap<string, ManagedConnector>;

  constructor(site: ManagedSite, nowMs: number) {
    const decisions = [...site.decisions.values()].filter(({ moment }) => nowMs - moment.nowMs < DECISION_LIFE_MS);
    const facts = new Map(decisions.flatMap(({ view }) => view.facts.map((one) => [one.id, one] as const)));
    const aside = (id: string) => decisions.some(({ view }) => view.overrides.of(id)?.aside === true);
    const modes = new Map(
      decisions.flatMap(({ view }) => view.snapshot.connectors.map(({ id, mode }) => [id, mode ?? null] as const)),
    );
    const stations = new Map(site.stations.list().map((station) => [station.identity, station]));
    for (const station of stations.values())
      if (station.definition?.ocpp) for (const one of station.facts(nowMs)) facts.set(one.id, one);
    this.connectors = connectorIds(site).map(({ id, chargePoint, connector, zone }) => {
      const station = stations.get(chargePoint);
      const place = { id, chargePoint, connector, zone };
      const made = connectorOf(site, station, place, facts.get(id), modes.get(id), nowMs);
      return { ...made, setAside: aside(id) };
    });
    this.byId = new Map(this.connectors.map((one) => [one.id, one]));
    this.zones = zonesOf(site.plant.tree, decisions);
  }
}

/** Facts of a site that serve all that is asked at about the same time. */
export class RecentFacts {
  readonly #site: ManagedSite & { readonly clock: Pick<Clock, "nowMs"> };
  #facts: SiteFacts | null = null;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(site: ManagedSite & { readonly clock: Pick<Clock, "nowMs"> }) {
    this.#site = site;
  }

  now(): SiteFacts {
    const nowMs = this.#site.clock.nowMs();
    if (this.#facts && nowMs - this.#atMs < RECENT_MS) return this.#facts;
    this.#atMs = nowMs;
    this.#facts = new SiteFacts(this.#site, nowMs);
    return this.#facts;
  }

  /** Something was deployed or said: they are gathered anew. */
  forget(): void {
    this.#facts = null;
  }
}

/** Facts of a whole site are gathered this often at most, ms. */
const RECENT_MS = 200;

/** Whether something can be limited: whether a zone holds the connector, or it is a zone itself. */
export function isManaged({ plant }: Pick<ManagedSite, "plant">, target: string | null): boolean {
  const { zones = [], connectors = [] } = plant.tree ?? {};
  return connectors.some(({ id }) => id === target) || zones.some(({ zone }) => zone.id === target);
}

type Place = Pick<ManagedConnector, "id" | "chargePoint" | "connector" | "zone">;

/** Every connector that a node describes, in the order of their charge points. */
export function connectorIds({ plant, stations }: Pick<ManagedSite, "plant" | "stations">): Place[] {
  const zones = new Map(plant.tree?.connectors.map(({ id, zoneName }) => [id, zoneName]));
  return stations.list().flatMap(({ identity: chargePoint, definition }) =>
    (definition?.connectors ?? []).map(({ number: connector }) => {
      const id = `${chargePoint}/${connector}`;
      return { id, chargePoint, connector, zone: zones.get(id) ?? null };
    }),
  );
}

function connectorOf(
  { plant, board }: ManagedSite,
  station: StationHandle | undefined,
  place: Place,
  facts: ConnectorFacts | undefined,
  mode: ChargingMode | null | undefined,
  nowMs: number,
): Omit<ManagedConnector, "setAside"> {
  const wiring = station?.definition?.connectors.find(({ number }) => number === place.connector);
  const view = station?.connectors.get(place.connector);
  const isOcpp = station?.definition?.ocpp !== false;
  const isAway = !facts || facts.state === "offline" || (isOcpp && station?.online !== true);
  const { phases = 3, minA = 0, maxA = 0, rotation = "RST" } = wiring ?? {};
  const terminalA = isAway ? NOTHING : drawOf(facts, phases, nowMs);
  const terminalW = terminalA.map((amps) => (amps === null ? null : round(amps * plant.voltageV, 0))) as MaybeTriple;
  const status = isAway ? null : (view?.status ?? null);
  const faulted = station?.faults.has(place.connector) || station?.faults.has(0) || status === "Faulted";
  const { state } = facts ?? {};
  return {
    ...place,
    state: isAway ? "offline" : faulted ? "faulted" : state === "available" ? "free" : (state as ManagedState),
    ocppStatus: status,
    plugged: isAway ? null : facts.pluggedAtMs !== null || state !== "available",
    ...{ phases, minA, maxA },
    mode: mode ?? wiring?.mode ?? null,
    setpointA: board.get(place.id)?.limitA ?? null,
    terminalA,
    phaseA: bySitePhase(terminalA, terminalPhases(phases, rotation)),
    terminalW,
    powerW: terminalW.includes(null) ? null : (terminalW as Triple).reduce((sum, watts) => sum + watts, 0),
    sessionWh: isAway ? null : facts.energyWh,
    sessionS: isAway ? null : facts.chargingS,
    totalWh: isAway ? null : (view?.energyWh ?? null),
  };
}

/** A per terminal: 0 where nothing is wired, and where no car is connected. */
function drawOf({ measuredA, measuredAtMs, state }: ConnectorFacts, phases: number, nowMs: number): MaybeTriple {
  const isOld = measuredAtMs === null || nowMs - measuredAtMs > READING_LIFE_MS;
  const known = isOld && state !== "available" ? null : measuredA;
  if (known === null) return state === "available" ? [0, 0, 0] : NOTHING;
  return PHASES.map((terminal) => (terminal >= phases ? 0 : (known[terminal] ?? null))) as MaybeTriple;
}

/** @param terminals the site phase of each terminal; null = not known */
function bySitePhase(terminalA: MaybeTriple, terminals: readonly number[] | null): MaybeTriple {
  if (terminals === null) return terminalA.every((amps) => amps === 0) ? [0, 0, 0] : NOTHING;
  const phaseA: MaybeTriple = [0, 0, 0];
  terminals.forEach((phase, terminal) => {
    phaseA[phase as 0 | 1 | 2] = terminalA[terminal] ?? null;
  });
  return terminalA.includes(null) && terminals.length === 0 ? NOTHING : phaseA;
}

function zonesOf(tree: PlantTree | null, decisions: readonly CycleDecision[]): ManagedZone[] {
  const byRoot = new Map(decisions.map((decision) => [decision.view.plant.zones[0]?.root, decision]));
  const drawn = new Map(decisions.flatMap(({ view }) => [...measuredByZone(view.plant, view.facts)]));
  return (tree?.zones ?? []).flatMap(({ zone, nodeId, root }) => {
    if (nodeId === null) return [];
    const decided = byRoot.get(root)?.result.target.zones[zone.id];
    const operatorA = triple(zone.operatorLimitA ?? zone.limitA);
    const limitA = triple(zone.limitA).map((amps, phase) => Math.min(amps, operatorA[phase]!)) as Triple;
    const chargersA = decided ? (drawn.get(zone.id) ?? NOTHING) : NOTHING;
    const loadA = decided && !decided.failSafe ? sum(decided.backgroundA, chargersA) : NOTHING;
    return { name: zone.id, nodeId, limitA, loadA, chargersA, failSafe: decided?.failSafe ?? null };
  });
}

function sum(a: Triple, b: MaybeTriple): MaybeTriple {
  return PHASES.map((phase) => (b[phase] === null ? null : a[phase] + b[phase]!)) as MaybeTriple;
}
