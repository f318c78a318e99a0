import Type from "typebox";
import { Value } from "typebox/value";

/** What was read last of the configuration of a charge point is kept in the store under this prefix, by identity. */
export const SETTINGS_DOCUMENTS = "settings/";

/** The settings of one charge point as they were read last, or as a file has them. Nothing secret is in it. */
export interface ReadSettings {
  /** ISO 8601 UTC. */
  ts: string;
  /** Id of the model's profile; null = no model is known. */
  model: string | null;
  /** As it says itself what it is. */
  vendor: string | null;
  product: string | null;
  firmware: string | null;
  keys: ReadKey[];
}

export interface ReadKey {
  key: string;
  /** Null = it has none, or it is not to be seen. */
  value: string | null;
  readonly: boolean;
}

const text = Type.String({ maxLength: 500 });
const orNull = Type.Union([text, Type.Null()]);
/** What holds of it wherever it comes from: the store, a file, a backup. */
export const READ_SETTINGS = Type.Object({
  ts: Type.String({ maxLength: 40, pattern: "^\\d{4}-\\d{2}-\\d{2}T" }),
  model: orNull,
  vendor: orNull,
  product: orNull,
  firmware: orNull,
  keys: Type.Array(
    Type.Object({
      key: Type.String({ minLength: 1, maxLength: 100 }),
      value: Type.Union([Type.String({ maxLength: 2500 }), Type.Null()]),
      readonly: Type.Boolean(),
    }),
    { maxItems: 2000 },
  ),
});

/** What was kept by an earlier release or another site; null where it is none. */
export function keptSettings(kept: unknown): ReadSettings | null {
  return Value.Check(READ_SETTINGS, kept) ? (kept as unknown as ReadSettings) : null;
}
