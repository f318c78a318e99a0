import type { Clock } from "../../clock.ts";
import { record } from "../../fields.ts";
import type { JsonValue } from "../../units.ts";
import { writeTurn } from "../../write-turn.ts";
import type { KeyValueStore } from "./key-value-store.ts";

/** A bundle that is longer than this is written before its turn ends: it is to be packed in some milliseconds. Characters. */
const MOST = 400_000;

/** Of one kind: what waits for the disk, as JSON texts by key, and how long they are together. */
interface Waiting {
  texts: Map<string, string>;
  characters: number;
}

/**
 * Spares flash cards: what is saved again and again is written together, the newest of each key. A crash loses what was saved in its turn.
 * Keys of one kind (the part before the slash) are written as one document, `{ bundle: { key: value } }` under the first of them and
 * `{ in: first key }` under the others: the disk has whole pages only, and what is alike is packed better together. Where a first key is
 * written again, the others of its old bundle are gone: of a ring of keys, up to a turn's worth of the oldest.
 */
export class RarelyWritten implements KeyValueStore {
  readonly #behind: KeyValueStore;
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #waiting = new Map<string, Waiting>();
  #turn: number;
  /** The bundle that was read last: whoever asks for one of its keys asks for the next. */
  #read: Record<string, unknown> | null = null;

  constructor(behind: KeyValueStore, clock: Pick<Clock, "nowMs">) {
    this.#behind = behind;
    this.#clock = clock;
    this.#turn = writeTurn(clock.nowMs());
  }

  save(key: string, value: JsonValue): void {
    this.#read = null;
    const kind = kindOf(key);
    const waiting = this.#waiting.get(kind) ?? { texts: new Map(), characters: 0 };
    this.#waiting.set(kind, waiting);
    const text = JSON.stringify(value);
    waiting.characters += text.length - (waiting.texts.get(key)?.length ?? 0);
    waiting.texts.set(key, text);
    if (writeTurn(this.#clock.nowMs()) !== this.#turn) this.write();
    else if (waiting.characters > MOST) this.#write(kind);
  }

  load(key: string): JsonValue | undefined {
    const text = this.#waiting.get(kindOf(key))?.texts.get(key);
    if (text !== undefined) return JSON.parse(text) as JsonValue;
    if (this.#read && Object.hasOwn(this.#read, key)) return this.#read[key] as JsonValue;
    const kept = this.#behind.load(key);
    const { in: first = key } = record(kept);
    const { bundle } = record(first === key ? kept : this.#behind.load(String(first)));
    if (bundle === undefined) return first === key ? kept : undefined;
    this.#read = record(bundle);
    return this.#read[key] as JsonValue | undefined;
  }

  /** Writes what waits. */
  write(): void {
    this.#turn = writeTurn(this.#clock.nowMs());
    for (const kind of this.#waiting.keys()) this.#write(kind);
  }

  #write(kind: string): void {
    const { texts } = this.#waiting.get(kind)!;
    this.#waiting.delete(kind);
    const [first, ...others] = texts.keys();
    const bundle = Object.fromEntries([...texts].map(([key, text]) => [key, JSON.parse(text) as JsonValue]));
    this.#behind.save(first!, others.length === 0 ? bundle[first!]! : { bundle });
    for (const key of others) this.#behind.save(key, { in: first! });
  }
}

const kindOf = (key: string): string => key.slice(0, key.indexOf("/"));
