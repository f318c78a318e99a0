import { disobeys, overSince } from "../../over-limit.ts";
import { CHARGING_A, LARGEST_A, OVERDRAW_A, SAFE_A, SETTLED_MS } from "../../thresholds.ts";
import type { Snapshot, SnapshotConnector } from "../types.ts";
import { type PerRow, PHASES } from "./guard-types.ts";

/** What a charger said of its currents at one moment, A per terminal. */
export interface ConnectorReading {
  ms: number;
  measuredA: readonly (number | null)[];
}

/** Where the current of a connector counts, and what that follows from: the terminals in use, and the phase of each terminal. */
interface ConnectorLoad extends Readonly<Pick<ConnectorSight, "phases" | "terminals" | "betweenLines" | "weights">> {
  used: readonly number[];
}

/** What the guard remembers of a connector between ticks. */
export interface ConnectorWatch {
  /** Its readings of the last minute, oldest first. */
  readings: ConnectorReading[];
  beforeA: number;
  /** When it was lowered last, and from what, A. */
  loweredMs: number;
  oldA: number;
  /** Time of the first reading in a row that is above the setpoint; null = the last reading is not. */
  overMs: number | null;
  /** Number of terminals of the connector; a change of them starts anew. */
  wired: number;
  /** Terminals (0..2) on which its car was seen to draw, and since when without a pause these; null = not seen yet. */
  used: readonly number[] | null;
  usedSinceMs: number;
  /** The car was there before the guard: the controller may know more of its phases. */
  inherited: boolean;
  /** Where its current counted at the last tick; null before the first. */
  load: ConnectorLoad | null;
}

/** One connector at one tick. */
export interface ConnectorSight {
  given: SnapshotConnector;
  /** Online and not declared uncontrollable. */
  controllable: boolean;
  beforeA: number;
  afterA: number;
  /** What is commanded, or reserved whatever is commanded, A. */
  givenA: number;
  /** Site phases (0 = L1) it loads, and for each terminal its phase (null = unknown rotation). */
  phases: readonly number[];
  terminals: readonly number[] | null;
  /** With what its current counts on each phase (0 or 1) and in the power: the number of terminals in use. */
  weights: Readonly<PerRow>;
  /** Its one terminal lies between two lines (a network without neutral). */
  betweenLines: boolean;
  /** The controller must know by now, too, that it loads fewer than three phases. */
  surelyUnbalanced: boolean;
  /** The least minimum that it can have, A. */
  leastMinA: number;
  /** What it takes when it is left alone whatever it is told, A; 0 = it falls back by itself. */
  aloneA: number;
  /** What it must be counted with for an increase (S1), A. */
  reservedA: number;
  /** Its measured current as far as it shows anything about the present setpoint, A per phase. */
  shownA: number;
  sampleMs: number | null;
  /** Its readings of the last minute, oldest first. */
  readings: readonly ConnectorReading[];
  /** Its measured current, A; 0 = not measured. */
  drawA: number;
  /** Its readings have been above its setpoint for too long since it was lowered last. */
  disobeys: boolean;
}

interface Look {
  nowMs: number;
  /** Time of the last tick; null at the first. */
  lastMs: number | null;
  after: Record<string, { limitA: number }>;
}

/** Ticks come earlier or later by so much, ms. */
const TICK_MS = 500;
/** Meters do not count as fresh for longer than this after a reading, ms. */
const READINGS_MS = 60_000;
/** So long after a car was seen on fewer phases than its charger has, the controller has seen it at any rate, ms. */
const KNOWN_AFTER_MS = 300_000;
/** More than any breaker carries. */
const ANY_A = 1e6;

/** Brings what is remembered of the connectors up to now. @param watches what is remembered, by id: it is changed */
export function watchConnectors(
  snapshot: Snapshot,
  look: Look,
  watches: Map<string, ConnectorWatch>,
): ConnectorSight[] {
  const config = snapshot.config ?? {};
  const sights = snapshot.connectors.map((given) => {
    const { commandedA: beforeA = 0 } = given;
    const now = reading(given, look.nowMs);
    const watch = watches.get(given.id) ?? newWatch(given, beforeA, look);
    watches.set(given.id, watch);
    follow(watch, given, now, beforeA, look);
    return sightOf(given, now, watch, wantedA(look.after, given.id, beforeA), look.nowMs, config);
  });
  if (watches.size > sights.length) forgetOthers(watches, snapshot);
  return sights;
}

