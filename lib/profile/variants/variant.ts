import type { ProfilePurpose, SmartTraits } from "../../station/capabilities/models/types.ts";
import { ownProfileId, type ProfileRole } from "../../station/limits/profile-ids.ts";
import type { ProfileTarget } from "../target.ts";

export type ProfileKind = SmartTraits["kind"];
export type RateUnit = "A" | "W";

/**
 * Where the fall back to the safe current is written. `within`: in the limit's own schedule. `above`: in a profile of its own, one
 * stack level higher, that begins when the lease ends (for charge points with one period to a schedule). `none`: nowhere.
 */
export type Tail = "within" | "above" | "none";

/** One way to install a limit. */
export interface ProfileVariant {
  purpose: ProfilePurpose;
  /** Where it is set: 0 for ChargePointMaxProfile, else the connector. */
  connectorId: number;
  stackLevel: number;
  kind: ProfileKind;
  unit: RateUnit;
  profileId: number;
  /** Set exactly for TxProfile. */
  transactionId: string | null;
  /** A transaction runs, whatever the purpose. */
  charging: boolean;
  tail: Tail;
  /** It replaces the baseline; its last period, the tail, serves as one meanwhile. */
  sharesBaseline: boolean;
  /** Without the fields that a charge point need not know. */
  bare: boolean;
}

/** What can be chosen about a variant. */
export interface Choice {
  purpose: ProfilePurpose;
  stackLevel: number;
  kind: ProfileKind;
  unit: RateUnit;
}

/** Tells variants apart, whatever transaction they are for. */
export function keyOf({ purpose, stackLevel, profileId, kind, unit, tail }: ProfileVariant): string {
  return [purpose, stackLevel, profileId, kind, unit, tail].join(" ");
}

/** The unit of its schedules; A where it is not known. */
export function unitOf({ smart }: ProfileTarget): RateUnit {
  return smart.unit === "W" ? "W" : "A";
}

/** The stack level of the dynamic limit where baseline and limit have levels of their own. */
export function topLevel({ smart }: ProfileTarget): 0 | 1 {
  return smart.stackMax === 0 ? 0 : 1;
}

/**
 * There is room for one profile per connector only: fewer than two places each and one to spare (some charge points refuse even a
 * replacement when all places are taken), or no profile ids for two.
 */
export function hasOneSlot({ connectors, smart: { maxInstalled, idMax } }: ProfileTarget): boolean {
  return (maxInstalled ?? Infinity) < 2 * connectors + 1 || (idMax ?? Infinity) < 2 * connectors;
}

/**
 * The level of a default profile that holds the outlet beside the limit of its transaction: it goes on holding when the transaction ends
 * or the charge point restarts (safety.md S6). 1, above the permanent safe current, where there is room for three profiles; else 0, in
 * the place of the safe current, in which it ends. null where it has no place.
 */
export function outletLevel(target: ProfileTarget): 0 | 1 | null {
  const { connectors, smart } = target;
  const { maxInstalled, idMax, lease, purposes } = smart;
  const usual = purposes[0] === "TxProfile" && purposes.includes("TxDefaultProfile");
  if (!usual || lease !== "tail" || hasOnePeriod(target) || hasOneSlot(target)) return null;
  const roomForThree = (maxInstalled ?? Infinity) >= 3 * connectors + 1 && (idMax ?? Infinity) >= 3 * connectors;
  return roomForThree ? topLevel(target) : 0;
}

/** How the outlet is held at that level. */
export function connectorVariant(
  target: ProfileTarget,
  stackLevel: 0 | 1,
  { kind, unit, bare }: Pick<ProfileVariant, "kind" | "unit" | "bare">,
): ProfileVariant {
  return { ...dynamicVariant(target, { purpose: "TxDefaultProfile", stackLevel, kind, unit }, null), bare };
}

/** Every profile of it carries, if anything, a single period, and a second one above can carry the fall back. */
export function tailsAbove(target: ProfileTarget): boolean {
  const { kind, lease, purposes, txDefaultAppliesToRunningTx } = target.smart;
  const takesTwo = topLevel(target) === 1 && !hasOneSlot(target) && !steersByMaximum(target);
  const takesDefaults = purposes.includes("TxDefaultProfile") && txDefaultAppliesToRunningTx;
  return hasOnePeriod(target) && lease === "tail" && kind === "Absolute" && takesTwo && takesDefaults;
}

function hasOnePeriod({ smart: { maxPeriods } }: ProfileTarget): boolean {
  return maxPeriods !== null && maxPeriods < 2;
}

/** A ChargePointMaxProfile limits the whole charge point: it steers a connector only where there is no other. */
function steersByMaximum({ connectors, smart: { purposes } }: ProfileTarget): boolean {
  return connectors === 1 && purposes[0] === "ChargePointMaxProfile";
}

/** Of the profiles that are ours. */
function idOf({ connector, connectors, smart: { idMax } }: ProfileTarget, role: ProfileRole): number {
  return ownProfileId({ connector, connectors, idMax }, role);
}

/** The variant of the dynamic limit for one choice. */
export function dynamicVariant(target: ProfileTarget, choice: Choice, transactionId: string | null): ProfileVariant {
  const { purpose, stackLevel } = choice;
  const baseline = baselineVariant(target);
  const samePlace = purpose === baseline.purpose && stackLevel === baseline.stackLevel;
  const sharesBaseline = hasOneSlot(target) || samePlace;
  const isLowestDefault = purpose === "TxDefaultProfile" && stackLevel === 0;
  // Where the limit of the outlet has a place of its own, that of a transaction does not take it.
  const ofTransaction = purpose === "TxProfile" && (topLevel(target) === 0 || outletLevel(target) === 1);
  const role = isLowestDefault ? "baseline" : ofTransaction ? "transaction" : "dynamic";
  const whole = purpose === "ChargePointMaxProfile";
  return {
    ...choice,
    connectorId: whole ? 0 : target.connector,
    kind: whole ? "Absolute" : choice.kind,
    profileId: sharesBaseline ? baseline.profileId : idOf(target, role),
    transactionId: purpose === "TxProfile" ? transactionId : null,
    charging: transactionId !== null,
    tail: target.smart.lease === "none" || hasOnePeriod(target) ? "none" : "within",
    sharesBaseline,
    bare: false,
  };
}

/** The limit of a charge point with one period to a schedule: below the profile that the lease ends with, which is its baseline. */
export function wayBelowTail(target: ProfileTarget, transactionId: string | null): ProfileVariant {
  const { purpose, kind, unit } = baselineVariant(target);
  const variant = dynamicVariant(target, { purpose, kind, unit, stackLevel: 0 }, transactionId);
  return { ...variant, profileId: idOf(target, "baseline"), tail: "above", sharesBaseline: true };
}

/** Where the permanent safe current is installed, in the kind and unit that are known to work. */
export function baselineVariant(target: ProfileTarget): ProfileVariant {
  const above = tailsAbove(target);
  const whole = steersByMaximum(target);
  return {
    purpose: whole ? "ChargePointMaxProfile" : "TxDefaultProfile",
    connectorId: whole ? 0 : target.connector,
    stackLevel: above ? 1 : 0,
    kind: whole ? "Absolute" : target.smart.kind,
    unit: unitOf(target),
    profileId: idOf(target, above ? "dynamic" : "baseline"),
    transactionId: null,
    charging: false,
    tail: "none",
    sharesBaseline: true,
    bare: false,
  };
}
