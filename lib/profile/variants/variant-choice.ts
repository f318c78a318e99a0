import type { ProfileTarget } from "../target.ts";
import { type LearnedCapability, lessonsOf } from "./learned.ts";
import { keyOf, type ProfileVariant } from "./variant.ts";
import { learn, UNTAUGHT, type VariantRefusal, variants } from "./variant-order.ts";

/** Remembers which variants of one connector were refused, ignored and obeyed, and puts the best in front. */
export class VariantChoice {
  readonly #target: () => ProfileTarget;
  readonly #learn: (facts: readonly LearnedCapability[]) => void;
  #refusal: VariantRefusal = UNTAUGHT;
  /** Variants refused since the last one was accepted. */
  #refused: ProfileVariant[] = [];
  /** Variants that were accepted and not obeyed. */
  #ignored: readonly ProfileVariant[] = [];
  /** Those found last, and what they were found from: they are asked for several times a second. */
  #found: { from: readonly unknown[]; variants: readonly ProfileVariant[] } | null = null;

  /** @param learn told what a variant that works shows about the charge point */
  constructor(target: () => ProfileTarget, learn: (facts: readonly LearnedCapability[]) => void) {
    this.#target = target;
    this.#learn = learn;
  }

  /** The charge point may take what it refused before. */
  reset(): void {
    this.#refusal = UNTAUGHT;
    this.#refused = [];
  }

  /** Variants for the next limit, best first, at least one. A variant that was not obeyed waits until all others have failed, too. */
  variants(transactionId: string | null): readonly ProfileVariant[] {
    const target = this.#target();
    const from = [target.smart, target.connector, target.connectors, transactionId, this.#refusal, this.#ignored];
    if (this.#found?.from.every((one, index) => one === from[index])) return this.#found.variants;
    const all = variants(target, transactionId, this.#refusal);
    const good = all.filter((variant) => !this.#isIgnored(variant));
    this.#found = { from, variants: good.length > 0 ? good : all };
    return this.#found.variants;
  }

  /** The same with variants that were not obeyed, and with variants that were refused: even a long refusal may pass. */
  everyVariant(transactionId: string | null): ProfileVariant[] {
    return variants(this.#target(), transactionId, { ...this.#refusal, refused: [] });
  }

  /** This variant was accepted and is not obeyed: the next one is taken, the first again after the last. */
  leave(variant: ProfileVariant, transactionId: string | null): void {
    this.#ignored = [...this.#ignored, variant];
    if (variants(this.#target(), transactionId, this.#refusal).every((other) => this.#isIgnored(other)))
      this.#ignored = [];
  }

  /** Variants that were not obeyed may be tried again. */
  forgetIgnored(): void {
    this.#ignored = [];
  }

  /** The limit is obeyed in this variant: the variants left before are no good. */
  proven(variant: ProfileVariant): void {
    if (this.#ignored.length === 0) return;
    const others = this.#ignored.filter((ignored) => keyOf(ignored) !== keyOf(variant));
    this.#ignored = [];
    this.#tell(others, variant, "ignored");
  }

  /** None was accepted. */
  allRefused(refused: readonly ProfileVariant[]): void {
    this.#refused.push(...refused);
    this.#refusal = learn(this.#refusal, this.#target(), refused, null);
  }

  /** One was accepted. @param refused those tried before it */
  accepted(variant: ProfileVariant, refused: readonly ProfileVariant[]): void {
    const others = [...this.#refused, ...refused];
    this.#refused = [];
    this.#refusal = learn(this.#refusal, this.#target(), others, variant);
    this.#tell(others, variant, "refused");
  }

  #tell(others: readonly ProfileVariant[], variant: ProfileVariant, what: "refused" | "ignored"): void {
    const facts = lessonsOf(this.#target(), others, variant, what);
    if (facts.length > 0) this.#learn(facts);
  }

  #isIgnored(variant: ProfileVariant): boolean {
    return this.#ignored.some((ignored) => keyOf(ignored) === keyOf(variant));
  }
}
