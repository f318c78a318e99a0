import type { ModelProfile, TraitPatch } from "./types.ts";

/**
 * Fills in what `extends` names: the parent's traits below its own; its steps, keys and sources when it has none; its fallback and
 * hint when its own is null.
 * @throws RangeError when a parent is missing or a circle closes
 */
export function inherit(profiles: readonly ModelProfile[]): ModelProfile[] {
  const byId = new Map(profiles.map((profile) => [profile.id, profile]));
  const fill = (profile: ModelProfile, heirs: readonly string[]): ModelProfile => {
    if (profile.extends === undefined) return profile;
    const declared = byId.get(profile.extends);
    if (!declared) throw new RangeError(`${profile.id}: extends ${profile.extends}, which does not exist`);
    if (heirs.includes(declared.id)) throw new RangeError(`${profile.id}: extends ${declared.id} in a circle`);
    return below(fill(declared, [...heirs, declared.id]), profile);
  };
  return profiles.map((profile) => fill(profile, [profile.id]));
}

function below(parent: ModelProfile, own: ModelProfile): ModelProfile {
  const appendsIdentity = own.appendsIdentity ?? parent.appendsIdentity;
  return {
    ...own,
    ...(appendsIdentity !== undefined && { appendsIdentity }),
    traits: layTraits(parent.traits, own.traits),
    nativeFallback: own.nativeFallback ?? parent.nativeFallback,
    hintOnRefusal: own.hintOnRefusal ?? parent.hintOnRefusal,
    commissioning: [...parent.commissioning, ...own.commissioning],
    vendorKeys: [...parent.vendorKeys, ...own.vendorKeys],
    sources: [...new Set([...own.sources, ...parent.sources])],
  };
}

function layTraits(lower: TraitPatch, upper: TraitPatch): TraitPatch {
  const groups = new Set([...Object.keys(lower), ...Object.keys(upper)] as (keyof TraitPatch)[]);
  return Object.fromEntries([...groups].map((group) => [group, { ...lower[group], ...upper[group] }]));
}
