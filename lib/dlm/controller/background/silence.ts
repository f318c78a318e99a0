import { OVERDRAW_A } from "../../../thresholds.ts";
import type { Triple } from "../../../units.ts";
import { triple } from "../../../units.ts";
import { isStale, onPhase } from "../../allocation/background.ts";
import type { Solution } from "../../allocation/solution.ts";
import type { AllocationConfig, SilentZone, Zone } from "../../types.ts";
import type { ControlledConnector } from "../controlled-connector.ts";
import { EPSILON } from "../timing.ts";
import { forPath, type Tree } from "../topology-cache.ts";
import {
  type AssumedLoad,
  assumedLoads,
  type HeardLoad,
  type SeenLoad,
  seeZone,
  withLastMinute,
} from "./assumed-load.ts";

const PHASES = [0, 1, 2] as const;

/** What a tick makes of meters that are silent. */
export interface Silence {
  /** The zones with what is assumed of their silent meters as background. */
  zones: Tree["zones"];
  /** By number of the zone. */
  silent: ReadonlyMap<number, SilentZone>;
}

const NONE: ReadonlyMap<number, SilentZone> = new Map();

/**
 * The fail-safe lowers, it never raises and never starts (S4). The load assumed for a silent meter counts as background: connectors
 * that do not fit beside it are lowered. A connector gets more than it has only where the assumed load leaves room for all at once.
 * Writes `heldA` of the connectors: the setpoint of those that get no more.
 * @param seen what was seen of the zones' own loads
 * @param backgroundA behind each meter that includes its chargers, A per phase
 */
export function keepSilence(
  connectors: readonly ControlledConnector[],
  tree: Tree,
  seen: ReadonlyMap<string, SeenLoad>,
  backgroundA: ReadonlyMap<string, Triple>,
  allocation: AllocationConfig,
): Silence {
  for (let i = 0; i < connectors.length; i++) connectors[i]!.heldA = null;
  const numbers = silentZones(tree);
  if (numbers.length === 0) return { zones: tree.zones, silent: NONE };
  const assumed = assumedNow(numbers, tree, seen, backgroundA, allocation);
  const silent = new Map(
    numbers.map((number) => {
      const { id } = tree.zones[number]!;
      return [number, roomIn(number, assumed.get(id)!, backgroundA.get(id), connectors, tree, allocation)];
    }),
  );
  for (const connector of connectors) hold(connector, tree, silent);
  return { zones: withAssumed(tree, numbers, assumed), silent };
}

function silentZones({ zones }: Tree): number[] {
  const numbers: number[] = [];
  zones.forEach((zone, number) => {
    if (zone.meters?.some((meter) => isStale(meter, zone))) numbers.push(number);
  });
  return numbers;
}

/** What is assumed of each zone while the meters of some are silent. */
function assumedNow(
  numbers: readonly number[],
  { zones }: Tree,
  seen: ReadonlyMap<string, SeenLoad>,
  backgroundA: ReadonlyMap<string, Triple>,
  { creditGeneration }: AllocationConfig,
): Map<string, AssumedLoad> {
  const recent = new Map(seen);
  for (const number of numbers) {
    const { id } = zones[number]!;
    const known = seen.get(id);
    if (known) recent.set(id, withLastMinute(known));
  }
  const heard = new Map<string, HeardLoad>();
  zones.forEach((zone, number) => {
    if (!zone.meters?.length || numbers.includes(number)) return;
    const isWhole = zone.meters.some(({ location }) => location === "including");
    const insideA = (phase: number) =>
      isWhole ? shownA(zone, phase, backgroundA.get(zone.id)) : onPhase(zone.assumedLoadA, phase);
    const loadA = PHASES.map((phase) => insideA(phase) + besideA(zone, phase));
    heard.set(zone.id, { loadA: loadA.map((a) => (creditGeneration ? a : Math.max(0, a))) as Triple, isWhole });
  });
  return assumedLoads(zones, recent, heard);
}

/** What a meter that is heard shows beside the chargers behind it; where that is not known, all that it shows. */
function shownA(zone: Zone, phase: number, behindA: Triple | undefined): number {
  const meter = zone.meters?.find((one) => one.location === "including" && !isStale(one, zone));
  return meter ? (behindA?.[phase] ?? meter.currentA![phase] ?? 0) : 0;
}