/** A connector that left the tree is new when it comes back. */
function forgetOthers(watches: Map<string, ConnectorWatch>, { connectors }: Snapshot): void {
  const present = new Set(connectors.map(({ id }) => id));
  for (const id of watches.keys()) if (!present.has(id)) watches.delete(id);
}

/** The setpoint to be commanded: a connector that is not named keeps its setpoint; a value that is no current counts as more than any breaker carries. */
function wantedA(after: Look["after"], id: string, beforeA: number): number {
  if (!Object.hasOwn(after, id)) return beforeA;
  const { limitA } = after[id]!;
  return limitA >= 0 && limitA <= ANY_A ? limitA : ANY_A;
}

function newWatch(given: SnapshotConnector, beforeA: number, { nowMs, lastMs }: Look): ConnectorWatch {
  return {
    readings: [],
    beforeA,
    loweredMs: Number.NEGATIVE_INFINITY,
    oldA: 0,
    overMs: null,
    wired: given.phases ?? 3,
    used: null,
    usedSinceMs: nowMs,
    inherited: lastMs === null,
    load: null,
  };
}

function follow(
  watch: ConnectorWatch,
  given: SnapshotConnector,
  now: Reading,
  beforeA: number,
  { nowMs, lastMs }: Look,
): void {
  if (lastMs !== null && beforeA < watch.beforeA) {
    const forgotten = nowMs - watch.loweredMs >= SETTLED_MS || watch.beforeA > watch.oldA;
    if (forgotten) Object.assign(watch, { oldA: watch.beforeA, loweredMs: lastMs });
  }
  watch.beforeA = beforeA;
  const rewired = watch.wired !== (given.phases ?? 3);
  if (given.state === "available" || rewired) Object.assign(watch, { used: null, inherited: false });
  watch.wired = given.phases ?? 3;
  const carrying = given.state === "offline" ? NO_TERMINALS : carryingTerminals(given);
  const steady = beforeA > 0 && carrying.length > 0 && carrying === watch.used;
  if (!steady) watch.usedSinceMs = nowMs;
  if (carrying.length > 0) watch.used = carrying;
  const { drawA, sampleMs } = now;
  if (drawA === null) watch.readings.length = 0;
  else addReading(watch.readings, sampleMs, given.measuredA ?? []);
  const mostA = beforeA + OVERDRAW_A;
  const counts = drawA !== null && (drawA <= mostA || sampleMs >= watch.loweredMs);
  watch.overMs = drawA === null ? null : overSince(watch.overMs, drawA, mostA, sampleMs, counts);
}

const NO_TERMINALS: readonly number[] = [];
/** Every set of terminals, by the sum of 1, 2 and 4 for the first, the second and the third: equal sets are one and the same. */
const TERMINAL_SETS: readonly (readonly number[])[] = [NO_TERMINALS, [0], [1], [0, 1], [2], [0, 2], [1, 2], [0, 1, 2]];

/** Wired terminals that carry current; with a current on any of them, those that are not measured may, too. */
function carryingTerminals(given: SnapshotConnector): readonly number[] {
  const measured = given.measuredA ?? [];
  if (!measured.some((value) => Math.abs(value ?? 0) > CHARGING_A)) return NO_TERMINALS;
  let set = 0;
  for (const terminal of wired(given))
    if (Math.abs(measured[terminal] ?? Number.POSITIVE_INFINITY) > CHARGING_A) set += 1 << terminal;
  return TERMINAL_SETS[set]!;
}

const WIRED = { 1: [0], 2: [0, 1], 3: [0, 1, 2] } as const;

function wired(given: SnapshotConnector): readonly number[] {
  return WIRED[given.phases ?? 3];
}

/** The site phase (0 = L1) of each terminal, by rotation. */
const TERMINALS: Readonly<Record<NonNullable<SnapshotConnector["rotation"]>, readonly number[] | null>> = {
  RST: [0, 1, 2],
  STR: [1, 2, 0],
  TRS: [2, 0, 1],
  RTS: [0, 2, 1],
  SRT: [1, 0, 2],
  TSR: [2, 1, 0],
  Unknown: null,
};

