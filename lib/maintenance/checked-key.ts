import type { PrivateKind } from "./private-keys.ts";

/** One configuration key, as it is and as it is known. */
export interface CheckedKey {
  key: string;
  /** Without what is secret in it; null = nothing is told, or all of it is secret. */
  value: string | null;
  readonly: boolean;
  /** What it does, of the standard or of the model; null for a key that neither has. */
  meaning: string | null;
  unit: string | null;
  /** What the value may be, with its unit, in words; null = nothing is known of it. */
  values: string | null;
  range: string | null;
  origin: "standard" | "model" | null;
  /** What the value must be and is not; null when nothing is known against it. */
  problem: string | null;
  /** The value that set-up writes, or that the model wants; null where any will do. */
  expected: string | null;
  /** Set-up writes it again when it is changed: it belongs to the load management. */
  kept: boolean;
  /** It belongs to this charge point alone. */
  own: PrivateKind | null;
}

/** A configuration beside what is known of the model. */
export interface CheckedConfiguration {
  /** Name of the model that it was compared with; null = the standard alone. */
  model: string | null;
  keys: CheckedKey[];
  /** Keys that the standard demands or the model has, and that were not there. */
  missing: string[];
  /** Keys whose change waits for a restart. */
  pendingReboot: readonly string[];
  /** What the load management wants otherwise, in words. */
  advice: string[];
}
