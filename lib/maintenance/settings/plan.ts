/** What may be copied, and what is to be sent for it. Pure. */

import { knownKeys } from "../../station/capabilities/models/known-keys.ts";
import type { ConfigTraits, ModelProfile } from "../../station/capabilities/models/types.ts";
import { type Configuration, isSkipped, isWriteOnly, ownName } from "../../station/setup/configuration.ts";
import { sameValue } from "../../station/setup/configuration-writes.ts";
import type { ReadKey, ReadSettings } from "../../station/setup/read-settings.ts";
import { privateKind } from "../private-keys.ts";
import { keyNamed, valueProblem } from "../value-check.ts";
import type { Difference, NotCopied } from "./types.ts";

/** What is known of a charge point, as far as copying goes. */
export interface Place {
  traits: { config: ConfigTraits };
  modelProfile: ModelProfile | null;
  /** Keys that are written from here, in lower case. */
  kept: ReadonlyMap<string, string | null>;
}

/** What becomes of a key at a charge point: it is left, has the value, or is sent under the name that the charge point has for it. */
export type KeyPlan =
  | { status: NotCopied; old: string | null }
  | { status: "same"; old: string | null }
  | { status: "send"; ownKey: string; old: string | null };

/** The standard's name of a key that a charge point spells its own way. */
export function standardName({ alias }: ConfigTraits, key: string): string {
  const lower = key.trim().toLowerCase();
  return Object.entries(alias).find(([, own]) => own.toLowerCase() === lower)?.[0] ?? key.trim();
}

/** Why a key of a charge point is not taken to others; null = it can be. */
export function notCopied({ key, value, readonly }: ReadKey, { kept }: Pick<Place, "kept">): NotCopied | null {
  const own = privateKind(key, value);
  if (own) return own;
  if (kept.has(key.trim().toLowerCase())) return "kept";
  return readonly || value === null ? "readonly" : null;
}

/** What is to be done so that a charge point has a value. @param key the standard's name, or the maker's */
export function planKey(
  { key, value }: { key: string; value: string },
  { traits: { config }, modelProfile, kept }: Place,
  before: Configuration,
): KeyPlan {
  const entry = before.find(key);
  const ownKey = entry?.key ?? ownName(config, key);
  const old = entry?.value ?? null;
  const own = privateKind(ownKey, value) ?? privateKind(key, old);
  if (own) return { status: own, old: null };
  if (kept.has(ownKey.toLowerCase())) return { status: "kept", old };
  if (isSkipped(config, key) || (!entry && before.maxKeys === null && !isWriteOnly(config, key)))
    return { status: "missing", old };
  if (entry?.readonly) return { status: "readonly", old };
  if (sameValue(entry?.value, value)) return { status: "same", old };
  const known = keyNamed(knownKeys(modelProfile), ownKey);
  if (known && valueProblem(known, value)) return { status: "impossible", old };
  return { status: "send", ownKey, old };
}

/** Two charge points, or a file and a charge point, key by key; keys go by the standard's names. */
export function compare(
  from: { settings: ReadSettings; place: Place | null },
  to: { settings: ReadSettings; place: Place | null },
): Difference[] {
  const named = ({ settings, place }: typeof from) =>
    new Map(
      settings.keys.map((one) => {
        const key = place ? standardName(place.traits.config, one.key) : one.key.trim();
        return [key.toLowerCase(), { ...one, name: key }];
      }),
    );
  const [left, right] = [named(from), named(to)];
  const keys = [...new Set([...left.keys(), ...right.keys()])].sort();
  return keys.map((lower): Difference => {
    const [a, b] = [left.get(lower), right.get(lower)];
    const kept = [...(from.place?.kept ?? []), ...(to.place?.kept ?? [])];
    const kinds = [a, b].map((one) => one && privateKind(one.key, one.value));
    const hidden = kinds.includes("secret");
    return {
      key: (a ?? b)!.name,
      from: a?.value ?? null,
      to: b?.value ?? null,
      state: hidden ? "hidden" : !b ? "onlyFrom" : !a ? "onlyTo" : alike(a, b) ? "same" : "different",
      notCopied:
        kinds.find((kind) => kind) ??
        (!a ? "missing" : notCopied(a, { kept: new Map(kept) })) ??
        (!b && to.place ? "missing" : b?.readonly ? "readonly" : null),
    };
  });
}

function alike(a: ReadKey, b: ReadKey): boolean {
  return a.value === b.value || (a.value !== null && b.value !== null && sameValue(a.value, b.value));
}
