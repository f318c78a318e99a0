import type { JsonValue } from "../../units.ts";
import { list, record } from "../inputs/signals.ts";
import type { ReasonCode } from "../types.ts";
import type { KeyValueStore } from "./key-value-store.ts";

/** One slot of time, and how many of them are kept: 24 hours. */
const SLOT_MS = 300_000;
const SLOTS = 288;
/** The open slot is saved this often, so that a crash loses no more. */
const SAVE_EVERY_MS = 60_000;
/** Steps of a ramp that follow each other this closely are one change. */
const STEP_MS = 15_000;
/** More changes than this in a slot are put together: of one connector, and of all. */
const MOST_OF_ONE = 60;
const MOST = 20_000;

/** What a connector is told at a decision, and why. Currents are A per phase. */
export interface ToldNote {
  id: string;
  limitA: number;
  /** Phases its charger is told to feed; only where it can choose. */
  phases?: 1 | 3 | undefined;
  code: ReasonCode;
  zone?: string | undefined;
  phase?: 1 | 2 | 3 | undefined;
  /** Capacity and load of that phase of that zone, A; null where the reason is none of a zone's phase. */
  capacityA: number | null;
  loadA: number | null;
  text: string;
}

/** A change of what a connector is told. From null = nothing is known of before. */
export interface Change extends Omit<ToldNote, "id" | "limitA" | "phases"> {
  atWallMs: number;
  /** When the last step of it was; the same time for a single one. */
  untilWallMs: number;
  fromA: number | null;
  toA: number;
  fromPhases: 1 | 3 | null;
  toPhases: 1 | 3 | null;
}

interface Told {
  limitA: number;
  phases: 1 | 3 | null;
}

/**
 * Every change of a setpoint and of the phases a charger is told, with its reason, of the last 24 hours. The steps of a ramp count as
 * one. Only the open slot of five minutes is in memory; the others are on the shelf, one document each.
 */
export class Changes {
  readonly #store: KeyValueStore;
  readonly #told = new Map<string, Told>();
  #slot = Number.NaN;
  #rows = new Map<string, Change[]>();
  #count = 0;
  #savedWallMs = Number.NEGATIVE_INFINITY;
  #dirty = false;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  note(notes: Iterable<ToldNote>, wallMs: number): void {
    const slot = Math.floor(wallMs / SLOT_MS);
    if (slot !== this.#slot) this.#open(slot);
    for (const note of notes) this.#noteOne(note, wallMs);
    if (Math.abs(wallMs - this.#savedWallMs) < SAVE_EVERY_MS) return;
    this.#savedWallMs = wallMs;
    this.save();
  }

  /** Whether this is something else than it was told last. */
  isNews(id: string, limitA: number, phases: 1 | 3 | undefined): boolean {
    const before = this.#told.get(id);
    return before?.limitA !== limitA || before.phases !== (phases ?? null);
  }

  /** Saves the open slot, if anything in it is new. */
  save(): void {
    if (!this.#dirty) return;
    this.#dirty = false;
    const rows = [...this.#rows].map(([id, changes]) => ({ id, changes })) as unknown as JsonValue;
    this.#store.save(keyOf(this.#slot), { slot: this.#slot, rows });
  }

  /** The changes of a connector in that time, oldest first. */
  between(id: string, fromWallMs: number, toWallMs: number): Change[] {
    this.save();
    const first = Math.max(Math.floor(fromWallMs / SLOT_MS), Math.floor(toWallMs / SLOT_MS) - SLOTS + 1);
    const found: Change[] = [];
    for (let slot = first; slot * SLOT_MS <= toWallMs; slot++) found.push(...(this.#load(slot).get(id) ?? []));
    return found.filter(({ atWallMs, untilWallMs }) => untilWallMs >= fromWallMs && atWallMs <= toWallMs);
  }

  #noteOne({ id, limitA, phases = undefined, ...why }: ToldNote, wallMs: number): void {
    if (!this.isNews(id, limitA, phases)) return;
    const before = this.#told.get(id);
    const told = { limitA, phases: phases ?? null };
    this.#told.set(id, told);
    const rows = this.#rows.get(id) ?? [];
    this.#rows.set(id, rows);
    this.#dirty = true;
    const last = rows.at(-1);
    const full = rows.length >= MOST_OF_ONE || this.#count >= MOST;
    if (last && (full || isStep(last, told, why.code, wallMs))) {
      Object.assign(last, { ...why, untilWallMs: wallMs, toA: limitA, toPhases: told.phases });
      return;
    }
    if (full) return;
    this.#count++;
    const from = { fromA: before?.limitA ?? null, fromPhases: before?.phases ?? null };
    rows.push({ atWallMs: wallMs, untilWallMs: wallMs, ...from, toA: limitA, toPhases: told.phases, ...why });
  }

  /** Opens a slot; one that was interrupted by a restart goes on. */
  #open(slot: number): void {
    this.save();
    this.#slot = slot;
    this.#rows = this.#load(slot);
    this.#count = [...this.#rows.values()].reduce((sum, rows) => sum + rows.length, 0);
  }

  #load(slot: number): Map<string, Change[]> {
    const document = record(this.#store.load(keyOf(slot)));
    if (document["slot"] !== slot) return new Map();
    const rows = list(document["rows"]).map(record);
    return new Map(rows.map(({ id, changes }) => [String(id), list(changes) as unknown as Change[]]));
  }
}

/** One more step the same way for the same reason. */
function isStep(last: Change, told: Told, code: ReasonCode, wallMs: number): boolean {
  if (last.fromA === null || wallMs - last.untilWallMs > STEP_MS || last.code !== code) return false;
  return last.toPhases === told.phases && Math.sign(last.toA - last.fromA) === Math.sign(told.limitA - last.toA);
}

function keyOf(slot: number): string {
  return `changes/${slot % SLOTS}`;
}