/** What the meters of a zone that do not include its chargers show, as far as they are heard. */
function besideA(zone: Zone, phase: number): number {
  let sumA = 0;
  for (const meter of zone.meters ?? [])
    if (meter.location === "excluding" && !isStale(meter, zone)) sumA += meter.currentA![phase] ?? 0;
  return sumA;
}

/** Whether a zone has room for all its cars at once beside what is assumed of it, per phase. */
function roomIn(
  number: number,
  { loadA, known }: AssumedLoad,
  behindA: Triple | undefined,
  connectors: readonly ControlledConnector[],
  tree: Tree,
  allocation: AllocationConfig,
): SilentZone {
  const zone = tree.zones[number]!;
  const needA: Triple = [0, 0, 0];
  let needW = 0;
  for (const connector of connectors) {
    if (!isBelow(connector, number, tree)) continue;
    const currentA = needOf(connector, tree, allocation);
    const isAway = connector.state === "offline";
    for (const phase of isAway ? connector.wiredPhases : connector.phases) needA[phase as 0 | 1 | 2] += currentA;
    needW += currentA * (isAway ? (connector.given.phases ?? 3) : connector.terminals) * allocation.voltageV;
  }
  const takenA = loadA.map((a, phase) => a + besideA(zone, phase) + shownA(zone, phase, behindA));
  const fitsPower = needW + sumOf(takenA) * allocation.voltageV <= powerLimitW(zone, sumOf(takenA), allocation);
  const isWired = (phase: number) => onPhase(zone.limitA, phase) > 0;
  const fits = (phase: 0 | 1 | 2) => {
    const room = known[phase] && fitsPower && needA[phase] <= leftA(zone, phase, takenA[phase]!) + EPSILON;
    return room || !isWired(phase);
  };
  const isKnown = PHASES.every((phase) => known[phase] || !isWired(phase));
  return { zone: zone.id, loadA, known: isKnown, mayRise: [fits(0), fits(1), fits(2)] };
}

function isBelow({ zone: home }: ControlledConnector, number: number, { parent }: Tree): boolean {
  for (let at = home; at >= 0; at = parent[at]!) if (at === number) return true;
  return false;
}

/** What every connector would need if all with a car were given their fail-safe current, or their minimum where none holds, A. */
function needOf(connector: ControlledConnector, tree: Tree, allocation: AllocationConfig): number {
  const { given, memory, state, drawA, minA, maxA } = connector;
  if (state === "offline") return Math.max(given.reservedA ?? 0, given.disconnectedA ?? given.maxA ?? maxA);
  const takenA = Math.max(given.reservedA ?? 0, drawA !== null && drawA > memory.setpointA + OVERDRAW_A ? drawA : 0);
  if (state === "available" || connector.mode === "off") return takenA;
  const failSafeA = failSafeOf(connector, tree, allocation);
  const givenA = failSafeA === null ? minA : Math.min(failSafeA, maxA);
  return Math.max(takenA, givenA >= minA - EPSILON ? givenA : 0, memory.uncontrolled ? memory.setpointA : 0);
}

/** The fail-safe current that holds for a connector; null where every silent meter above it has a fallback load instead. */
function failSafeOf({ zone: home }: ControlledConnector, tree: Tree, allocation: AllocationConfig): number | null {
  let namedA: number | null = null;
  let holds = false;
  forPath(tree, home, (number) => {
    const zone = tree.zones[number]!;
    if (zone.failSafeA !== undefined) namedA = Math.min(namedA ?? zone.failSafeA, zone.failSafeA);
    holds ||= zone.meters?.some((meter) => meter.onStale !== "fallbackLoad" && isStale(meter, zone)) ?? false;
  });
  return holds ? (namedA ?? allocation.failSafeA) : null;
}

function leftA(zone: Zone, phase: number, takenA: number): number {
  const { limitA, operatorLimitA = limitA, headroomA, gridLimit } = zone;
  const usedA = takenA + onPhase(headroomA, phase);
  const breakerA = Math.min(onPhase(limitA, phase), onPhase(operatorLimitA, phase)) - usedA;
  const outsideA = gridLimit?.currentA ?? Number.POSITIVE_INFINITY;
  return Math.min(breakerA, gridLimit?.scope === "total" ? outsideA - usedA : outsideA);
}

