import type { JsonValue } from "../../units.ts";

/** Where records of the past are kept, by key; what is saved under a key takes the place of what was there. Never throws. */
export interface KeyValueStore {
  save(key: string, value: JsonValue): void;
  load(key: string): JsonValue | undefined;
}
