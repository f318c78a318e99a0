import { round } from "../../units.ts";
import { list, record } from "../inputs/signals.ts";
import type { KeyValueStore } from "./key-value-store.ts";

/** One slot of time, and how many of them are kept: 24 hours. */
const SLOT_MS = 300_000;
const SLOTS = 288;
/** The open slot is saved this often, so that a crash loses no more. */
const SAVE_EVERY_MS = 60_000;

/** What is noted of a connector at a decision. */
export interface HistoryNote {
  id: string;
  limitA: number;
  /** null = unmeasured. */
  drawA: number | null;
  /** What tells one reason from another: texts with the same key count as the same reason. */
  key: string;
  text: string;
}

/** What became of a connector in five minutes. */
export interface HistorySlot {
  fromWallMs: number;
  toWallMs: number;
  minA: number;
  maxA: number;
  /** Mean of what was measured; null = nothing was. */
  drawA: number | null;
  /** The reason that held longest, and the one that held second longest. */
  text: string;
  also: string | null;
}

interface Row {
  minA: number;
  maxA: number;
  drawnA: number;
  samples: number;
  reasons: Map<string, { text: string; times: number }>;
}

/**
 * Why each connector got what it got in the last 24 hours, in slots of five minutes. Only the open slot is in memory; the others are on
 * the shelf, one document each, so that neither memory nor disk grows with time.
 */
export class History {
  readonly #store: KeyValueStore;
  #slot = Number.NaN;
  #rows = new Map<string, Row>();
  #savedWallMs = Number.NEGATIVE_INFINITY;

  constructor(store: KeyValueStore) {
    this.#store = store;
  }

  note(notes: Iterable<HistoryNote>, wallMs: number): void {
    const slot = Math.floor(wallMs / SLOT_MS);
    if (slot !== this.#slot) this.#open(slot, wallMs);
    for (const note of notes) add(this.#rows, note);
    if (Math.abs(wallMs - this.#savedWallMs) >= SAVE_EVERY_MS) this.save(wallMs);
  }

  /** Saves the open slot. */
  save(wallMs: number): void {
    if (Number.isNaN(this.#slot)) return;
    this.#savedWallMs = wallMs;
    const texts = new Map<string, number>();
    const indexOf = (text: string | null) => {
      if (text === null) return -1;
      if (!texts.has(text)) texts.set(text, texts.size);
      return texts.get(text)!;
    };
    const rows = [...this.#rows].map(([id, row]) => {
      const [text, also] = leading(row);
      const drawA = row.samples === 0 ? null : round(row.drawnA / row.samples, 1);
      return [id, round(row.minA, 1), round(row.maxA, 1), drawA, indexOf(text), indexOf(also)];
    });
    this.#store.save(keyOf(this.#slot), { slot: this.#slot, texts: [...texts.keys()], rows });
  }

  /** The slots of a connector that touch the time between, oldest first. */
  between(id: string, fromWallMs: number, toWallMs: number): HistorySlot[] {
    const found: HistorySlot[] = [];
    if (!Number.isNaN(this.#slot)) this.save(this.#savedWallMs);
    const first = Math.max(Math.floor(fromWallMs / SLOT_MS), Math.floor(toWallMs / SLOT_MS) - SLOTS + 1);
    for (let slot = first; slot * SLOT_MS <= toWallMs; slot++) {
      const document = record(this.#store.load(keyOf(slot)));
      if (document["slot"] !== slot) continue;
      const row = list(document["rows"])
        .map(list)
        .find(([one]) => one === id);
      if (row) found.push(readRow(slot, row, list(document["texts"])));
    }
    return found;
  }

  /** Opens a slot; one that was interrupted by a restart goes on. */
  #open(slot: number, wallMs: number): void {
    this.save(wallMs);
    this.#slot = slot;
    this.#rows = new Map();
    const document = record(this.#store.load(keyOf(slot)));
    if (document["slot"] !== slot) return;
    for (const row of list(document["rows"]).map(list)) {
      const { minA, maxA, drawA, text } = readRow(slot, row, list(document["texts"]));
      for (const limitA of [minA, maxA]) add(this.#rows, { id: String(row[0]), limitA, drawA, key: text, text });
    }
  }
}

function add(rows: Map<string, Row>, { id, limitA, drawA, key, text }: HistoryNote): void {
  let row = rows.get(id);
  if (!row) {
    row = { minA: limitA, maxA: limitA, drawnA: 0, samples: 0, reasons: new Map() };
    rows.set(id, row);
  }
  row.minA = Math.min(row.minA, limitA);
  row.maxA = Math.max(row.maxA, limitA);
  if (drawA !== null) {
    row.drawnA += drawA;
    row.samples++;
  }
  const reason = row.reasons.get(key);
  if (reason) {
    reason.text = text;
    reason.times++;
  } else row.reasons.set(key, { text, times: 1 });
}

/** The texts of the two reasons that held longest. */
function leading({ reasons }: Row): [string, string | null] {
  const [first, second] = [...reasons.values()].sort((a, b) => b.times - a.times);
  return [first!.text, second?.text ?? null];
}

function readRow(slot: number, row: readonly unknown[], texts: readonly unknown[]): HistorySlot {
  const [, minA, maxA, drawA, text, also] = row;
  const amount = (value: unknown) => (typeof value === "number" ? value : 0);
  const words = (index: unknown) => texts[amount(index)];
  return {
    fromWallMs: slot * SLOT_MS,
    toWallMs: (slot + 1) * SLOT_MS,
    minA: amount(minA),
    maxA: amount(maxA),
    drawA: typeof drawA === "number" ? drawA : null,
    text: String(words(text) ?? ""),
    also: also === -1 ? null : String(words(also) ?? "") || null,
  };
}

function keyOf(slot: number): string {
  return `history/${slot % SLOTS}`;
}
