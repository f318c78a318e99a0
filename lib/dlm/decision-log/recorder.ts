import { type JsonValue, round } from "../../units.ts";
import { record } from "../inputs/signals.ts";
import type { ControllerConfig, Snapshot } from "../types.ts";
import { type Columns, columnsOf, rowsOf } from "./columns.ts";
import { DECIMALS, difference } from "./json-delta.ts";
import type { KeyValueStore } from "./key-value-store.ts";
import type { RecordedTick, Recording, RecordingPart } from "./recording.ts";

const PART_MS = 60_000;
/** Two hours are kept. */
const PARTS = 120;
/** A base at least every so many parts. */
const BASE_EVERY = 10;
/** A part that grows beyond this takes no more: with thousands of connectors some seconds of a minute are enough. */
const MOST_CHARACTERS = 2_000_000;

/** With more connectors than this nothing is recorded: noting down must never hold the control up. */
const MOST_CONNECTORS = 2000;

/** A decision as the runtime made it. */
export interface Made {
  wallMs: number;
  nowMs: number;
  snapshot: Snapshot;
  setpoints(): ReadonlyMap<string, number>;
  config: Partial<ControllerConfig>;
  /** What the controller remembers after it. */
  memory(): JsonValue;
}

/**
 * Records what the controller was given and what it decided, so that a quarter of an hour can be stepped through again. The last two
 * hours stay, one document for each minute; only the open minute is in memory.
 */
export class DecisionRecorder {
  readonly #store: KeyValueStore;
  #part: RecordingPart | null = null;
  #characters = 0;
  #sinceBase = Number.POSITIVE_INFINITY;
  #last: { snapshot: JsonValue; setpoints: JsonValue; config: string } | null = null;
  /** What the controller remembered after the last decision, and so before the next. */
  #memory: JsonValue | null = null;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  note(made: Made): void {
    if (made.snapshot.connectors.length > MOST_CONNECTORS) return;
    const minute = Math.floor(made.wallMs / PART_MS);
    if (minute !== this.#part?.minute) this.#open(minute, made);
    const part = this.#part;
    const isFull = this.#characters >= MOST_CHARACTERS;
    const snapshot = plain(made.snapshot, rounded);
    const setpoints = plain(Object.fromEntries(made.setpoints()), rounded);
    const config = JSON.stringify(made.config);
    if (part && !isFull) {
      const tick: RecordedTick = {
        wallMs: made.wallMs,
        nowMs: made.nowMs,
        snapshot: difference(this.#last?.snapshot, snapshot),
        setpoints: difference(this.#last?.setpoints, setpoints),
        ...(this.#last && this.#last.config !== config && { config: made.config }),
      };
      this.#characters += JSON.stringify(tick).length;
      part.ticks.push(tick);
      this.#last = { snapshot, setpoints, config };
    } else this.#sinceBase = Number.POSITIVE_INFINITY;
    this.#memory = this.#isBeforeBase(made.wallMs) ? made.memory() : null;
  }

  /** Saves the open minute. */
  save(): void {
    if (!this.#part) return;
    const { ticks, ...rest } = this.#part;
    // In a list, settings stay as they are: they may have null inside.
    const rows = ticks.map(({ config, ...tick }) => (config ? { ...tick, config: [config] } : tick));
    const columns = columnsOf(plain(rows, rounded) as JsonValue[]);
    this.#store.save(keyOf(this.#part.minute), { ...(plain(rest, rounded) as object), columns });
  }

  /** What is recorded between, from the last base before on. */
  between(root: string, fromWallMs: number, toWallMs: number): Recording {
    this.save();
    const last = Math.floor(toWallMs / PART_MS);
    const first = Math.max(Math.floor(fromWallMs / PART_MS), last - PARTS + 1);
    const parts: RecordingPart[] = [];
    for (let minute = last; minute > last - PARTS; minute--) {
      const part = this.#load(minute);
      if (part) parts.unshift(part);
      if (minute <= first && part?.base) break;
    }
    const begins = parts.findIndex(({ base }) => base);
    return { version: 2, root, parts: begins < 0 ? [] : parts.slice(begins) };
  }

  #load(minute: number): RecordingPart | null {
    const { columns, ...rest } = record(this.#store.load(keyOf(minute)));
    const ticks = columns === undefined ? rest["ticks"] : ticksOf(columns as Columns);
    return rest["minute"] === minute && Array.isArray(ticks) ? ({ ...rest, ticks } as unknown as RecordingPart) : null;
  }

  #open(minute: number, { config }: Made): void {
    this.save();
    this.#characters = 0;
    // The clock was set back: parts that were recorded before are written anew, so differences no longer follow each other.
    if (this.#part && minute < this.#part.minute) this.#sinceBase = Number.POSITIVE_INFINITY;
    const memory = this.#memory;
    const due = ++this.#sinceBase >= BASE_EVERY;
    if (due && memory === null) {
      this.#part = null;
      this.#memory = null;
      return;
    }
    this.#part = { minute, ticks: [] };
    if (!due) return;
    this.#part.base = { config, memory: memory! };
    this.#sinceBase = 0;
    this.#last = null;
  }

  /** Whether the next decision may begin a base: then what the controller remembers now must be known. */
  #isBeforeBase(wallMs: number): boolean {
    return this.#sinceBase + 1 >= BASE_EVERY && (this.#part === null || wallMs % PART_MS > PART_MS - 15_000);
  }
}

/** Where nothing has changed since the tick before, that is kept in no column. */
function ticksOf(columns: Columns): RecordedTick[] {
  return rowsOf(columns).map((row) => {
    const { config, ...tick } = record(row ?? undefined);
    const settings = Array.isArray(config) && { config: config[0] };
    return { snapshot: null, setpoints: null, ...tick, ...settings } as unknown as RecordedTick;
  });
}

function plain(value: unknown, replace?: (key: string, value: unknown) => unknown): JsonValue {
  return JSON.parse(JSON.stringify(value, replace)) as JsonValue;
}

/** To the mA and the ms: what is finer is noise, which nothing makes shorter. */
const rounded = (key: string, value: unknown): unknown =>
  typeof value === "number" ? round(value, key.endsWith("Ms") ? 0 : DECIMALS) : value;

function keyOf(minute: number): string {
  return `record/${minute % PARTS}`;
}
