import { CONFIGURATION_KEYS, type StandardKey } from "../../../ocpp/configuration-keys.ts";
import type { Language } from "../../../words/types.ts";
import { keyMeaning } from "./key-words.ts";
import { resolveTraits } from "./resolve.ts";
import type { ModelProfile, VendorKey } from "./types.ts";

/** A configuration key as a person may choose it for one charge point. */
export interface KnownKey {
  key: string;
  /** What it does, one sentence; empty where nobody says it. */
  text: string;
  unit: string | null;
  range: string | null;
  access: StandardKey["access"];
  /** Of a standard key; null where only the range tells. */
  type: StandardKey["type"] | null;
  origin: "standard" | "model";
  /** The value that the model needs to take limits from here; absent where any will do. */
  expects?: string;
}

/**
 * The standard's keys and those of a model, by name; null = no model is known. The model's own spelling of a standard key takes its
 * place, what the model says of one overrules the standard, and keys that are only known on the charge point's pages are left out. What they do is said in a language.
 */
export function knownKeys(profile: ModelProfile | null, language: Language = "en-US"): KnownKey[] {
  const { alias, skip, writeOnly } = resolveTraits(profile).traits.config;
  const keys = new Map<string, KnownKey>();
  const put = (known: KnownKey) => keys.set(known.key.toLowerCase(), known);
  for (const standard of CONFIGURATION_KEYS) {
    const { key, unit, range, access, type } = standard;
    const text = keyMeaning(language, key, "standard") ?? "";
    put({ key: alias[key] ?? key, text, unit, range, access, type, origin: "standard" });
  }
  for (const vendor of profile?.vendorKeys ?? []) {
    if (vendor.access !== "local") {
      const text = vendor.text ?? keyMeaning(language, vendor.key, "model") ?? "";
      put(ofModel({ ...vendor, text }, vendor.access, keys.get(vendor.key.toLowerCase())));
    }
  }
  for (const key of skip) keys.delete(key.toLowerCase());
  for (const key of writeOnly) {
    const known = keys.get(key.toLowerCase());
    if (known) put({ ...known, access: "wo" });
  }
  return [...keys.values()].sort((a, b) => a.key.localeCompare(b.key, "en"));
}

function ofModel(
  { key, text, unit, range, expects }: VendorKey & { text: string },
  access: KnownKey["access"],
  standard: KnownKey | undefined,
): KnownKey {
  const type = standard?.type ?? null;
  return {
    key,
    text,
    unit,
    range: range ?? standard?.range ?? null,
    access,
    type,
    origin: "model",
    ...(expects !== undefined && { expects }),
  };
}
