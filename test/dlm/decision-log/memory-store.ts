import type { KeyValueStore } from "../../../lib/dlm/decision-log/key-value-store.ts";
import type { JsonValue } from "../../../lib/units.ts";

/** Keeps what a database would: text. */
export class MemoryStore implements KeyValueStore {
  readonly texts = new Map<string, string>();

  save(key: string, value: JsonValue): void {
    this.texts.set(key, JSON.stringify(value));
  }

  load(key: string): JsonValue | undefined {
    const text = this.texts.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  }

  get characters(): number {
    return [...this.texts.values()].reduce((sum, { length }) => sum + length, 0);
  }
}
