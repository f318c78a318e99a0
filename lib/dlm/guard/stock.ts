import type { Triple } from "../../units.ts";
import type { Snapshot } from "../types.ts";
import type { Sight } from "./connectors.ts";
import { onPhase } from "./shapes.ts";

type Zone = Snapshot["zones"][number];
type Meter = NonNullable<Zone["meters"]>[number];
type Flags = [boolean, boolean, boolean];

/** Everything the guard adds up, per zone (in the snapshot's order) and phase. Currents in A. */
export interface Stock {
  zones: readonly Zone[];
  /** The zone of that id and all above it, as positions. */
  path(zoneId: string): readonly number[];
  /** Breaker and limits from outside, headroom not taken off. */
  limitA: Triple[];
  backgroundA: Triple[];
  /** What chargers may be given beside background and headroom; may be negative. */
  capacityA: Triple[];
  commandedA: Triple[];
  reservedA: Triple[];
  measuredA: Triple[];
  /** Time of the newest reading that `measuredA` holds. */
  seenMs: number[];
  raised: Flags[];
  lowered: Flags[];
  /** A controllable connector has a setpoint above 0. */
  lowerable: Flags[];
}

/** Readings this close in time are of the same moment, ms. */
const SAME_MOMENT_MS = 2000;
const DEFAULT_STALE_AFTER_S = 30;
const PHASES = [0, 1, 2] as const;

/** What is added up on the way, A per zone and phase. */
interface Sums {
  /** The fresh meter of each zone that includes its chargers. */
  meters: readonly (Meter | undefined)[];
  /** What the chargers below may draw at that meter's moment, and what their readings show of it. */
  drawnA: Triple[];
  shownA: Triple[];
  /** Background of the zones below. */
  belowA: Triple[];
}

/** Adds everything up. */
export function takeStock(nowMs: number, { zones, config }: Snapshot, sights: readonly Sight[]): Stock {
  const stock = emptyStock(zones, nowMs);
  const seen = zones.map((zone) => freshest(zone, nowMs));
  const triples = () => zones.map((): Triple => [0, 0, 0]);
  const meters = zones.map((zone) => including(zone, nowMs));
  const sums: Sums = { meters, drawnA: triples(), shownA: triples(), belowA: triples() };
  for (const sight of sights) {
    for (const z of stock.path(sight.given.zone)) {
      addConnector(stock, z, sight);
      for (const p of PHASES) {
        sums.drawnA[z]![p] += drawBehind(sight, p, meters[z]?.tsMs ?? nowMs);
        if (sight.phases.includes(p)) sums.shownA[z]![p] += sight.shownA;
      }
      if (!meters[z] && sight.sampleMs !== null) seen[z] = Math.max(seen[z] ?? sight.sampleMs, sight.sampleMs);
    }
  }
  for (const z of childrenFirst(stock)) {
    for (const p of PHASES) closePhase(stock, z, p, sums, config?.creditGeneration ?? false, nowMs);
    stock.seenMs[z] = seen[z] ?? nowMs;
  }
  return stock;
}

function emptyStock(zones: readonly Zone[], nowMs: number): Stock {
  const position = new Map(zones.map((zone, z) => [zone.id, z]));
  const paths = new Map<string, readonly number[]>();
  const walk = (zoneId: string): readonly number[] => {
    const path: number[] = [];
    for (let z = position.get(zoneId); z !== undefined && !path.includes(z); ) {
      path.push(z);
      z = position.get(zones[z]!.parent ?? "");
    }
    return path;
  };
  const triples = () => zones.map((): Triple => [0, 0, 0]);
  const flags = () => zones.map((): Flags => [false, false, false]);
  return {
    zones,
    path(zoneId) {
      const path = paths.get(zoneId) ?? walk(zoneId);
      paths.set(zoneId, path);
      return path;
    },
    limitA: zones.map((zone) => PHASES.map((p) => limitOf(zone, p)) as Triple),
    backgroundA: triples(),
    capacityA: triples(),
    commandedA: triples(),
    reservedA: triples(),
    measuredA: triples(),
    seenMs: zones.map(() => nowMs),
    raised: flags(),
    lowered: flags(),
    lowerable: flags(),
  };
}

function limitOf(zone: Zone, phase: number): number {
  const { gridLimit } = zone;
  const gridA = gridLimit?.scope === "total" ? gridLimit.currentA : undefined;
  return Math.min(
    onPhase(zone.limitA, phase, 0),
    onPhase(zone.operatorLimitA, phase, Number.POSITIVE_INFINITY),
    gridA ?? Number.POSITIVE_INFINITY,
  );
}

