import { phaseSwitchOf, statesPhases } from "../../station/capabilities/models/phase-ability.ts";
import type { ProfilePurpose, SmartTraits } from "../../station/capabilities/models/types.ts";
import type { ProfileTarget } from "../target.ts";
import {
  baselineVariant,
  type Choice,
  dynamicVariant,
  hasOneSlot,
  keyOf,
  outletLevel,
  type ProfileVariant,
  tailsAbove,
  topLevel,
  unitOf,
  wayBelowTail,
} from "./variant.ts";

/** More tries than this for one limit tell nothing new and cost time. */
const MOST_TRIES = 4;

/** What trying taught about one connector. */
export interface VariantRefusal {
  /** Traits that differ from what was believed, because only another variant worked. */
  readonly traits: Partial<SmartTraits>;
  /** A variant worked; what is refused from then on is refused for another reason than its form. */
  readonly worked: boolean;
  /** Variants refused before any worked. */
  readonly refused: readonly string[];
}

export const UNTAUGHT: VariantRefusal = { traits: {}, worked: false, refused: [] };

/**
 * Variants of the dynamic limit, best first, at least one and at most four: stack level 0 after the higher one, then the next
 * purpose, the other kind, the other unit where neither is known. What worked before comes first, what was refused before any variant
 * worked is left out until all are refused.
 * @param transactionId of the running transaction; null without one
 */
export function variants(
  target: ProfileTarget,
  transactionId: string | null,
  refusal: VariantRefusal = UNTAUGHT,
): ProfileVariant[] {
  const taught = withRefusal(target, refusal);
  const all = distinct(candidates(taught, transactionId));
  const untried = all.filter((variant) => !refusal.refused.includes(keyOf(variant)));
  return (untried.length > 0 ? untried : all).slice(0, MOST_TRIES);
}

/** Variants of the baseline: as it is known to work, else of the other kind or in the other unit. */
export function baselineVariants(target: ProfileTarget, refusal: VariantRefusal = UNTAUGHT): ProfileVariant[] {
  const taught = withRefusal(target, refusal);
  const best = baselineVariant(taught);
  const movable = best.purpose !== "ChargePointMaxProfile" && best.stackLevel === 0;
  return [
    best,
    ...(movable ? [{ ...best, kind: otherKind(best.kind) }] : []),
    ...(taught.smart.unit === "auto" ? [{ ...best, unit: otherUnit(best.unit) }] : []),
  ];
}

/** The same variant without fields that a charge point may not know; null when it has none of them. */
export function bareVariant(target: ProfileTarget, variant: ProfileVariant): ProfileVariant | null {
  return !statesPhases(target.smart) || variant.bare ? null : { ...variant, bare: true };
}

/** The target as trying has shown it to be. */
export function withRefusal(target: ProfileTarget, refusal: VariantRefusal): ProfileTarget {
  return refusal === UNTAUGHT ? target : { ...target, smart: { ...target.smart, ...refusal.traits } };
}

/**
 * What trying the variants of one limit taught.
 * @param refused variants refused, in order; not those of a limit of 0 A, which is refused for what it says
 * @param accepted the variant that worked; null when none did
 */
export function learn(
  before: VariantRefusal,
  target: ProfileTarget,
  refused: readonly ProfileVariant[],
  accepted: ProfileVariant | null,
): VariantRefusal {
  if (accepted === null) {
    const keys = before.worked ? [] : refused.map(keyOf);
    return { ...before, refused: [...new Set([...before.refused, ...keys])] };
  }
  const traits = refused.length === 0 ? {} : shownBy(withRefusal(target, before).smart, refused, accepted);
  const cannotSwitch = phaseSwitchOf(target.smart) !== null && { switchesPhases: "no" as const };
  const bare = accepted.bare ? { numberPhases: "never" as const, ...cannotSwitch } : {};
  return { traits: { ...before.traits, ...traits, ...bare }, worked: true, refused: [] };
}

