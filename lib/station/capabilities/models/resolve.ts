import { isTraitPath, TRAIT_PATHS, type TraitPath, traitProblem } from "./rules.ts";
import { DEFAULT_TRAITS } from "./traits.ts";
import type { LearntFacts, ModelProfile, TraitPatch, Traits, TraitView } from "./types.ts";

/** What holds for one charge point, and who says so. */
export interface ResolvedTraits {
  readonly traits: Traits;
  /** Every trait with its source, group by group; computed anew at each call. */
  views(): TraitView[];
}

/** `how` of a value that the charge point only claims of itself (OCPP 1.6 §9): it gives way to whoever knows better. */
export const CLAIMED = "GetConfiguration";

/** Nothing learnt yet. */
export const NOTHING_LEARNT: LearntFacts = { firmware: null, values: {} };

type Said = Pick<TraitView, "value" | "source" | "note">;
type Layer = ReadonlyMap<TraitPath, Said>;

/** So many different sets of traits are kept; beyond, they are gathered anew. */
const MOST_SHARED = 1000;
const shared = new Map<string, Traits>();

/**
 * Lays what is known of one charge point on top of each other: default ← model ← learnt ← user. A learnt or typed value whose path
 * or type is not that of a trait (an old record, a slip) is passed over. What was only claimed counts where all the others leave the
 * question open: ABB claims stack level 3 and takes none but 0. Charge points alike share one object of traits.
 */
export function resolveTraits(
  model: Pick<ModelProfile, "name" | "traits"> | null,
  learnt: LearntFacts = NOTHING_LEARNT,
  user: TraitPatch = {},
): ResolvedTraits {
  const facts = learntSays(learnt);
  const claims = new Set(facts.map(([path]) => path).filter((path) => isClaim(learnt, path)));
  // Made anew at each use: kept for every charge point it would be the larger part of its memory.
  const sayings = (): ((path: TraitPath) => Said) => {
    const layers: Layer[] = [
      new Map(patchSays(user, "user", null)),
      new Map(facts.filter(([path]) => !claims.has(path))),
      new Map(model ? patchSays(model.traits, "model", model.name) : []),
      DEFAULTS,
    ];
    const answers: Layer = new Map(facts);
    return (path) => {
      const known = layers.find((layer) => layer.has(path))!.get(path)!;
      return isOpen(known.value) ? (answers.get(path) ?? known) : known;
    };
  };
  const views = (): TraitView[] => {
    const said = sayings();
    return TRAIT_PATHS.map((path) => ({ path, ...said(path) }));
  };
  return { traits: sharedTraits(sayings()), views };
}

function sharedTraits(said: (path: TraitPath) => Said): Traits {
  const traits: Record<string, Record<string, unknown>> = {};
  for (const path of TRAIT_PATHS) {
    const [group, name] = path.split(".") as [string, string];
    traits[group] ??= {};
    traits[group][name] = said(path).value;
  }
  const key = JSON.stringify(traits);
  const known = shared.get(key);
  if (known) return known;
  for (const group of Object.values(traits)) for (const part of [group, ...Object.values(group)]) Object.freeze(part);
  if (shared.size >= MOST_SHARED) shared.clear();
  shared.set(key, traits as unknown as Traits);
  return traits as unknown as Traits;
}

/**
 * Whether a charge point of this model (null = any) is believed to go to its safe current by itself when it is left alone:
 * it takes limits that end by themselves and keeps them without a connection.
 */
export function fallsBack(model: ModelProfile | null, user: TraitPatch = {}): boolean {
  return doesFallBack(resolveTraits(model, NOTHING_LEARNT, user).traits.smart);
}

/** The same of traits that are known already, what was learnt included. */
export function doesFallBack(smart: Traits["smart"]): boolean {
  const { supported, lease, keepsProfilesOffline, kind, relativeOrigin, purposes, maxPeriods, stackMax } = smart;
  if (supported === "no" || lease !== "tail" || !keepsProfilesOffline) return false;
  // The next transaction would begin a default profile anew, at the limit.
  if (kind === "Relative" && relativeOrigin === "txStart" && !purposes.includes("TxProfile")) return false;
  // One period needs a second profile above the first, in which the limit ends.
  return maxPeriods === null || maxPeriods >= 2 || (stackMax !== 0 && purposes.includes("TxDefaultProfile"));
}

function patchSays(patch: TraitPatch, source: Said["source"], note: string | null): [TraitPath, Said][] {
  const entries = Object.entries(patch).flatMap(([group, values]) =>
    Object.entries(values ?? {}).map(([name, value]): [string, unknown] => [`${group}.${name}`, value]),
  );
  return entries.filter(isUsable).map(([path, value]) => [path, { value, source, note }]);
}

function learntSays({ values }: LearntFacts): [TraitPath, Said][] {
  const entries = Object.entries(values).map(([path, fact]): [string, unknown, string] => [
    path,
    fact?.value,
    [fact?.how, fact?.at].filter(Boolean).join(", "),
  ]);
  return entries.filter(isUsable).map(([path, value, note]) => [path, { value, source: "learnt", note }]);
}

const DEFAULTS: Layer = new Map(patchSays(DEFAULT_TRAITS, "default", null));

/** Values that ask the charge point. */
function isOpen(value: unknown): boolean {
  return value === null || value === "auto" || value === "probe";
}

function isClaim({ values }: LearntFacts, path: TraitPath): boolean {
  return values[path]?.how === CLAIMED;
}

function isUsable<E extends [string, unknown, ...unknown[]]>(entry: E): entry is E & [TraitPath, ...unknown[]] {
  const [path, value] = entry;
  return isTraitPath(path) && traitProblem(path, value) === null;
}
