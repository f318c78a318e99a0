import type { JsonValue, Triple } from "../../units.ts";
import { createDlmController } from "../controller/controller.ts";
import { terminalPhases } from "../topology/wiring.ts";
import {
  ALLOCATION_DEFAULTS,
  type Connector,
  type ControllerResult,
  type DlmController,
  type Snapshot,
} from "../types.ts";
import { decisionsOf, type RecordedDecision, type Recording } from "./recording.ts";
import { changed, type ReplayChange } from "./replay-change.ts";

/** A decision as it was and as it would have been. */
export interface ReplayStep {
  wallMs: number;
  /** Seconds since the step before; 0 at the first. */
  elapsedS: number;
  was: ReplaySide;
  would: ReplaySide;
}

export interface ReplaySide {
  /** What is commanded, A by connector. */
  setpoints: Record<string, number>;
  /** What cars draw, A by connector on the fullest phase. */
  drawsA: Record<string, number>;
  /** What flows through each zone with a meter that includes its chargers, A per phase. */
  loadsA: Record<string, Triple>;
}

/** A car that draws at least its limit less this would draw more if it might, A. */
const LIMITED_A = 1;

/**
 * Steps a recording with other settings. The cars are those of the recording: one that drew as much as it might draws what it may in the
 * replay, up to its connector's maximum; one that drew less goes on with that. Meters and the grid show the difference. Without a
 * change both sides are the same, but for what the guard did.
 * @throws TypeError | RangeError naming the path of a setting that makes no sense
 */
export function* replay(recording: Recording, change: ReplayChange): Generator<ReplayStep> {
  let controller: DlmController | null = null;
  let config = "";
  let lastMs = Number.NaN;
  let was: Record<string, number> = {};
  let would: Record<string, number> = {};
  for (const decision of decisionsOf(recording)) {
    const settings = { ...decision.config, ...change.controller };
    if (controller === null || config !== JSON.stringify(settings) || isRestart(decision, lastMs)) {
      const memory: JsonValue | undefined = controller?.state() ?? decision.memory;
      if (controller === null) [was, would] = [limitsOf(memory), limitsOf(memory)];
      controller = createDlmController(settings, memory);
      config = JSON.stringify(settings);
    }
    const given = decision.snapshot;
    const moved = withDraws(given, was, would);
    const result: ControllerResult = controller.tick(decision.nowMs, changed(moved, change));
    const elapsedS = Number.isFinite(lastMs) ? Math.max(0, (decision.wallMs - lastMs) / 1000) : 0;
    lastMs = decision.wallMs;
    was = decision.setpoints;
    would = Object.fromEntries(Object.entries(result.setpoints).map(([id, { limitA }]) => [id, limitA]));
    yield { wallMs: lastMs, elapsedS, was: sideOf(given, was), would: sideOf(moved, would) };
  }
}

/** After a pause in the recording the present memory is no guide. */
function isRestart({ memory, wallMs }: RecordedDecision, lastMs: number): boolean {
  return memory !== undefined && wallMs - lastMs > 120_000;
}

function limitsOf(memory: JsonValue | undefined): Record<string, number> {
  const connectors = (memory as { connectors?: { id: string; setpointA: number }[] } | undefined)?.connectors ?? [];
  return Object.fromEntries(connectors.map(({ id, setpointA }) => [id, setpointA]));
}

/** The snapshot as it would be if cars had been given other limits. */
function withDraws(snapshot: Snapshot, was: Record<string, number>, would: Record<string, number>): Snapshot {
  const addedA = new Map<string, Triple>();
  let addedW = 0;
  const voltageV = snapshot.config?.voltageV ?? ALLOCATION_DEFAULTS.voltageV;
  const parents = new Map(snapshot.zones.map(({ id, parent }) => [id, parent]));
  const connectors = snapshot.connectors.map((given) => {
    const [wasA, wouldA] = [was[given.id] ?? 0, would[given.id] ?? 0];
    const connector = given.commandedA === wasA ? { ...given, commandedA: wouldA } : given;
    const measuredA = drawnA(connector, wasA, wouldA);
    if (measuredA === null) return connector;
    const phases = terminalPhases(3, connector.rotation ?? "RST");
    measuredA.forEach((currentA, terminal) => {
      const moreA = (currentA ?? 0) - (connector.measuredA?.[terminal] ?? 0);
      addedW += moreA * voltageV;
      for (let zone: string | null = connector.zone; zone !== null; zone = parents.get(zone) ?? null) {
        const sum = addedA.get(zone) ?? [0, 0, 0];
        const phase = phases?.[terminal];
        if (phase === 0 || phase === 1 || phase === 2) sum[phase] += moreA;
        addedA.set(zone, sum);
      }
    });
    return { ...connector, measuredA };
  });
  const zones = snapshot.zones.map((zone) => {
    const moreA = addedA.get(zone.id);
    return moreA && zone.meters ? { ...zone, meters: zone.meters.map((meter) => shifted(meter, moreA)) } : zone;
  });
  const site = snapshot.site && { gridW: snapshot.site.gridW + addedW };
  return { ...snapshot, zones, connectors, ...(site && { site }) };
}

type Meter = NonNullable<Snapshot["zones"][number]["meters"]>[number];

function shifted(meter: Meter, moreA: Triple): Meter {
  if (meter.location !== "including" || meter.currentA === null) return meter;
  return { ...meter, currentA: meter.currentA.map((value, p) => (value === null ? null : value + (moreA[p] ?? 0))) };
}

/** What a car draws under another limit, A per terminal; null = as it was. */
function drawnA(connector: Connector, wasA: number, wouldA: number): (number | null)[] | null {
  const { measuredA, state = "charging", phases = 3, maxA = 32 } = connector;
  if (!measuredA || wasA === wouldA || (state !== "charging" && state !== "waiting")) return null;
  const drawA = Math.max(0, ...measuredA.map((value) => value ?? 0));
  if (wouldA < wasA) return measuredA.map((value) => (value === null ? null : Math.min(value, wouldA)));
  if (wasA > 0 && drawA < wasA - LIMITED_A) return null;
  if (drawA === 0) return Array.from({ length: phases }, () => Math.min(wouldA, maxA));
  const factor = Math.min(wouldA, maxA) / drawA;
  return measuredA.map((value) => (value === null ? null : value * Math.max(1, factor)));
}

function sideOf(snapshot: Snapshot, setpoints: Record<string, number>): ReplaySide {
  const loadsA: Record<string, Triple> = {};
  for (const { id, meters } of snapshot.zones) {
    const meter = meters?.find(({ location }) => location === "including");
    if (meter?.currentA) loadsA[id] = meter.currentA.map((value) => value ?? 0) as Triple;
  }
  const drawsA: Record<string, number> = {};
  for (const { id, measuredA } of snapshot.connectors)
    drawsA[id] = Math.max(0, ...(measuredA ?? []).map((value) => value ?? 0));
  return { setpoints, drawsA, loadsA };
}