/**
 * Whether a limit in the later variant takes the place of, or goes before, a limit in the earlier one. A maximum of the whole
 * charge point holds beside all others (OCPP 1.6 §3.13.1).
 */
export function supersedes(later: ProfileVariant, earlier: ProfileVariant): boolean {
  if (later.profileId === earlier.profileId && later.connectorId === earlier.connectorId) return true;
  if (later.purpose !== earlier.purpose)
    return later.purpose === "TxProfile" && earlier.purpose !== "ChargePointMaxProfile";
  return later.stackLevel >= earlier.stackLevel;
}

function* candidates(target: ProfileTarget, transactionId: string | null): Generator<ProfileVariant> {
  if (tailsAbove(target)) yield wayBelowTail(target, transactionId);
  const [first, ...others] = usablePurposes(target, transactionId);
  const { kind } = target.smart;
  const unit = unitOf(target);
  const variant = (choice: Choice): ProfileVariant => dynamicVariant(target, choice, transactionId);
  // With room for two the limit of the next transaction takes the upper place: a free outlet is held in the lower one.
  const heldBelow = first === "TxDefaultProfile" && outletLevel(target) === 0;
  const top = hasOneSlot(target) || heldBelow || first === "ChargePointMaxProfile" ? 0 : topLevel(target);
  yield variant({ purpose: first, stackLevel: top, kind, unit });
  yield variant({ purpose: first, stackLevel: 0, kind, unit });
  for (const purpose of others) yield variant({ purpose, stackLevel: 0, kind, unit });
  const last = others.at(-1) ?? first;
  yield variant({ purpose: last, stackLevel: 0, kind: otherKind(kind), unit });
  if (target.smart.unit !== "auto") return;
  yield variant({ purpose: first, stackLevel: 0, kind, unit: otherUnit(unit) });
  yield variant({ purpose: last, stackLevel: 0, kind, unit: otherUnit(unit) });
}

/** Never empty: what a charge point refuses shows when it is tried. */
function usablePurposes(target: ProfileTarget, transactionId: string | null): [ProfilePurpose, ...ProfilePurpose[]] {
  const { purposes, txDefaultAppliesToRunningTx } = target.smart;
  const charging = transactionId !== null;
  const usable = purposes.filter((purpose) => {
    if (purpose === "ChargePointMaxProfile") return target.connectors === 1;
    if (purpose === "TxProfile") return charging && (!hasOneSlot(target) || !txDefaultAppliesToRunningTx);
    return !charging || txDefaultAppliesToRunningTx;
  });
  const [first, ...others] = usable;
  return first ? [first, ...others] : [charging && !txDefaultAppliesToRunningTx ? "TxProfile" : "TxDefaultProfile"];
}

function shownBy(
  smart: SmartTraits,
  refused: readonly ProfileVariant[],
  accepted: ProfileVariant,
): Partial<SmartTraits> {
  const { purpose, stackLevel, kind, unit } = accepted;
  const [best] = refused;
  return {
    ...(refused.some((variant) => variant.stackLevel > stackLevel) && { stackMax: stackLevel }),
    ...(best?.purpose !== purpose && { purposes: [purpose, ...smart.purposes.filter((other) => other !== purpose)] }),
    ...(best?.kind !== kind && purpose !== "ChargePointMaxProfile" && { kind }),
    ...(best?.unit !== unit && { unit }),
  };
}

function distinct(all: Iterable<ProfileVariant>): ProfileVariant[] {
  return [...new Map([...all].map((variant) => [keyOf(variant), variant])).values()];
}

const otherKind = (kind: ProfileVariant["kind"]): ProfileVariant["kind"] =>
  kind === "Absolute" ? "Relative" : "Absolute";
const otherUnit = (unit: ProfileVariant["unit"]): ProfileVariant["unit"] => (unit === "A" ? "W" : "A");
