import type { JsonValue, Triple } from "../../units.ts";
import { highestSeenA, isLoad, type SeenLoad, seenAtLeast, seenLoadFrom } from "./background/assumed-load.ts";
import { type Peaks, peaksFromJson, peaksToJson } from "./background/peaks.ts";
import { ChargerReadings } from "./background/readings.ts";
import { type DemandMemory, NO_DEMAND } from "./demand.ts";
import { type IdleMemory, NO_IDLE } from "./idle.ts";
import { noPhases, type PhaseMemory } from "./phases.ts";
import { noPv, type PvMemory } from "./pv-day.ts";

/** What is remembered of one connector between ticks. Currents in A, durations in s; no moment in time. */
export interface ConnectorMemory {
  /** What the connector was told last. */
  setpointA: number;
  /** A limit that may still be in force, because nothing has confirmed the decrease from it; 0 = none. */
  oldA: number;
  sinceDecreaseS: number;
  /** Since the first decrease after its newest sample; null = none. */
  unseenS: number | null;
  /** Since its last increase; null while off. */
  raisedS: number | null;
  /** The allocation has a place for it, even where its start still waits for others to obey. */
  granted: boolean;
  /** Since it was switched on; null while off. */
  onS: number | null;
  /** Since the allocation stopped it; null when a start is not blocked. */
  stoppedS: number | null;
  /** Increase that is due but was too small to be sent. */
  rampA: number;
  /** Age of its newest sample; null before the first. */
  sampleAgeS: number | null;
  /** Ticks in a row with a sample of their moment, as far as it matters. */
  promptTicks: number;
  /** Draws more than its setpoint and the tolerance, s; null while it does not. */
  overS: number | null;
  /** What it draws above its setpoint is taken from the others. */
  excess: boolean;
  /** Draws more than a charger is allowed to, s; null while it obeys. */
  disobeyS: number | null;
  /** Its draw is reserved from the others and nothing is allocated to it, until it obeys. */
  uncontrolled: boolean;
  /** A zone above it was over its capacity at the last tick. */
  squeezed: boolean;
  /** At the last tick it was not started, because its start could not have been told from other load. */
  unsure: boolean;
  /** Charging time of the present car, for chargers that do not report it. */
  servedS: number;
  demand: DemandMemory;
  idle: IdleMemory;
  phases: PhaseMemory;
  pv: PvMemory;
  /** Its samples as far back as a meter may need them. */
  readings: ChargerReadings;
}

/** What is remembered of the whole tree. */
export interface Memory {
  /** Reading of the caller's clock at the last tick; null before the first. */
  clockMs: number | null;
  /** How long some car has waited for its minimum since the last rotation; null while none waits. */
  waitS: number | null;
  connectors: ReadonlyMap<string, ConnectorMemory>;
  /** Background behind each including meter at the last tick. */
  backgroundA: Map<string, Triple>;
  /** Its highest values of the last two minutes. */
  peaks: Peaks;
  /** What was seen of the own load of each zone with a meter. */
  seen: ReadonlyMap<string, SeenLoad>;
}

/** A connector that this controller never commanded. */
export function newConnector(): ConnectorMemory {
  return {
    setpointA: 0,
    oldA: 0,
    sinceDecreaseS: 0,
    unseenS: null,
    raisedS: null,
    granted: false,
    onS: null,
    stoppedS: null,
    rampA: 0,
    sampleAgeS: null,
    promptTicks: 0,
    overS: null,
    excess: false,
    disobeyS: null,
    uncontrolled: false,
    squeezed: false,
    unsure: false,
    servedS: 0,
    demand: NO_DEMAND,
    idle: NO_IDLE,
    phases: noPhases(),
    pv: noPv(),
    readings: new ChargerReadings(),
  };
}

/** Longer ago than anything that waits for a decrease to show, s. */
const LONG_AGO_S = 3600;

/** What is remembered of a connector that fell to its limit long ago: its older samples say nothing of it. */
export const LONG_LOWERED: Partial<ConnectorMemory> = {
  oldA: 0,
  sinceDecreaseS: LONG_AGO_S,
  unseenS: null,
  rampA: 0,
  overS: null,
  disobeyS: null,
};

/** A connector was lowered now: the limit of before may still be in force. */
export function noteDecrease(memory: ConnectorMemory, beforeA: number, settleS: number): void {
  memory.oldA = Math.max(memory.sinceDecreaseS < settleS ? memory.oldA : 0, beforeA);
  memory.sinceDecreaseS = 0;
}