function addConnector(stock: Stock, z: number, sight: Sight): void {
  const commandedA = sight.controllable ? sight.afterA : sight.reservedA;
  for (const p of sight.phases) {
    const phase = p as 0 | 1 | 2;
    stock.commandedA[z]![phase] += commandedA;
    stock.reservedA[z]![phase] += sight.reservedA;
    stock.raised[z]![phase] ||= sight.afterA > sight.beforeA + 1e-6;
    stock.lowered[z]![phase] ||= sight.afterA < sight.beforeA - 1e-6;
    stock.lowerable[z]![phase] ||= sight.controllable && sight.afterA > 0;
  }
}

/** What a connector may have drawn on a phase at a meter's moment: the most that its reading and its setpoint allow. */
function drawBehind({ given, terminals, beforeA, phases, sampleMs }: Sight, phase: number, meterMs: number): number {
  if (given.state === "offline") return 0;
  const measured = given.measuredA ?? [];
  const readA =
    terminals === null ? Math.min(...[0, 1, 2].map((t) => measured[t] ?? 0)) : measured[terminals.indexOf(phase)];
  const sure = typeof readA === "number" && sampleMs !== null && sampleMs > meterMs - SAME_MOMENT_MS;
  if (sure || !phases.includes(phase)) return readA ?? 0;
  return Math.max(readA ?? 0, beforeA);
}

function childrenFirst(stock: Stock): number[] {
  const depth = stock.zones.map((zone) => stock.path(zone.id).length);
  return stock.zones.map((_, z) => z).sort((a, b) => depth[b]! - depth[a]!);
}

function closePhase(stock: Stock, z: number, p: 0 | 1 | 2, sums: Sums, credit: boolean, nowMs: number): void {
  const zone = stock.zones[z]!;
  const meterA = sums.meters[z]?.currentA?.[p];
  const besideA = besideLoad(zone, p, nowMs);
  const belowA = onPhase(zone.assumedLoadA, p, 0) + sums.belowA[z]![p];
  const innerA = typeof meterA === "number" ? meterA - sums.drawnA[z]![p] : (fallbackOf(zone, p, nowMs) ?? belowA);
  const backgroundA = credit ? besideA + innerA : Math.max(0, besideA + innerA);
  stock.backgroundA[z]![p] = backgroundA;
  stock.measuredA[z]![p] = typeof meterA === "number" ? besideA + meterA : backgroundA + sums.shownA[z]![p];
  const takenA = onPhase(zone.headroomA, p, 0) + backgroundA;
  const chargersA = zone.gridLimit?.scope === "evse" ? zone.gridLimit.currentA : undefined;
  stock.capacityA[z]![p] = Math.min(stock.limitA[z]![p] - takenA, chargersA ?? Number.POSITIVE_INFINITY);
  const above = stock.path(zone.id)[1];
  if (above !== undefined) sums.belowA[above]![p] += backgroundA;
}

/** Load that excluding meters see. */
function besideLoad(zone: Zone, p: number, nowMs: number): number {
  let sumA = 0;
  for (const meter of zone.meters ?? []) {
    if (meter.location !== "excluding") continue;
    if (isFresh(meter, zone, nowMs)) sumA += meter.currentA![p] ?? 0;
    else if (meter.onStale === "fallbackLoad") sumA += onPhase(meter.fallbackA, p, 0);
  }
  return sumA;
}

function including(zone: Zone, nowMs: number): Meter | undefined {
  return zone.meters?.find((meter) => meter.location === "including" && isFresh(meter, zone, nowMs));
}

function fallbackOf(zone: Zone, p: number, nowMs: number): number | undefined {
  const meter = zone.meters?.find(({ location, onStale }) => location === "including" && onStale === "fallbackLoad");
  return meter && !isFresh(meter, zone, nowMs) ? onPhase(meter.fallbackA, p, 0) : undefined;
}

function isFresh(meter: Meter, zone: Zone, nowMs: number): boolean {
  if (meter.currentA === null) return false;
  if (Math.abs(nowMs - meter.tsMs) > (meter.staleAfterS ?? DEFAULT_STALE_AFTER_S) * 1000) return false;
  return PHASES.every((p) => typeof meter.currentA![p] === "number" || onPhase(zone.limitA, p, 0) === 0);
}

/** Time of the newest fresh meter of a zone; undefined without one. */
function freshest(zone: Zone, nowMs: number): number | undefined {
  const times = (zone.meters ?? []).filter((meter) => isFresh(meter, zone, nowMs)).map(({ tsMs }) => tsMs);
  return times.length === 0 ? undefined : Math.max(...times);
}