/** The least limit on the power of chargers and load together, W. */
function powerLimitW({ maxPowerW, gridLimit }: Zone, takenA: number, { voltageV }: AllocationConfig): number {
  const { powerW = Number.POSITIVE_INFINITY, creditW = 0, scope } = gridLimit ?? {};
  const outsideW = powerW + creditW + (scope === "evse" ? takenA * voltageV : 0);
  return Math.min(maxPowerW ?? Number.POSITIVE_INFINITY, outsideW) + EPSILON;
}

function hold(connector: ControlledConnector, tree: Tree, silent: ReadonlyMap<number, SilentZone>): void {
  forPath(tree, connector.zone, (number) => {
    const zone = silent.get(number);
    if (zone && connector.phases.some((phase) => !zone.mayRise[phase])) connector.heldA = connector.memory.setpointA;
  });
  // A connector that is switched off to wake its car could not be switched on again.
  if (connector.heldA !== null && connector.role === "waking") connector.role = "part";
}

/** The silent meters' zones with what is assumed of them as the reading of one more meter, which does not include the chargers. */
function withAssumed(
  { zones, parent }: Tree,
  numbers: readonly number[],
  assumed: ReadonlyMap<string, AssumedLoad>,
): Tree["zones"] {
  return zones.map((zone, number) => {
    if (!numbers.includes(number)) return zone;
    const belowA: Triple = [0, 0, 0];
    zones.forEach(({ id }, child) => {
      if (parent[child] === number) for (const phase of PHASES) belowA[phase] += assumed.get(id)!.loadA[phase];
    });
    const { loadA } = assumed.get(zone.id)!;
    const currentA = PHASES.map((p) => Math.max(0, loadA[p] - belowA[p] - onPhase(zone.assumedLoadA, p)));
    const meters = (zone.meters ?? []).flatMap((meter) => {
      if (!isStale(meter, zone)) return [meter];
      // It keeps the zone in fail-safe, and includes nothing any more.
      return meter.onStale === "fallbackLoad" ? [] : [{ ...meter, location: "excluding" as const, currentA: null }];
    });
    let id = "assumed";
    while (meters.some((meter) => meter.id === id)) id += "'";
    return { ...zone, meters: [...meters, { id, location: "excluding", currentA, ageS: 0 }] };
  });
}

/** What was seen of the zones' own loads, without those that a meter was found to have shown wrongly. */
export function believed(seen: ReadonlyMap<string, SeenLoad>, { zones }: Tree): ReadonlyMap<string, SeenLoad> {
  const wrong = zones.filter(({ meters }) => meters?.some(({ doubted }) => doubted));
  if (wrong.length === 0) return seen;
  const left = new Map(seen);
  for (const { id } of wrong) left.delete(id);
  return left;
}

/**
 * What was seen of the zones' own loads, with the loads of this tick: of each zone whose meters are heard; where a meter of a zone below
 * is not, only what they carry together. Of the others it stays what it was; of one without a meter nothing is kept.
 */
export function seeLoads(
  before: ReadonlyMap<string, SeenLoad>,
  { zones, parent }: Tree,
  { problem }: Solution,
  silent: ReadonlyMap<number, SilentZone>,
  elapsedS: number,
): Map<string, SeenLoad> {
  const isHeard = (number: number) => !zones[number]!.awaits && !silent.has(number);
  const isAboveSilence = new Uint8Array(zones.length);
  parent.forEach((above, number) => {
    if (!isHeard(number)) for (let at = above; at >= 0; at = parent[at]!) isAboveSilence[at] = 1;
  });
  const ownA = zones.map((_, number): Triple => {
    const first = 3 * problem.tree.position[number]!;
    return triple(Array.from(problem.backgroundA.subarray(first, first + 3)));
  });
  const totalA = ownA.map((loadA): Triple => [...loadA]);
  parent.forEach((above, number) => {
    if (above >= 0) for (const phase of PHASES) ownA[above]![phase] -= totalA[number]![phase];
  });
  const seen = new Map<string, SeenLoad>();
  zones.forEach(({ id, meters, awaits = false }, number) => {
    if (!meters?.length && !awaits) return;
    const known = before.get(id);
    const isTogether = isAboveSilence[number] === 1 && meters?.some(({ location }) => location === "including");
    if (isHeard(number)) seen.set(id, seeZone(known, isTogether ? null : ownA[number]!, totalA[number]!, elapsedS));
    else if (known) seen.set(id, known);
  });
  return seen;
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
