import type { LearntValue } from "../../station/capabilities/models/types.ts";
import type { ProfileTarget } from "../target.ts";
import type { ProfileVariant } from "./variant.ts";
import { learn, UNTAUGHT } from "./variant-order.ts";

/** What a charge point showed about itself, and how it is known. */
export interface LearnedCapability {
  /** `smart.stackMax`. */
  path: string;
  value: LearntValue["value"];
  how: string;
}

/**
 * What a variant that works shows about a charge point, beside the variants that did not work.
 * @param what what became of the others
 */
export function lessonsOf(
  target: ProfileTarget,
  others: readonly ProfileVariant[],
  variant: ProfileVariant,
  what: "refused" | "ignored",
): LearnedCapability[] {
  return Object.entries(learn(UNTAUGHT, target, others, variant).traits)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([trait, value]) => ({
      path: `smart.${trait}`,
      value: value as LearntValue["value"],
      how: `${what} ${inWords(trait, others)}`,
    }));
}

function inWords(trait: string, others: readonly ProfileVariant[]): string {
  const [first] = others;
  if (!first) return "optional fields";
  switch (trait) {
    case "stackMax":
      return `stack level ${Math.max(...others.map(({ stackLevel }) => stackLevel))}`;
    case "purposes":
      return [...new Set(others.map(({ purpose }) => purpose))].join(", ");
    case "kind":
      return `${first.kind} schedules`;
    case "unit":
      return `limits in ${first.unit}`;
    default:
      return "optional fields";
  }
}
