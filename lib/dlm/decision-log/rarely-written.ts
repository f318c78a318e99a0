import type { Clock } from "../../clock.ts";
import { record } from "../../fields.ts";
import type { JsonValue } from "../../units.ts";
import { writeTurn } from "../../write-turn.ts";
import type { KeyValueStore } from "./key-value-store.ts";

/** A bundle is no longer than this, but for a value that is so by itself: what is longer still is not packed. Characters. */
const MOST = 350_000;

/** What is written together: JSON texts by key, as texts, so that nobody need read the others for the sake of one. */
type Texts = Map<string, string>;

/**
 * Spares flash cards: what is saved again and again is written together, the newest of each key. A crash loses what was saved in its turn.
 * Keys of one kind (the part before the slash) are written as one document, `{ bundle: { key: text } }` under the first of them and
 * `{ in: first key }` under the others: the disk has whole pages only, and what is alike is packed better together.
 */
export class RarelyWritten implements KeyValueStore {
  readonly #behind: KeyValueStore;
  readonly #clock: Pick<Clock, "nowMs">;
  /** By kind. */
  readonly #waiting = new Map<string, Texts>();
  #turn: number;
  /** The bundle that was read last: whoever asks for one of its keys asks for the next. */
  #read: { first: string; bundle: Record<string, unknown> } | null = null;

  constructor(behind: KeyValueStore, clock: Pick<Clock, "nowMs">) {
    this.#behind = behind;
    this.#clock = clock;
    this.#turn = writeTurn(clock.nowMs());
  }

  save(key: string, value: JsonValue): void {
    this.#read = null;
    const text = JSON.stringify(value);
    const waiting = this.#waiting.get(kindOf(key)) ?? new Map<string, string>();
    this.#waiting.set(kindOf(key), waiting);
    waiting.delete(key);
    if (waiting.size > 0 && charactersOf(waiting) + text.length > MOST) this.#write(waiting);
    waiting.set(key, text);
    if (writeTurn(this.#clock.nowMs()) !== this.#turn) this.write();
  }

  load(key: string): JsonValue | undefined {
    const text = this.#waiting.get(kindOf(key))?.get(key);
    if (text !== undefined) return JSON.parse(text) as JsonValue;
    const kept = this.#behind.load(key);
    const { in: first = key, bundle } = record(kept);
    if (first === key && bundle === undefined) return kept;
    const kin = this.#bundleUnder(String(first), kept)[key];
    return typeof kin === "string" ? (JSON.parse(kin) as JsonValue) : undefined;
  }

  /** Writes what waits. */
  write(): void {
    this.#turn = writeTurn(this.#clock.nowMs());
    for (const waiting of this.#waiting.values()) if (waiting.size > 0) this.#write(waiting);
  }

  #write(texts: Texts): void {
    for (const [key, text] of this.#displaced(texts)) texts.set(key, text);
    const [first, ...others] = texts.keys();
    const isAlone = others.length === 0;
    this.#behind.save(first!, isAlone ? JSON.parse(texts.get(first!)!) : { bundle: Object.fromEntries(texts) });
    for (const key of others) this.#behind.save(key, { in: first! });
    texts.clear();
    this.#read = null;
  }

  /** What lies in bundles whose first key is written anew, and is in force there: it moves, as long as there is room for it. */
  #displaced(texts: Texts): Texts {
    const moved: Texts = new Map();
    for (const first of texts.keys()) {
      const { bundle } = record(this.#behind.load(first));
      for (const [key, text] of Object.entries(record(bundle))) {
        if (texts.has(key) || typeof text !== "string" || record(this.#behind.load(key))["in"] !== first) continue;
        if (charactersOf(texts) + charactersOf(moved) + text.length <= MOST) moved.set(key, text);
      }
    }
    return moved;
  }

  /** @param kept what was found under the key that led there */
  #bundleUnder(first: string, kept: JsonValue | undefined): Record<string, unknown> {
    if (this.#read?.first === first) return this.#read.bundle;
    const own = record(kept)["bundle"];
    const bundle = record(own ?? record(this.#behind.load(first))["bundle"]);
    this.#read = { first, bundle };
    return bundle;
  }
}

const kindOf = (key: string): string => key.slice(0, key.indexOf("/"));

const charactersOf = (texts: Texts): number => [...texts.values()].reduce((sum, { length }) => sum + length, 0);