function sightOf(
  given: SnapshotConnector,
  now: Reading,
  watch: ConnectorWatch,
  afterA: number,
  nowMs: number,
  config: NonNullable<Snapshot["config"]>,
): ConnectorSight {
  const offline = given.state === "offline";
  const terminals = TERMINALS[given.rotation ?? "RST"];
  const used = offline ? wired(given) : usedTerminals(given, watch);
  const betweenLines = used.length === 1 && config.itNetwork === true;
  if (watch.load?.used !== used || watch.load.terminals !== terminals || watch.load.betweenLines !== betweenLines)
    watch.load = loadOf(used, terminals, betweenLines);
  const { phases, weights } = watch.load;
  const { drawA, sampleMs } = now;
  const shown = drawA !== null && disobeys(watch.overMs, sampleMs, SETTLED_MS);
  const { minA1p = SAFE_A, minA3p = SAFE_A } = config;
  const known = watch.used !== null && nowMs - watch.usedSinceMs >= KNOWN_AFTER_MS;
  return {
    given,
    controllable: !offline && given.reservedA === undefined,
    beforeA: watch.beforeA,
    afterA,
    givenA: offline ? offlineA(given) : (given.reservedA ?? afterA),
    phases,
    terminals,
    weights,
    betweenLines,
    surelyUnbalanced: phases.length < 3 && (known || (given.phases ?? 3) === phases.length),
    leastMinA: Math.min(given.minA ?? minA1p, given.minA3p ?? given.minA ?? minA3p),
    aloneA: given.aloneA ?? 0,
    reservedA: offline ? offlineA(given) : Math.max(given.reservedA ?? 0, pendingA(watch, afterA, drawA, nowMs)),
    shownA: drawA === null ? 0 : shown ? drawA : Math.min(drawA, afterA),
    sampleMs: drawA === null ? null : sampleMs,
    readings: watch.readings,
    drawA: drawA ?? 0,
    disobeys: watch.overMs !== null && disobeys(Math.max(watch.overMs, watch.loweredMs), sampleMs),
  };
}

/** Where the current on these terminals counts. */
function loadOf(used: readonly number[], terminals: readonly number[] | null, betweenLines: boolean): ConnectorLoad {
  const lines = betweenLines ? [used[0]!, (used[0]! + 1) % 3] : used;
  const phases = terminals === null ? PHASES : lines.map((terminal) => terminals[terminal]!);
  const weights: PerRow = [has(phases, 0), has(phases, 1), has(phases, 2), used.length];
  return { used, terminals, betweenLines, phases, weights };
}

const has = (phases: readonly number[], phase: number): number => (phases.includes(phase) ? 1 : 0);

/** Its largest measured current, A, and when it was measured; null = not measured. */
interface Reading {
  drawA: number | null;
  sampleMs: number;
}

function reading(given: SnapshotConnector, nowMs: number): Reading {
  let drawA: number | null = null;
  for (const value of (given.state !== "offline" && given.measuredA) || [])
    if (value !== null) drawA = Math.max(drawA ?? 0, Math.abs(value));
  return { drawA, sampleMs: given.measuredTsMs ?? nowMs };
}

/** Adds a reading to those of the last minute; of a clock that went back, only that one stays. */
function addReading(readings: ConnectorReading[], ms: number, measuredA: ConnectorReading["measuredA"]): void {
  const last = readings.at(-1)?.ms ?? Number.NEGATIVE_INFINITY;
  if (ms === last) return;
  if (ms < last) readings.length = 0;
  while (readings.length > 0 && readings[0]!.ms <= ms - READINGS_MS) readings.shift();
  readings.push({ ms, measuredA });
}

/**
 * Terminals that count: those seen to draw and those said to, which a charger may be changing to; of a car that the guard has not seen
 * drawing and was not there to see, only the first is sure.
 */
function usedTerminals(given: SnapshotConnector, watch: ConnectorWatch): readonly number[] {
  const external = given.detectedPhases?.map((terminal) => terminal - 1) ?? [];
  if (watch.used !== null && external.length === 0) return watch.used;
  if (watch.used !== null || external.length > 0) return [...new Set([...(watch.used ?? []), ...external])].sort();
  return watch.inherited ? WIRED[1] : wired(given);
}

function offlineA(given: SnapshotConnector): number {
  return Math.max(given.reservedA ?? 0, given.disconnectedA ?? given.maxA ?? LARGEST_A);
}

/** Setpoint; measured current where that is clearly above; old limit of an unmeasured charger that has not settled. */
function pendingA(watch: ConnectorWatch, afterA: number, drawA: number | null, nowMs: number): number {
  if (drawA !== null) return drawA > afterA + OVERDRAW_A ? drawA : afterA;
  const old = nowMs - watch.loweredMs < SETTLED_MS - TICK_MS ? watch.oldA : 0;
  return Math.max(afterA, afterA < watch.beforeA ? watch.beforeA : old);
}