/** A memory without anything in it. */
export function emptyMemory(): Memory {
  return {
    clockMs: null,
    waitS: null,
    connectors: new Map(),
    backgroundA: new Map(),
    peaks: new Map(),
    seen: new Map(),
  };
}

/** The memory as plain JSON. Ids are values, not keys, so that any string can be one. */
export function memoryToJson(memory: Memory): JsonValue {
  const connectors = [...memory.connectors].map(([id, entry]) => ({ id, ...entry }));
  const backgroundA = [...memory.backgroundA].map(([id, values]) => ({ id, values }));
  const seen = [...memory.seen].map(([id, load]) => ({ id, ...load }));
  const peaks = peaksToJson(memory.peaks);
  const plain = { version: 1, clockMs: memory.clockMs, waitS: memory.waitS, connectors, backgroundA, peaks, seen };
  return JSON.parse(JSON.stringify(plain)) as JsonValue;
}

/** The reverse of `memoryToJson`. What does not look like a memory is left out; it never throws. */
export function memoryFromJson(saved: JsonValue | undefined): Memory {
  const connectors = new Map<string, ConnectorMemory>();
  const seen = new Map<string, SeenLoad>();
  const memory = { ...emptyMemory(), connectors, seen };
  if (!isRecord(saved) || saved["version"] !== 1) return memory;
  memory.peaks = peaksFromJson(saved["peaks"]);
  memory.clockMs = Number.isFinite(saved["clockMs"]) ? (saved["clockMs"] as number) : null;
  memory.waitS = similar(null, saved["waitS"]) as number | null;
  for (const entry of list(saved["connectors"])) {
    if (!isRecord(entry) || typeof entry["id"] !== "string" || !isAmount(entry["setpointA"])) continue;
    const readings = new ChargerReadings(entry["readings"] as JsonValue);
    connectors.set(entry["id"], { ...(similar(newConnector(), entry) as ConnectorMemory), readings });
  }
  for (const entry of list(saved["backgroundA"])) {
    if (!isRecord(entry) || typeof entry["id"] !== "string") continue;
    const values = list(entry["values"]);
    if (values.length === 3 && values.every(Number.isFinite)) memory.backgroundA.set(entry["id"], values as Triple);
  }
  for (const entry of list(saved["seen"])) {
    const load = seenLoadFrom(entry as JsonValue);
    if (load && isRecord(entry) && typeof entry["id"] === "string") seen.set(entry["id"], load);
  }
  return memory;
}

/** Zone, its highest own load, and where it was seen the highest of all below it, too; A per phase. */
export function highestToJson(seen: ReadonlyMap<string, SeenLoad>): JsonValue {
  return [...seen].map(([id, load]) => {
    const ownA = highestSeenA(load);
    return load.whole ? [id, ownA, highestSeenA(load.whole)] : [id, ownA];
  });
}

/**
 * What was seen, with the highest loads of `highestToJson`; what does not look like them is left out. They are compared to the last
 * digit: one that was rounded upwards would count as new after each restart, and never grow a day old.
 */
export function withHighest(seen: ReadonlyMap<string, SeenLoad>, saved: JsonValue | undefined): Map<string, SeenLoad> {
  const raised = new Map(seen);
  for (const [id, ownA, wholeA] of list(saved).map(list) as JsonValue[][]) {
    if (typeof id !== "string" || !isLoad(ownA)) continue;
    const load = seenAtLeast(seen.get(id), ownA);
    raised.set(id, isLoad(wholeA) ? { ...load, whole: seenAtLeast(load.whole, wholeA) } : load);
  }
  return raised;
}

type Fields = Record<string, unknown>;

/** Beyond any current or duration: such a value is garbage. */
const LARGEST = 1e15;

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= LARGEST;
}

/** `saved` where it has the shape of `model`, else the model's own value; null in the model stands for "amount or null". */
function similar(model: unknown, saved: unknown): unknown {
  if (model === null) return isAmount(saved) ? saved : null;
  if (typeof model === "number") return isAmount(saved) ? saved : model;
  if (typeof model === "boolean") return typeof saved === "boolean" ? saved : model;
  if (Array.isArray(model)) {
    const items = list(saved);
    return items.length === model.length && items.every(isAmount) ? [...items] : [...model];
  }
  const fields = isRecord(saved) ? saved : {};
  return Object.fromEntries(Object.entries(model as Fields).map(([key, value]) => [key, similar(value, fields[key])]));
}
