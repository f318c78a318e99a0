import type { Clock } from "../../clock.ts";
import type { JsonValue } from "../../units.ts";
import { writeTurn } from "../../write-turn.ts";
import type { KeyValueStore } from "./key-value-store.ts";

/** Spares flash cards: what is saved again and again is written together, the newest of each key. A crash loses what was saved in its turn. */
export class RarelyWritten implements KeyValueStore {
  readonly #behind: KeyValueStore;
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #waiting = new Map<string, JsonValue>();
  #turn: number;

  constructor(behind: KeyValueStore, clock: Pick<Clock, "nowMs">) {
    this.#behind = behind;
    this.#clock = clock;
    this.#turn = writeTurn(clock.nowMs());
  }

  save(key: string, value: JsonValue): void {
    this.#waiting.set(key, value);
    if (writeTurn(this.#clock.nowMs()) !== this.#turn) this.write();
  }

  load(key: string): JsonValue | undefined {
    return this.#waiting.get(key) ?? this.#behind.load(key);
  }

  /** Writes what waits. */
  write(): void {
    this.#turn = writeTurn(this.#clock.nowMs());
    for (const [key, value] of this.#waiting) this.#behind.save(key, value);
    this.#waiting.clear();
  }
}
