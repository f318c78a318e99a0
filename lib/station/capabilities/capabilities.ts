import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/types.ts";
import { StationMemory } from "../connection/memory.ts";
import type { ChargePointDefinition } from "../types.ts";
import { matchModel, modelProfile } from "./models/index.ts";
import { type ResolvedTraits, resolveTraits } from "./models/resolve.ts";
import type { LearntFacts, LearntValue, ModelProfile, Traits, TraitView } from "./models/types.ts";

/** A fact with where it was seen. */
export interface CapabilityFact {
  path: string;
  value: LearntValue["value"];
  how: string;
}

/** What one charge point can do: its model's traits, what it showed, and what the user says (default ← model ← learnt ← user). */
export class Capabilities {
  readonly memory: StationMemory;
  readonly #identity: string;
  readonly #changed: (paths: string[]) => void;
  #definition: ChargePointDefinition | null = null;
  #model: ModelProfile | null = null;
  #resolved: ResolvedTraits = resolveTraits(null);
  #traits: Traits = this.#resolved.traits;
  #declared: Traits = this.#traits;

  /** @param changed called with the paths of the traits that became different, after the fact */
  constructor(identity: string, store: Store, clock: Clock, changed: (paths: string[]) => void) {
    this.#identity = identity;
    this.memory = new StationMemory(identity, store, clock);
    this.#changed = changed;
    this.#resolve();
  }

  get traits(): Traits {
    return this.#traits;
  }

  get modelProfile(): ModelProfile | null {
    return this.#model;
  }

  get facts(): LearntFacts {
    return this.memory.facts;
  }

  views(): TraitView[] {
    return this.#resolved.views();
  }

  /** What people call it and where it is; empty where nothing is said. */
  get called(): Record<"name" | "place", string> {
    const { name = "", place = "" } = this.#definition ?? {};
    return { name, place };
  }

  /** What holds without anything learnt: whether a claim is asked for at all (`null`, `auto`, `probe`). */
  get declared(): Traits {
    return this.#declared;
  }

  /** The charge point is described, anew or no longer. What is remembered of it is taken over (S11). */
  define(definition: ChargePointDefinition | null): void {
    this.#definition = definition;
    if (definition) this.memory.persist();
    this.#resolveAndTell();
  }

  /** Tries again to read what the database could not give. */
  restore(): void {
    if (this.#definition && this.memory.persist()) this.#resolve();
  }

  /** It said at boot what it is. No change is reported, because after a boot everything is written anew. */
  identify(vendor: string, model: string, firmware: string | null): void {
    this.memory.identify(vendor, model, firmware);
    this.#resolve();
  }

  /** Notes facts; those that cannot be true or that say nothing new are passed over. */
  learn(facts: readonly CapabilityFact[]): void {
    if (facts.length === 0) return;
    const news = facts.filter(({ path, value, how }) => this.memory.learn(path, value, how));
    if (news.length > 0) this.#resolveAndTell();
  }

  #resolveAndTell(): void {
    const before = this.#resolved;
    this.#resolve();
    if (JSON.stringify(before.traits) === JSON.stringify(this.traits)) return;
    const after = new Map(this.views().map(({ path, value }) => [path, JSON.stringify(value)]));
    const changed = before.views().filter(({ path, value }) => after.get(path) !== JSON.stringify(value));
    this.#changed(changed.map(({ path }) => path));
  }

  #resolve(): void {
    const { vendor, model, firmware, facts } = this.memory;
    const chosen = this.#definition?.model ?? "auto";
    const clues = { vendor, model, identity: this.#identity, firmware };
    this.#model = chosen === "auto" ? matchModel(clues) : modelProfile(chosen);
    const overrides = this.#definition?.overrides;
    this.#declared = resolveTraits(this.#model, undefined, overrides).traits;
    this.#resolved = resolveTraits(this.#model, facts, overrides);
    this.#traits = this.#resolved.traits;
  }
}
